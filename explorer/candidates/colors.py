"""Candidates of a color: where else an image shows it under the stroke."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from explorer.arrays import BoolArray, FloatArray, IntArray
from explorer.brushes import covered_cells
from explorer.candidates.sizes import (
    extent_of,
    middle_of,
    scaled,
    scales_for,
    untaken,
)
from explorer.candidates.windows import (
    APART,
    COUNT,
    Window,
    candidates_of,
    far,
    flipped,
    mirrored,
    preceded,
    window_anywhere,
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
SMALLER = 0.1
"""What a place at half the size must be better by. Of planted discs of 20 to 60 pixels in four
colors 68 % are among the best 50 of 500 photographs (69 % without a price, 59 % if sizes are put on
one scale as those of a mode are), and half of their sizes are right to 46 % (114 %)."""
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


def color_anywhere(view: View, stroke: ColorStroke, *, is_mirrored: bool) -> Candidates:
    """Find the places of a color in the whole picture, at several sizes; see `find_candidates`."""
    stroke = flipped(stroke) if is_mirrored else stroke
    middle = middle_of(view, stroke)
    window = window_anywhere(view, middle)
    scales = scales_for(extent_of(view, stroke), view)
    cells = [_scaled_cells(view, stroke, scale) for scale in scales]
    shifts = [tuple(places.mean(axis=0)[::-1] * CELL + (CELL - 1) / 2 - middle) for places in cells]
    smaller = SMALLER * np.maximum(0, -np.log2(scales))
    price = (NEARER * far(window, view) + smaller[:, None]).astype(np.float32)
    planes = [p[None] for p in agreement_planes(view.shards("color"), stroke.color)]
    search = dataclasses.replace(color_search(cells, window, -price), count=COUNT)
    found = candidates_of(window, kernels().peaks(planes, search, untaken(planes)), scales, shifts)
    return mirrored(found) if is_mirrored else found


def _scaled_cells(view: View, stroke: ColorStroke, scale: float) -> IntArray:
    """Return the cells (m, 2) under a stroke of another size, inside the picture or beside it."""
    if scale == 1:
        return np.argwhere(_cells(view, stroke, is_mirrored=False)).astype(np.int32)
    one = scaled(view, stroke, scale)
    size = one.grid[0] * CELL, one.grid[1] * CELL
    covered = covered_cells(one.paths, one.radius, one.grid, *size)
    return (np.argwhere(covered) + one.origin).astype(np.int32)


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
