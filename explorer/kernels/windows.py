"""Numba loops that compare the patches of two maps of features at every offset of a window.

The maps lie plane by plane, so that the innermost loops run along rows and become vector
instructions. Neighbors share most of their patches: sums of rows and columns are made once.
"""

import numpy as np

from explorer.arrays import FloatArray
from explorer.kernels.jit import compiled, reassociated

ZERO = np.float32(0)
EQUAL = np.float32(1e-5)


@reassociated
def window_kernel(one: FloatArray, other: FloatArray, half: int, costs: FloatArray) -> None:
    """Say what each offset of a window costs at each position.

    Parameters
    ----------
    one : (C, h, w) float32
        Features.
    other : (C, h + 2 * reach, w + 2 * reach) float32
        Those that they are compared with, padded by how far the window reaches.
    half
        A patch is 2 * half + 1 wide and high; beyond the border its outermost pixels go on.
    costs : ((2 * reach + 1) ** 2, h, w) float32
        Written: the mean over the patch of the squared distance of the features, by offset, in
        rows from the top left.
    """
    channels, height, width = one.shape
    side = other.shape[1] - height + 1
    plane = np.empty((height + 2 * half, width + 2 * half), np.float32)
    rows = np.empty((height + 2 * half, width), np.float32)
    for k in range(side * side):
        down, right = k // side, k % side
        for y in range(height):
            line = plane[y + half, half : half + width]
            line[:] = ZERO
            for c in range(channels):
                a, b = one[c, y], other[c, y + down, right : right + width]
                for x in range(width):
                    apart = a[x] - b[x]
                    line[x] += apart * apart
        _extend(plane, half)
        _average(plane, half, rows, costs[k])


@compiled
def _extend(plane: FloatArray, half: int) -> None:
    """Repeat the outermost values of the inner part of a plane."""
    height, width = plane.shape
    for y in range(half, height - half):
        plane[y, :half] = plane[y, half]
        plane[y, width - half :] = plane[y, width - half - 1]
    for y in range(half):
        plane[y] = plane[half]
        plane[height - 1 - y] = plane[height - 1 - half]


@reassociated
def _average(plane: FloatArray, half: int, rows: FloatArray, out: FloatArray) -> None:
    """Write the means of patches."""
    height, width = out.shape
    for y in range(len(plane)):
        line = rows[y]
        line[:] = ZERO
        for k in range(2 * half + 1):
            shifted = plane[y, k : k + width]
            for x in range(width):
                line[x] += shifted[x]
    share = np.float32(1) / np.float32((2 * half + 1) ** 2)
    for y in range(height):
        total = out[y]
        total[:] = ZERO
        for k in range(2 * half + 1):
            line = rows[y + k]
            for x in range(width):
                total[x] += line[x] * share


@compiled
def nearest_kernel(
    costs: FloatArray, around: FloatArray, price: float, moves: FloatArray, least: FloatArray
) -> None:
    """Find the cheapest offset of each position, if it costs something to be off from another.

    Parameters
    ----------
    costs : ((2 * reach + 1) ** 2, h, w) float32
        As `window_kernel` writes them.
    around : (2, h, w) float32
        Offsets x and y from which it costs `price` to be off by 1, and 4 times that by 2.
    moves : (2, h, w) float32
        Written: x and y of the cheapest offset, the first of equal ones.
    least : (h, w) float32
        Written: what it costs, with the price.
    """
    count, height, width = costs.shape
    side = int(np.sqrt(np.float64(count)) + 0.5)
    reach = side // 2
    for y in range(height):
        best, x_best, y_best = least[y], moves[0, y], moves[1, y]
        x_around, y_around = around[0, y], around[1, y]
        best[:] = np.float32(np.inf)
        for k in range(count):
            down, right = np.float32(k // side - reach), np.float32(k % side - reach)
            line = costs[k, y]
            for x in range(width):
                off_x, off_y = right - x_around[x], down - y_around[x]
                cost = line[x] + np.float32(price) * (off_x * off_x + off_y * off_y)
                is_better = cost < best[x]
                best[x] = cost if is_better else best[x]
                x_best[x] = right if is_better else x_best[x]
                y_best[x] = down if is_better else y_best[x]


@compiled
def between_kernel(costs: FloatArray, moves: FloatArray) -> None:
    """Move offsets (2, h, w) to the bottom of the parabola through their costs and the next ones'.

    `costs` are as `window_kernel` writes them. By half a step at most; not at the window's border.
    """
    count, height, width = costs.shape
    side = int(np.sqrt(np.float64(count)) + 0.5)
    reach = side // 2
    for y in range(height):
        for x in range(width):
            right, down = int(moves[0, y, x]) + reach, int(moves[1, y, x]) + reach
            k = down * side + right
            here = costs[k, y, x]
            if 0 < right < side - 1:
                moves[0, y, x] += _bottom(costs[k - 1, y, x], here, costs[k + 1, y, x])
            if 0 < down < side - 1:
                moves[1, y, x] += _bottom(costs[k - side, y, x], here, costs[k + side, y, x])


@compiled
def _bottom(before: float, here: float, after: float) -> np.float32:
    bend = before - 2 * here + after
    if here > before or here > after or not bend > ZERO:
        return ZERO
    if here <= EQUAL * bend:  # equal patches: nothing is to be found between them
        return ZERO
    return np.float32(0.5) * np.float32((before - after) / bend)
