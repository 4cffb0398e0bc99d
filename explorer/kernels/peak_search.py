"""What the kernels are told to look for: templates of several sizes over a rectangle of offsets."""

from dataclasses import dataclass

import numpy as np

from explorer.arrays import FloatArray, IntArray

DRAWN = 0.4
"""Of a patch without an edge in more than 60 % of its cells there is no cosine."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PeakSearch:
    """Templates over planes (C, Y, X, n), and what a response counts where. S sizes, P offsets.

    The response of a size at an offset is gain * sum + bias, where the sum is that of the planes
    under the template's cells, by weight. Of a size that has a frame the sum is divided by the
    length of what the frame holds there: a cosine. Cells beside the grid add nothing.

    Attributes
    ----------
    cells : S arrays of (m, 2) int32
        (y, x) of a template's cells, where the edit was painted.
    weights : S arrays of (m, C) int32
        Of the planes in those cells.
    frames : (S, 4) int32
        First row and column of what a cosine is of, its cells along a side and how far apart they
        are; a side of 0 is no cosine.
    corner
        (y, x) of the first offset, in cells.
    shape
        How many offsets there are down and across; P is their product.
    gains, biases : (S, P) float32
        A bias of -inf is a place that is not allowed.
    count
        How many places of an image are wished for.
    apart
        No place is this many cells or fewer away from a better one, along x and along y.
    plane_limit
        The greatest absolute value of the planes.
    """

    cells: tuple[IntArray, ...]
    weights: tuple[IntArray, ...]
    frames: IntArray
    corner: tuple[int, int]
    shape: tuple[int, int]
    gains: FloatArray
    biases: FloatArray
    count: int
    apart: int
    plane_limit: int

    @property
    def offsets(self) -> IntArray:
        """Every offset, (P, 2) int32: (y, x) in cells, row by row."""
        steps = np.indices(self.shape).reshape(2, -1).T + np.array(self.corner)
        return np.ascontiguousarray(steps.astype(np.int32))
