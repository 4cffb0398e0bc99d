"""Candidates of a mode anywhere: coarsely in every image, then in finer cells of the best images.

Cells of 8 pixels tell little of what is 20 to 60 pixels large. So the images that show most of the
seed in the collection's own features are enlarged, described anew in finer cells, searched again,
and compared by their pixels where the edges agree.

`avex evaluate planted` measures how often objects of 20 to 60 pixels are found so. Of thousands of
images only the best few hundred are looked at closely, so there much fewer are found.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.arrays import ByteArray, FloatArray
from explorer.candidates.closely import BLOCK, fine_planes, replaced
from explorer.candidates.picks import CHANNELS, REGION_LIMIT, inside_grid, picture, planes_of
from explorer.candidates.sizes import comparable, scales_for, untaken
from explorer.candidates.windows import (
    APART,
    COUNT,
    Window,
    candidates_of,
    mirrored,
    window_anywhere,
)
from explorer.edits import ModePick, Point
from explorer.kernels import kernels
from explorer.kernels.backend import Peaks
from explorer.kernels.peak_search import PeakSearch
from explorer.kernels.terms import quantized, strongest
from explorer.kernels.threads import blocks, for_each
from explorer.matching import CELL, Candidates
from explorer.modes.patches import SignedBytes, region_of, world_mean
from explorer.view import View

FINE = 2
"""How much the best images are enlarged: cells of 4 pixels."""
FINE_IMAGES = 384
SAMPLED = 128
LEAST_CELLS = 3
TERMS = (256, 640)
"""How many numbers of a seed are compared at most, coarsely and finely."""
STEP = 0.02
"""How much better the best tenth of the images is than the middle one, at least."""
CHECKED, AROUND, PIXELS = 4, 4, 0.3
"""Of so many places of an image the pixels are compared, up to so many pixels away; a correlation
of 1 counts as much as this of a cosine."""
MIDDLE = 0.6
"""Of a seed's half side, one standard deviation of how much its places count: what is meant is in
its middle, and its corners show what happened to be behind. Of small cars in 300 photographs 80 %
are among the best 50 (71 % if all of the seed counts as much), and 93 % are where they are (85 %).
Of those among 5,000 the first step then keeps 34 %, not 6 %."""
NEVER = -1
"""The energy of a blank cell, if none counts as one: patches that are mostly blank count too."""


@dataclass(frozen=True, slots=True, eq=False)
class Seed:
    """What is looked for.

    Attributes
    ----------
    pixels : (s, s, 3) uint8
        A square of a picture.
    middle
        Of it in that picture, (x, y) in pixels.
    """

    pixels: ByteArray
    middle: Point


def pick_anywhere(view: View, pick: ModePick, *, is_mirrored: bool) -> Candidates:
    """Find the places of a seed in whole pictures, at several sizes; see `find_candidates`."""
    seed = seed_square(view, pick, is_mirrored=is_mirrored)
    if view.size <= FINE_IMAGES + SAMPLED:
        found = _fine(view, seed, np.arange(view.size))
    else:
        found = _coarse(view, seed)
        best = np.argpartition(-found.scores[:, 0], FINE_IMAGES)[:FINE_IMAGES]
        rows = np.union1d(best, np.arange(SAMPLED))
        found = replaced(found, rows, _fine(view, seed, rows))
    return mirrored(found) if is_mirrored else found


def seed_square(view: View, pick: ModePick, *, is_mirrored: bool) -> Seed:
    """Cut the seed of a pick out of its picture, at its own place and size."""
    pixels = picture(view, pick.image)
    x, y = pick.center[0] * view.width, pick.center[1] * view.height
    if is_mirrored:
        pixels, x = pixels[:, ::-1], view.width - x
    side = min(max(round(pick.size * view.width), CELL), view.height, view.width)
    left = int(np.clip(round(x - side / 2), 0, view.width - side))
    top = int(np.clip(round(y - side / 2), 0, view.height - side))
    square = np.ascontiguousarray(pixels[top : top + side, left : left + side])
    return Seed(square, (left + (side - 1) / 2, top + (side - 1) / 2))


def _coarse(view: View, seed: Seed) -> Candidates:
    """Search the features of every image."""
    search, window, scales, shifts = seed_search(view, seed, 1, TERMS[0])
    shards = view.shards("hog_planes")
    search = comparable(search, lambda one: _peaks(view, shards[:1], one), STEP)
    return candidates_of(window, _peaks(view, shards, search), scales, shifts)


def _fine(view: View, seed: Seed, rows: npt.NDArray[np.intp]) -> Candidates:
    """Search some images in finer cells; the first of them are a fair sample."""
    search, window, scales, shifts = seed_search(view, seed, FINE, TERMS[1])
    shards = fine_planes(view, rows, FINE)
    search = comparable(
        search, lambda one: _peaks(view, shards[: max(SAMPLED // BLOCK, 1)], one), STEP
    )
    found = candidates_of(window, _peaks(view, shards, search), scales, shifts)
    return _checked(view, seed, rows, found)


def seed_search(
    view: View, seed: Seed, fine: int, terms: int
) -> tuple[PeakSearch, Window, list[float], list[Point]]:
    """Return the search for a seed, where it is done, its scales and where their middles are.

    Parameters
    ----------
    view
        The collection.
    seed
        What is looked for.
    fine
        How much images are enlarged.
    terms
        How many numbers of the seed are compared.
    """
    step = CELL // fine
    window = window_anywhere(view, seed.middle, step)
    sides = _sides(view, len(seed.pixels), step)
    grid = window.shape
    cells, weights, gains, frames, allowed, shifts = [], [], [], [], [], []
    for side in sides:
        values, _ = quantized(_template(view, seed.pixels, side))
        begin = [round((at + 0.5) / window.step - side / 2) for at in seed.middle[::-1]]
        cells.append((np.indices((side, side)).reshape(2, -1).T + begin).astype(np.int32))
        weights.append(strongest(values, terms))
        frames.append((*begin, side, 1))
        gains.append(1 / max(float(np.linalg.norm(values.astype(np.float64))), 1.0))
        allowed.append(np.where(inside_grid(window.offsets + begin, side, grid), 0, -np.inf))
        middle = [(at + side / 2) * window.step - 0.5 for at in begin]
        shifts.append((middle[1] - seed.middle[0], middle[0] - seed.middle[1]))
    shape = len(cells), len(window.offsets)
    search = PeakSearch(
        cells=tuple(cells),
        weights=tuple(weights),
        frames=np.array(frames, np.int32),
        corner=window.corner,
        shape=window.shape,
        gains=np.ascontiguousarray(np.broadcast_to(np.array(gains)[:, None], shape), np.float32),
        biases=np.stack(allowed).astype(np.float32),
        count=COUNT,
        apart=APART * fine,
        plane_limit=REGION_LIMIT,
    )
    return search, window, [side * window.step / len(seed.pixels) for side in sides], shifts


def _sides(view: View, length: int, step: int) -> list[int]:
    """Return the sides of the seed's sizes in cells of `step` pixels, its own first."""
    most = min(view.height, view.width) // step
    sides = [round(scale * length / step) for scale in scales_for(length, view)]
    return list(dict.fromkeys(min(max(side, LEAST_CELLS), most) for side in sides))


def _template(view: View, pixels: ByteArray, side: int) -> FloatArray:
    """Return a square picture as it is described in side x side cells, (side * side, 16)."""
    import cv2

    length = side * CELL
    way = cv2.INTER_AREA if length < len(pixels) else cv2.INTER_CUBIC
    resized = cv2.resize(pixels, (length, length), interpolation=way).astype(np.uint8)
    planes = planes_of(view, resized[None])
    region = region_of(planes, (0, 0, side, side), 1, world_mean(view))
    cells = region.cells[..., 0].astype(np.float32) * middle_of_square(side)[..., None]
    return np.ascontiguousarray(cells.reshape(-1, CHANNELS))


def middle_of_square(side: int) -> FloatArray:
    """Return how much each place of a square (side, side) counts, most in its middle."""
    at = (np.arange(side) + 0.5) / side * 2 - 1
    along = np.exp(-(at**2) / (2 * MIDDLE**2))
    return np.outer(along, along).astype(np.float32)


def _peaks(view: View, shards: Sequence[SignedBytes], search: PeakSearch) -> Peaks:
    mean = world_mean(view)

    def find(planes: SignedBytes) -> Peaks:
        region = region_of(planes, (0, 0, *planes.shape[1:3]), 1, mean)
        cells = np.ascontiguousarray(region.cells.transpose(2, 0, 1, 3))
        return kernels().peaks([cells], search, untaken([cells]), [(region.energies, NEVER)])

    scores, places, sizes = zip(*for_each(find, shards), strict=True)
    return np.concatenate(scores), np.concatenate(places), np.concatenate(sizes)


def _checked(view: View, seed: Seed, rows: npt.NDArray[np.intp], found: Candidates) -> Candidates:
    """Add to the scores of the best places how well the pixels agree there, the best first again.

    Edges find a place; whether it has the seed's colors, light and shade, only pixels tell.
    """
    shards = view.shards("pixels")
    starts = np.cumsum([0, *map(len, shards)])
    shard_of = np.searchsorted(starts, rows, side="right") - 1
    agreement = np.zeros_like(found.scores)

    def check(some: slice) -> None:
        for i in range(some.start, some.stop):
            picture = shards[shard_of[i]][rows[i] - starts[shard_of[i]]]
            for k in np.flatnonzero(found.scores[i, :CHECKED] > -np.inf):
                agreement[i, k] = _agreement(picture, seed, found.places[i, k], found.scales[i, k])

    for_each(check, blocks(len(rows), BLOCK))
    scores = found.scores + PIXELS * agreement
    order = np.argsort(-scores, axis=1, kind="stable")
    return Candidates(
        scores=np.take_along_axis(scores, order, axis=1),
        places=np.take_along_axis(found.places, order[..., None], axis=1),
        scales=np.take_along_axis(found.scales, order, axis=1),
    )


def _agreement(picture: ByteArray, seed: Seed, place: FloatArray, scale: float) -> float:
    """Return the normalized correlation of a seed with a picture, at most 4 pixels from a place."""
    import cv2

    side = max(CELL, round(len(seed.pixels) * float(scale)))
    low = np.rint(np.add(seed.middle, place) - (side - 1) / 2).astype(int) - AROUND
    left, top = np.maximum(low, 0)
    right, bottom = low + side + 2 * AROUND
    part = picture[top:bottom, left:right]
    if min(part.shape[:2]) < side:
        return 0.0
    way = cv2.INTER_AREA if side < len(seed.pixels) else cv2.INTER_CUBIC
    resized = cv2.resize(seed.pixels, (side, side), interpolation=way).astype(np.float32)
    counts = np.repeat(middle_of_square(side)[..., None], 3, axis=2)
    way = cv2.TM_CCOEFF_NORMED
    agreement = cv2.matchTemplate(part.astype(np.float32), resized, way, mask=counts)
    # Where nothing differs there is no correlation.
    return float(np.nan_to_num(agreement, nan=0, posinf=0, neginf=0).max())
