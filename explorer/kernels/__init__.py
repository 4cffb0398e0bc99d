"""The loops that must be fast: compiled for the processor, or on a CUDA device if there is one."""

import ctypes
from collections.abc import Sequence
from functools import cache
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt

from explorer.arrays import ByteArray, FloatArray, IntArray

SignedBytes = npt.NDArray[np.int8]


class RunningSums(Protocol):
    """Sums of planes under a growing set of cells, at every offset."""

    def add(self, cells: IntArray) -> tuple[IntArray, IntArray]:
        """Add cells (m, 2) as (y, x); return as `Kernels.strongest` does."""
        ...


class Kernels(Protocol):
    """What a backend offers; both return the same numbers. N images in shards of n."""

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
        self, shards: Sequence[SignedBytes], cells: IntArray, weights: IntArray, offsets: IntArray
    ) -> tuple[IntArray, IntArray]:
        """Return the greatest of sum_c weights[c] . (C, Y, X, n)[:, cells[c] + offset], as above.

        The planes are within +-31, the weights (m, C) within +-63.
        """
        ...

    def rerank(
        self,
        shards: Sequence[SignedBytes],
        candidates: tuple[IntArray, IntArray],
        cells: IntArray,
        weights: FloatArray,
        offsets: IntArray,
    ) -> tuple[FloatArray, IntArray]:
        """Score images (K,) again on rows (n, Y, X, C), near the offsets (K,) of a first match.

        Return the greatest sum (K,) over the offsets at most one cell from it, and which it is.
        """
        ...


@cache
def kernels() -> Kernels:
    """Return the backend for this machine: torch if it has a CUDA device, else numba."""
    if _has_driver():
        import torch

        if torch.cuda.is_available():
            from explorer.kernels import on_torch

            return cast(Kernels, on_torch)
    from explorer.kernels import on_numba

    return cast(Kernels, on_numba)


def compile_kernels() -> None:
    """Compile or load every kernel now, so that the first stroke need not wait for it."""
    from explorer.kernels.warm import warm_up

    warm_up(kernels())


def _has_driver() -> bool:
    """Return whether NVIDIA's driver is there, without the second that importing torch takes."""
    try:
        ctypes.CDLL("libcuda.so.1")
    except OSError:
        return False
    return True
