"""The kernels on the processor: a thread a core over shards, or over blocks of columns."""

from collections.abc import Iterator, Sequence
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
from explorer.kernels.peak_search import PeakSearch
from explorer.kernels.peaks import peaks_kernel, score_kernel
from explorer.kernels.terms import grouped, in_runs, terms_of_sizes
from explorer.kernels.threads import blocks, core_count, for_each
from explorer.kernels.warping import Words, warp_kernel

SignedBytes = npt.NDArray[np.int8]
Search = tuple[IntArray, FloatArray]
Axis = tuple[IntArray, FloatArray]

FIT_16_BITS = 257  # cells: 257 * 255 = 65535
COLUMNS = 16384
BANDS = 4  # of rows for each core, so that none waits long for another
WORD = 8


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


def warped_sum(
    shards: Sequence[ByteArray],
    weights: FloatArray,
    warps: tuple[IntArray, FloatArray],
    axes: tuple[Axis, Axis],
) -> tuple[FloatArray, FloatArray]:
    """Add up warped images by weight; see `backend.Kernels`."""
    (above, shares), (before, ways) = axes
    nodes = np.moveaxis(warps[1], -1, 1)
    pieces = [
        (words, (read_only(rows), read_only(nodes[chosen]), read_only(weights[chosen])))
        for words, rows, chosen in _word_pieces(shards, warps[0])
    ]
    right = read_only(before), read_only(ways)
    size = shards[0].shape[1:3]

    def add(rows: slice) -> FloatArray:
        sums = np.zeros((4, rows.stop - rows.start, len(ways)), np.float32)
        down = read_only(above[rows]), read_only(shares[rows])
        for words, chosen in pieces:
            warp_kernel(words, size, chosen, down, right, sums)
        return sums

    bands = blocks(len(above), -(-len(above) // (BANDS * core_count())))
    sums = np.concatenate(for_each(add, bands), axis=1)
    colors = np.moveaxis(sums[:3], 0, -1) / np.float32(1 << 16)
    return np.asarray(colors, np.float32), sums[3]


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


def peaks(
    shards: Sequence[npt.NDArray[Any]],
    search: PeakSearch,
    first: IntArray,
    energies: Sequence[tuple[IntArray, int]] = (),
) -> tuple[FloatArray, IntArray, ByteArray]:
    """Find the best places of an edit of several sizes; see `backend.Kernels`."""
    terms, groups, sized = terms_of_sizes(search.cells, search.weights, search.plane_limit)
    template = read_only(terms), read_only(groups), read_only(sized), read_only(search.frames)
    maps = read_only(search.offsets), read_only(search.gains), read_only(search.biases)
    starts = np.cumsum([0, *(shard.shape[-1] for shard in shards)])
    size, count = int(starts[-1]), search.count
    scores, places = np.empty((size, count), np.float32), np.empty((size, count), np.int32)
    sizes = np.zeros((size, count), np.uint8)
    nothing = np.zeros((1, 1, 1), np.int32), 0

    def find(s: int) -> None:
        part = slice(starts[s], starts[s + 1])
        squares, blank = energies[s] if energies else nothing
        options = search.shape, search.apart, read_only(first[part])
        results = scores[part], places[part], sizes[part]
        planes = read_only(shards[s])
        peaks_kernel(planes, (read_only(squares), blank), template, maps, options, results)

    for_each(find, range(len(shards)))
    return scores, places, sizes


def scores_at(
    shards: Sequence[SignedBytes],
    images: IntArray,
    offsets: IntArray,
    template: tuple[IntArray, FloatArray],
) -> FloatArray:
    """Score places of images on whole rows; see `backend.Kernels`."""
    starts = np.cumsum([0, *map(len, shards)])
    shard_of = np.searchsorted(starts, images, side="right") - 1
    runs, values = map(read_only, in_runs(*template))
    scores = np.empty(len(images), np.float32)

    def score(s: int) -> None:
        chosen = np.flatnonzero(shard_of == s)
        wanted = np.stack([images[chosen] - starts[s], np.arange(len(chosen))], axis=1)
        found = np.empty(len(chosen), np.float32)
        score_kernel(
            read_only(shards[s]),
            read_only(wanted.astype(np.int32)),
            read_only(offsets[chosen]),
            runs,
            values,
            found,
        )
        scores[chosen] = found

    for_each(score, np.unique(shard_of).tolist())
    return scores


def _word_pieces(
    shards: Sequence[ByteArray], images: IntArray
) -> Iterator[tuple[Words, IntArray, npt.NDArray[np.intp]]]:
    """Give the eight bytes from each pixel on, rows there, and which of `images` they are.

    The last image of a shard is a copy, as its last word would reach beyond the shard.
    """
    start = 0
    for shard in shards:
        last = start + len(shard) - 1
        chosen = np.flatnonzero((images >= start) & (images < last))
        if len(chosen):
            yield _words(shard.reshape(-1)), images[chosen] - np.int32(start), chosen
        chosen = np.flatnonzero(images == last)
        if len(chosen):
            yield _words(np.pad(shard[-1].reshape(-1), (0, WORD))), np.zeros(1, np.int32), chosen
        start = last + 1


def _words(values: ByteArray) -> Words:
    size = (len(values) - WORD) // 3 + 1
    words = np.ndarray((1,), "<u8", values)
    return np.lib.stride_tricks.as_strided(words, (size,), (3,), writeable=False)


def _results(plane: npt.NDArray[Any], dtype: Any) -> tuple[Any, Any]:
    n = plane.shape[-1]
    return np.empty(n, dtype), np.empty(n, np.uint16)


def _joined(results: list[tuple[Any, Any]]) -> tuple[IntArray, IntArray]:
    best, place = zip(*results, strict=True)
    return np.concatenate(best).astype(np.int32), np.concatenate(place).astype(np.int32)
