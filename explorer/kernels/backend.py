"""What a backend of the kernels offers. Both return the same numbers: numba here, torch on CUDA."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from explorer.arrays import ByteArray, FloatArray, IntArray
from explorer.kernels.peak_search import PeakSearch

SignedBytes = npt.NDArray[np.int8]
Search = tuple[IntArray, FloatArray]
"""Offsets (P, 2) as (y, x) in cells, and what a match there costs (P,)."""
Axis = tuple[IntArray, FloatArray]
"""Of each pixel the node before it, at most the last but one, and the share of the way from there.

The nodes rise from pixel to pixel.
"""
Peaks = tuple[FloatArray, IntArray, ByteArray]
"""Responses (N, M), the best first, numbers of their offsets (N, M), and of their sizes (N, M);
-inf and -1 where an image has no further place."""


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

    def warped_sum(
        self,
        shards: Sequence[ByteArray],
        weights: FloatArray,
        warps: tuple[IntArray, FloatArray],
        axes: tuple[Axis, Axis],
    ) -> tuple[FloatArray, FloatArray]:
        """Return sum_k weights[k] * image k, warped, (h, w, 3), and the weights of those there.

        `warps` are the images (M,), ascending, and their finite nodes (M, Y, X, 2), pixels (x, y)
        of shards (n, H, W, 3); `axes` say between which nodes the rows and the columns lie. An
        image is there, (h, w), where the place is not outside it, to 1 / 256 of a pixel.
        """
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

    def peaks(
        self,
        shards: Sequence[npt.NDArray[Any]],
        search: PeakSearch,
        first: IntArray,
        energies: Sequence[tuple[IntArray, int]] = (),
    ) -> Peaks:
        """Return the greatest responses of each image, where, and of which size.

        Planes are (C, Y, X, n) bytes or signed bytes. `first` (N,) is an offset that an image has
        already, so that nothing is looked for around it, or -1. `energies` are the squares of the
        cells (Y, X, n) and that of a cell without an edge, or -1 if blank patches count too; only
        cosines need them.
        """
        ...

    def scores_at(
        self,
        shards: Sequence[SignedBytes],
        images: IntArray,
        offsets: IntArray,
        template: tuple[IntArray, FloatArray],
    ) -> FloatArray:
        """Return the sums (K,) of a template over rows (n, Y, X, C) of images (K,).

        `offsets` (K, 2) are (y, x) in cells; the template is cells (m, 2) and weights (m, C).
        """
        ...
