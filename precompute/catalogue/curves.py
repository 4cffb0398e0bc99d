"""Smooth outlines in centimeters: x towards the toe, y up."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Curve: TypeAlias = npt.NDArray[np.float64]

STEPS = 12


def spline(*points: Sequence[float]) -> Curve:
    """Draw a Catmull-Rom spline through the points.

    Parameters
    ----------
    points
        At least two (x, y) in centimeters; the curve starts at the first and ends at the last.

    Returns
    -------
    (P, 2) float64
        Samples of the curve, both ends among them.

    Examples
    --------
    >>> spline((0, 0), (1, 1), (2, 0))[[0, STEPS, -1]].tolist()
    [[0.0, 0.0], [1.0, 1.0], [2.0, 0.0]]
    """
    inner = np.asarray(points, np.float64)
    knots = np.vstack([2 * inner[0] - inner[1], inner, 2 * inner[-1] - inner[-2]])
    before, start, end, after = (knots[k : len(knots) - 3 + k, None] for k in range(4))
    t = np.linspace(0, 1, STEPS, endpoint=False)[None, :, None]
    samples = 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t**2
        + (3 * start - before - 3 * end + after) * t**3
    )
    return np.vstack([samples.reshape(-1, 2), inner[-1:]])


def band(center: Curve, width: float) -> Curve:
    """Return the outline of a band of that width (cm) along a line."""
    tangent = np.gradient(center, axis=0)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-9)
    side = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1) * (width / 2)
    return np.vstack([center + side, (center - side)[::-1]])


def ellipse(center: Sequence[float], radii: Sequence[float]) -> Curve:
    """Return the outline of an upright ellipse (cm)."""
    angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    outline: Curve = np.asarray(center, np.float64) + circle * np.asarray(radii, np.float64)
    return outline


def polygon(*points: Sequence[float]) -> Curve:
    """Return an outline with straight sides through the points (cm)."""
    return np.asarray(points, np.float64)
