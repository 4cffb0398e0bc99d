"""Run every kernel once on an image of one cell, with the kinds of arrays of real work."""

import numpy as np

from explorer.kernels.backend import Kernels
from explorer.kernels.cells import histogram_kernel, hog_kernel
from explorer.kernels.jit import read_only
from explorer.kernels.patch_match import cost_kernel, jump_kernel, scatter_kernel
from explorer.kernels.peak_search import PeakSearch
from explorer.kernels.placing import place_kernel
from explorer.kernels.strokes import paint_kernel, share_kernel, trace_kernel
from explorer.kernels.warping import folds_kernel
from explorer.kernels.windows import between_kernel, nearest_kernel, window_kernel


def warm_up(backend: Kernels) -> None:
    """Compile or load what a build and the engine use."""
    _warm_up_cells()
    _warm_up_strokes()
    _warm_up_places()
    _warm_up_matching(backend)
    _warm_up_peaks(backend)
    _warm_up_warping(backend)
    _warm_up_correspondence()


def _warm_up_cells() -> None:
    pixels = read_only(np.zeros((1, 8, 8, 3), np.uint8))
    directions = read_only(np.zeros((511, 511), np.uint8))
    lengths = read_only(np.zeros((511, 511), np.float32))
    hog_kernel(pixels, directions, lengths, np.empty((1, 1, 1, 31), np.float32))
    histogram_kernel(pixels, np.zeros((1, 1, 1, 64), np.uint8))


def _warm_up_strokes() -> None:
    segments = read_only(np.zeros((1, 4)))
    mask = np.zeros((8, 8), np.uint8)
    paint_kernel(segments, 1.0, mask)
    trace_kernel(segments, 8, np.zeros((1, 1), np.uint8))
    share_kernel(mask, 8, np.empty((1, 1), np.float32))


def _warm_up_places() -> None:
    stars = read_only(np.zeros((1, 2, 4, 1), np.float32))
    fixed = read_only(np.ones((2, 4))), read_only(np.zeros((2, 1), np.float32))
    place_kernel(stars, *fixed, (1.0, 1.0, 1.0, 1.0), np.zeros((1, 2), np.int32), np.zeros(1))


def _warm_up_matching(backend: Kernels) -> None:
    bins = np.zeros((64, 1, 1, 2), np.uint8)
    offsets = np.zeros((1, 2), np.int32)
    few, many = np.zeros((1, 2), np.int32), np.zeros((258, 2), np.int32)
    planes = backend.agreement([bins], np.zeros(64, np.int32))
    for cells in (few, many):
        backend.strongest(planes, cells, offsets)
        backend.RunningSums(planes, offsets).add(cells)
    backend.bin_totals([bins], few, np.ones(2, np.float32))
    backend.weighted_sum([np.zeros((5, 8, 8, 3), np.uint8)], np.ones(5, np.float32))
    values = np.zeros((1, 1, 1, 2), np.int8)
    weight = np.ones((1, 1), np.int32)
    search = offsets, np.zeros(1, np.float32)
    backend.strongest_linear([values], few, weight, search)
    image = np.zeros(1, np.int32)
    backend.rerank([values[..., :1]], (image, image), few, weight.astype(np.float32), search)


def _warm_up_peaks(backend: Kernels) -> None:
    cells, none = np.zeros((1, 2), np.int32), np.full(2, -1, np.int32)
    one = np.ones((1, 1), np.float32)
    search = PeakSearch(
        cells=(cells,),
        weights=(np.ones((1, 1), np.int32),),
        frames=np.zeros((1, 4), np.int32),
        corner=(0, 0),
        shape=(1, 1),
        gains=one,
        biases=one,
        count=1,
        apart=2,
        plane_limit=31,
    )
    for dtype in (np.uint8, np.int8):
        backend.peaks([np.zeros((1, 1, 1, 2), dtype)], search, none)
    rows = np.zeros((2, 1, 1, 1), np.int8)
    backend.scores_at([rows], np.zeros(1, np.int32), cells, (cells, one))


def _warm_up_warping(backend: Kernels) -> None:
    y, x = np.mgrid[:2, :2].astype(np.float32) * 7
    nodes = np.stack([x, y], axis=-1)[None]
    axis = np.zeros(8, np.int32), (np.arange(8) / 8).astype(np.float32)
    image, weight = np.zeros(1, np.int32), np.ones(1, np.float32)
    for count in (1, 2):  # the last image of a shard is a copy
        pixels = np.zeros((count, 8, 8, 3), np.uint8)
        backend.warped_sum([pixels], weight, (image, nodes), (axis, axis))
    folds_kernel(read_only(nodes), read_only(weight), read_only(weight), np.zeros(1, np.bool_))


def _warm_up_correspondence() -> None:
    plane, offsets = read_only(np.zeros((1, 1, 1), np.float32)), np.zeros((2, 1, 1), np.float32)
    costs = np.zeros((1, 1, 1), np.float32)
    window_kernel(plane, plane, 0, costs)
    nearest_kernel(read_only(costs), read_only(offsets), 1.0, offsets.copy(), costs[0])
    between_kernel(read_only(costs), offsets.copy())
    rows = read_only(np.zeros((1, 1), np.float32))
    start = read_only(np.zeros((1, 1, 2), np.float32)), np.float32(1)
    found, spare = ((np.zeros((1, 1, 2), np.int32), np.zeros((1, 1), np.float32)) for _ in range(2))
    cost_kernel((rows, rows), 0, start, *found)
    jump_kernel((rows, rows), 0, start, 1, found, spare)
    scatter_kernel((rows, rows), 0, start, (0, 1), *found)
