"""Benchmarks of the weighted average: all images at 100 pixels."""

from collections.abc import Sequence

import numpy as np

from evaluation.bench.timing import median_seconds, seconds_of
from evaluation.bench.values import Bench, Figure
from explorer.arrays import ByteArray, FloatArray
from explorer.kernels import on_numba
from explorer.kernels.backend import Kernels

GREY_LEVELS = 0.01
CHECKED_COLUMNS = 600


def average(bench: Bench) -> Figure:
    """Average with numba; brute force is a matrix product of floats."""
    return _measure(bench, on_numba)


def average_torch(bench: Bench) -> Figure:
    """Average with torch; brute force is a matrix product of floats."""
    from explorer.kernels import on_torch

    return _measure(bench, on_torch)


def _measure(bench: Bench, backend: Kernels) -> Figure:
    shards = bench.collection.shards("thumbs")
    weights = np.random.default_rng(0).random(bench.collection.size).astype(np.float32)
    weights /= weights.sum(dtype=np.float64)
    error = _error(backend.weighted_sum(shards, weights), shards, weights)
    return Figure(
        seconds=median_seconds(lambda: backend.weighted_sum(shards, weights)),
        brute_force_seconds=min(seconds_of(lambda: _product(shards, weights)) for _ in range(2)),
        bytes_read=sum(shard.nbytes for shard in shards),
        exact=error < GREY_LEVELS,
        notes={"error_in_grey_levels": error},
    )


def _product(shards: Sequence[ByteArray], weights: FloatArray) -> FloatArray:
    parts = np.split(weights, np.cumsum([len(shard) for shard in shards])[:-1])
    rows = [shard.reshape(len(shard), -1) for shard in shards]
    sums = [part @ row.astype(np.float32) for part, row in zip(parts, rows, strict=True)]
    total: FloatArray = np.sum(sums, axis=0)
    return total


def _error(found: FloatArray, shards: Sequence[ByteArray], weights: FloatArray) -> float:
    """Return the greatest error of some columns against float64."""
    parts = np.split(weights.astype(np.float64), np.cumsum([len(shard) for shard in shards])[:-1])
    rows = [shard.reshape(len(shard), -1)[:, :CHECKED_COLUMNS] for shard in shards]
    exact = sum(part @ row for part, row in zip(parts, rows, strict=True))
    return float(np.abs(found.reshape(-1)[:CHECKED_COLUMNS] - exact).max())
