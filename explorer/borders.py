"""What HOG sees along drawn lines, if they are the border of something.

Coordinates are pixels from the corner of the canvas, (x, y); grids have a margin of cells around.
"""

from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from explorer.arrays import BoolArray, FloatArray, IntArray
from explorer.edits import Path

CELL = 8
MARGIN = 5
ORIENTATIONS = 18
STEP = 2.0
VOTE = 765.0
DEFORMATIONS = 16
STRETCHES: "Stretches" = ((0.5, 1.2), (0.6, 1.2))
"""Least and greatest width and height of a drawing that is looked for at one size only."""
SHIFTS, TURN = (6.0, 16.0), 0.15
OUTSIDE = (12.0, 20.0)
JOINED = 10.0
OPEN = 24.0
FLAT = 1.0

DoubleArray = npt.NDArray[np.float64]
Stretches: TypeAlias = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Border:
    """Samples along the lines of a drawing, every other pixel. S samples, E ends.

    Attributes
    ----------
    points, normals : (S, 2) float64
        Where a line runs, and its unit normal away from the middle of the drawing.
    closed : (S,) bool
        Whether it is known what lies outside: not near an end that meets no other end, where the
        border goes on, nor along a line that is nearly straight.
    ends, onward : (E, 2) float64
        The ends of lines that meet another end, and the direction in which the line would go on.
    shift
        By how many pixels the drawing may be off: a wide line says less about where it is.
    """

    points: DoubleArray
    normals: DoubleArray
    closed: BoolArray
    ends: DoubleArray
    onward: DoubleArray
    shift: float

    @property
    def enclosure(self) -> float:
        """How much the lines surround something: 0 for a straight line, 1 for a bar's sides."""
        return 1 - float(np.linalg.norm(self.normals.mean(axis=0)))


def border_of(paths: tuple[Path, ...], radius: float, height: int, width: int) -> Border:
    """Sample the lines of a drawing.

    Parameters
    ----------
    paths
        Each a tuple of (x, y) in canvas units; one that goes nowhere is a dot, so a circle.
    radius
        Half the width of the lines in canvas units of the width.
    height, width
        Of the canvas, in pixels.
    """
    reach = radius * width
    lines = [_resampled(np.array(path, np.float64) * (width, height), reach) for path in paths]
    tangents = [_tangents(line) for line in lines]
    points = np.concatenate(lines)
    middle = points.mean(axis=0)
    sided = [_outward(line, t, middle) for line, t in zip(lines, tangents, strict=True)]
    bulge = sum(((line - middle) * n).sum() for line, n in zip(lines, sided, strict=True))
    ends = np.concatenate([line[[0, -1]] for line in lines])
    onward = np.concatenate([t[[0, -1]] * [[-1], [1]] for t in tangents])
    gaps = np.linalg.norm(ends[:, None] - ends, axis=-1) + np.diag(np.full(len(ends), np.inf))
    joined = gaps.min(axis=1) <= JOINED
    apart = np.linalg.norm(points[:, None] - ends[~joined], axis=-1)
    closed = (apart.min(axis=1, initial=np.inf) > OPEN) & (bulge > FLAT * len(points))
    shift = float(np.clip(reach, *SHIFTS))
    return Border(points, np.concatenate(sided), closed, ends[joined], onward[joined], shift)


def border_votes(
    border: Border, grid: tuple[int, int], stretches: Stretches = STRETCHES
) -> FloatArray:
    """Return the gradients along the border of something dark, for each of its deformations.

    Parameters
    ----------
    border
        The drawing.
    grid
        Cells of the canvas, (Y, X).
    stretches
        Least and greatest width and height of the deformed drawings, in sizes of the drawing.

    Returns
    -------
    (deformations, Y + 2 margin, X + 2 margin, 18) float32
        Histograms as those from which HOG is normalized.
    """
    shape = (grid[0] + 2 * MARGIN, grid[1] + 2 * MARGIN, ORIENTATIONS)
    middle = border.points.mean(axis=0)
    votes = []
    for matrix, shift in _deformations(stretches):
        points = (border.points - middle) @ matrix.T + middle + border.shift * shift
        normals = border.normals @ np.linalg.inv(matrix)
        votes.append(_spread(points, normals, shape))
    return np.stack(votes)


def cells_outside(border: Border, grid: tuple[int, int]) -> BoolArray:
    """Find the cells just outside the drawing: across its lines, and beyond ends that meet.

    Returns
    -------
    (Y + 2 margin, X + 2 margin) bool
    """
    points, normals = border.points[border.closed], border.normals[border.closed]
    across = [points + reach * normals for reach in OUTSIDE]
    beyond = [border.ends + reach * border.onward for reach in OUTSIDE]
    cells = np.floor(np.concatenate(across + beyond)[:, ::-1] / CELL).astype(int) + MARGIN
    outside = np.zeros((grid[0] + 2 * MARGIN, grid[1] + 2 * MARGIN), bool)
    inside_grid = ((cells >= 0) & (cells < outside.shape)).all(axis=1)
    outside[tuple(cells[inside_grid].T)] = True
    return outside


def sides_of(border: Border, cells: IntArray) -> BoolArray:
    """Tell apart the cells (m, 2) of opposite sides: the left and the right line of a bar.

    Returns
    -------
    (m,) bool
        By the nearest line's normal, along the direction in which normals differ most.
    """
    _, directions = np.linalg.eigh(border.normals.T @ border.normals)
    one_side = border.normals @ directions[:, -1] > 0
    centers = (cells[:, ::-1] + 0.5) * CELL
    distances = ((centers[:, None] - border.points) ** 2).sum(axis=-1)
    sides: BoolArray = one_side[distances.argmin(axis=1)]
    return sides


def _resampled(points: DoubleArray, radius: float) -> DoubleArray:
    if np.ptp(points, axis=0).max() < STEP:
        turns = np.linspace(0, 2 * np.pi, 33)[:, None]
        points = points[0] + max(radius, STEP) * np.hstack([np.cos(turns), np.sin(turns)])
    lengths = np.concatenate([[0.0], np.linalg.norm(np.diff(points, axis=0), axis=1).cumsum()])
    count = max(2, int(lengths[-1] / STEP) + 1)
    at = np.linspace(0.0, lengths[-1], count)
    return np.stack([np.interp(at, lengths, points[:, k]) for k in range(2)], axis=1)


def _tangents(line: DoubleArray) -> DoubleArray:
    tangents: DoubleArray = np.gradient(line, axis=0)
    lengths = np.linalg.norm(tangents, axis=1, keepdims=True)
    tangents /= np.maximum(lengths, np.finfo(np.float64).tiny)
    return tangents


def _outward(line: DoubleArray, tangents: DoubleArray, middle: DoubleArray) -> DoubleArray:
    """Return normals on one side of the line, the one away from the middle of the drawing."""
    normals: DoubleArray = np.stack([tangents[:, 1], -tangents[:, 0]], axis=1)
    away = ((line - middle) * normals).sum() >= 0
    return normals * (1.0 if away else -1.0)


@cache
def _deformations(stretches: Stretches) -> tuple[tuple[DoubleArray, DoubleArray], ...]:
    """Return matrices and shifts spread evenly over widths, heights, turns and shifts."""
    # Multiples of powers of the plastic number's kin fill a cube evenly (Roberts' sequence).
    root = 2.0
    for _ in range(30):
        root = (1 + root) ** (1 / 6)
    fractions = (0.5 + np.outer(np.arange(DEFORMATIONS), root ** -np.arange(1.0, 6.0))) % 1
    pairs = []
    for width, height, turn, right, down in fractions:
        angle = TURN * (2 * turn - 1)
        rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        sides = [np.interp(width, (0, 1), stretches[0]), np.interp(height, (0, 1), stretches[1])]
        pairs.append((rotation @ np.diag(sides), 2 * np.array([right, down]) - 1))
    return tuple(pairs)


def _spread(points: DoubleArray, normals: DoubleArray, shape: tuple[int, int, int]) -> FloatArray:
    """Add each sample to the four nearest cells and the two nearest directions."""
    angles = np.arctan2(normals[:, 1], normals[:, 0]) % (2 * np.pi) / (2 * np.pi / ORIENTATIONS)
    places = points[:, ::-1] / CELL - 0.5 + MARGIN
    corner, part = np.floor(places).astype(int), places - np.floor(places)
    direction, turned = np.floor(angles).astype(int), angles - np.floor(angles)
    bins, shares = [], []
    for down, right, turn in np.ndindex(2, 2, 2):
        share = np.abs(1 - down - part[:, 0]) * np.abs(1 - right - part[:, 1])
        share *= VOTE * np.abs(1 - turn - turned)
        y, x = corner[:, 0] + down, corner[:, 1] + right
        kept = (y >= 0) & (y < shape[0]) & (x >= 0) & (x < shape[1])
        o = (direction + turn) % ORIENTATIONS
        bins.append(np.ravel_multi_index((y[kept], x[kept], o[kept]), shape))
        shares.append(share[kept])
    size = int(np.prod(shape))
    votes = np.bincount(np.concatenate(bins), np.concatenate(shares), minlength=size)
    return votes.reshape(shape).astype(np.float32)
