"""The shapes that some keypoints take together: how they vary, and the likeliest one near a sight.

Shapes are complex numbers here, x + iy, as a similarity transform is then one factor and one shift.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.alignment.edges import SHRUNK
from explorer.alignment.maps import NODE
from explorer.arrays import DoubleArray

Complex = npt.NDArray[np.complex128]

MARGIN = 0.1
"""A pose is that of the points and of so much around them, of the longer side."""
MODES = 10
"""How many ways to vary a model tells apart; what remains is noise."""
MARKED_PART = 0.7
"""How much of the variation is that of marked averages, where there are several: marks are what a
person saw, while what is proposed so far varies less than the truth."""
SEVERAL = 6
STIFFNESS = 0.3
"""How much the variation that was seen counts against what is seen here."""
LEAST_NOISE = 0.05
"""Least variance that remains, in squared shrunk pixels."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Poses:
    """Similarity transforms from a common frame to M images: z becomes turns * z + shifts."""

    turns: Complex
    shifts: Complex

    def to_image(self, shapes: Complex) -> Complex:
        """Return shapes (M, K) of the common frame in their images."""
        return shapes * self.turns[:, None] + self.shifts[:, None]

    def to_common(self, shapes: Complex) -> Complex:
        """Return shapes (M, K) of images in the common frame."""
        return np.asarray((shapes - self.shifts[:, None]) / self.turns[:, None])


def as_complex(points: npt.NDArray[np.floating]) -> Complex:
    """Return points (..., 2) as complex numbers (...)."""
    return np.asarray(points[..., 0] + 1j * points[..., 1], np.complex128)


def as_points(shapes: Complex) -> npt.NDArray[np.float32]:
    """Return complex numbers (...) as points (..., 2) float32."""
    return np.stack([shapes.real, shapes.imag], axis=-1).astype(np.float32)


def fitted_pose(source: Complex, target: Complex) -> tuple[complex, complex]:
    """Return the turn and the shift that take points (n,) nearest to others, by least squares.

    Points that are NaN in either do not count; one point gives a shift, none leaves all in place.
    """
    known = np.isfinite(source) & np.isfinite(target)
    if not known.any():
        return 1 + 0j, 0j
    a, b = source[known], target[known]
    a_mean, b_mean = a.mean(), b.mean()
    size = float((np.abs(a - a_mean) ** 2).sum())
    turn = ((a - a_mean).conj() * (b - b_mean)).sum() / size if size > 1e-6 else 1 + 0j
    return complex(turn), complex(b_mean - turn * a_mean)


def fitted_poses(nodes: Complex, frame: Complex, grid: tuple[int, ...]) -> Poses:
    """Return the similarity transforms nearest to maps, around the points of a frame.

    Parameters
    ----------
    nodes : (M, Y * X) complex
        Where the nodes of the frame lie in M images, in shrunk pixels.
    frame : (K,) complex
        The points, in shrunk pixels.
    grid
        Y and X.
    """
    y, x = np.mgrid[: grid[0], : grid[1]] * (NODE / SHRUNK) - (SHRUNK - 1) / (2 * SHRUNK)
    at = np.asarray((x + 1j * y).ravel(), np.complex128)
    known = frame[np.isfinite(frame)]
    margin = MARGIN * max(float(x.max()), float(y.max()))
    is_near = (
        (at.real > known.real.min() - margin)
        & (at.real < known.real.max() + margin)
        & (at.imag > known.imag.min() - margin)
        & (at.imag < known.imag.max() + margin)
    )
    fits = [fitted_pose(at[is_near], own[is_near]) for own in nodes]
    return Poses(turns=np.array([turn for turn, _ in fits]), shifts=np.array([b for _, b in fits]))


def onto(shapes: Complex, frame: Complex) -> Complex:
    """Return those shapes (A, K) that have all points, brought onto a frame (K,)."""
    whole = shapes[np.isfinite(shapes).all(axis=1)]
    fits = [fitted_pose(shape, frame) for shape in whole]
    brought = [turn * one + b for one, (turn, b) in zip(whole, fits, strict=True)]
    return np.array(brought, np.complex128).reshape(whole.shape)


def common_shape(shapes: Complex, rounds: int = 3) -> Complex:
    """Return the mean (K,) of shapes (A, K) brought on each other; NaN where none has a point.

    References
    ----------
    .. [1] J. C. Gower, "Generalized Procrustes analysis", Psychometrika 40, 1975. That missing
       points are left out is ours; the frame is that of the plain mean.
    """
    mean = _mean(shapes)
    for _ in range(rounds):
        brought = []
        for shape in shapes:
            turn, shift = fitted_pose(shape, mean)
            brought.append(turn * shape + shift)
        mean = _mean(np.array(brought))
    return mean


def _mean(shapes: Complex) -> Complex:
    known = np.isfinite(shapes)
    sums, counts = np.where(known, shapes, 0).sum(axis=0), known.sum(axis=0)
    return np.where(counts > 0, sums / np.maximum(counts, 1), complex(np.nan, np.nan))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShapeModel:
    """A Gaussian of shapes: a mean (2 K,), modes (m, 2 K), their variances (m,), and the rest."""

    mean: DoubleArray
    modes: DoubleArray
    variances: DoubleArray
    rest: float

    def settled(self, seen: Complex, precision: DoubleArray) -> Complex:
        """Return the likeliest shapes (M, K), given where points were seen and how precisely.

        Parameters
        ----------
        seen : (M, K) complex
            Where each point was seen.
        precision : (M, K)
            One over the variance of each sight.

        References
        ----------
        .. [1] J. M. Saragih, S. Lucey, J. F. Cohn, "Deformable model fitting by regularized
           landmark mean-shift", IJCV 91(2), 2011. The weighted fit is theirs; that what the modes
           do not explain is taken over in part, by its precision, is ours.
        """
        flat, weights = _flat(seen) - self.mean, np.tile(precision, 2)
        prior = np.diag(STIFFNESS / self.variances)
        kept = weights / (weights + STIFFNESS / self.rest)
        settled = np.empty_like(flat)
        for k, (shape, weight) in enumerate(zip(flat, weights, strict=True)):
            weighed = self.modes * weight
            along = np.linalg.solve(weighed @ self.modes.T + prior, weighed @ shape) @ self.modes
            settled[k] = along + kept[k] * (shape - along)
        return _shapes(settled + self.mean)


def learned(shapes: Complex, marks: Complex) -> ShapeModel:
    """Learn how shapes vary.

    Parameters
    ----------
    shapes : (M, K) complex
        Of images, in the common frame.
    marks : (A, K) complex
        Of averages that have all points, in the common frame.
    """
    flat = _flat(shapes)
    mean = flat.mean(axis=0)
    covariance = _covariance(flat)
    if len(marks) >= SEVERAL:
        covariance = (1 - MARKED_PART) * covariance + MARKED_PART * _covariance(_flat(marks))
    variances, modes = np.linalg.eigh(covariance)
    variances, modes = variances[::-1], modes[:, ::-1].T
    count = min(MODES, len(variances) - 1, max(1, len(flat) // 4))
    rest = max(float(variances[count:].mean()), LEAST_NOISE)
    return ShapeModel(
        mean=mean,
        modes=modes[:count],
        variances=np.maximum(variances[:count], LEAST_NOISE),
        rest=rest,
    )


def _covariance(flat: DoubleArray) -> DoubleArray:
    centered = flat - flat.mean(axis=0)
    return np.asarray(centered.T @ centered / len(flat))


def _flat(shapes: Complex) -> DoubleArray:
    return np.concatenate([shapes.real, shapes.imag], axis=1)


def _shapes(flat: DoubleArray) -> Complex:
    half = flat.shape[1] // 2
    return np.asarray(flat[:, :half] + 1j * flat[:, half:])
