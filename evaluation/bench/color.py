"""Benchmarks of the coloring brush: a stroke of 12 cells against every image."""

import numpy as np

from evaluation.bench.timing import median_seconds, seconds_of
from evaluation.bench.values import Bench, Figure
from explorer.arrays import BoolArray, ByteArray
from explorer.color import IncrementalColorMatch, agreement_planes, bin_weights, match_color
from explorer.kernels import on_numba
from explorer.kernels.backend import Kernels
from explorer.matching import search_offsets

COLOR = (200, 30, 40)
STROKE = (slice(11, 14), slice(10, 14))  # 12 cells
LONG_STROKE = (slice(8, 14), slice(8, 18))  # 60 cells
NEW_CELLS = 3
STEPS = 12


def color_match(bench: Bench) -> Figure:
    """Match with numba; brute force convolves all 64 bins."""
    return _direct(bench, on_numba)


def color_match_torch(bench: Bench) -> Figure:
    """Match with torch; brute force convolves all 64 bins."""
    from explorer.kernels import on_torch

    return _direct(bench, on_torch)


def color_match_incremental(bench: Bench) -> Figure:
    """Match a stroke that has grown by three cells; brute force is the direct match."""
    growing, direct = _growing(bench, STROKE)
    longer, longer_direct = _growing(bench, LONG_STROKE)
    return Figure(
        seconds=growing,
        brute_force_seconds=direct,
        notes={"share_of_direct": growing / direct, "share_at_60_cells": longer / longer_direct},
    )


def _direct(bench: Bench, backend: Kernels) -> Figure:
    shards = bench.collection.shards("color")
    offsets = search_offsets(bench.collection.height, bench.collection.width)
    cells = np.argwhere(_cells(STROKE)).astype(np.int32)
    planes = backend.agreement(shards, bin_weights(COLOR))
    best, _ = backend.strongest(planes, cells, offsets)
    brute, scores = _dense(shards[0])
    difference = np.abs(best[: len(scores)] / 255 - scores).max()
    return Figure(
        seconds=median_seconds(lambda: backend.strongest(planes, cells, offsets)),
        brute_force_seconds=brute * bench.collection.size / len(scores),
        bytes_read=sum(plane.nbytes for plane in planes),
        exact=bool(difference < 0.5 * len(cells) / 255 + 1e-4),
        notes={
            "new_color_seconds": median_seconds(
                lambda: backend.agreement(shards, bin_weights(COLOR)), times=3
            ),
            "brute_force": f"dense conv2d over 64 bins of {len(scores)} images, scaled up",
        },
    )


def _dense(bins: ByteArray) -> tuple[float, np.ndarray]:
    """Return the time of a convolution of all bins over one shard, and its sums (n,)."""
    import torch
    from torch.nn.functional import conv2d

    reach = int(np.abs(search_offsets(200, 200)).max())
    images = torch.from_numpy(bins.transpose(3, 0, 1, 2).astype(np.float32) / 64)
    rows, columns = (slice(part.start - reach, part.stop + reach) for part in STROKE)
    window = images[:, :, rows, columns].contiguous()
    weights = torch.from_numpy(bin_weights(COLOR).astype(np.float32) / 1020)
    kernel = weights[None, :, None, None].repeat(1, 1, 3, 4)
    seconds = min(seconds_of(lambda: conv2d(window, kernel).amax(dim=(1, 2, 3))) for _ in range(2))
    return seconds, conv2d(window, kernel).amax(dim=(1, 2, 3)).numpy()


def _growing(bench: Bench, stroke: tuple[slice, slice]) -> tuple[float, float]:
    """Return the median times of growing a stroke by three cells, and of matching it anew."""
    collection = bench.collection
    planes = agreement_planes(collection.shards("color"), COLOR)
    height, width = collection.height, collection.width
    cells = _cells(stroke)
    direct = median_seconds(lambda: match_color(planes, cells, height, width))
    live = IncrementalColorMatch(planes, height, width)
    live.update(cells)
    outside = np.argwhere(~cells)
    times = []
    for step in range(STEPS):
        cells[tuple(outside[step * NEW_CELLS : (step + 1) * NEW_CELLS].T)] = True
        times.append(seconds_of(lambda: live.update(cells)))
    return float(np.median(times)), direct


def _cells(stroke: tuple[slice, slice]) -> BoolArray:
    cells = np.zeros((25, 25), bool)
    cells[stroke] = True
    return cells
