"""Numba loops for matching: planes of bytes, image-minor, summed under a stroke at every offset.

Images are the innermost axis, so each step of a loop serves many images with one instruction. Four
cells are added at a time, which spares three of four passes over the sums.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.arrays import ByteArray, FloatArray, IntArray
from explorer.kernels.jit import compiled

Sums = npt.NDArray[Any]


@compiled
def agreement_kernel(bins: ByteArray, used: IntArray, weights: IntArray, out: ByteArray) -> None:
    """Fill `out` (cells, n) with (sum_k weights[k] * bins[used[k]] + 128) >> 8.

    `bins` is (64, cells, n); the weights are at most 1020 and a cell's counts sum to 64 at most, so
    that a sum stays below 2^16.
    """
    n = out.shape[1]
    sums = np.empty(n, np.uint16)
    for cell in range(out.shape[0]):
        sums[:] = 128
        for k in range(len(used)):
            _add_scaled(bins[used[k], cell], np.uint16(weights[k]), sums)
        _upper_byte(sums, out[cell])


@compiled
def _add_scaled(row: ByteArray, weight: Any, sums: Sums) -> None:
    for i in range(len(sums)):
        sums[i] += weight * row[i]


@compiled
def _upper_byte(sums: Sums, out: ByteArray) -> None:
    for i in range(len(sums)):
        out[i] = sums[i] >> 8


@compiled
def match_kernel(
    plane: ByteArray, cells: IntArray, offsets: IntArray, best: Sums, place: Sums
) -> None:
    """Fill `best` (n,) with the greatest sum over the offsets, and `place` with the first of them.

    `plane` is (Y, X, n); `cells` (m, 2) and `offsets` (P, 2) are (y, x) in cells. `best` is
    uint16 for up to 257 cells, else uint32. Cells outside the grid add nothing.
    """
    sums = np.empty_like(best)
    best[:] = 0
    place[:] = 0
    for p in range(len(offsets)):
        sums[:] = 0
        _add_cells(plane, cells, offsets[p], sums)
        _keep_greater(sums, p, best, place)


@compiled
def extend_kernel(
    plane: ByteArray, cells: IntArray, offsets: IntArray, sums: Sums, best: Sums, place: Sums
) -> None:
    """Add cells to the running `sums` (P, n), then do as `match_kernel`."""
    best[:] = 0
    place[:] = 0
    for p in range(len(offsets)):
        _add_cells(plane, cells, offsets[p], sums[p])
        _keep_greater(sums[p], p, best, place)


@compiled
def _add_cells(plane: ByteArray, cells: IntArray, offset: IntArray, sums: Sums) -> None:
    height, width = plane.shape[0], plane.shape[1]
    rows = np.empty((4, 2), np.int64)
    waiting = 0
    for c in range(len(cells)):
        y, x = cells[c, 0] + offset[0], cells[c, 1] + offset[1]
        if 0 <= y < height and 0 <= x < width:
            rows[waiting, 0] = y
            rows[waiting, 1] = x
            waiting += 1
        if waiting == 4:
            _add_four(plane, rows, sums)
            waiting = 0
    if waiting >= 2:
        _add_two(plane, rows, sums)
    if waiting % 2:
        _add_one(plane[rows[waiting - 1, 0], rows[waiting - 1, 1]], sums)


@compiled
def _add_four(plane: ByteArray, rows: npt.NDArray[np.int64], sums: Sums) -> None:
    # Not one loop with _keep_greater: so many arrays that may overlap are no longer vectorized.
    a, b = plane[rows[0, 0], rows[0, 1]], plane[rows[1, 0], rows[1, 1]]
    c, d = plane[rows[2, 0], rows[2, 1]], plane[rows[3, 0], rows[3, 1]]
    for i in range(len(sums)):
        sums[i] += a[i] + b[i] + c[i] + d[i]


@compiled
def _add_two(plane: ByteArray, rows: npt.NDArray[np.int64], sums: Sums) -> None:
    a, b = plane[rows[0, 0], rows[0, 1]], plane[rows[1, 0], rows[1, 1]]
    for i in range(len(sums)):
        sums[i] += a[i] + b[i]


@compiled
def _add_one(row: ByteArray, sums: Sums) -> None:
    for i in range(len(sums)):
        sums[i] += row[i]


@compiled
def _keep_greater(sums: Sums, p: int, best: Sums, place: Sums) -> None:
    here = np.uint16(p)
    for i in range(len(sums)):
        greater = sums[i] > best[i]
        best[i] = sums[i] if greater else best[i]
        place[i] = here if greater else place[i]


@compiled
def bin_totals_kernel(
    bins: ByteArray, cells: IntArray, weights: FloatArray, totals: npt.NDArray[np.float64]
) -> None:
    """Add to `totals` (64,) the weighted counts of `bins` (64, Y, X, n) in `cells`."""
    for color in range(bins.shape[0]):
        for c in range(len(cells)):
            row = bins[color, cells[c, 0], cells[c, 1]]
            total = np.float64(0)
            for i in range(len(weights)):
                total += weights[i] * row[i]
            totals[color] += total
