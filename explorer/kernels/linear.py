"""Numba loops for linear templates over signed planes: candidates fast, then exact on rows.

The planes hold six bits, so that products fit 16 bits, and so do sums of them as long as the
absolute weights sum to 1057 at most. Terms come in groups of which this is true; each group is
added up in 16 bits, twice as many images an instruction, and then into 32 bits. So nothing is
rounded, and every backend returns the same numbers.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.arrays import FloatArray, IntArray
from explorer.kernels.jit import compiled, reassociated

SignedBytes = npt.NDArray[np.int8]


@compiled
def linear_kernel(
    planes: SignedBytes,
    terms: IntArray,
    groups: IntArray,
    search: tuple[IntArray, FloatArray],
    best: FloatArray,
    place: npt.NDArray[np.uint16],
) -> None:
    """Fill `best` (n,) with the greatest score over the offsets, and `place` with the first such.

    `planes` is (C, Y, X, n), |value| <= 31; `terms` and `groups` are those of `terms.grouped`;
    `search` is the offsets (P, 2) and their prices (P,). A score is a sum less the price; cells
    outside the grid add nothing to it.
    """
    offsets, prices = search
    n = planes.shape[3]
    small = np.empty(n, np.int16)
    total = np.empty(n, np.int32)
    for p in range(len(offsets)):
        total[:] = 0
        for g in range(len(groups) - 1):
            small[:] = 0
            _add_group(planes, terms[groups[g] : groups[g + 1]], offsets[p], small)
            _widen(small, total)
        if p == 0:
            best[:] = -np.inf
        _keep_greater(total, prices[p], p, best, place)


@compiled
def _add_group(
    planes: SignedBytes, terms: IntArray, offset: IntArray, small: npt.NDArray[np.int16]
) -> None:
    height, width = planes.shape[1], planes.shape[2]
    waiting = np.empty((4, 4), np.int32)
    count = 0
    for t in range(len(terms)):
        y, x = terms[t, 0] + offset[0], terms[t, 1] + offset[1]
        if 0 <= y < height and 0 <= x < width:
            waiting[count, 0] = y
            waiting[count, 1] = x
            waiting[count, 2] = terms[t, 2]
            waiting[count, 3] = terms[t, 3]
            count += 1
        if count == 4:
            _add_four(planes, waiting, small)
            count = 0
    for k in range(count):
        _add_one(planes[waiting[k, 2], waiting[k, 0], waiting[k, 1]], waiting[k, 3], small)


@compiled
def _add_four(planes: SignedBytes, terms: IntArray, small: npt.NDArray[np.int16]) -> None:
    a = planes[terms[0, 2], terms[0, 0], terms[0, 1]]
    b = planes[terms[1, 2], terms[1, 0], terms[1, 1]]
    c = planes[terms[2, 2], terms[2, 0], terms[2, 1]]
    d = planes[terms[3, 2], terms[3, 0], terms[3, 1]]
    wa, wb = np.int16(terms[0, 3]), np.int16(terms[1, 3])
    wc, wd = np.int16(terms[2, 3]), np.int16(terms[3, 3])
    for i in range(len(small)):
        small[i] += wa * a[i] + wb * b[i] + wc * c[i] + wd * d[i]


@compiled
def _add_one(row: SignedBytes, weight: Any, small: npt.NDArray[np.int16]) -> None:
    short = np.int16(weight)
    for i in range(len(small)):
        small[i] += short * row[i]


@compiled
def _widen(small: npt.NDArray[np.int16], total: IntArray) -> None:
    for i in range(len(small)):
        total[i] += np.int32(small[i])


@compiled
def _keep_greater(
    total: IntArray, price: Any, p: int, best: FloatArray, place: npt.NDArray[np.uint16]
) -> None:
    here = np.uint16(p)
    for i in range(len(best)):
        score = np.float32(total[i]) - price
        greater = score > best[i]
        best[i] = score if greater else best[i]
        place[i] = here if greater else place[i]


@compiled
def rerank_kernel(
    rows: SignedBytes,
    candidates: IntArray,
    search: tuple[IntArray, FloatArray],
    runs: IntArray,
    weights: FloatArray,
    results: tuple[FloatArray, IntArray],
) -> None:
    """Score candidates again on rows (n, Y, X, C), at most one cell from where they were found.

    `candidates` is (K, 2): the image and the offset found. `search` is as in `linear_kernel`;
    `runs` and `weights` are those of `terms.in_runs`. `results` are the greatest score (K,) and
    its offset (K,), to be filled.
    """
    offsets, prices = search
    best, place = results
    for k in range(len(candidates)):
        image, found = rows[candidates[k, 0]], offsets[candidates[k, 1]]
        best[k] = -np.inf
        for p in range(len(offsets)):
            if max(abs(offsets[p, 0] - found[0]), abs(offsets[p, 1] - found[1])) > 1:
                continue
            score = _score(image, offsets[p], runs, weights) - prices[p]
            if score > best[k]:
                best[k] = score
                place[k] = p


@compiled
def _score(image: SignedBytes, offset: IntArray, runs: IntArray, weights: FloatArray) -> Any:
    height, width, channels = image.shape
    flat = image.reshape(height, width * channels)
    total = np.float32(0)
    for r in range(len(runs)):
        y, start = runs[r, 0] + offset[0], runs[r, 1] + offset[1]
        first, last = max(start, 0), min(start + runs[r, 2], width)
        if 0 <= y < height and first < last:
            at = (runs[r, 3] + first - start) * channels
            size = (last - first) * channels
            total += _dot(flat[y, first * channels : last * channels], weights[at : at + size])
    return total


@reassociated
def _dot(values: SignedBytes, weights: FloatArray) -> Any:
    total = np.float32(0)
    for i in range(len(values)):
        total += weights[i] * np.float32(values[i])
    return total
