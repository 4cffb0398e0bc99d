"""Keep maps from folding: a picture that is torn or turned over is moved as a whole instead."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from explorer.alignment.maps import NODE, grid_points
from explorer.alignment.points import mapped
from explorer.arrays import BoolArray, DoubleArray, FloatArray, check_array
from explorer.kernels.jit import read_only
from explorer.kernels.warping import folds_kernel

ComplexArray: TypeAlias = npt.NDArray[np.complex64]

LEAST, MOST = 0.2, 5.0
"""Bounds of the area of any part, in parts of the map's overall change of area."""

MOST_ZOOM = 4.0
"""An image is drawn at most so much larger or smaller."""

BLENDS = (0.25, 0.5, 0.75, 1.0)
TINY = 1e-6


def unfolded(nodes: FloatArray, center: tuple[float, float] | None = None) -> FloatArray:
    """Mend maps that fold, or tear or squeeze some part beyond what a picture can bear.

    A map that does is blended with its nearest similarity, by the least of four shares that helps.

    Parameters
    ----------
    nodes : (M, Y, X, 2) float32
        As `Maps.nodes`, finite.
    center
        The pixel (x, y) of the canvas that mended maps keep where it is: best the mean of the
        control points. The middle of the nodes if there is none.

    Returns
    -------
    (M, Y, X, 2) float32
        The maps: those that need no mending are unchanged (and `nodes` itself is returned where
        none does). The area of every part is from 0.2 to 5 times that of the similarity, whose
        scale is kept from 1 / 4 to 4, so no map folds.

    Raises
    ------
    ArrayError
        If `nodes` has another shape or dtype.
    """
    check_array(nodes, "nodes", "M Y X 2")
    slopes = _slopes(nodes)
    areas = np.abs(slopes) ** 2 * NODE**2
    bad = np.flatnonzero(_folded(nodes, areas))
    if not len(bad):
        return nodes
    mended = nodes.copy()
    whole = _similarities(nodes[bad], slopes[bad], center)
    for blend in BLENDS:
        mended[bad] = nodes[bad] + np.float32(blend) * (whole - nodes[bad])
        left = _folded(mended[bad], areas[bad])
        bad, whole = bad[left], whole[left]
    return mended


def _slopes(nodes: FloatArray) -> ComplexArray:
    """Return scale and turn (M,) of the similarities nearest to the maps, the scale in bounds."""
    grid = _complex(_grid(nodes)).reshape(-1)
    grid -= grid.mean()
    slopes = (
        _complex(nodes).reshape(len(nodes), grid.size) @ grid.conj() / (np.abs(grid) ** 2).sum()
    )
    size = np.abs(slopes)
    turns = np.where(size < TINY, 1, slopes / np.maximum(size, TINY))
    return np.asarray(turns * np.clip(size, 1 / MOST_ZOOM, MOST_ZOOM), np.complex64)


def _similarities(
    nodes: FloatArray, slopes: ComplexArray, center: tuple[float, float] | None
) -> FloatArray:
    """Return similarities with these slopes that agree with the maps at `center`."""
    grid = _grid(nodes)
    middle = grid.mean(axis=(0, 1)) if center is None else np.array(center, np.float32)
    together = nodes.transpose(1, 2, 0, 3).reshape(*grid.shape[:2], -1)  # as one map to (2 M)-space
    kept = mapped(together, middle[None].astype(np.float64))[0].reshape(-1, 2)
    whole = (_complex(grid) - complex(*middle)).astype(np.complex64) * slopes[:, None, None]
    whole += _complex(kept)[:, None, None]
    return np.ascontiguousarray(whole).view(np.float32).reshape(nodes.shape)


def _folded(nodes: FloatArray, areas: DoubleArray) -> BoolArray:
    folded = np.zeros(len(nodes), np.bool_)
    low, high = (read_only((areas * share).astype(np.float32)) for share in (LEAST, MOST))
    folds_kernel(read_only(nodes), low, high, folded)
    return folded


def _grid(nodes: FloatArray) -> FloatArray:
    rows, columns = nodes.shape[1:3]
    return grid_points((rows - 1) * NODE + 1, (columns - 1) * NODE + 1)


def _complex(points: npt.NDArray[np.floating]) -> ComplexArray:
    """Return points (..., 2) as x + iy."""
    return np.ascontiguousarray(points, np.float32).view(np.complex64)[..., 0]
