"""One level of the search: where each patch of one map is found in another, smoothly."""

from dataclasses import replace

import numpy as np

from explorer.arrays import FloatArray
from explorer.correspondence.fields import composed, places, sampled
from explorer.correspondence.levels import Level
from explorer.kernels.jit import read_only
from explorer.kernels.patch_match import cost_kernel, jump_kernel, scatter_kernel
from explorer.kernels.windows import between_kernel, nearest_kernel, window_kernel

JUMPS = (8, 4, 2, 1)
SWEEPS = 1
"""How often a round of PatchMatch jumps and scatters."""
FAINT = 0.01
"""A mean cost far below that of any two photographs: equal ones need not be told apart."""


def advanced(
    one: FloatArray, other: FloatArray, start: FloatArray, level: Level, seed: int
) -> tuple[FloatArray, FloatArray]:
    """Refine where the pixels of one map lie in another.

    Parameters
    ----------
    one, other : (h, w, C) float32
        Features.
    start : (h, w, 2) float32
        Moves so far, smooth.
    level
        How to search.
    seed
        Of what is random.

    Returns
    -------
    moves : (h, w, 2) float32
        Smooth.
    costs : (h, w) float32
        What the best match of each position costs, in parts of the mean over the window.
    """
    if level.search == "patches":
        start = composed(_by_patches(one, _shown(other, start), level, seed), start)
        level = replace(level, reach=1)
    moves, costs = _by_windows(one, _shown(other, start), level)
    return composed(moves, start), costs


def _shown(values: FloatArray, moves: FloatArray) -> FloatArray:
    return sampled(values, places(*moves.shape[:2]) + moves)


def _by_windows(one: FloatArray, other: FloatArray, level: Level) -> tuple[FloatArray, FloatArray]:
    shape, reach = one.shape[:2], level.reach
    costs = np.empty(((2 * reach + 1) ** 2, *shape), np.float32)
    window_kernel(
        read_only(one.transpose(2, 0, 1)),
        read_only(_padded(other, reach).transpose(2, 0, 1)),
        level.half,
        costs,
    )
    mean = float(costs.mean()) + FAINT
    around = np.zeros((2, *shape), np.float32)
    moves, least = np.empty_like(around), np.empty(shape, np.float32)
    for price in level.prices:
        nearest_kernel(read_only(costs), read_only(around), price * mean, moves, least)
        if price == level.prices[-1]:
            between_kernel(read_only(costs), moves)
        around = np.stack([_smooth(part, level.smooth) for part in moves])
    return np.ascontiguousarray(around.transpose(1, 2, 0)), least / np.float32(mean)


def _by_patches(one: FloatArray, other: FloatArray, level: Level, seed: int) -> FloatArray:
    """Search as Barnes et al. and Liao et al. do, but with a price on leaving the neighborhood."""
    at = places(*one.shape[:2])
    maps = _rows(one, level.half), _rows(other, level.half)
    field, costs = at.astype(np.int32), np.empty(one.shape[:2], np.float32)
    spare, expected = (np.empty_like(field), np.empty_like(costs)), at
    mean = float(np.square(one - other).sum(axis=-1).mean()) + FAINT
    for number, price in enumerate(level.prices):
        start = read_only(expected), np.float32(price * mean)
        cost_kernel(maps, level.half, start, field, costs)
        for sweep in range(SWEEPS):
            for jump in JUMPS:
                jump_kernel(maps, level.half, start, jump, (field, costs), spare)
                (field, costs), spare = spare, (field, costs)
            draw = (seed * len(level.prices) + number) * SWEEPS + sweep, level.reach
            scatter_kernel(maps, level.half, start, draw, field, costs)
        expected = at + _smooth((field - at).astype(np.float32), level.smooth)
    moves: FloatArray = expected - at
    return moves


def _padded(values: FloatArray, by: int) -> FloatArray:
    return np.pad(values, ((by, by), (by, by), (0, 0)), mode="edge")


def _rows(values: FloatArray, half: int) -> FloatArray:
    padded = _padded(values, half)
    return read_only(padded.reshape(len(padded), -1))


def _smooth(values: FloatArray, deviation: float) -> FloatArray:
    import cv2

    return np.asarray(cv2.GaussianBlur(values, (0, 0), deviation))
