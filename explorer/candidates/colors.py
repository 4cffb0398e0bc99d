"""Candidates of a color: where else an image shows it under the stroke."""

from collections.abc import Sequence

import numpy as np

from explorer.arrays import BoolArray, FloatArray, IntArray
from explorer.brushes import covered_cells
from explorer.candidates.windows import (
    APART,
    COUNT,
    Window,
    candidates_of,
    far,
    flipped,
    mirrored,
    preceded,
    window_near,
)
from explorer.color import agreement_planes, match_color
from explorer.edits import ColorStroke
from explorer.kernels import kernels
from explorer.kernels.peak_search import PeakSearch
from explorer.matching import CELL, Candidates, Match
from explorer.view import View

BYTES = 255
NEARER = 1e-4
"""What the farthest place of a color must be better by, so that of equal places one is chosen."""
NO_FRAME = (0, 0, 0, 1)


def color_near(view: View, stroke: ColorStroke, match: Match, *, is_mirrored: bool) -> Candidates:
    """Find the places of a color within twice the reach of one edit; see `find_candidates`."""
    planes = agreement_planes(view.shards("color"), stroke.color)
    cells = _cells(view, stroke, is_mirrored=is_mirrored)
    if is_mirrored:
        match = match_color(planes, cells, view.height, view.width)
    window = window_near(view)
    price = (NEARER * far(window, view))[None]
    places = np.argwhere(cells).astype(np.int32)
    search = color_search([places], window, -price)
    peaks = kernels().peaks([plane[None] for plane in planes], search, window.index(match.places))
    found = preceded(Candidates.of(match), candidates_of(window, peaks, (1.0,), ((0.0, 0.0),)))
    return mirrored(found) if is_mirrored else found


def color_search(cells: Sequence[IntArray], window: Window, biases: FloatArray) -> PeakSearch:
    """Return the search for the mean agreement of cells (m, 2) of each size."""
    shape = len(cells), len(window.offsets)
    gains = np.array([1 / (BYTES * len(places)) for places in cells], np.float32)
    return PeakSearch(
        cells=tuple(cells),
        weights=tuple(np.ones((len(places), 1), np.int32) for places in cells),
        frames=np.array([NO_FRAME] * len(cells), np.int32),
        corner=window.corner,
        shape=window.shape,
        gains=np.ascontiguousarray(np.broadcast_to(gains[:, None], shape)),
        biases=biases.astype(np.float32),
        count=COUNT - 1,
        apart=APART,
        plane_limit=BYTES,
    )


def _cells(view: View, stroke: ColorStroke, *, is_mirrored: bool) -> BoolArray:
    grid = (view.height // CELL, view.width // CELL)
    if is_mirrored and view.width % CELL:
        stroke, is_mirrored = flipped(stroke), False
    cells = covered_cells(stroke.paths, stroke.radius, grid, view.height, view.width)
    # Where the cells fill the width, those of the mirrored stroke are the mirrored cells.
    return np.ascontiguousarray(cells[:, ::-1]) if is_mirrored else cells
