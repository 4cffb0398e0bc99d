"""Numba loops for the best places of an edit in every image, of several sizes at once.

A block of images is small enough that its responses at all offsets stay in the cache: they are
computed image-minor, many images an instruction, and then searched image by image.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.arrays import FloatArray, IntArray
from explorer.kernels.jit import compiled
from explorer.kernels.linear import _score, _widen
from explorer.kernels.peak_search import DRAWN

BLOCK = 128

Planes = npt.NDArray[Any]
Shorts = npt.NDArray[np.int16]
Sizes = npt.NDArray[np.uint8]
Template = tuple[IntArray, IntArray, IntArray, IntArray]
Maps = tuple[IntArray, FloatArray, FloatArray]


@compiled
def peaks_kernel(
    planes: Planes,
    energies: tuple[IntArray, int],
    template: Template,
    maps: Maps,
    search: tuple[tuple[int, int], int, IntArray],
    results: tuple[FloatArray, IntArray, Sizes],
) -> None:
    """Fill `results` with the greatest responses of each image, their offsets and their sizes.

    `planes` is (C, Y, X, n); `energies` are the squares of its cells (Y, X, n) and that of a cell
    without an edge, or -1 if blank patches count too, for cosines. `template` is terms (T, 4),
    groups (G + 1,), the groups of each size (S + 1,) and frames (S, 4); `maps` are offsets (P, 2),
    gains and biases (S, P). `search` is the number of offsets down and across, how far apart places
    are, and an offset (n,) that an image has already, or -1. `results` are (n, M) each; where there
    is no further place, -inf and an offset of -1.
    """
    n = planes.shape[3]
    size = len(maps[0])
    best = np.empty((size, BLOCK), np.float32)
    sizes = np.empty((size, BLOCK), np.uint8)
    one = np.empty(size, np.float32)
    for start in range(0, n, BLOCK):
        stop = min(start + BLOCK, n)
        best[:] = -np.inf
        sizes[:] = 0
        for s in range(len(template[2]) - 1):
            _respond(
                (planes, energies[0], energies[1]),
                (template, s),
                maps,
                (start, stop),
                (best, sizes),
            )
        for i in range(start, stop):
            for p in range(size):
                one[p] = best[p, i - start]
            _greatest(one, search, i, results)
            for k in range(results[0].shape[1]):
                if results[1][i, k] >= 0:
                    results[2][i, k] = sizes[results[1][i, k], i - start]


@compiled
def _respond(
    shard: tuple[Planes, IntArray, int],
    sized: tuple[Template, int],
    maps: Maps,
    images: tuple[int, int],
    responses: tuple[FloatArray, Sizes],
) -> None:
    """Raise responses (P, BLOCK) of some images to those of size s, and note where it did."""
    planes, energies = shard[0], (shard[1], shard[2])
    (terms, groups, starts, frames), s = sized
    best, sizes = responses
    offsets, gains, biases = maps
    n = images[1] - images[0]
    small = np.empty(n, np.int16)
    total = np.empty(n, np.int32)
    inverse = np.ones(n, np.float32)
    for p in range(len(offsets)):
        if biases[s, p] == -np.inf:
            continue
        total[:] = 0
        for g in range(starts[s], starts[s + 1]):
            small[:] = 0
            _add_group(planes, terms[groups[g] : groups[g + 1]], offsets[p], images, small)
            _widen(small, total)
        if frames[s, 2] > 0:
            _invert_lengths(energies, frames[s], offsets[p], images, inverse)
        worth = gains[s, p], biases[s, p], s
        _keep_greater(total, inverse, worth, best[p], sizes[p])


@compiled
def _add_group(
    planes: Planes, terms: IntArray, offset: IntArray, images: tuple[int, int], small: Shorts
) -> None:
    # Whole rows are cut, not the planes: a cut array is not known to be contiguous, so slow.
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
            _add_four(planes, waiting, images, small)
            count = 0
    for k in range(count):
        row = planes[waiting[k, 2], waiting[k, 0], waiting[k, 1]][images[0] : images[1]]
        weight = np.int16(waiting[k, 3])
        for i in range(len(small)):
            small[i] += weight * np.int16(row[i])


@compiled
def _add_four(planes: Planes, terms: IntArray, images: tuple[int, int], small: Shorts) -> None:
    start, stop = images
    a = planes[terms[0, 2], terms[0, 0], terms[0, 1]][start:stop]
    b = planes[terms[1, 2], terms[1, 0], terms[1, 1]][start:stop]
    c = planes[terms[2, 2], terms[2, 0], terms[2, 1]][start:stop]
    d = planes[terms[3, 2], terms[3, 0], terms[3, 1]][start:stop]
    wa, wb = np.int16(terms[0, 3]), np.int16(terms[1, 3])
    wc, wd = np.int16(terms[2, 3]), np.int16(terms[3, 3])
    for i in range(len(small)):
        small[i] += wa * a[i] + wb * b[i] + wc * c[i] + wd * d[i]


@compiled
def _invert_lengths(
    energies: tuple[IntArray, int],
    frame: IntArray,
    offset: IntArray,
    images: tuple[int, int],
    inverse: FloatArray,
) -> None:
    """Fill `inverse` (n,) with one over the length of a patch, 0 where it is blank or beside."""
    squares, blank = energies
    side, step = frame[2], frame[3]
    y, x = frame[0] + offset[0], frame[1] + offset[1]
    last = (side - 1) * step
    if y < 0 or x < 0 or y + last >= squares.shape[0] or x + last >= squares.shape[1]:
        inverse[:] = 0
        return
    total = np.zeros(len(inverse), np.int32)
    drawn = np.zeros(len(inverse), np.int32)
    for a in range(side):
        for b in range(side):
            row = squares[y + a * step, x + b * step][images[0] : images[1]]
            for i in range(len(total)):
                total[i] += row[i]
            if blank >= 0:
                for i in range(len(total)):
                    drawn[i] += row[i] != blank
    least = np.ceil(DRAWN * side * side) if blank >= 0 else 0.0
    for i in range(len(inverse)):
        length = np.sqrt(np.float32(max(total[i], 1)))
        inverse[i] = np.float32(0) if drawn[i] < least else np.float32(1) / length


@compiled
def _keep_greater(
    total: IntArray,
    inverse: FloatArray,
    worth: tuple[Any, Any, int],
    best: FloatArray,
    sizes: Sizes,
) -> None:
    gain, bias, here = worth[0], worth[1], np.uint8(worth[2])
    for i in range(len(total)):
        score = np.float32(total[i]) * inverse[i] * gain + bias
        greater = score > best[i]
        best[i] = score if greater else best[i]
        sizes[i] = here if greater else sizes[i]


@compiled
def _greatest(
    one: FloatArray,
    search: tuple[tuple[int, int], int, IntArray],
    image: int,
    results: tuple[FloatArray, IntArray, Sizes],
) -> None:
    """Take the greatest of `one` (P,), with what is around it, again and again."""
    (down, across), apart, first = search
    scores, places, _ = results
    tops = np.empty(down, np.int64)
    for y in range(down):
        tops[y] = _top_of(one, y, across)
    if first[image] >= 0:
        _clear(one, first[image], (down, across), apart, tops)
    for k in range(scores.shape[1]):
        best = tops[0]
        for y in range(1, down):
            if one[tops[y]] > one[best]:
                best = tops[y]
        scores[image, k] = one[best]
        places[image, k] = best if one[best] > -np.inf else -1
        if one[best] > -np.inf:
            _clear(one, best, (down, across), apart, tops)


@compiled
def _top_of(one: FloatArray, y: int, across: int) -> int:
    best = y * across
    for p in range(y * across + 1, (y + 1) * across):
        if one[p] > one[best]:
            best = p
    return best


@compiled
def _clear(
    one: FloatArray, place: int, shape: tuple[int, int], apart: int, tops: npt.NDArray[np.int64]
) -> None:
    """Forget what is around a place, and find the tops of those rows again."""
    down, across = shape
    y, x = place // across, place % across
    for row in range(max(y - apart, 0), min(y + apart + 1, down)):
        for column in range(max(x - apart, 0), min(x + apart + 1, across)):
            one[row * across + column] = -np.inf
        tops[row] = _top_of(one, row, across)


@compiled
def score_kernel(
    rows: npt.NDArray[np.int8],
    wanted: IntArray,
    offsets: IntArray,
    runs: IntArray,
    weights: FloatArray,
    out: FloatArray,
) -> None:
    """Fill `out` (K,) with the sums of a template over rows (n, Y, X, C) at places.

    `wanted` (K, 2) is the image and the offset; the rest is as in `linear.rerank_kernel`.
    """
    for k in range(len(wanted)):
        out[k] = _score(rows[wanted[k, 0]], offsets[wanted[k, 1]], runs, weights)
