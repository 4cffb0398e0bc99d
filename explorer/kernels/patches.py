"""Kernels of the explorer brush: pooled cells of a region, and the best place of each patch."""

import math

import numpy as np
import numpy.typing as npt

from explorer.arrays import FloatArray
from explorer.kernels.jit import compiled

FAR = 5.0
ROOT_TWO = 1.4142135623730951
TABLE_ZERO = 31
"""Planes are within +-31; sums of a pool's cells are within +-31 * pool**2."""


@compiled
def pooled_kernel(planes, corner, pool, table, out, energies):  # type: ignore[no-untyped-def]
    """Pool cells of planes (C, Y, X, n) into `out` (R, Q, C, n), from `corner` (row, column) on.

    `table` (C, 62 * pool**2 + 1) has the value of each sum of `pool`**2 cells; `energies` (R, Q, n)
    get the sum of the squares over the channels.
    """
    channels, _, _, n = planes.shape
    zero = TABLE_ZERO * pool * pool
    sums = np.empty(n, np.int32)
    for r in range(out.shape[0]):
        for q in range(out.shape[1]):
            energies[r, q] = 0
            for c in range(channels):
                sums[:] = zero
                for y in range(corner[0] + r, corner[0] + r + pool):
                    for x in range(corner[1] + q, corner[1] + q + pool):
                        for i in range(n):
                            sums[i] += planes[c, y, x, i]
                for i in range(n):
                    value = table[c, sums[i]]
                    out[r, q, c, i] = value
                    energies[r, q, i] += np.int32(value) * np.int32(value)


@compiled
def gather_kernel(cells, energies, place, shape, patches, inverse):  # type: ignore[no-untyped-def]
    """Lay the patch at `place` (row, column) of each image into a column of `patches` (d, n).

    `shape` is (cells a side, pool, least cells that are drawn, energy of a cell without any edge).
    `inverse` (n,) gets one over the length of each column, 0 where it is blank.
    """
    side, pool, least, blank = shape
    channels, n = cells.shape[2:]
    total = np.zeros(n, np.int32)
    drawn = np.zeros(n, np.int32)
    line = 0
    for a in range(side):
        for b in range(side):
            y, x = place[0] + a * pool, place[1] + b * pool
            for i in range(n):
                total[i] += energies[y, x, i]
                drawn[i] += energies[y, x, i] != blank
            for c in range(channels):
                patches[line] = cells[y, x, c]
                line += 1
    for i in range(n):
        inverse[i] = 0 if drawn[i] < least else 1 / np.sqrt(np.float32(max(total[i], 1)))


@compiled
def keep_best_kernel(products, lengths, inverse, number, best, index):  # type: ignore[no-untyped-def]
    """Keep products (K, n) times `lengths` (K,) and `inverse` (n,) where they exceed `best` (K, n).

    `index` (K, n) gets `number` there.
    """
    for k in range(products.shape[0]):
        for i in range(products.shape[1]):
            score = np.float32(products[k, i]) * lengths[k] * inverse[i]
            if score > best[k, i]:
                best[k, i] = score
                index[k, i] = number


@compiled
def tails_kernel(means, deviations, shares, levels, out):  # type: ignore[no-untyped-def]
    """Add up, for each of S levels, what mixtures of G normal distributions have above it.

    `means` and `deviations` are (S, G), `shares` (G,); beyond 5 deviations is nothing.
    """
    for s in range(means.shape[0]):
        total = 0.0
        for g in range(means.shape[1]):
            z = (levels[s] - means[s, g]) / deviations[s, g]
            if z < FAR:
                total += 0.5 * shares[g] * math.erfc(z / ROOT_TWO)
        out[s] = total


def lookup_table(mean: FloatArray, pool: int, scale: float) -> npt.NDArray[np.int8]:
    """Return (C, 62 * pool**2 + 1) int8: `scale` times the mean of a pool less `mean` (C,)."""
    cells = pool * pool
    sums = np.arange(-TABLE_ZERO * cells, TABLE_ZERO * cells + 1, dtype=np.float32)
    values = np.rint(scale * (sums / cells - mean[:, None]))
    return np.clip(values, -127, 127).astype(np.int8)
