"""What a backend of the kernels offers. Both return the same numbers: numba here, torch on CUDA."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from explorer.arrays import ByteArray, FloatArray, IntArray

SignedBytes = npt.NDArray[np.int8]
Search = tuple[IntArray, FloatArray]
"""Offsets (P, 2) as (y, x) in cells, and what a match there costs (P,)."""


class RunningSums(Protocol):
    """Sums of planes under a growing set of cells, at every offset."""

    def add(self, cells: IntArray) -> tuple[IntArray, IntArray]:
        """Add cells (m, 2) as (y, x); return as `Kernels.strongest` does."""
        ...


class Kernels(Protocol):
    """Functions over shards of n images, N in all."""

    def RunningSums(self, planes: Sequence[ByteArray], offsets: IntArray) -> RunningSums:  # noqa: N802
        """Return running sums with no cells yet."""
        ...

    def agreement(self, shards: Sequence[ByteArray], weights: IntArray) -> list[ByteArray]:
        """Reduce (64, Y, X, n) by weights (64,) to (Y, X, n): the sum, + 128, / 256."""
        ...

    def strongest(
        self, planes: Sequence[ByteArray], cells: IntArray, offsets: IntArray
    ) -> tuple[IntArray, IntArray]:
        """Return the greatest sum over the offsets (N,), and the first offset that has it (N,)."""
        ...

    def bin_totals(
        self, shards: Sequence[ByteArray], cells: IntArray, weights: FloatArray
    ) -> npt.NDArray[np.float64]:
        """Return the weighted counts (64,) of (64, Y, X, n) in `cells`."""
        ...

    def weighted_sum(self, shards: Sequence[ByteArray], weights: FloatArray) -> FloatArray:
        """Return sum_i weights[i] * rows[i] over shards (n, ...) in the shape of a row."""
        ...

    def strongest_linear(
        self, shards: Sequence[SignedBytes], cells: IntArray, weights: IntArray, search: Search
    ) -> tuple[FloatArray, IntArray]:
        """Return the greatest score over the offsets (N,), and the first offset that has it (N,).

        A score is sum_c weights[c] . (C, Y, X, n)[:, cells[c] + offset] - price. The planes are
        within +-31, the weights (m, C) within +-63.
        """
        ...

    def rerank(
        self,
        shards: Sequence[SignedBytes],
        candidates: tuple[IntArray, IntArray],
        cells: IntArray,
        weights: FloatArray,
        search: Search,
    ) -> tuple[FloatArray, IntArray]:
        """Score images (K,) again on rows (n, Y, X, C), near the offsets (K,) of a first match.

        Return the greatest score (K,) over the offsets at most one cell from it, and which it is.
        """
        ...
