"""Find the discriminative local modes at one spot: patches that recur here and seldom elsewhere.

Seeds are patches at the spot of some images. Each is looked for around the spot in a sample of the
collection; with its 50 nearest patches it is a group. Groups that the natural world shows too are
dropped, as are near-duplicates of better ones; what is kept is looked for in every image.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.arrays import FloatArray, IntArray
from explorer.errors import Cancelled
from explorer.kernels.threads import for_each
from explorer.matching import CELL, Match
from explorer.modes.groups import Groups, different, neighbors_of
from explorer.modes.matches import Found, matched
from explorer.modes.patches import POOL, region_of, world_mean
from explorer.modes.search import best_windows, box_around, pixel_moves, windows_of
from explorer.modes.spots import Spot
from explorer.modes.values import SpotModes
from explorer.modes.world import Projected, World
from explorer.view import FirstImages, View

CHANCE = 0.05
"""An unrelated photograph has a match this likely."""
BLOCK = 1024
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
    """

    seeds: int = 320
    sample: int = 4096
    kept: int = 24
    matches: int = 256


FAST = MiningOptions()
FAST_GIVES_UP = (
    "seeds are 320 patches every 8 px (thesis: 1,000 every 4 px), groups are made in the first "
    "4,096 images, patches are grids of 4x4 to 6x6 cells of 16 of 31 channels, the natural world "
    "is a mixture of Gaussians (thesis: a bank of patches), of a mode the 256 best matches are "
    "kept, of a spot 24 modes"
)
"""What a sweep with `FAST` gives up against `explorer.modes.exact`, for people."""
COARSE = MiningOptions(seeds=64, sample=1024, kept=12)

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
        seeds, templates = self._seeds(spot)
        groups, inliers = self._groups(spot, templates, is_cancelled)
        kept = different(groups, inliers, spot.side, self._options.kept)
        found = self._search(self._view, spot, templates[kept], is_cancelled, is_priced=True)
        levels = self._world(spot).projected(templates[kept]).levels(CHANCE / len(found[2]))
        chosen = seeds[kept], inliers[kept]
        return matched(spot, chosen, found, levels, self._options.matches)

    def inliers(self, spot: Spot, seeds: IntArray) -> FloatArray:
        """Return the inlier score of the patches at the spot of some images (S,), (S,) float32."""
        _, templates = self._seeds(spot, seeds)
        return self._groups(spot, templates, lambda: False)[1]

    def match(self, spot: Spot, image: int) -> Match | None:
        """Return how well each image shows the patch of one image at the spot; None if it is blank.

        Returns
        -------
        Match or None
            Scores: the cosine, less far from the spot and at another scale, at the best of them.
        """
        _, templates = self._seeds(spot, np.array([image], np.int32))
        if not templates.any():
            return None
        found = self._search(self._view, spot, templates, lambda: False, is_priced=True)
        scores, index, windows = found
        return Match(scores=scores[0], places=pixel_moves(windows)[index[0]])

    def natural(self, spot: Spot, image: int) -> tuple[Projected, int]:
        """Return how alike the natural world's patches are to the patch of one image at the spot.

        Returns
        -------
        Projected
            The distribution of one patch's cosine.
        int
            How many patches of an image `match` compares.
        """
        _, templates = self._seeds(spot, np.array([image], np.int32))
        windows = windows_of(spot, self._grid, is_priced=True)
        return self._world(spot).projected(templates), len(windows)

    def _groups(
        self, spot: Spot, templates: FloatArray, is_cancelled: IsCancelled
    ) -> tuple[Groups, FloatArray]:
        """Return each seed with its nearest patches in the sample, and the inlier scores."""
        sample = FirstImages(self._view, self._options.sample)
        found = self._search(sample, spot, templates, is_cancelled, is_priced=False)
        groups = Groups.of(found, neighbors_of(sample.size))
        world = self._world(spot).projected(templates)
        return groups, world.inliers(groups.scores, sample.size * len(found[2]))

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
        is_cancelled: IsCancelled,
        *,
        is_priced: bool,
    ) -> Found:
        """Find the best place of each template in each image of a view."""
        windows = windows_of(spot, self._grid, is_priced=is_priced)
        box, pool = box_around(windows), POOL[spot.side]
        if not len(templates):
            nothing = np.empty((0, view.size), np.float32)
            return nothing, nothing.astype(np.uint16), windows

        def look(shard: Shard) -> tuple[FloatArray, npt.NDArray[np.uint16]]:
            if is_cancelled():
                raise Cancelled(f"the search for modes at {spot} was cancelled")
            return best_windows(region_of(shard, box, pool, self._mean), windows, templates)

        found = for_each(look, _blocks(view.shards("hog_planes")))
        scores = np.concatenate([scores for scores, _ in found], axis=1)
        return scores, np.concatenate([index for _, index in found], axis=1), windows


def _blocks(shards: Sequence[Shard]) -> list[Shard]:
    """Return the shards in blocks of images that fit into the caches, and feed every core."""
    return [
        shard[..., start : start + BLOCK]
        for shard in shards
        for start in range(0, shard.shape[-1], BLOCK)
    ]
