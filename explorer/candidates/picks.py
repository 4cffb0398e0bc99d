"""Candidates of a mode: where else an image has something like its seed, near the seed's place."""

import dataclasses
import math

import numpy as np

from explorer.arrays import BoolArray, ByteArray, FloatArray, IntArray
from explorer.candidates.windows import (
    APART,
    COUNT,
    Window,
    candidates_of,
    mirrored,
    preceded,
    window_near,
)
from explorer.edits import ModePick, Point
from explorer.errors import EditError
from explorer.hog import hog
from explorer.kernels import kernels
from explorer.kernels.backend import Peaks
from explorer.kernels.peak_search import PeakSearch
from explorer.kernels.terms import PLANE_LIMIT, quantized, strongest
from explorer.kernels.threads import for_each
from explorer.matching import CELL, Candidates, Match
from explorer.modes.patches import POOL, SignedBytes, region_of, resized_templates, world_mean
from explorer.modes.search import FAR_AWAY, NEARBY_SCALES, reach_of, scale_worth
from explorer.modes.spots import Spot, spot_at
from explorer.view import View

REGION_LIMIT = 127
CHANNELS = 16
TERMS = 256
"""How many numbers of a seed find its further places: of 10,149 images 98 % keep the second best
place among their 8, and the search takes a fifth less."""
FARTHEST = math.sqrt(2)
"""The corner of the matcher's search, in its reach: a cosine loses no more beyond."""


def pick_near(view: View, pick: ModePick, match: Match, *, is_mirrored: bool) -> Candidates:
    """Find the places of a seed within twice the reach of one edit; see `find_candidates`."""
    spot = spot_at(pick.center, pick.size * view.width, view.height, view.width)
    pixels, shift = picture(view, pick.image), 0.0
    if is_mirrored:
        spot, pixels, shift = _mirrored(spot, pixels)
    template, window = seed_of(view, spot, pixels), window_near(view)
    grid = (view.height // CELL, view.width // CELL)
    search = pick_search(spot, template, window, grid)
    scales, shifts = sizes_of(spot, shift)
    none = np.full(view.size, -1, np.int32)
    if is_mirrored:
        # As a match is, the best place near where the edit was painted must be among them.
        nearest = _peaks(view, _within_reach(search, spot), none, POOL[spot.side])
        first = candidates_of(window, nearest, scales, shifts)
        taken = nearest[1][:, 0]
    else:
        first, taken = Candidates.of(match), window.index(match.places)
    strong = dataclasses.replace(
        search, weights=tuple(strongest(weights, TERMS) for weights in search.weights)
    )
    peaks = _peaks(view, strong, taken, POOL[spot.side])
    found = preceded(first, candidates_of(window, peaks, scales, shifts))
    return mirrored(found) if is_mirrored else found


def pick_search(
    spot: Spot, template: FloatArray, window: Window, grid: tuple[int, int]
) -> PeakSearch:
    """Return the search for a seed (g * g * 16,), near the spot at the scales of its matcher too.

    A cosine counts less far away and at another scale, as it does there; beyond the reach of the
    matcher the price stays, and only the seed's own scale is tried.
    """
    pool = POOL[spot.side]
    cells, weights, gains, frames, allowed = [], [], [], [], []
    for step in NEARBY_SCALES:
        side = spot.side // pool + step
        begin = _beginning(spot, side * pool)
        values, _ = quantized(resized_templates(template[None], side).reshape(-1, CHANNELS))
        inside = np.indices((side, side)).reshape(2, -1).T * pool + begin
        cells.append(inside.astype(np.int32))
        weights.append(values)
        frames.append((*begin, side, pool))
        fits = inside_grid(window.offsets + begin, side * pool, grid)
        fits &= (step == 0) | (np.abs(window.offsets).max(axis=1) <= reach_of(spot))
        allowed.append(np.where(fits, 0, -np.inf))
        length = float(np.linalg.norm(values.astype(np.float64)))
        gains.append(_worth(spot, side * pool, window) / max(length, 1.0))
    return PeakSearch(
        cells=tuple(cells),
        weights=tuple(weights),
        frames=np.array(frames, np.int32),
        corner=window.corner,
        shape=window.shape,
        gains=np.stack(gains).astype(np.float32),
        biases=np.stack(allowed).astype(np.float32),
        count=COUNT - 1,
        apart=APART,
        plane_limit=REGION_LIMIT,
    )


def inside_grid(places: IntArray, length: int, grid: tuple[int, int]) -> BoolArray:
    """Return which patches of so many cells a side, that begin at places (P, 2), are inside."""
    inside: BoolArray = np.all((places >= 0) & (places + length <= np.array(grid)), axis=1)
    return inside


def sizes_of(spot: Spot, shift: float) -> tuple[list[float], list[Point]]:
    """Return the scales of `pick_search`, and where their middles are, (x, y) in pixels."""
    pool = POOL[spot.side]
    lengths = [(spot.side // pool + step) * pool for step in NEARBY_SCALES]
    shifts = []
    for length in lengths:
        y, x = (
            (begin - at + (length - spot.side) / 2) * CELL
            for begin, at in zip(_beginning(spot, length), (spot.row, spot.column), strict=True)
        )
        shifts.append((x + shift, y))
    return [length / spot.side for length in lengths], shifts


def picture(view: View, name: str) -> ByteArray:
    """Return the pixels (H, W, 3) of an image of the collection.

    Raises
    ------
    EditError
        If the collection has no image of that name.
    """
    row = view.image_id(name)
    if row is None:
        raise EditError(f"the collection has no image {name!r}: pick one that it has")
    for shard in view.shards("pixels"):
        if row < len(shard):
            return np.asarray(shard[row])
        row -= len(shard)
    raise IndexError(f"there is no image {row} in the shards")


def seed_of(view: View, spot: Spot, pixels: ByteArray) -> FloatArray:
    """Return the patch of a picture (H, W, 3) at a spot as a unit vector (g * g * 16,)."""
    planes = planes_of(view, pixels[None])
    box, pool = (0, 0, *planes.shape[1:3]), POOL[spot.side]
    region = region_of(planes, box, pool, world_mean(view))
    cells, inverse = region.patches((spot.row, spot.column), spot.side // pool)
    return np.ascontiguousarray((cells * inverse)[:, 0].astype(np.float32))


def planes_of(view: View, pixels: ByteArray) -> SignedBytes:
    """Return the planes (16, Y, X, n) of pictures (n, H, W, 3), as a build does."""
    white = hog(pixels) @ view.statistics("hog_whitening")
    units = np.rint(white @ view.statistics("hog_basis") / view.statistics("hog_planes_scale"))
    planes = np.clip(units, -PLANE_LIMIT, PLANE_LIMIT).astype(np.int8)
    return np.ascontiguousarray(planes.transpose(3, 1, 2, 0))


def _mirrored(spot: Spot, pixels: ByteArray) -> tuple[Spot, ByteArray, float]:
    """Return a spot and a picture as in a mirror, and how far the spot is off in pixels.

    Cells that end before the picture does are not where the mirrored cells are.
    """
    columns = pixels.shape[1] // CELL
    flipped = np.ascontiguousarray(pixels[:, : columns * CELL][:, ::-1])
    seen = Spot(spot.side, spot.row, columns - spot.column - spot.side)
    return seen, flipped, float(columns * CELL - pixels.shape[1])


def _beginning(spot: Spot, length: int) -> tuple[int, int]:
    """Return the first cell, (y, x), of a patch of another length about the middle of a spot."""
    return spot.row + (spot.side - length) // 2, spot.column + (spot.side - length) // 2


def _worth(spot: Spot, length: int, window: Window) -> FloatArray:
    """Return what a cosine counts at each offset (P,): see `explorer.modes.search`."""
    extra = (length - spot.side) / 2 + (spot.side - length) // 2
    distances = np.linalg.norm(window.offsets + extra, axis=1)
    reach = reach_of(spot)
    worth = 1 - FAR_AWAY * np.minimum(distances / reach, FARTHEST)
    return np.asarray(scale_worth(length / spot.side) * worth, np.float32)


def _within_reach(search: PeakSearch, spot: Spot) -> PeakSearch:
    """Return the search for the one best place that the matcher of a pick could find."""
    is_near = np.abs(search.offsets).max(axis=1) <= reach_of(spot)
    biases = np.where(is_near, search.biases, -np.inf).astype(np.float32)
    return dataclasses.replace(search, biases=biases, count=1)


def _peaks(view: View, search: PeakSearch, taken: IntArray, pool: int) -> Peaks:
    """Search the pooled cells of every shard."""
    mean = world_mean(view)
    shards = view.shards("hog_planes")
    starts = np.cumsum([0, *(shard.shape[-1] for shard in shards)])

    def find(s: int) -> Peaks:
        box = (0, 0, *shards[s].shape[1:3])
        region = region_of(shards[s], box, pool, mean)
        cells = np.ascontiguousarray(region.cells.transpose(2, 0, 1, 3))
        first = taken[starts[s] : starts[s + 1]]
        return kernels().peaks([cells], search, first, [(region.energies, region.blank)])

    scores, places, sizes = zip(*for_each(find, range(len(shards))), strict=True)
    return np.concatenate(scores), np.concatenate(places), np.concatenate(sizes)
