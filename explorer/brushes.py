"""From a stroke to the cells of 8 x 8 pixels that it covers.

Cells are those of the features' grid: a stroke is snapped to it. What lies beyond the canvas, or
beyond the last whole cell, is ignored.
"""

import numpy as np
import numpy.typing as npt

from explorer.arrays import BoolArray, ByteArray, check_array
from explorer.edits import Path
from explorer.errors import EditError

CELL = 8
COVERED_SHARE = 0.25


def covered_cells(
    paths: tuple[Path, ...], radius: float, grid: tuple[int, int], height: int, width: int
) -> BoolArray:
    """Find the cells under a brush.

    Parameters
    ----------
    paths
        The lines of the brush, each a tuple of (x, y) in canvas units.
    radius
        Half the width of the brush, in canvas units of the width.
    grid
        Cells down and across, (Y, X).
    height, width
        Of the canvas, in pixels.

    Returns
    -------
    (Y, X) bool
        A cell counts if at least a quarter of its pixels are under the brush, or if the center line
        runs through it.

    Raises
    ------
    EditError
        If no cell counts.
    """
    from explorer.kernels.jit import read_only
    from explorer.kernels.strokes import paint_kernel, share_kernel, trace_kernel

    segments = read_only(_segments(paths, height, width))
    under = np.zeros((grid[0] * CELL, grid[1] * CELL), np.uint8)
    crossed = np.zeros(grid, np.uint8)
    shares = np.empty(grid, np.float32)
    paint_kernel(segments, float(radius * width), under)
    trace_kernel(segments, CELL, crossed)
    _mark_points(segments, crossed)
    share_kernel(under, CELL, shares)
    covered: BoolArray = (shares >= COVERED_SHARE) | (crossed > 0)
    if not covered.any():
        raise EditError(
            f"a stroke must touch the canvas of {width} x {height} pixels, this one does not: "
            "paint it nearer"
        )
    return covered


def _mark_points(segments: npt.NDArray[np.float64], crossed: ByteArray) -> None:
    """Mark the cell of every point; a line that ends on a border has no length in its last."""
    columns, rows = np.floor(segments.reshape(-1, 2).T / CELL)
    inside = (rows >= 0) & (rows < crossed.shape[0]) & (columns >= 0) & (columns < crossed.shape[1])
    crossed[rows[inside].astype(np.intp), columns[inside].astype(np.intp)] = 1


def center_of_mass(cells: BoolArray) -> tuple[float, float]:
    """Return the mean center of the cells as (x, y) in pixels; the first pixel's center is (0, 0).

    Examples
    --------
    >>> center_of_mass(np.array([[False, True], [False, True]]))
    (11.5, 7.5)
    """
    check_array(cells, "cells", "Y X", np.bool_)
    ys, xs = np.nonzero(cells)
    half = (CELL - 1) / 2
    return float(xs.mean() * CELL + half), float(ys.mean() * CELL + half)


def _segments(paths: tuple[Path, ...], height: int, width: int) -> npt.NDArray[np.float64]:
    """Return the paths' segments (S, 4), x and y of both ends, in pixels from the corner."""
    pieces = []
    for path in paths:
        points = np.array(path, np.float64) * (width, height)
        ends = points[1:] if len(points) > 1 else points
        pieces.append(np.hstack([points[: len(ends)], ends]))
    return np.concatenate(pieces)
