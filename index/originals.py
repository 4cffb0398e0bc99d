"""The original photographs of a collection, read again, and their average at full resolution."""

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from index.collection import Original
from index.errors import CollectionError
from index.fitting import fitted
from index.manifest import Manifest
from index.pictures import FORMATS, opaque, to_srgb, upright

PIXELS_LIMIT = 400_000_000
LONG_SIDE_LIMIT = 16_384
MASS = 0.9995
"""Share of the weight that is rendered; the rest moves no pixel by more than 0.13 of 255."""


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
    total, mass, missing = np.zeros((*size, 3), np.float32), 0.0, []
    for done, image_id in enumerate(members.tolist()):
        on_progress(done, len(members))
        try:
            pixels = fitted(read_original(collection.original(image_id)), size, fit)
        except CollectionError as error:
            missing.append(Missing(collection.names[image_id], str(error)))
            continue
        weight = float(weights[image_id])
        total += pixels * np.float32(weight / 255)
        mass += weight
    if not mass > 0:
        raise CollectionError(
            f"none of {len(members)} originals can be read; the first: {missing[0].reason}"
        )
    total /= np.float32(mass)
    return FullSize(total, len(members) - len(missing), tuple(missing))


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
    where = Path(original.source, original.member)
    try:
        return _frame(original) if original.kind == "video" else _picture(_content(original))
    except FileNotFoundError as error:
        raise CollectionError(f"{error.filename} is no longer there") from error
    except CollectionError:
        raise
    except Exception as error:
        # Decoders raise anything at all on a damaged file.
        raise CollectionError(
            f"{where} cannot be read as a picture ({error or type(error).__name__})"
        ) from error


def _content(original: Original) -> bytes:
    if original.kind == "zip":
        with zipfile.ZipFile(original.source) as archive:
            return archive.read(original.member)
    return Path(original.source, original.member).read_bytes()


def _picture(content: bytes) -> npt.NDArray[np.uint8]:
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        if image.width * image.height > PIXELS_LIMIT:
            raise CollectionError(f"a picture may have {PIXELS_LIMIT} pixels, it has more")
        profile = image.info.get("icc_profile")
        return to_srgb(opaque(upright(image)), profile)


def _frame(original: Original) -> npt.NDArray[np.uint8]:
    if not original.source.exists():
        raise CollectionError(f"{original.source} is no longer there")
    capture = cv2.VideoCapture(str(original.source))
    try:
        capture.set(cv2.CAP_PROP_POS_FRAMES, int(original.member))
        is_read, frame = capture.read()
    finally:
        capture.release()
    if not is_read:
        raise CollectionError(f"{original.source}: frame {original.member} cannot be read")
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
