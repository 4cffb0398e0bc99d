"""Where an edit is looked for, and how what was found there becomes candidates."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from explorer.arrays import FloatArray, IntArray
from explorer.candidates.sizes import Canvas
from explorer.edits import ColorStroke, Point, SketchStroke
from explorer.kernels.backend import Peaks
from explorer.matching import CELL, Candidates, search_offsets
from explorer.view import View

AnyStroke = TypeVar("AnyStroke", ColorStroke, SketchStroke)

COUNT = 8
APART = 2
"""No candidate is this many cells or fewer from a better one, along x and along y."""


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle of offsets, in cells.

    Attributes
    ----------
    corner
        The first offset, (y, x).
    shape
        How many there are, down and across.
    step
        Pixels of a cell.
    """

    corner: tuple[int, int]
    shape: tuple[int, int]
    step: float = CELL

    @property
    def offsets(self) -> IntArray:
        """Every offset, (P, 2) int32: (y, x) in cells, row by row."""
        steps = np.indices(self.shape).reshape(2, -1).T + np.array(self.corner)
        return np.ascontiguousarray(steps.astype(np.int32))

    def index(self, places: IntArray) -> IntArray:
        """Return the offsets nearest to places (n, 2), (x, y) in pixels; -1 outside."""
        cells = np.floor(places[:, ::-1] / CELL + 0.5).astype(np.int32) - np.array(self.corner)
        inside = ((cells >= 0) & (cells < np.array(self.shape))).all(axis=1)
        return np.where(inside, cells[:, 0] * self.shape[1] + cells[:, 1], -1).astype(np.int32)


def window_near(view: View) -> Window:
    """Return the offsets up to twice as far as one edit alone is looked for.

    An edit may lie as far from the mean of all edits as that one may lie from where it was painted.
    """
    reach = 2 * search_offsets(view.height, view.width).max(axis=0)
    down, across = map(int, reach)
    return Window((-down, -across), (2 * down + 1, 2 * across + 1))


def window_anywhere(view: Canvas, middle: Point, step: int = CELL) -> Window:
    """Return the offsets that keep the middle of an edit, (x, y) in pixels, in the picture."""
    grid = view.height // CELL * CELL // step, view.width // CELL * CELL // step
    y, x = (
        min(max(int((at + 0.5) // step), 0), cells - 1)
        for at, cells in zip(middle[::-1], grid, strict=True)
    )
    return Window((-y, -x), grid, step)


def far(window: Window, view: View) -> FloatArray:
    """Return the squared distance of each offset (P,), 1 at the end of the search of one edit.

    It does not grow beyond: an edit is looked for there if the others of its cluster moved too.
    """
    end = float((search_offsets(view.height, view.width) ** 2).sum(axis=1).max())
    distances = (window.offsets.astype(np.float32) ** 2).sum(axis=1)
    squared: FloatArray = np.minimum(distances / max(end, 1.0), 1).astype(np.float32)
    return squared


def candidates_of(
    window: Window, peaks: Peaks, scales: Sequence[float], shifts: Sequence[Point]
) -> Candidates:
    """Return peaks as candidates; `shifts` are the sizes' middles, (x, y) in pixels, at offset 0.

    Where there is no place, the score is -inf and the place that of the edit.
    """
    scores, index, sizes = peaks
    found = index >= 0
    moves = window.offsets[np.where(found, index, 0)][..., ::-1].astype(np.float32)
    moves *= window.step
    moves += np.array(shifts, np.float32)[sizes]
    places = np.where(found[..., None], moves, 0).astype(np.float32)
    return Candidates(scores=scores, places=places, scales=np.array(scales, np.float32)[sizes])


def preceded(first: Candidates, rest: Candidates) -> Candidates:
    """Return candidates with others before them."""
    return Candidates(
        scores=np.concatenate([first.scores, rest.scores], axis=1),
        places=np.concatenate([first.places, rest.places], axis=1),
        scales=np.concatenate([first.scales, rest.scales], axis=1),
    )


def mirrored(candidates: Candidates) -> Candidates:
    """Return candidates in images as they are as what one sees in the mirrored images."""
    places = candidates.places * np.array([-1, 1], np.float32)
    return Candidates(scores=candidates.scores, places=places, scales=candidates.scales)


def flipped(stroke: AnyStroke) -> AnyStroke:
    """Return a stroke as it is seen in a mirror."""
    paths = tuple(tuple((1 - x, y) for x, y in path) for path in stroke.paths)
    return dataclasses.replace(stroke, paths=paths)
