"""Candidates of a sketch: found by its strongest terms, then scored exactly."""

from collections.abc import Sequence

import numpy as np

from explorer.arrays import FloatArray
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
from explorer.edits import SketchStroke
from explorer.kernels import kernels
from explorer.kernels.backend import Peaks
from explorer.kernels.peak_search import PeakSearch
from explorer.kernels.terms import PLANE_LIMIT, quantized, strongest
from explorer.matching import Candidates, Match
from explorer.sketch import DISPLACEMENT, Template, match_sketch, sketch_templates
from explorer.view import View

TERMS = 150
"""So many terms find the places; all of them score what was found."""


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
        biases=biases.astype(np.float32),
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
