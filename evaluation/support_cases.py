"""Edits that ask for what a collection has, and edits that ask for what it has not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from evaluation.strokes import Region, cut_color, cut_sketch, pick_region
from explorer.arrays import ByteArray
from explorer.edits import ColorStroke, ModePick, Point
from explorer.matcher import SingleEdit
from explorer.modes.mining import CHANCE, Miner
from explorer.modes.spots import spot_at
from explorer.view import View
from index.schema import FEATURES
from precompute.stages import STAGES

Truth: TypeAlias = Literal["present", "recurring", "planted", "foreign", "chimera"]
Kind: TypeAlias = Literal["color", "sketch", "mode"]

KINDS: tuple[Kind, ...] = ("color", "sketch", "mode")
MOST_EDITS = 3
TRIES = 20
DIFFERENT = 96.0
"""How far apart, in sRGB, colors are that cannot both be in one place."""
PICK_SIZES = (0.25, 0.4)
TURNED_DEG, SIZED, MOVED, LIT, NOISE = 5.0, 0.08, 0.04, 0.1, 6.0
"""Deviations of what alters a copy: degrees, logarithm of the size, sides, logarithm, levels."""
AGAIN, MORE_THAN_CHANCE = 20, 2.0
NATURAL = (
    "hog_mean",
    "hog_whitening",
    "hog_scale",
    "hog_basis",
    "hog_planes_scale",
)


@dataclass(frozen=True, slots=True)
class Case:
    """Edits whose mode is in the collection or is not.

    Attributes
    ----------
    edits
        One to three, in a cluster.
    truth
        "present": all cut from one image of the collection; "recurring": the same, of regions that
        are known to recur together (see `recurs`); "foreign": all cut from one image that is not
        of the collection's kind; "planted": the same, but the collection has altered copies of
        that image; "chimera": each cut from another image of the collection, all in one place.
    sources
        The images that they were cut from: those must not count.
    view
        The collection, with guests where there are any.
    """

    edits: tuple[SingleEdit, ...]
    truth: Truth
    sources: tuple[str, ...]
    view: View


class WithGuests:
    """A collection and some images more, at its end, as if it had been built with them.

    Parameters
    ----------
    view
        The collection.
    guests : (n, H, W, 3) uint8
        Images of the collection's size, called "guest 0", "guest 1" and so on.
    """

    def __init__(self, view: View, guests: ByteArray) -> None:
        self._view = view
        self._guests = guests
        self.size = view.size + len(guests)
        self.height = view.height
        self.width = view.width

    @cached_property
    def _features(self) -> Mapping[str, npt.NDArray[Any]]:
        statistics = {name: self._view.statistics(name) for name in NATURAL}
        features: dict[str, npt.NDArray[Any]] = {"pixels": self._guests}
        for stage in STAGES:
            made = stage.run(self._guests, statistics)
            is_minor = FEATURES[stage.makes].layout == "planes"
            made = made.transpose(3, 1, 2, 0) if is_minor else made
            features[stage.makes] = np.ascontiguousarray(made)
        return features

    def shards(self, feature: str) -> Sequence[npt.NDArray[Any]]:
        """Return the collection's arrays and one more."""
        return [*self._view.shards(feature), self._features[feature]]

    def statistics(self, name: str) -> npt.NDArray[Any]:
        """Return one array of the statistics of the natural world."""
        return self._view.statistics(name)

    def image_id(self, name: str) -> int | None:
        """Return the row of an image of the collection or of a guest."""
        if name.startswith("guest "):
            return self._view.size + int(name.removeprefix("guest "))
        return self._view.image_id(name)


def fitted(image: ByteArray, height: int, width: int) -> ByteArray:
    """Return the middle of an image that fills height x width pixels."""
    scale = max(height / image.shape[0], width / image.shape[1])
    size = (max(width, round(image.shape[1] * scale)), max(height, round(image.shape[0] * scale)))
    large = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    top, left = (large.shape[0] - height) // 2, (large.shape[1] - width) // 2
    return np.asarray(np.ascontiguousarray(large[top : top + height, left : left + width]))


def altered(image: ByteArray, rng: np.random.Generator) -> ByteArray:
    """Return what could be another photograph of the same: moved, turned, sized, lit otherwise."""
    height, width = image.shape[:2]
    turn, scale = rng.normal(0, TURNED_DEG), float(np.exp(rng.normal(0, SIZED)))
    about = cv2.getRotationMatrix2D((width / 2, height / 2), turn, scale)
    matrix = np.asarray(about, np.float64)
    matrix[:, 2] += rng.normal(0, MOVED, 2) * (width, height)
    moved = cv2.warpAffine(image, matrix, (width, height), borderMode=cv2.BORDER_REFLECT)
    light = np.exp(rng.normal(0, LIT, 3))
    noise = rng.normal(0, NOISE, image.shape)
    return np.clip(np.rint(moved * light + noise), 0, 255).astype(np.uint8)


def cut_one(
    image: ByteArray,
    name: str,
    kinds: Sequence[Kind],
    rng: np.random.Generator,
    regions: list[Region] | None = None,
) -> tuple[SingleEdit, ...]:
    """Cut edits of the given kinds from regions of one image; empty if it shows too little.

    To `regions` is added where they were cut from.
    """
    edits: list[SingleEdit] = []
    for number, kind in enumerate(kinds):
        edit = region = None
        for _ in range(TRIES):
            region = pick_region(image, rng)
            if region is None:
                return ()
            edit = cut(image, name, region, kind, f"e{number}")
            if edit is not None:
                break
        if edit is None or region is None:
            return ()
        edits.append(edit)
        if regions is not None:
            regions.append(region)
    return tuple(edits)


def cut_chimera(
    images: Sequence[ByteArray],
    names: Sequence[str],
    kinds: Sequence[Kind],
    rng: np.random.Generator,
) -> tuple[SingleEdit, ...]:
    """Cut an edit from each image, all from the same region; empty if they could go together."""
    for _ in range(TRIES):
        region = pick_region(images[0], rng)
        if region is None:
            return ()
        cuts = [
            cut(image, name, region, kind, f"e{number}")
            for number, (image, name, kind) in enumerate(zip(images, names, kinds, strict=True))
        ]
        edits = tuple(edit for edit in cuts if edit is not None)
        if len(edits) == len(kinds) and _all_different(edits):
            return edits
    return ()


def _all_different(edits: Sequence[SingleEdit]) -> bool:
    colors = [np.array(edit.color, float) for edit in edits if isinstance(edit, ColorStroke)]
    return all(
        float(np.linalg.norm(a - b)) >= DIFFERENT
        for place, a in enumerate(colors)
        for b in colors[:place]
    )


def cut(image: ByteArray, name: str, region: Region, kind: Kind, edit_id: str) -> SingleEdit | None:
    """Cut one edit from a region of an image; None if the region does not show enough for it."""
    from dataclasses import replace

    height, width = image.shape[:2]
    if kind == "mode":
        center, size = _pick_of(region, height, width)
        return ModePick(id=edit_id, image=name, center=center, size=size)
    if kind == "color":
        return replace(cut_color(image, region), id=edit_id)
    sketch = cut_sketch(image, region)
    return replace(sketch, id=edit_id) if sketch is not None else None


def _pick_of(region: Region, height: int, width: int) -> tuple[Point, float]:
    """Return the center and the size of a pick of a region."""
    top, bottom, left, right = region
    size = float(np.clip((right - left) / width, *PICK_SIZES))
    return ((left + right) / 2 / width, (top + bottom) / 2 / height), size


def recurs(view: View, row: int, regions: Sequence[Region]) -> bool:
    """Tell whether a collection shows all of some regions of an image again, together.

    A cut of one photograph may be the only one of its kind, even in its own collection. So: at
    least 20 other images, and twice as many as there would be by chance, must match the patches at
    all regions as `explorer.modes` understands it: each is more alike than a patch of 95 % of the
    unrelated photographs. It looks at patches' edges and not at what the edits ask for.
    """
    miner, found = Miner(view), np.ones(view.size, np.bool_)
    for region in regions:
        center, size = _pick_of(region, view.height, view.width)
        spot = spot_at(center, size * view.width, view.height, view.width)
        match = miner.match(spot, row)
        if match is None:
            return False
        world, windows = miner.natural(spot, row)
        found &= match.scores > world.levels(CHANCE / windows)[0]
    by_chance = CHANCE ** len(regions) * view.size
    return int(found.sum()) - 1 >= max(AGAIN, MORE_THAN_CHANCE * by_chance)
