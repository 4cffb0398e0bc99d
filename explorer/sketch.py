"""The sketching brush: which images have edges where lines were drawn, and none beside them.

A line stands for the border of something, so the query is not the picture of a line but what HOG
sees along a border: its direction, darker or lighter toward the middle of the drawing. The drawing
is deformed a little in many ways and averaged, because nobody draws to the pixel. What lies just
outside was left empty on purpose: edges there count against an image, the more the lines surround
something.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.arrays import BoolArray, FloatArray, IntArray
from explorer.borders import (
    MARGIN,
    ORIENTATIONS,
    STRETCHES,
    Border,
    Stretches,
    border_of,
    border_votes,
    cells_outside,
    sides_of,
)
from explorer.edits import SketchStroke
from explorer.errors import EditError
from explorer.linear import match_template
from explorer.matching import Match, search_offsets
from explorer.view import FirstImages, View

CELL = 8
REACHED = 0.12  # texture from which on a cell belongs to the lines, of at most about 1.9
EMPTINESS = 1.4
BALANCED, TOLERANCE, IMBALANCE = 500, 4.0, 1.5
TYPICAL = 36
DISPLACEMENT = 12.0
LIVE_IMAGES = 4096
TEXTURE = slice(27, 31)  # the channels of HOG that tell how much there is of any edge


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A linear template over whitened HOG.

    Attributes
    ----------
    cells : (m, 2) int32
        (y, x); a cell may lie beside the canvas.
    weights : (m, 31) float32
        What each channel of whitened HOG counts there; the lines' squares sum to 1.
    sides : (m,) int8
        0 and 1 for the cells of opposite sides of the drawing, -1 for those that must be empty.
    """

    cells: IntArray
    weights: FloatArray
    sides: npt.NDArray[np.int8]


def match_sketch(view: View, stroke: SketchStroke, *, is_live: bool = False) -> Match:
    """Score how well each image has the edges of a sketch, at the best place.

    Parameters
    ----------
    view
        The collection.
    stroke
        The lines.
    is_live
        Whether the sketch is still drawn: then the match is sooner there. It is not quite exact,
        and images beyond the first 4,096 (a fair sample) get the middle score.

    Returns
    -------
    Match
        Scores: 1 is a standard deviation on unrelated photographs. Places far from where the sketch
        was drawn must be better by 12 at the end of the search, and by less nearer.

    Raises
    ------
    EditError
        If no line touches the canvas.

    References
    ----------
    .. [1] J.-Y. Zhu, Y. J. Lee, A. A. Efros, "AverageExplorer", ACM Trans. Graph. 33(4), 2014. The
       brush, HOG and the search within 64 pixels are theirs; borders in place of drawn lines, their
       deformations, the empty outside and the price of displacement are ours.
    .. [2] B. Hariharan, J. Malik, D. Ramanan, "Discriminative decorrelation for clustering and
       classification", ECCV 2012. The whitening by natural images.
    """
    offsets = search_offsets(view.height, view.width)
    distances = (offsets.astype(np.float32) ** 2).sum(axis=1)
    prices = DISPLACEMENT * distances / max(float(distances.max()), 1.0)
    size = view.height, view.width
    mean, whitening = view.statistics("hog_mean"), view.statistics("hog_whitening")
    whole, view = view, FirstImages(view, LIVE_IMAGES) if is_live else view
    matches = []
    for template in sketch_templates(stroke, size, mean, whitening):
        match = match_template(view, template.cells, template.weights, prices, is_live=is_live)
        matches.append(_balanced(view, template, match))
    better: BoolArray = np.greater(matches[1].scores, matches[0].scores)
    scores = np.where(better, matches[1].scores, matches[0].scores)
    places = np.where(better[:, None], matches[1].places, matches[0].places)
    rest = whole.size - view.size
    return Match(
        scores=np.pad(scores, (0, rest), constant_values=np.median(scores)),
        places=np.pad(places, ((0, rest), (0, 0))),
    )


def _balanced(view: View, template: Template, match: Match) -> Match:
    """Lower the scores of the best images that have one side of the drawing without the other."""
    count = min(BALANCED, view.size)
    best = np.sort(np.argpartition(-match.scores, count - 1)[:count])
    shares = _by_side(template, (template.weights**2).sum(axis=1)[None])[0]
    if not shares.all():
        return match
    found = np.concatenate(list(_contributions(view, template, best, match.places[best])))
    sides = _by_side(template, found) / shares
    excess = np.maximum(np.abs(sides[:, 0] - sides[:, 1]) - TOLERANCE, 0)
    scores = match.scores.copy()
    scores[best] -= IMBALANCE * shares.min() * excess
    return Match(scores=scores, places=match.places)


def _by_side(template: Template, values: FloatArray) -> FloatArray:
    """Sum values (K, m) of cells over the cells of either side, (K, 2)."""
    return np.stack([values[:, template.sides == side].sum(axis=1) for side in (0, 1)], axis=1)


def _contributions(
    view: View, template: Template, images: npt.NDArray[np.int64], places: IntArray
) -> Iterator[FloatArray]:
    """Yield, a shard at a time, what each cell (m) adds to the score of `images`, sorted."""
    start = 0
    weights = template.weights * np.float32(view.statistics("hog_scale").item())
    for rows in view.shards("hog"):
        here = (images >= start) & (images < start + len(rows))
        cells = template.cells + places[here][:, None, ::-1] // CELL  # (K, m, 2)
        y, x = cells.transpose(2, 0, 1)
        inside = (y >= 0) & (y < rows.shape[1]) & (x >= 0) & (x < rows.shape[2])
        at = (images[here] - start)[:, None], np.where(inside, y, 0), np.where(inside, x, 0)
        hog = rows[at].astype(np.float32)  # (K, m, 31)
        yield np.einsum("kmc,mc->km", hog, weights) * inside
        start += len(rows)


def sketch_templates(
    stroke: SketchStroke,
    size: tuple[int, int],
    mean: FloatArray,
    whitening: FloatArray,
    stretches: Stretches = STRETCHES,
) -> tuple[Template, ...]:
    """Return what to look for: the drawing darker inside than outside, and lighter inside.

    Parameters
    ----------
    stroke
        The lines.
    size
        (height, width) of the images, in pixels.
    mean : (31,) float32
        Of HOG in the natural world.
    whitening : (31, 31) float32
        From HOG to whitened HOG, symmetric.
    stretches
        By how much what is drawn may be narrower or wider, and lower or higher.

    Returns
    -------
    tuple of Template
        The two.

    Raises
    ------
    EditError
        If no line touches the canvas.
    """
    border = border_of(stroke.paths, stroke.radius, *size)
    on_canvas = ((border.points >= 0) & (border.points < (size[1], size[0]))).all(axis=1)
    if not on_canvas.any():
        raise EditError(
            f"a sketch must touch the canvas of {size[1]} x {size[0]} pixels, this one does not: "
            "draw it nearer",
            edit_id=stroke.id,
        )
    grid = (size[0] // CELL, size[1] // CELL)
    darker = _normalized(border_votes(border, grid, stretches)).mean(axis=0)
    turned = np.roll(darker[..., :ORIENTATIONS], ORIENTATIONS // 2, axis=-1)
    lighter = np.concatenate([turned, darker[..., ORIENTATIONS:]], axis=-1)
    return tuple(_template(border, grid, hog, mean, whitening) for hog in (darker, lighter))


def query_directions(mean: FloatArray, whitening: FloatArray) -> FloatArray:
    """Return the weights of cells of typical sketches, for choosing the planes of a collection.

    Parameters
    ----------
    mean, whitening
        As of `sketch_templates`.

    Returns
    -------
    (n, 31) float32
    """
    turns = np.linspace(0, 2 * np.pi, TYPICAL, endpoint=False)
    along = np.linspace(-0.2, 0.2, 9)
    weights = []
    for turn, bend in itertools.product(turns, (0.0, 5.0, 12.0)):
        angles = turn + bend * along
        points = 0.5 + np.stack([along * np.cos(angles), along * np.sin(angles)], axis=1)
        path = tuple((float(x), float(y)) for x, y in points)
        stroke = SketchStroke(id="typical", paths=(path,), radius=0.02)
        for template in sketch_templates(stroke, (256, 256), mean, whitening):
            weights.append(template.weights)
    return np.concatenate(weights)


def _template(
    border: Border,
    grid: tuple[int, int],
    expected: FloatArray,
    mean: FloatArray,
    whitening: FloatArray,
) -> Template:
    """Return the template of a drawing that HOG sees as `expected`, a grid with a margin."""
    texture = expected[..., TEXTURE].sum(axis=-1)
    reached = texture > min(REACHED, texture.max() / 2)
    # Against an average cell of as much texture: that there is an edge at all is no evidence.
    average = mean * (texture / mean[TEXTURE].sum())[..., None]
    lines = (expected - average)[reached] @ whitening
    lines /= max(float(np.linalg.norm(lines)), np.finfo(np.float32).tiny)

    empty = np.argwhere(cells_outside(border, grid) & ~reached)
    emptiness = EMPTINESS * border.enclosure**2 / np.sqrt(max(len(empty), 1))
    against = emptiness * _texture_direction(whitening)
    weights = np.concatenate([lines, np.broadcast_to(-against, (len(empty), len(against)))])
    drawn = (np.argwhere(reached) - MARGIN).astype(np.int32)
    cells = np.concatenate([drawn, (empty - MARGIN).astype(np.int32)])
    sides = np.full(len(cells), -1, np.int8)
    sides[: len(drawn)] = sides_of(border, drawn)
    return Template(cells, weights.astype(np.float32), sides)


def _texture_direction(whitening: FloatArray) -> FloatArray:
    """Return the weights of whitened HOG that tell its texture, of unit length."""
    channels = np.zeros(len(whitening))
    channels[TEXTURE] = 1
    direction = np.linalg.solve(whitening.astype(np.float64), channels)
    return (direction / np.linalg.norm(direction)).astype(np.float32)


def _normalized(votes: FloatArray) -> FloatArray:
    from explorer.kernels.cells import normalize_kernel

    features = np.empty((*votes.shape[:3], 31), np.float32)
    for votes_of_one, out in zip(votes, features, strict=True):
        normalize_kernel(np.pad(votes_of_one, ((1, 1), (1, 1), (0, 0))), out)
    return features
