"""Candidates of a sketch: found by its strongest terms, then scored exactly."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from explorer.arrays import FloatArray
from explorer.candidates.sizes import (
    SAMPLE,
    comparable,
    extent_of,
    first_of,
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
from explorer.edits import SketchStroke
from explorer.kernels import kernels
from explorer.kernels.backend import Peaks
from explorer.kernels.peak_search import PeakSearch
from explorer.kernels.terms import PLANE_LIMIT, quantized, strongest
from explorer.matching import CELL, Candidates, Match
from explorer.sketch import DISPLACEMENT, Template, match_sketch, sketch_templates
from explorer.view import View

TERMS = 100
"""So many terms find the places; all of them score what was found."""
STEP = 0.5
"""How much better the best tenth of the images is than the middle one, at least."""


def sketch_near(view: View, stroke: SketchStroke, match: Match, *, is_mirrored: bool) -> Candidates:
    """Find the places of a sketch within twice the reach of one edit; see `find_candidates`."""
    if is_mirrored:
        stroke = flipped(stroke)
        match = match_sketch(view, stroke)
    window = window_near(view)
    templates = templates_of(view, stroke)
    prices = DISPLACEMENT * far(window, view)
    search = sketch_search(view, templates, window, np.stack([-prices, -prices]))
    peaks = kernels().peaks(view.shards("hog_planes"), search, window.index(match.places))
    peaks = scored(view, templates, window, prices, peaks)
    found = preceded(
        Candidates.of(match), candidates_of(window, peaks, (1.0, 1.0), ((0.0, 0.0),) * 2)
    )
    return mirrored(found) if is_mirrored else found


def sketch_anywhere(view: View, stroke: SketchStroke, *, is_mirrored: bool) -> Candidates:
    """Find the places of a sketch in the whole picture, at several sizes; see `find_candidates`."""
    stroke = flipped(stroke) if is_mirrored else stroke
    window = window_anywhere(view, middle_of(view, stroke))
    scales = scales_for(extent_of(view, stroke), view)
    templates = [one for scale in scales for one in _scaled_templates(view, stroke, scale)]
    search = sketch_search(view, templates, window, np.zeros((len(templates), 1), np.float32))
    search = dataclasses.replace(search, count=COUNT)
    planes = view.shards("hog_planes")
    sample = first_of(planes, SAMPLE)
    search = comparable(search, lambda one: kernels().peaks(sample, one, untaken(sample)), STEP)
    peaks = kernels().peaks(planes, search, untaken(planes))
    both = [scale for scale in scales for _ in range(2)]
    found = candidates_of(window, peaks, both, [(0.0, 0.0)] * len(both))
    return mirrored(found) if is_mirrored else found


def _scaled_templates(view: View, stroke: SketchStroke, scale: float) -> tuple[Template, ...]:
    """Return the two templates of a sketch of another size, inside the picture or beside it."""
    if scale == 1:
        return templates_of(view, stroke)
    one = scaled(view, stroke, scale)
    mean, whitening = view.statistics("hog_mean"), view.statistics("hog_whitening")
    size = one.grid[0] * CELL, one.grid[1] * CELL
    drawn = dataclasses.replace(stroke, paths=one.paths, radius=one.radius)
    templates = sketch_templates(drawn, size, mean, whitening)
    move = np.array(one.origin, np.int32)
    return tuple(dataclasses.replace(t, cells=t.cells + move) for t in templates)


def templates_of(view: View, stroke: SketchStroke) -> tuple[Template, ...]:
    """Return what to look for: the drawing darker inside than outside, and lighter inside."""
    mean, whitening = view.statistics("hog_mean"), view.statistics("hog_whitening")
    return sketch_templates(stroke, (view.height, view.width), mean, whitening)


def sketch_search(
    view: View, templates: Sequence[Template], window: Window, biases: FloatArray
) -> PeakSearch:
    """Return the search for templates by their strongest terms, in the unit of their scores."""
    basis = view.statistics("hog_basis")
    integers, units = zip(*(quantized(one.weights @ basis) for one in templates), strict=True)
    steps = np.array(units, np.float32) * np.float32(view.statistics("hog_planes_scale").item())
    shape = len(templates), len(window.offsets)
    return PeakSearch(
        cells=tuple(one.cells for one in templates),
        weights=tuple(strongest(weights, TERMS) for weights in integers),
        frames=np.array([(0, 0, 0, 1)] * len(templates), np.int32),
        corner=window.corner,
        shape=window.shape,
        gains=np.ascontiguousarray(np.broadcast_to(steps[:, None], shape)),
        biases=np.ascontiguousarray(np.broadcast_to(biases, shape), np.float32),
        count=COUNT - 1,
        apart=APART,
        plane_limit=PLANE_LIMIT,
    )


def scored(
    view: View, templates: Sequence[Template], window: Window, prices: FloatArray, peaks: Peaks
) -> Peaks:
    """Return peaks with the score of all terms and all channels, the best first again."""
    scores, index, sizes = peaks
    unit = np.float32(view.statistics("hog_scale").item())
    exact = np.full_like(scores, -np.inf)
    for number, template in enumerate(templates):
        images, ranks = np.nonzero((sizes == number) & (index >= 0))
        here = index[images, ranks]
        sums = kernels().scores_at(
            view.shards("hog"),
            images.astype(np.int32),
            window.offsets[here],
            (template.cells, template.weights),
        )
        exact[images, ranks] = sums * unit - prices[here]
    order = np.argsort(-exact, axis=1, kind="stable")
    return (
        np.take_along_axis(exact, order, axis=1),
        np.take_along_axis(index, order, axis=1),
        np.take_along_axis(sizes, order, axis=1),
    )
