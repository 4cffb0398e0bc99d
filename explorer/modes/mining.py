"""Find the discriminative local modes at one spot."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from explorer.arrays import FloatArray
from explorer.modes.spots import Spot
from explorer.modes.values import SpotModes
from explorer.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class MiningOptions:
    """How modes are mined.

    Attributes
    ----------
    seeds
        How many images' patches are tried.
    kept
        How many modes are kept at most.
    """

    seeds: int = 128
    kept: int = 24


def mine(
    view: View,
    spot: Spot,
    options: MiningOptions | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> SpotModes:
    """Find the discriminative local modes at one spot (first version: no natural world)."""
    options = options or MiningOptions()
    side = spot.side
    maps = np.concatenate([np.asarray(shard) for shard in view.shards("hog")])
    rows = [r for r in range(spot.row - 1, spot.row + 2) if 0 <= r <= maps.shape[1] - side]
    columns = [c for c in range(spot.column - 1, spot.column + 2) if 0 <= c <= maps.shape[2] - side]

    def patches(row: int, column: int) -> FloatArray:
        cut = maps[:, row : row + side, column : column + side].reshape(len(maps), -1)
        cut = cut.astype(np.float32)
        unit: FloatArray = cut / np.maximum(np.linalg.norm(cut, axis=1, keepdims=True), 1e-6)
        return unit

    seeds = np.arange(min(options.seeds, len(maps)), dtype=np.int32)
    queries = patches(spot.row, spot.column)[seeds]
    places = [(r, c) for r in rows for c in columns]
    scores = np.stack([queries @ patches(r, c).T for r, c in places])
    which = scores.argmax(axis=0)
    scores = scores.max(axis=0)
    kept: list[int] = []
    for k in np.argsort(-np.sort(scores, axis=1)[:, -50:].mean(axis=1)):
        if all(scores[k, seeds[j]] < 0.4 for j in kept):
            kept.append(int(k))
        if len(kept) == options.kept:
            break
    moves = np.array([(c - spot.column, r - spot.row) for r, c in places], np.int32) * 8
    images, values, offsets, starts = [], [], [], [0]
    for k in kept:
        order = np.argsort(-scores[k])[:256]
        order = order[scores[k, order] > 0.2]
        images.append(order.astype(np.int32))
        values.append(scores[k, order])
        offsets.append(moves[which[k, order]])
        starts.append(starts[-1] + len(order))
    best = scores[kept].argmax(axis=0).astype(np.int32)
    best[scores[kept].max(axis=0) < 0.2] = -1
    return SpotModes(
        spot=spot,
        seeds=seeds[kept],
        inliers=np.ones(len(kept), np.float32),
        starts=np.array(starts, np.int32),
        images=np.concatenate(images),
        scores=np.concatenate(values).astype(np.float32),
        places=np.concatenate(offsets),
        scales=np.ones(starts[-1], np.float32),
        best=best,
    )
