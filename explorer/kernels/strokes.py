"""Numba loops from the segments of a stroke to pixels and cells. Pixels, origin at the corner."""

import numpy as np
import numpy.typing as npt

from explorer.arrays import ByteArray, FloatArray
from explorer.kernels.jit import compiled

Segments = npt.NDArray[np.float64]


@compiled
def paint_kernel(segments: Segments, radius: float, mask: ByteArray) -> None:
    """Set the pixels of `mask` (H, W) whose centers are within `radius` of a segment.

    `segments` is (S, 4): x and y of both ends.
    """
    height, width = mask.shape
    for s in range(len(segments)):
        x0, y0, x1, y1 = segments[s]
        dx, dy = x1 - x0, y1 - y0
        square = dx * dx + dy * dy
        for y in range(
            max(0, int(np.floor(min(y0, y1) - radius))),
            min(height, int(np.ceil(max(y0, y1) + radius))),
        ):
            for x in range(
                max(0, int(np.floor(min(x0, x1) - radius))),
                min(width, int(np.ceil(max(x0, x1) + radius))),
            ):
                right, down = x + 0.5 - x0, y + 0.5 - y0
                along = (right * dx + down * dy) / square if square > 0 else 0.0
                along = min(max(along, 0.0), 1.0)
                right -= along * dx
                down -= along * dy
                if right * right + down * down <= radius * radius:
                    mask[y, x] = 1


@compiled
def trace_kernel(segments: Segments, side: int, cells: ByteArray) -> None:
    """Set the cells of `cells` (Y, X), `side` pixels wide, that a segment runs through.

    A segment along the border of two cells runs through the right or the lower one.
    """
    for s in range(len(segments)):
        x0, y0, x1, y1 = segments[s]
        cuts = np.concatenate((np.array([0.0, 1.0]), _cuts(x0, x1, side), _cuts(y0, y1, side)))
        cuts.sort()
        for k in range(len(cuts) - 1):
            if cuts[k + 1] > cuts[k]:
                middle = (cuts[k] + cuts[k + 1]) / 2
                x = int(np.floor((x0 + middle * (x1 - x0)) / side))
                y = int(np.floor((y0 + middle * (y1 - y0)) / side))
                if 0 <= y < cells.shape[0] and 0 <= x < cells.shape[1]:
                    cells[y, x] = 1


@compiled
def _cuts(start: float, end: float, side: int) -> Segments:
    """Return where on the way from `start` to `end`, in (0, 1), multiples of `side` lie."""
    first = int(np.ceil(min(start, end) / side))
    last = int(np.floor(max(start, end) / side))
    cuts = np.empty(max(last - first + 1, 0), np.float64)
    for k in range(len(cuts)):
        cuts[k] = ((first + k) * side - start) / (end - start) if end != start else 0.0
    return cuts


@compiled
def share_kernel(mask: ByteArray, side: int, counts: FloatArray) -> None:
    """Fill `counts` (Y, X) with the share of each cell's pixels that `mask` holds."""
    for y in range(counts.shape[0]):
        for x in range(counts.shape[1]):
            count = 0
            for row in range(y * side, (y + 1) * side):
                for column in range(x * side, (x + 1) * side):
                    count += mask[row, column]
            counts[y, x] = count / (side * side)
