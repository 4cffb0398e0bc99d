"""Maps of moving least squares: every control point lands, and what lies between follows.

The targets of a cluster are the same for all its images, so for two of the three kinds of maps a
node is a fixed linear combination of an image's sources: one product serves all images. Points are
complex numbers in it, x + iy, as a similarity then is a product too.
"""

from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from explorer.alignment.maps import NODE, grid_points
from explorer.arrays import DoubleArray, FloatArray, check_array
from explorer.errors import ArrayError
from explorer.kernels.threads import blocks

Kind: TypeAlias = Literal["similarity", "rigid", "affine"]
ComplexArray: TypeAlias = npt.NDArray[np.complex128]
PlaceArray: TypeAlias = npt.NDArray[np.complex64]

NEAREST = 8.0
"""Pixels between control points: nearer ones become one, as they would tear the picture."""

FLATTEST = 0.1
"""Least width of the targets for an affine map, as a share of their length."""

TINY = 1e-12
BLOCK = 16


def mls_nodes(
    targets: FloatArray, sources: FloatArray, kind: Kind, height: int, width: int
) -> FloatArray:
    """Map the canvas to each image by moving least squares, at the nodes of the coarse grid.

    Parameters
    ----------
    targets : (K, 2) float32
        Control points (x, y) in pixels of the canvas, where the sources shall land.
    sources : (M, K, 2) float32
        The pixels (x, y) of each image that belong there.
    kind
        What the map is next to each point of the canvas. An affine map of points that lie on a
        line, or of two, is not defined: similarity takes its place. One point moves the picture,
        none leaves it as it is.
    height, width
        Of the canvas, in pixels.

    Returns
    -------
    (M, Y, X, 2) float32
        As `Maps.nodes`; they may fold, see `explorer.alignment.guard`.

    Raises
    ------
    ArrayError
        If `targets` or `sources` have another shape or dtype, or a value that is not finite.

    References
    ----------
    .. [1] S. Schaefer, T. McPhail, J. Warren, "Image Deformation Using Moving Least Squares",
       ACM Trans. Graph. 25(3), 2006; weights 1 / d^2. The basis that all images share, that targets
       less than 8 px apart become their mean, and the last step are ours: the map between nodes is
       bilinear, which would miss control points by up to a pixel or so, so the four nodes around
       each are moved by the least that makes it land.
    """
    count = check_array(targets, "targets", "K 2")["K"]
    check_array(sources, "sources", f"M {count} 2")
    if not (np.isfinite(targets).all() and np.isfinite(sources).all()):
        raise ArrayError("targets and sources must be finite: leave out points that have no place")
    grid = grid_points(height, width)
    if not count:
        return np.repeat(grid[None], len(sources), axis=0)
    groups = _groups(targets)
    points = groups @ _complex(targets)
    moves = _complex(sources - targets) @ groups.T
    nodes = _mapped(points, moves, kind, _complex(grid.reshape(-1, 2)))
    _land(nodes, points, points + moves, grid.shape[:2])
    return nodes.view(np.float32).reshape(len(sources), *grid.shape)


def _groups(targets: FloatArray) -> DoubleArray:
    """Return the share (G, K) of each control point in the points that are left, at least 8 apart.

    Points whose means come too near to each other are merged in turn.
    """
    groups = np.eye(len(targets))
    while True:
        points = groups @ targets
        near = np.linalg.norm(points[:, None] - points, axis=-1) < NEAREST
        first = near.argmax(axis=1)  # of those near, itself among them
        if (first == np.arange(len(points))).all():
            return groups
        together = (groups > 0).astype(float)
        merged = np.stack([together[first == g].sum(axis=0) for g in np.unique(first)])
        groups = merged / merged.sum(axis=1, keepdims=True)


def _mapped(points: ComplexArray, moves: ComplexArray, kind: Kind, at: ComplexArray) -> PlaceArray:
    """Return where places (n,) lie in images (M, n), if points (G,) are moved by (M, G) there.

    As a map leaves everything in place where no point moves, moves can be mapped in place of
    points: they are small, so single precision serves.
    """
    weights, arm, spokes = _around(points, at)
    if kind == "rigid" and len(points) > 1:
        turns = _product(moves, _turns(weights, spokes))
        mapped = _product(moves, weights)
        middle, arm = (at - arm).astype(np.complex64), arm.astype(np.complex64)
        for part in blocks(len(moves), BLOCK):
            mapped[part] += middle + _unit(1 + turns[part]) * arm
        return mapped
    basis = weights.astype(np.complex128)
    if kind == "affine" and not _is_flat(points):
        basis += _affine(weights, spokes, arm)
    elif len(points) > 1:
        basis += arm[:, None] * _turns(weights, spokes)
    still = np.ones((len(moves), 1))
    return _product(np.hstack([still, moves]), np.hstack([at[:, None], basis]))


def _around(
    points: ComplexArray, at: ComplexArray
) -> tuple[DoubleArray, ComplexArray, ComplexArray]:
    """Return the weights (n, G), and from the weighted mean of the points to `at` and to each."""
    away = np.abs(at[:, None] - points) ** 2
    weights = 1 / np.maximum(away, TINY)
    weights[(away < TINY).any(axis=1)] = 0
    weights[away < TINY] = 1  # on a control point no other counts
    weights /= weights.sum(axis=1, keepdims=True)
    middle = weights @ points
    return weights, at - middle, points - middle[:, None]


def _turns(weights: DoubleArray, spokes: ComplexArray) -> ComplexArray:
    """Return what each point's move, weighted, adds to scale and turn: (n, G)."""
    length = (weights * np.abs(spokes) ** 2).sum(axis=1, keepdims=True)
    turns: ComplexArray = weights * spokes.conj() / np.maximum(length, TINY)
    return turns


def _unit(values: PlaceArray) -> PlaceArray:
    """Return values of length 1, and 1 for 0."""
    lengths = np.abs(values)
    values[lengths == 0] = 1
    lengths[lengths == 0] = 1
    values *= 1 / lengths
    return values


def _product(moves: ComplexArray, basis: npt.NDArray[np.inexact]) -> PlaceArray:
    """Return moves (M, G) @ basis (n, G)^T, in blocks that BLAS does not share among threads.

    On a machine with other work, two threads that wait for each other were 100 times slower.
    """
    few, fixed = moves.astype(np.complex64), basis.T.astype(np.complex64)
    product = np.empty((len(few), fixed.shape[1]), np.complex64)
    for part in blocks(len(few), BLOCK):
        np.matmul(few[part], fixed, out=product[part])
    return product


def _affine(weights: DoubleArray, spokes: ComplexArray, arm: ComplexArray) -> DoubleArray:
    """Return arm (sum w spoke^T spoke)^-1 (w spoke)^T: (n, G)."""
    vectors = np.stack([spokes.real, spokes.imag], axis=-1)  # (n, G, 2)
    moments = np.einsum("ng,ngi,ngj->nij", weights, vectors, vectors)
    traces = np.maximum(np.trace(moments, axis1=1, axis2=2), TINY)[:, None, None]
    # On a control point there are no moments, and no arm to multiply.
    inverse = np.linalg.inv(moments / traces + TINY * np.eye(2)) / traces
    arms = np.stack([arm.real, arm.imag], axis=-1)
    shares: DoubleArray = np.einsum("ni,nij,ngj,ng->ng", arms, inverse, vectors, weights)
    return shares


def _is_flat(points: ComplexArray) -> bool:
    """Return whether the points lie, nearly, on a line."""
    around = points - points.mean()
    spread = np.linalg.svd(np.stack([around.real, around.imag]), compute_uv=False)
    return bool(len(points) < 3 or spread[1] < FLATTEST * spread[0])


def _land(
    nodes: PlaceArray, targets: ComplexArray, sources: ComplexArray, grid: tuple[int, ...]
) -> None:
    """Move nodes (M, Y * X) so that the maps, bilinear between nodes, take targets to sources.

    Of all moves that do, these are the least. Targets beyond the grid are left out.
    """
    rows, columns = grid
    at = np.stack([targets.real, targets.imag], axis=-1) / NODE
    within = ((at >= 0) & (at <= (columns - 1, rows - 1))).all(axis=1)
    at = at[within]
    first = np.minimum(np.floor(at), (columns - 2, rows - 2)).astype(int)
    (x, y), (x_way, y_way) = first.T, (at - first).T
    shares = np.zeros((len(at), rows * columns))
    for down, right in ((0, 0), (0, 1), (1, 0), (1, 1)):
        share = (y_way if down else 1 - y_way) * (x_way if right else 1 - x_way)
        shares[np.arange(len(at)), (y + down) * columns + x + right] = share
    used = np.flatnonzero(shares.any(axis=0))
    missed = sources[:, within] - nodes[:, used] @ shares[:, used].T
    nodes[:, used] += _product(missed, np.linalg.pinv(shares[:, used]))


def _complex(points: npt.NDArray[np.floating]) -> ComplexArray:
    """Return points (..., 2) as x + iy."""
    return np.ascontiguousarray(points, np.float64).view(np.complex128)[..., 0]
