"""From places of the canvas to places of an image, and back, by the map of that image."""

import numpy as np
import numpy.typing as npt

from explorer.alignment.maps import NODE
from explorer.arrays import DoubleArray, FloatArray, check_array

STEPS = 30
CLOSE = 1e-3  # pixels


def warp_points(nodes: FloatArray, points: FloatArray) -> FloatArray:
    """Find the pixels of an image that are drawn at pixels of the canvas.

    Parameters
    ----------
    nodes : (Y, X, 2) float32
        Of one image, as in `Maps.nodes`.
    points : (K, 2) float32
        Pixels (x, y) of the canvas; beyond the nodes, the outermost cells go on.

    Returns
    -------
    (K, 2) float32
        Pixels (x, y) of the image, or of the mirrored image if it is one.

    Raises
    ------
    ArrayError
        If an array has another shape or dtype.

    See Also
    --------
    unwarp_points : The way back.
    """
    _check(nodes, points)
    return mapped(nodes, points.astype(np.float64))[0].astype(np.float32)


def unwarp_points(nodes: FloatArray, points: FloatArray) -> FloatArray:
    """Find the pixels of the canvas where pixels of an image are drawn.

    Parameters
    ----------
    nodes : (Y, X, 2) float32
        Of one image, as in `Maps.nodes`, without folds (see `explorer.alignment.guard`).
    points : (K, 2) float32
        Pixels (x, y) of the image, or of the mirrored image if it is one.

    Returns
    -------
    (K, 2) float32
        Pixels (x, y) of the canvas, or beyond it; NaN where no such pixel is found.

    Raises
    ------
    ArrayError
        If an array has another shape or dtype.
    """
    _check(nodes, points)
    wanted = points.astype(np.float64)
    columns = nodes.shape[1]
    # Newton's steps, from the node that is drawn nearest to each point; half of one that misses.
    away = np.linalg.norm(nodes.reshape(-1, 2) - wanted[:, None], axis=-1)
    nearest = away.argmin(axis=1)
    at = np.stack([nearest % columns, nearest // columns], axis=-1) * float(NODE)
    there, slopes = mapped(nodes, at)
    length = np.ones((len(at), 1))
    for _ in range(STEPS):
        tried = at + length * _solved(slopes, wanted - there)
        found, along = mapped(nodes, tried)
        is_nearer = _missed(found, wanted) < _missed(there, wanted)
        at[is_nearer], there[is_nearer] = tried[is_nearer], found[is_nearer]
        slopes[is_nearer] = along[is_nearer]
        length = np.where(is_nearer[:, None], 1, length / 2)
    is_found = _missed(there, wanted) <= CLOSE  # which a point that is NaN is not
    at[~is_found] = np.nan
    return at.astype(np.float32)


def _missed(found: DoubleArray, wanted: DoubleArray) -> DoubleArray:
    return np.asarray(np.linalg.norm(found - wanted, axis=1))


def _check(nodes: FloatArray, points: FloatArray) -> None:
    check_array(nodes, "nodes", "Y X 2")
    check_array(points, "points", "K 2")


def mapped(nodes: FloatArray, points: DoubleArray) -> tuple[DoubleArray, DoubleArray]:
    """Return what nodes (Y, X, D) say at points (K, 2): values (K, D), and slopes (K, D, 2) along.

    Within a cell of 2 x 2 nodes they are bilinear; beyond the nodes the outermost cells go on.
    A point that is NaN has NaN.
    """
    at = points / NODE
    last = np.array(nodes.shape[1::-1]) - 2
    cell = np.clip(np.nan_to_num(np.floor(at)), 0, last).astype(np.int64)
    (x, y), (right, down) = cell.T, (at - cell).T[..., None]
    a, b, c, d = (nodes[y + j, x + i].astype(np.float64) for j in (0, 1) for i in (0, 1))
    top, bottom = a + (b - a) * right, c + (d - c) * right
    across = ((b - a) * (1 - down) + (d - c) * down) / NODE
    return top + (bottom - top) * down, np.stack([across, (bottom - top) / NODE], axis=-1)


def _solved(slopes: DoubleArray, wanted: DoubleArray) -> DoubleArray:
    """Return slopes^-1 wanted; no step where there is no inverse."""
    area = slopes[:, 0, 0] * slopes[:, 1, 1] - slopes[:, 0, 1] * slopes[:, 1, 0]
    is_flat = np.abs(area) < 1e-9
    x, y = wanted.T
    steps = np.stack(
        [slopes[:, 1, 1] * x - slopes[:, 0, 1] * y, slopes[:, 0, 0] * y - slopes[:, 1, 0] * x],
        axis=-1,
    )
    solved: DoubleArray = np.where(is_flat, 0, 1 / np.where(is_flat, 1, area))[:, None] * steps
    return solved


def mirrored_points(points: npt.NDArray[np.float32], width: int) -> FloatArray:
    """Return points (..., 2) of an image in its mirror image, or the other way round."""
    return np.stack([np.float32(width - 1) - points[..., 0], points[..., 1]], axis=-1)
