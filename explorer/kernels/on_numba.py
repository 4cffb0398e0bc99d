"""The kernels on the processor: a thread a core over shards, or over blocks of columns."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.arrays import ByteArray, FloatArray, IntArray
from explorer.kernels.averaging import weighted_sum_kernel
from explorer.kernels.jit import read_only
from explorer.kernels.linear import linear_kernel, rerank_kernel
from explorer.kernels.matching import (
    agreement_kernel,
    bin_totals_kernel,
    extend_kernel,
    match_kernel,
)
from explorer.kernels.terms import grouped, in_runs
from explorer.kernels.threads import blocks, core_count, for_each

SignedBytes = npt.NDArray[np.int8]
Search = tuple[IntArray, FloatArray]

FIT_16_BITS = 257  # cells: 257 * 255 = 65535
COLUMNS = 16384


def agreement(shards: Sequence[ByteArray], weights: IntArray) -> list[ByteArray]:
    """Reduce the bins of each shard to one plane; see `backend.Kernels`."""
    used = np.flatnonzero(weights).astype(np.int32)
    scales = weights[used].astype(np.int32)

    def reduce(shard: ByteArray) -> ByteArray:
        plane = np.empty(shard.shape[1:], np.uint8)
        n = shard.shape[-1]
        bins = read_only(shard).reshape(len(shard), -1, n)
        agreement_kernel(bins, read_only(used), read_only(scales), plane.reshape(-1, n))
        return plane

    return for_each(reduce, shards)


def strongest(
    planes: Sequence[ByteArray], cells: IntArray, offsets: IntArray
) -> tuple[IntArray, IntArray]:
    """Find the offset with the greatest sum; see `backend.Kernels`."""
    dtype = np.uint16 if len(cells) <= FIT_16_BITS else np.uint32

    def match(plane: ByteArray) -> tuple[IntArray, IntArray]:
        best, place = _results(plane, dtype)
        match_kernel(read_only(plane), read_only(cells), read_only(offsets), best, place)
        return best, place

    return _joined(for_each(match, planes))


class RunningSums:
    """The sums at every offset, kept while a stroke grows; see `backend.Kernels`."""

    def __init__(self, planes: Sequence[ByteArray], offsets: IntArray) -> None:
        self._planes = planes
        self._offsets = offsets
        self._sums = [np.zeros((len(offsets), plane.shape[-1]), np.uint16) for plane in planes]
        self._count = 0

    def add(self, cells: IntArray) -> tuple[IntArray, IntArray]:
        """Add cells, and find the offset with the greatest sum."""
        self._count += len(cells)
        if self._count > FIT_16_BITS:
            self._sums = [sums.astype(np.uint32, copy=False) for sums in self._sums]

        def extend(s: int) -> tuple[IntArray, IntArray]:
            sums = self._sums[s]
            best, place = _results(self._planes[s], sums.dtype)
            plane, offsets = read_only(self._planes[s]), read_only(self._offsets)
            extend_kernel(plane, read_only(cells), offsets, sums, best, place)
            return best, place

        return _joined(for_each(extend, range(len(self._planes))))


def bin_totals(
    shards: Sequence[ByteArray], cells: IntArray, weights: FloatArray
) -> npt.NDArray[np.float64]:
    """Count the bins in `cells`; see `backend.Kernels`."""
    starts = np.cumsum([0, *(shard.shape[-1] for shard in shards)])

    def count(s: int) -> npt.NDArray[np.float64]:
        totals = np.zeros(len(shards[s]))
        part = read_only(weights[starts[s] : starts[s + 1]])
        bin_totals_kernel(read_only(shards[s]), read_only(cells), part, totals)
        return totals

    totals: npt.NDArray[np.float64] = np.sum(for_each(count, range(len(shards))), axis=0)
    return totals


def weighted_sum(shards: Sequence[ByteArray], weights: FloatArray) -> FloatArray:
    """Add up rows by weight; see `backend.Kernels`."""
    shape = shards[0].shape[1:]
    total = np.zeros(int(np.prod(shape)), np.float32)
    rows = [read_only(shard).reshape(len(shard), -1) for shard in shards]
    starts = np.cumsum([0, *map(len, shards)])
    parts = [weights[starts[s] : starts[s + 1]] for s in range(len(shards))]
    used = [read_only(np.flatnonzero(part).astype(np.int32)) for part in parts]
    parts = [read_only(part) for part in parts]

    def add(columns: slice) -> None:
        for s in range(len(rows)):
            weighted_sum_kernel(rows[s], columns.start, used[s], parts[s], total[columns])

    # Long stretches of a row are read fastest, but every core must get one.
    for_each(add, blocks(len(total), min(COLUMNS, -(-len(total) // core_count()))))
    return total.reshape(shape)


def strongest_linear(
    shards: Sequence[SignedBytes], cells: IntArray, weights: IntArray, search: Search
) -> tuple[FloatArray, IntArray]:
    """Find the offset with the greatest score; see `backend.Kernels`."""
    terms, groups = map(read_only, grouped(cells, weights))
    fixed = read_only(search[0]), read_only(search[1])

    def match(shard: SignedBytes) -> tuple[FloatArray, IntArray]:
        best, place = _results(shard, np.float32)
        linear_kernel(read_only(shard), terms, groups, fixed, best, place)
        return best, place

    best, place = zip(*for_each(match, shards), strict=True)
    return np.concatenate(best), np.concatenate(place).astype(np.int32)


def rerank(
    shards: Sequence[SignedBytes],
    candidates: tuple[IntArray, IntArray],
    cells: IntArray,
    weights: FloatArray,
    search: Search,
) -> tuple[FloatArray, IntArray]:
    """Score candidates again on whole rows; see `backend.Kernels`."""
    images, found = candidates
    starts = np.cumsum([0, *map(len, shards)])
    shard_of = np.searchsorted(starts, images, side="right") - 1
    best, place = np.empty(len(images), np.float32), np.empty(len(images), np.int32)
    fixed = read_only(search[0]), read_only(search[1])
    runs, values = in_runs(cells, weights)
    template = fixed, read_only(runs), read_only(values)

    def score(s: int) -> None:
        chosen = np.flatnonzero(shard_of == s)
        pairs = np.stack([images[chosen] - starts[s], found[chosen]], axis=1).astype(np.int32)
        results = np.empty(len(chosen), np.float32), np.empty(len(chosen), np.int32)
        rerank_kernel(read_only(shards[s]), read_only(pairs), *template, results)
        best[chosen], place[chosen] = results

    for_each(score, np.unique(shard_of).tolist())
    return best, place


def _results(plane: npt.NDArray[Any], dtype: Any) -> tuple[Any, Any]:
    n = plane.shape[-1]
    return np.empty(n, dtype), np.empty(n, np.uint16)


def _joined(results: list[tuple[Any, Any]]) -> tuple[IntArray, IntArray]:
    best, place = zip(*results, strict=True)
    return np.concatenate(best).astype(np.int32), np.concatenate(place).astype(np.int32)
