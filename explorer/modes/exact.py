"""Modes by the letter of the thesis, for small collections and for measuring `mining` against.

Every cell, every channel, every place and 1,000 seeds in float32, and a bank of real patches of
unrelated photographs. What the thesis leaves open is read as in `mining`: the vectors are whitened
HOG less a quarter of its mean in the natural world, the similarity is the cosine, less far from
the spot, the inlier score a fraction.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from explorer.arrays import FloatArray
from explorer.errors import Cancelled
from explorer.kernels.threads import blocks, for_each
from explorer.matching import CELL
from explorer.modes.groups import Groups, different, neighbors_of
from explorer.modes.matches import Found, matched
from explorer.modes.mining import IsCancelled
from explorer.modes.patches import DRAWN, MEAN_SHARE
from explorer.modes.search import Window, windows_of
from explorer.modes.spots import Spot
from explorer.modes.values import SpotModes
from explorer.view import View

SEEDS = 1000
KEPT = 50
SHARED = 0.6  # 30 of 50 members: the thesis
LEVEL = 0.5
IMAGES = 64

Nearest: TypeAlias = Callable[[int, FloatArray, int], tuple[FloatArray, int]]
"""From a side in cells, unit patches (S, side * side * 31) and k to the similarities (S, k) of the
k nearest patches of the natural world, falling, and of how many they are the nearest."""


def white_mean(view: View) -> FloatArray:
    """Return (31,) what is taken from whitened HOG; see `patches.world_mean`."""
    mean = MEAN_SHARE * view.statistics("hog_mean") @ view.statistics("hog_whitening")
    return np.asarray(mean, np.float32)


class ExactMiner:
    """Mines the spots of one small collection by the letter. Several threads may use it at once.

    Parameters
    ----------
    view
        The collection.
    nearest
        The bank of the natural world.
    """

    def __init__(self, view: View, nearest: Nearest) -> None:
        self._nearest = nearest
        self._grid = (view.height // CELL, view.width // CELL)
        scale = np.float32(view.statistics("hog_scale").item())
        cells = np.concatenate([np.asarray(shard) for shard in view.shards("hog")])
        self._is_drawn = (cells != 0).any(axis=-1)
        self._cells = cells.astype(np.float32) * scale - white_mean(view)

    def mine(self, spot: Spot, is_cancelled: IsCancelled = lambda: False) -> SpotModes:
        """Find the discriminative local modes at one spot; see `mining.Miner.mine`."""
        place = Window((spot.row, spot.column), spot.side, spot.side, (0.0, 0.0), 1.0)
        patches = self._patches(place, slice(0, len(self._cells)))
        seeds = np.flatnonzero(patches.any(axis=1))[:SEEDS].astype(np.int32)
        found = self._search(spot, patches[seeds], is_cancelled, is_priced=False)
        groups = Groups.of(found, neighbors_of(len(self._cells)))
        candidates = len(self._cells) * len(found[2])
        inliers = self._inliers(spot.side, patches[seeds], groups.scores, candidates)
        kept = different(groups, inliers, spot.side, KEPT, SHARED)
        found = self._search(spot, patches[seeds[kept]], is_cancelled, is_priced=True)
        levels = np.full(len(kept), LEVEL, np.float32)
        return matched(spot, (seeds[kept], inliers[kept]), found, levels, len(self._cells))

    def _inliers(
        self, side: int, templates: FloatArray, best: FloatArray, candidates: int
    ) -> FloatArray:
        """Return the share of the collection among the k nearest of collection and world.

        A bank of another size than the collection's `candidates` counts for one of that size, so
        that chance is one half.
        """
        k = best.shape[1]
        if not len(best):
            return np.empty(0, np.float32)
        _, bank = self._nearest(side, templates[:1], 1)
        near, _ = self._nearest(side, templates, max(1, round(k * bank / candidates)))
        ranks = np.arange(1, k + 1)
        nearer = np.stack([np.searchsorted(-of, -own) for of, own in zip(near, best, strict=True)])
        return np.asarray((ranks + nearer * candidates / bank <= k).mean(axis=1), np.float32)

    def _search(
        self, spot: Spot, templates: FloatArray, is_cancelled: IsCancelled, *, is_priced: bool
    ) -> Found:
        """Find the best place of each template in each image."""
        windows = windows_of(spot, self._grid, is_priced=is_priced)
        lengths = sorted({window.length for window in windows})
        stretched = {length: _stretched(templates, spot.side, length) for length in lengths}

        def look(images: slice) -> tuple[FloatArray, npt.NDArray[np.uint16]]:
            if is_cancelled():
                raise Cancelled(f"the search for modes at {spot} was cancelled")
            count = len(self._cells[images])
            best = np.full((len(templates), count), -1, np.float32)
            index = np.zeros((len(templates), count), np.uint16)
            for number, window in enumerate(windows):
                cosines = stretched[window.length] @ self._patches(window, images).T
                scores = cosines * np.float32(window.worth)
                is_better = scores > best
                best[is_better], index[is_better] = scores[is_better], number
            return best, index

        found = for_each(look, blocks(len(self._cells), IMAGES))
        scores = np.concatenate([scores for scores, _ in found], axis=1)
        return scores, np.concatenate([index for _, index in found], axis=1), windows

    def _patches(self, window: Window, images: slice) -> FloatArray:
        """Return the unit patches (n, d) of some images at a window; 0 where they are blank."""
        rows = slice(window.place[0], window.place[0] + window.length)
        columns = slice(window.place[1], window.place[1] + window.length)
        cut = self._cells[images, rows, columns]
        drawn = self._is_drawn[images, rows, columns].mean(axis=(1, 2)) >= DRAWN
        return np.asarray(_unit(cut.reshape(len(cut), -1)) * drawn[:, None], np.float32)


def _stretched(templates: FloatArray, side: int, length: int) -> FloatArray:
    """Return templates of side x side cells as unit vectors of length x length."""
    import cv2

    maps = templates.reshape(len(templates), side, side, templates.shape[1] // side**2)
    found = np.empty((len(maps), length, length, maps.shape[-1]), np.float32)
    for one, out in zip(maps, found, strict=True):
        out[:] = cv2.resize(one, (length, length), interpolation=cv2.INTER_LINEAR)
    return _unit(found.reshape(len(found), length * length * maps.shape[-1]))


def _unit(vectors: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-6), np.float32)
