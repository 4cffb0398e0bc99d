"""Run every kernel once on an image of one cell, with the kinds of arrays of real work."""

import numpy as np

from explorer.kernels.backend import Kernels


def warm_up(backend: Kernels) -> None:
    """Compile or load what the engine uses while a person paints."""
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
