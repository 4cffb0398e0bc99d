"""Find the discriminative local modes at one spot: patches that recur here and seldom elsewhere.

Seeds are patches at the spot of some images. Each is looked for around the spot in a sample of the
collection; with its 50 nearest patches it is a group. Groups that the natural world shows as often
are dropped, as are near-duplicates of better ones; what is kept is looked for in every image.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.arrays import FloatArray, IntArray
from explorer.errors import Cancelled
from explorer.kernels.threads import for_each
from explorer.matching import CELL
from explorer.modes.groups import Groups, different
from explorer.modes.patches import POOL, region_of, world_mean
from explorer.modes.search import (
    NEARBY_SCALES,
    ONE_SCALE,
    Window,
    best_windows,
    box_around,
    windows_of,
)
from explorer.modes.spots import Spot
from explorer.modes.values import SpotModes
from explorer.modes.world import Projected, World
from explorer.view import FirstImages, View

NEIGHBORS = 50
THRESHOLD = 0.75
CHANCE = 0.05
BLOCK = 512
IsCancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class MiningOptions:
    """How modes are mined.

    Attributes
    ----------
    seeds
        How many images' patches are tried.
    sample
        How many images, about, groups are made of; the kept modes are looked for in all.
    kept
        How many modes are kept at most.
    matches
        How many matches of a mode are kept at most.
    is_scaled
        Whether the kept modes are looked for at nearby scales too.
    """

    seeds: int = 128
    sample: int = 4096
    kept: int = 24
    matches: int = 256
    is_scaled: bool = True


FAST = MiningOptions()
COARSE = MiningOptions(seeds=40, sample=1024, kept=12, is_scaled=False)

Shard = npt.NDArray[np.int8]


class Miner:
    """Mines the spots of one collection. Several threads may use it at once.

    Parameters
    ----------
    view
        The collection.
    options
        How.
    """

    def __init__(self, view: View, options: MiningOptions = FAST) -> None:
        self._view = view
        self._options = options
        self._mean = world_mean(view)
        self._grid = (view.height // CELL, view.width // CELL)
        self._worlds: dict[int, World] = {}

    def mine(self, spot: Spot, is_cancelled: IsCancelled = lambda: False) -> SpotModes:
        """Find the discriminative local modes at one spot.

        Raises
        ------
        Cancelled
            If `is_cancelled` said True before they were found.
        """
        sample = FirstImages(self._view, self._options.sample)
        seeds, templates = self._seeds(spot)
        windows = windows_of(spot, self._grid, ONE_SCALE)
        scores, index = self._search(sample, spot, templates, windows, is_cancelled)
        groups = Groups.of(scores, index, windows, min(NEIGHBORS, max(5, sample.size // 4)))
        world = self._world(spot).projected(templates)
        inliers = world.inliers(groups.scores, sample.size * len(windows))
        kept = different(groups, inliers, spot, THRESHOLD, self._options.kept)
        found = seeds[kept], inliers[kept], templates[kept]
        return self._matched(spot, *found, world.only(kept), is_cancelled)

    def inliers(self, spot: Spot, seeds: IntArray) -> FloatArray:
        """Return the inlier score of the patches at the spot of some images, (S,) float32."""
        sample = FirstImages(self._view, self._options.sample)
        _, templates = self._seeds(spot, seeds)
        windows = windows_of(spot, self._grid, ONE_SCALE)
        scores, index = self._search(sample, spot, templates, windows, lambda: False)
        groups = Groups.of(scores, index, windows, min(NEIGHBORS, max(5, sample.size // 4)))
        world = self._world(spot).projected(templates)
        return world.inliers(groups.scores, sample.size * len(windows))

    def _world(self, spot: Spot) -> World:
        if spot.side not in self._worlds:
            self._worlds[spot.side] = World.of(self._view, spot.side)
        return self._worlds[spot.side]

    def _seeds(self, spot: Spot, rows: IntArray | None = None) -> tuple[IntArray, FloatArray]:
        """Return images whose patch at the spot is not blank, and the patches as unit vectors.

        The order of a collection is pseudo-random, so the first images are a fair draw.
        """
        pool = POOL[spot.side]
        box = (spot.row, spot.column, spot.side, spot.side)
        wished = self._options.seeds if rows is None else len(rows)
        patches: list[FloatArray] = []
        images: list[IntArray] = []
        start, found = 0, 0
        for shard in self._view.shards("hog_planes"):
            ids = np.arange(start, start + shard.shape[-1], dtype=np.int32)
            start += len(ids)
            here = ids if rows is None else ids[np.isin(ids, rows)]
            for some in np.array_split(here, max(1, len(here) // BLOCK)):
                region = region_of(shard[..., some - ids[0]], box, pool, self._mean)
                cells, inverse = region.patches((spot.row, spot.column), spot.side // pool)
                chosen = np.flatnonzero(inverse if rows is None else some + 1)[: wished - found]
                patches.append((cells * inverse)[:, chosen].T.astype(np.float32))
                images.append(some[chosen])
                found += len(chosen)
                if found >= wished:
                    break
            if found >= wished:
                break
        length = (spot.side // pool) ** 2 * len(self._mean)
        seeds = np.concatenate([*images, np.empty(0, np.int32)])
        vectors = np.concatenate([*patches, np.empty((0, length), np.float32)])
        if rows is None:
            return seeds, vectors
        order = np.searchsorted(seeds, rows)
        return seeds[order], vectors[order]

    def _search(
        self,
        view: View,
        spot: Spot,
        templates: FloatArray,
        windows: list[Window],
        is_cancelled: IsCancelled,
    ) -> tuple[FloatArray, npt.NDArray[np.uint16]]:
        """Return the best score and window (S, N) of each template in each image of a view."""
        pool = POOL[spot.side]
        box = box_around(windows, pool)

        def look(shard: Shard) -> tuple[FloatArray, npt.NDArray[np.uint16]]:
            if is_cancelled():
                raise Cancelled(f"the search for modes at {spot} was cancelled")
            return best_windows(region_of(shard, box, pool, self._mean), windows, templates)

        if not len(templates):
            nothing = np.empty((0, view.size), np.float32)
            return nothing, nothing.astype(np.uint16)
        found = for_each(look, _blocks(view.shards("hog_planes")))
        scores = np.concatenate([scores for scores, _ in found], axis=1)
        return scores, np.concatenate([index for _, index in found], axis=1)

    def _matched(
        self,
        spot: Spot,
        seeds: IntArray,
        inliers: FloatArray,
        templates: FloatArray,
        world: Projected,
        is_cancelled: IsCancelled,
    ) -> SpotModes:
        """Look for the kept modes in every image.

        A match counts if an unrelated photograph would have one as good with a chance of 5 %.
        """
        steps = NEARBY_SCALES if self._options.is_scaled else ONE_SCALE
        windows = windows_of(spot, self._grid, steps)
        scores, index = self._search(self._view, spot, templates, windows, is_cancelled)
        levels = world.levels(CHANCE / len(windows))
        matches = [
            _best_above(of_mode, level, self._options.matches)
            for of_mode, level in zip(scores, levels, strict=True)
        ]
        of_match = np.repeat(np.arange(len(seeds)), [len(images) for images in matches])
        images = np.concatenate([*matches, np.empty(0, np.int32)]).astype(np.int32)
        used = index[of_match, images]
        moves = np.array([window.move for window in windows]) * CELL
        best = np.full(self._view.size, -1, np.int32)
        if len(seeds):
            similar = np.where(scores > levels[:, None], scores, -1)
            best = np.where(similar.max(axis=0) > 0, similar.argmax(axis=0), -1).astype(np.int32)
        return SpotModes(
            spot=spot,
            seeds=seeds,
            inliers=inliers,
            starts=np.cumsum([0, *map(len, matches)], dtype=np.int32),
            images=images,
            scores=np.clip(scores[of_match, images], 0, 1),
            places=np.rint(moves[used]).astype(np.int32).reshape(-1, 2),
            scales=np.array([window.scale for window in windows], np.float32)[used],
            best=best,
        )


def mine(
    view: View,
    spot: Spot,
    options: MiningOptions = FAST,
    is_cancelled: IsCancelled = lambda: False,
) -> SpotModes:
    """Find the modes at one spot; see `Miner.mine`."""
    return Miner(view, options).mine(spot, is_cancelled)


def _best_above(scores: FloatArray, level: float, count: int) -> IntArray:
    """Return the images with scores above a level, best first, at most `count`."""
    found = np.flatnonzero(scores > level)
    order = np.argsort(-scores[found], kind="stable")[:count]
    return found[order].astype(np.int32)


def _blocks(shards: Sequence[Shard]) -> list[Shard]:
    """Return the shards in blocks of images that fit into the caches, and feed every core."""
    return [
        shard[..., start : start + BLOCK]
        for shard in shards
        for start in range(0, shard.shape[-1], BLOCK)
    ]
