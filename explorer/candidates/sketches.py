"""Candidates of a sketch: found by its strongest terms, then scored exactly."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.arrays import FloatArray, IntArray
from explorer.candidates.closely import fine_planes, replaced
from explorer.candidates.sizes import (
    Canvas,
    Enlarged,
    ScaledStroke,
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
from explorer.edits import SketchStroke
from explorer.kernels import kernels
from explorer.kernels.backend import Peaks
from explorer.kernels.peak_search import PeakSearch
from explorer.kernels.terms import PLANE_LIMIT, quantized, strongest
from explorer.matching import CELL, Candidates, Match
from explorer.modes.patches import SignedBytes
from explorer.sketch import DISPLACEMENT, Template, match_sketch, sketch_templates
from explorer.view import View

TERMS = 100
"""So many terms find the places; all of them score what was found. With 64 it takes a quarter less,
but of two planted figures' heads 82 % are then found, not 87 % (one draw of 300)."""
FINE, FINE_TERMS = 3, 256
"""How much the best images are enlarged, and so many terms find the places there."""
FINE_IMAGES, SAMPLED = 256, 64
BESIDE = 0.1
"""No more of the lines than this may lie beside the picture."""
STRETCHES = ((0.85, 1.15), (0.85, 1.15))
"""Other sizes are looked for each by itself, so the drawing itself is deformed less."""


def sketch_near(view: View, stroke: SketchStroke, match: Match, *, is_mirrored: bool) -> Candidates:
    """Find the places of a sketch within twice the reach of one edit; see `find_candidates`."""
    if is_mirrored:
        stroke = flipped(stroke)
        match = match_sketch(view, stroke)
    window = window_near(view)
    templates = templates_of(view, stroke)
    prices = DISPLACEMENT * far(window, view)
    biases = np.stack([-prices, -prices])
    search = sketch_search(view, templates, window, biases, TERMS)
    peaks = kernels().peaks(view.shards("hog_planes"), search, window.index(match.places))
    peaks = scored(view, templates, window, prices, peaks)
    found = preceded(
        Candidates.of(match), candidates_of(window, peaks, (1.0, 1.0), ((0.0, 0.0),) * 2)
    )
    return mirrored(found) if is_mirrored else found


def sketch_anywhere(view: View, stroke: SketchStroke, *, is_mirrored: bool) -> Candidates:
    """Find the places of a sketch in the whole picture, at several sizes; see `find_candidates`.

    Only the lines count, not what was left empty beside them: a small thing stands before anything.
    """
    stroke = flipped(stroke) if is_mirrored else stroke
    if view.size <= FINE_IMAGES + SAMPLED:
        found = _fine(view, stroke, np.arange(view.size))
    else:
        found = _coarse(view, stroke)
        best = np.argpartition(-found.scores[:, 0], FINE_IMAGES)[:FINE_IMAGES]
        rows = np.union1d(best, np.arange(SAMPLED))
        found = replaced(found, rows, _fine(view, stroke, rows))
    return mirrored(found) if is_mirrored else found


def _coarse(view: View, stroke: SketchStroke) -> Candidates:
    """Search the features of every image."""
    large = _large_search(view, stroke, 1, TERMS)
    planes = view.shards("hog_planes")
    peaks = kernels().peaks(planes, large.search, untaken(planes))
    free = np.zeros(len(large.window.offsets), np.float32)
    return large.found(scored(view, large.templates, large.window, free, peaks))


def _fine(view: View, stroke: SketchStroke, rows: npt.NDArray[np.intp]) -> Candidates:
    """Search some images in finer cells."""
    large = _large_search(view, stroke, FINE, FINE_TERMS)
    planes = fine_planes(view, rows, FINE)
    peaks = kernels().peaks(planes, large.search, untaken(planes))
    return large.found(_scored_planes(view, large, planes, peaks))


@dataclass(frozen=True, slots=True, eq=False)
class _Large:
    """A search of whole pictures for templates of several sizes, two a size."""

    templates: tuple[Template, ...]
    scales: tuple[float, ...]
    window: Window
    search: PeakSearch
    step: float

    def found(self, peaks: Peaks) -> Candidates:
        both = [scale for scale in self.scales for _ in range(2)]
        window = dataclasses.replace(self.window, step=self.step)
        return candidates_of(window, peaks, both, [(0.0, 0.0)] * len(both))


def _large_search(view: View, stroke: SketchStroke, fine: int, terms: int) -> _Large:
    """Return the search in pictures that are enlarged `fine` times.

    The lines of every size are as long as vectors, so what one size finds counts as much as what
    another finds, and needs no other scale.
    """
    canvas = Enlarged(view.height * fine, view.width * fine)
    window = window_anywhere(canvas, middle_of(canvas, stroke))
    scales = scales_for(extent_of(view, stroke), view)
    templates = tuple(one for scale in scales for one in lines_of(view, canvas, stroke, scale))
    beside = np.stack([_beside(one, window, canvas) for one in templates])
    biases = np.where(beside > BESIDE, -np.inf, 0).astype(np.float32)
    search = sketch_search(view, templates, window, biases, terms)
    search = dataclasses.replace(search, count=COUNT, apart=APART * fine)
    return _Large(templates, scales, window, search, CELL / fine)


def _scored_planes(view: View, large: _Large, planes: Sequence[SignedBytes], peaks: Peaks) -> Peaks:
    """Return peaks with the score of all terms over planes (16, Y, X, n), the best first again."""
    scores, index, sizes = peaks
    exact = np.full_like(scores, -np.inf)
    basis, unit = view.statistics("hog_basis"), view.statistics("hog_planes_scale").item()
    start = 0
    for shard in planes:
        part = slice(start, start + shard.shape[-1])
        for number, template in enumerate(large.templates):
            images, ranks = np.nonzero((sizes[part] == number) & (index[part] >= 0))
            offsets = large.window.offsets[index[part][images, ranks]]
            y, x = (template.cells + offsets[:, None]).transpose(2, 0, 1)  # (K, m) each
            inside = (y >= 0) & (y < shard.shape[1]) & (x >= 0) & (x < shard.shape[2])
            cells = shard[:, np.where(inside, y, 0), np.where(inside, x, 0), images[:, None]]
            weights = (template.weights @ basis * unit).astype(np.float32)
            values = np.einsum("ckm,mc->km", cells, weights) * inside
            exact[part][images, ranks] = values.sum(axis=1)
        start = part.stop
    return ordered(exact, index, sizes)


def _beside(template: Template, window: Window, canvas: Canvas) -> FloatArray:
    """Return how much of a template lies beside the pictures at each offset (P,), 0 to 1."""
    cells = template.cells + window.offsets[:, None]  # (P, m, 2)
    outside = ((cells < 0) | (cells >= (canvas.height // CELL, canvas.width // CELL))).any(axis=2)
    shares = (template.weights**2).sum(axis=1)
    beside: FloatArray = outside @ (shares / shares.sum())
    return beside


def lines_of(
    view: View, canvas: Canvas, stroke: SketchStroke, scale: float
) -> tuple[Template, ...]:
    """Return the lines of a sketch of another size, darker or lighter inside, on a larger canvas.

    What is drawn grows with its size; how wide its lines are does not, as they tell how much a
    drawing may be off, which is at least 6 pixels of a canvas whatever the size.
    """
    one = scaled(canvas, stroke, scale)
    mean, whitening = view.statistics("hog_mean"), view.statistics("hog_whitening")
    size = one.grid[0] * CELL, one.grid[1] * CELL
    radius = stroke.radius * canvas.width / size[1]
    drawn = dataclasses.replace(stroke, paths=one.paths, radius=radius)
    templates = sketch_templates(drawn, size, mean, whitening, STRETCHES)
    return tuple(_only_lines(one, template) for template in templates)


def _only_lines(one: ScaledStroke, template: Template) -> Template:
    kept = template.sides >= 0
    return Template(
        cells=template.cells[kept] + np.array(one.origin, np.int32),
        weights=template.weights[kept],
        sides=template.sides[kept],
    )


def templates_of(view: View, stroke: SketchStroke) -> tuple[Template, ...]:
    """Return what to look for: the drawing darker inside than outside, and lighter inside."""
    mean, whitening = view.statistics("hog_mean"), view.statistics("hog_whitening")
    return sketch_templates(stroke, (view.height, view.width), mean, whitening)


def sketch_search(
    view: View,
    templates: Sequence[Template],
    window: Window,
    biases: FloatArray,
    terms: int,
) -> PeakSearch:
    """Return the search for templates by their strongest terms, in the unit of their scores."""
    basis = view.statistics("hog_basis")
    integers, units = zip(*(quantized(one.weights @ basis) for one in templates), strict=True)
    steps = np.array(units, np.float32) * np.float32(view.statistics("hog_planes_scale").item())
    shape = len(templates), len(window.offsets)
    return PeakSearch(
        cells=tuple(one.cells for one in templates),
        weights=tuple(strongest(weights, terms) for weights in integers),
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
    return ordered(exact, index, sizes)


def ordered(scores: FloatArray, index: IntArray, sizes: npt.NDArray[np.uint8]) -> Peaks:
    """Return the places of each image with the best first."""
    order = np.argsort(-scores, axis=1, kind="stable")
    return (
        np.take_along_axis(scores, order, axis=1),
        np.take_along_axis(index, order, axis=1),
        np.take_along_axis(sizes, order, axis=1),
    )
