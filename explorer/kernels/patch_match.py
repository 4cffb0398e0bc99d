"""Numba loops that find, for each patch of one map of features, the most similar one of another.

Both maps are padded by half a patch, so that the rows of every patch are whole runs of memory.
"""

import numpy as np

from explorer.arrays import FloatArray, IntArray
from explorer.kernels.jit import compiled, reassociated

ZERO = np.float32(0)
NEVER = np.float32(np.inf)
MIX, SPREAD = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
LATE, EARLY = np.uint64(31), np.uint64(27)


@reassociated
def cost_kernel(
    maps: tuple[FloatArray, FloatArray],
    half: int,
    start: tuple[FloatArray, np.float32],
    field: IntArray,
    costs: FloatArray,
) -> None:
    """Say what the places of a field cost, as `jump_kernel` does: into `costs` (h, w)."""
    for y in range(field.shape[0]):
        for x in range(field.shape[1]):
            costs[y, x] = _cost(maps, half, start, (y, x), (field[y, x, 1], field[y, x, 0]), NEVER)


@reassociated
def jump_kernel(
    maps: tuple[FloatArray, FloatArray],
    half: int,
    start: tuple[FloatArray, np.float32],
    step: int,
    before: tuple[IntArray, FloatArray],
    after: tuple[IntArray, FloatArray],
) -> None:
    """Let every place try what its four neighbors `step` away have found.

    Parameters
    ----------
    maps : (h + 2 * half, (w + 2 * half) * C) float32, two
        The C features of each pixel, of the two maps of which patches are compared, padded.
    half
        A patch is 2 * half + 1 wide and high.
    start : (h, w, 2) float32 and float32
        Where places (x, y) are expected, and what a squared distance of 1 from there costs.
    step
        How far away the neighbors are.
    before, after : (h, w, 2) int32 and (h, w) float32
        The places (x, y) found for each position and their costs, the mean over the patch of the
        squared distance of the features, and what they cost to be away from `start`. `after` is
        written; it must be other arrays, so that no order of the work matters.
    """
    fields, costs = before
    height, width = costs.shape
    last_y, last_x = height - 1, width - 1
    for y in range(height):
        for x in range(width):
            best, x_best, y_best = costs[y, x], fields[y, x, 0], fields[y, x, 1]
            for k in range(4):
                down, right = (
                    (step * (k - 1) if k % 2 == 0 else 0),
                    (step * (k - 2) if k % 2 else 0),
                )
                j, i = y + down, x + right
                if j < 0 or i < 0 or j >= height or i >= width:
                    continue
                xs = min(max(fields[j, i, 0] - right, 0), last_x)
                ys = min(max(fields[j, i, 1] - down, 0), last_y)
                if xs == x_best and ys == y_best:
                    continue
                cost = _cost(maps, half, start, (y, x), (ys, xs), best)
                if cost < best:
                    best, x_best, y_best = cost, xs, ys
            after[0][y, x, 0], after[0][y, x, 1], after[1][y, x] = x_best, y_best, best


@reassociated
def scatter_kernel(
    maps: tuple[FloatArray, FloatArray],
    half: int,
    start: tuple[FloatArray, np.float32],
    draw: tuple[int, int],
    field: IntArray,
    costs: FloatArray,
) -> None:
    """Let every place try random ones nearby, in windows of half the size each time.

    Parameters are those of `jump_kernel`; `draw` is a seed and the reach of the first window, and
    `field` and `costs` are changed. A position's numbers depend on the seed and itself alone.
    """
    seed, reach = draw
    height, width = costs.shape
    last_y, last_x = height - 1, width - 1
    for y in range(height):
        for x in range(width):
            state = np.uint64(seed) * MIX + np.uint64(y * width + x + 1)
            window = reach
            while window >= 1:
                state = _mixed(state)
                side = np.uint64(2 * window + 1)
                right = np.int64((state >> np.uint64(8)) % side) - window
                down = np.int64((state >> np.uint64(36)) % side) - window
                xs = min(max(field[y, x, 0] + right, 0), last_x)
                ys = min(max(field[y, x, 1] + down, 0), last_y)
                cost = _cost(maps, half, start, (y, x), (ys, xs), costs[y, x])
                if cost < costs[y, x]:
                    field[y, x, 0], field[y, x, 1], costs[y, x] = xs, ys, cost
                window //= 2


@reassociated
def _cost(
    maps: tuple[FloatArray, FloatArray],
    half: int,
    start: tuple[FloatArray, np.float32],
    here: tuple[int, int],
    there: tuple[int, int],
    most: np.float32,
) -> np.float32:
    """Return what a match costs, or something >= `most`."""
    one, other = maps
    side = 2 * half + 1
    channels = one.shape[1] // (start[0].shape[1] + 2 * half)
    (y, x), (ys, xs) = here, there
    right, down = np.float32(xs) - start[0][y, x, 0], np.float32(ys) - start[0][y, x, 1]
    away = (right * right + down * down) * start[1]
    total = ZERO
    share = np.float32(1) / np.float32(side * side)
    for row in range(side):
        if away + total * share >= most:
            return NEVER
        a = one[y + row, x * channels : (x + side) * channels]
        b = other[ys + row, xs * channels : (xs + side) * channels]
        for k in range(len(a)):
            apart = a[k] - b[k]
            total += apart * apart
    return np.float32(away + total * share)


@compiled
def _mixed(state: np.uint64) -> np.uint64:
    """Return the next pseudo-random number."""
    state = (state ^ (state >> LATE)) * SPREAD + MIX
    return state ^ (state >> EARLY)
