"""The original photographs of a collection, read again, and their average at full resolution."""

import io
import stat
import threading
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Protocol, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from index.collection import Original
from index.errors import CollectionError
from index.fitting import fitted
from index.magic import HEAD, kind_of
from index.manifest import Manifest
from index.pictures import FORMATS, content_hash, opaque, to_srgb, upright

PIXELS_LIMIT = 400_000_000
BYTES_LIMIT = 1 << 29
LONG_SIDE_LIMIT = 16_384
MASS = 0.9995
"""Share of the weight that is rendered; the rest moves no pixel by more than 0.13 of 255."""
COVERED = 1e-6
"""Share of the weight that must cover a pixel; less is an error of rounding."""

_ONE_AT_A_TIME = threading.Lock()
"""However many ask for originals at once: each may take some GB while it is decoded."""

Drawn: TypeAlias = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]
"""A picture (h, w, 3) where it is drawn, 0 to 255 and 0 elsewhere, and what it covers, (h, w)."""

Warp: TypeAlias = Callable[[int, npt.NDArray[np.uint8]], Drawn | None]
"""From an image's row and its original (h, w, 3) to how it is drawn; None: as it is."""


class Originals(Protocol):
    """What is needed of a collection; `index.collection.Collection` has it."""

    @property
    def manifest(self) -> Manifest:
        """What the collection consists of."""
        ...

    @property
    def names(self) -> Sequence[str]:
        """The name of each image."""
        ...

    def original(self, image_id: int) -> Original:
        """Return where the original of an image is."""
        ...


@dataclass(frozen=True, slots=True)
class Missing:
    """An original that could not be read, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class FullSize:
    """An average of originals.

    Attributes
    ----------
    average : (h, w, 3) float32
        sRGB, 0 to 1.
    used
        How many originals it is made of.
    missing
        Those that should have been in it and could not be read.
    """

    average: npt.NDArray[np.float32]
    used: int
    missing: tuple[Missing, ...]


def average_originals(
    collection: Originals,
    weights: npt.NDArray[np.float32],
    *,
    long_side: int | None = None,
    warp: Warp | None = None,
    on_progress: Callable[[int, int], object] = lambda done, total: None,
) -> FullSize:
    """Average originals at full resolution, one at a time.

    Parameters
    ----------
    collection
        Says where the originals are, and how they were fitted.
    weights : (N,) float32
        Each image's share; they sum to 1.
    long_side
        Longer side of the average in pixels; None takes the weighted mean of the originals'.
    warp
        Draws each original where the average has it: a pixel is the mean of those that cover it,
        and where none does, that of all as they are. None draws all as they are.
    on_progress
        Called with how many of how many are done; an exception out of it ends the work.

    Raises
    ------
    CollectionError
        If the size is out of range, or not a single original can be read.
    """
    members = heaviest(weights)
    size = _size(collection, members, weights, long_side)
    fit = collection.manifest.options.get("fit", "stretch")
    sums, missing = _Sums(size, is_warped=warp is not None), []
    for done, image_id in enumerate(members.tolist()):
        on_progress(done, len(members))
        try:
            pixels = fitted(read_original(collection.original(image_id)), size, fit)
        except CollectionError as error:
            missing.append(Missing(collection.names[image_id], str(error)))
            continue
        drawn = None if warp is None else warp(image_id, pixels)
        sums.add(float(weights[image_id]), pixels, drawn)
    if not sums.mass > 0:
        raise CollectionError(
            f"none of {len(members)} originals can be read; the first: {missing[0].reason}"
        )
    return FullSize(sums.mean(), len(members) - len(missing), tuple(missing))


class _Sums:
    """Weighted pictures added up: where they are drawn, and as they are for pixels without any."""

    def __init__(self, size: tuple[int, int], *, is_warped: bool) -> None:
        self.mass = 0.0
        self._drawn = np.zeros((*size, 3), np.float32)
        self._still = np.zeros_like(self._drawn) if is_warped else None
        self._cover = np.zeros((*size, 1), np.float32)

    def add(self, weight: float, pixels: npt.NDArray[np.uint8], drawn: Drawn | None) -> None:
        """Add a picture (h, w, 3), drawn as it is if `drawn` is None."""
        share = np.float32(weight / 255)
        if self._still is not None:
            self._still += pixels * share
        warped, cover = (
            (pixels, np.float32(1)) if drawn is None else (drawn[0], drawn[1][..., None])
        )
        self._drawn += warped * share
        self._cover += np.float32(weight) * cover
        self.mass += weight

    def mean(self) -> npt.NDArray[np.float32]:
        """Return the average (h, w, 3) in [0, 1]."""
        if self._still is None:
            return self._drawn / np.float32(self.mass)
        least = np.float32(COVERED * self.mass)
        average = self._drawn / np.maximum(self._cover, least)
        still = self._still / np.float32(self.mass)
        return np.asarray(np.where(self._cover < least, still, average), np.float32)


def heaviest(weights: npt.NDArray[np.float32], mass: float = MASS) -> npt.NDArray[np.int64]:
    """Return the fewest images that have a share `mass` of the weight, the heaviest first."""
    order = np.argsort(-weights, kind="stable")
    gathered = np.cumsum(weights[order], dtype=np.float64)
    count = int(np.searchsorted(gathered, mass * gathered[-1])) + 1
    return order[:count]


def read_original(original: Original) -> npt.NDArray[np.uint8]:
    """Read an original photograph, upright and in sRGB.

    Returns
    -------
    (h, w, 3) uint8
        At the size of the original.

    Raises
    ------
    CollectionError
        If the file is no longer there, or cannot be read as a picture.
    """
    where = original.member  # the whole path is nobody's business who sees the page
    try:
        with _ONE_AT_A_TIME:
            return _frame(original) if original.kind == "video" else _picture(_content(original))
    except FileNotFoundError as error:
        raise CollectionError(f"{where} is no longer there") from error
    except CollectionError:
        raise
    except Exception as error:
        # Decoders raise anything at all on a damaged file.
        raise CollectionError(
            f"{where} cannot be read as a picture ({error or type(error).__name__})"
        ) from error


def _content(original: Original) -> bytes:
    """Return the bytes of a file that is still what the collection was built from.

    A collection names files by path, and may come from somebody else: with their content known
    before, nothing can be read that its author had not read.
    """
    if original.kind == "zip":
        _check_file(original.source)
        with zipfile.ZipFile(original.source) as archive, archive.open(original.member) as file:
            content = file.read(BYTES_LIMIT + 1)
    else:
        content = _path(original).read_bytes()
    if len(content) > BYTES_LIMIT:
        raise CollectionError(f"an original may have {BYTES_LIMIT} bytes, it has more")
    if original.content and content_hash(content) != original.content:
        raise CollectionError(f"{original.member} is no longer what the collection was built from")
    return content


def _path(original: Original) -> Path:
    path = Path(original.source, original.member)
    member = PurePath(original.member)
    if original.kind == "folder" and (member.is_absolute() or ".." in member.parts):
        raise CollectionError(f"{original.member} leads out of the folder of the originals")
    _check_file(path)
    if path.stat().st_size > BYTES_LIMIT:
        raise CollectionError(f"an original may have {BYTES_LIMIT} bytes, it has more")
    return path


def _check_file(path: Path) -> None:
    """Check that a path is a file: a pipe never ends."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise CollectionError(f"{path.name} is no file")


def _picture(content: bytes) -> npt.NDArray[np.uint8]:
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        if image.width * image.height > PIXELS_LIMIT:
            raise CollectionError(f"a picture may have {PIXELS_LIMIT} pixels, it has more")
        profile = image.info.get("icc_profile")
        return to_srgb(opaque(upright(image)), profile)


def _frame(original: Original) -> npt.NDArray[np.uint8]:
    if not original.source.exists():
        raise CollectionError(f"{original.source.name} is no longer there")
    _check_file(original.source)
    with original.source.open("rb") as file:
        if kind_of(file.read(HEAD)) != "video":  # FFmpeg would open a list of other files
            raise CollectionError(f"{original.source.name} is no video")
    capture = cv2.VideoCapture(str(original.source))
    try:
        capture.set(cv2.CAP_PROP_POS_FRAMES, int(original.member))
        is_read, frame = capture.read()
    finally:
        capture.release()
    if not is_read:
        raise CollectionError(f"{original.source.name}: frame {original.member} cannot be read")
    return np.ascontiguousarray(frame[..., ::-1], np.uint8)


def _size(
    collection: Originals,
    members: npt.NDArray[np.int64],
    weights: npt.NDArray[np.float32],
    long_side: int | None,
) -> tuple[int, int]:
    """Return (height, width): the shape of the collection's images, the originals' size."""
    if long_side is None:
        sides = [max(o.height, o.width) for o in map(collection.original, members.tolist())]
        long_side = min(round(np.average(sides, weights=weights[members])), LONG_SIDE_LIMIT)
    elif not 1 <= long_side <= LONG_SIDE_LIMIT:
        raise CollectionError(
            f"the longer side must be 1 to {LONG_SIDE_LIMIT} pixels, got {long_side}"
        )
    height, width = collection.manifest.height, collection.manifest.width
    scale = long_side / max(height, width)
    return max(1, round(height * scale)), max(1, round(width * scale))
