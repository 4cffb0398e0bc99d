"""Look for an edit at several sizes, such that a find of one size counts as one of another."""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from explorer.arrays import IntArray
from explorer.brushes import CELL, center_of_mass, covered_cells
from explorer.edits import ColorStroke, Path, Point, SketchStroke
from explorer.kernels.backend import Peaks
from explorer.kernels.peak_search import PeakSearch


@dataclass(frozen=True, slots=True)
class Enlarged:
    """The canvas of enlarged images, in pixels."""

    height: int
    width: int


SCALES = (1.0, 0.35, 0.5, 0.71, 1.41, 2.0)
"""The edit's own size first: of equal finds it is kept."""
SMALLEST, LARGEST = 20.0, 0.9
"""Pixels, and share of the shorter side: what is looked for is not smaller and not larger."""
SAMPLE = 1024
TAIL = 0.1

DoubleArray = npt.NDArray[np.float64]


class Canvas(Protocol):
    """What strokes are measured on: a collection, or its images enlarged; in pixels."""

    @property
    def height(self) -> int:
        """Height in pixels."""
        ...

    @property
    def width(self) -> int:
        """Width in pixels."""
        ...


def scales_for(extent: float, view: Canvas) -> tuple[float, ...]:
    """Return the sizes at which an edit of so many pixels is looked for, its own first."""
    largest = LARGEST * min(view.height, view.width)
    return tuple(scale for scale in SCALES if scale == 1 or SMALLEST <= scale * extent <= largest)


def comparable(search: PeakSearch, look: Callable[[PeakSearch], Peaks], least: float) -> PeakSearch:
    """Put the responses of all sizes on the scale of the first.

    Something small is found by chance in more pictures. So a response counts by how far it is above
    the middle image's best of that size, in steps from the worst tenth's to there; a step of the
    first size is what it was. Images that do show it are above the middle, and change nothing.

    Parameters
    ----------
    search
        What is looked for.
    look
        Finds it in a sample of the collection.
    least
        The smallest step: what is hardly anywhere has none.
    """
    middles, steps = np.zeros(len(search.cells)), np.ones(len(search.cells))
    for s in range(len(search.cells)):
        best = look(_only(search, s))[0][:, 0]
        best = best[best > -np.inf]
        if len(best):
            middles[s] = np.median(best)
            steps[s] = max(middles[s] - float(np.quantile(best, TAIL)), least)
    ratios = (steps[0] / steps)[:, None]
    biases = (search.biases - middles[:, None]) * ratios + middles[0]
    return dataclasses.replace(
        search,
        gains=(search.gains * ratios).astype(np.float32),
        biases=biases.astype(np.float32),
    )


def _only(search: PeakSearch, s: int) -> PeakSearch:
    return dataclasses.replace(
        search,
        cells=search.cells[s : s + 1],
        weights=search.weights[s : s + 1],
        frames=search.frames[s : s + 1],
        gains=search.gains[s : s + 1],
        biases=search.biases[s : s + 1],
        count=1,
    )


@dataclass(frozen=True, slots=True)
class ScaledStroke:
    """A stroke of another size on a canvas of its own, of whole cells.

    Attributes
    ----------
    paths, radius
        As of a stroke, in units of that canvas.
    grid
        Cells of the canvas, (Y, X).
    origin
        Where the canvas begins in the picture, (y, x) in cells; may be beside it.
    """

    paths: tuple[Path, ...]
    radius: float
    grid: tuple[int, int]
    origin: tuple[int, int]


def middle_of(view: Canvas, stroke: ColorStroke | SketchStroke) -> Point:
    """Return the middle of the cells that a stroke covers, (x, y) in pixels."""
    grid = (view.height // CELL, view.width // CELL)
    covered = covered_cells(stroke.paths, stroke.radius, grid, view.height, view.width)
    return center_of_mass(covered)


def extent_of(view: Canvas, stroke: ColorStroke | SketchStroke) -> float:
    """Return the longer side of the box around a stroke, in pixels."""
    points = _points(view, stroke)
    reach = 2 * stroke.radius * view.width
    return float(np.ptp(points, axis=0).max()) + reach


def scaled(view: Canvas, stroke: ColorStroke | SketchStroke, scale: float) -> ScaledStroke:
    """Return a stroke of another size about its middle."""
    middle = np.array(middle_of(view, stroke)) + 0.5
    points = (_points(view, stroke) - middle) * scale + middle
    radius = stroke.radius * view.width * scale
    low = np.floor((points.min(axis=0) - radius) / CELL).astype(int)
    high = np.ceil((points.max(axis=0) + radius) / CELL).astype(int) + 1
    size = (high - low) * CELL
    units = (points - low * CELL) / size
    ends = np.cumsum([len(path) for path in stroke.paths])[:-1]
    paths = tuple(tuple((float(x), float(y)) for x, y in part) for part in np.split(units, ends))
    return ScaledStroke(
        paths=paths,
        radius=float(radius / size[0]),
        grid=(int(high[1] - low[1]), int(high[0] - low[0])),
        origin=(int(low[1]), int(low[0])),
    )


def _points(view: Canvas, stroke: ColorStroke | SketchStroke) -> DoubleArray:
    points = np.concatenate([np.array(path, np.float64) for path in stroke.paths])
    return points * (view.width, view.height)


def untaken(shards: Sequence[npt.NDArray[Any]]) -> IntArray:
    """Return for each image of shards (..., n) that it has no place yet."""
    return np.full(sum(shard.shape[-1] for shard in shards), -1, np.int32)
