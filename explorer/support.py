"""Whether a collection has what a cluster's edits ask for: a level in [0, 1], and words for it.

Every painting finds a best twenty images; the question is whether those are better than what
unrelated edits would find. These tell: how well the edits match in the images that answer all of
them together, and how near to where they were made; how much better a drawing matches than the same
turned over; how seldom an unrelated photograph shows a mode as well; and whether the images that
answer one edit also answer the others, more than by chance. Ours; the paper names it as a limit
that a mode that is not there costs minutes.
"""

import dataclasses
import math
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from explorer.arrays import FloatArray, IntArray, check_array
from explorer.brushes import CELL, covered_cells
from explorer.edits import ColorStroke, ModePick, ScoredEdit, SketchStroke
from explorer.support_decoys import best_mean, decoy_level
from explorer.support_model import Measures, level_of
from explorer.support_natural import Natural
from explorer.view import View
from explorer.weights import contributions_of

BEST = 20
USUAL = 1000
"""Scores are judged as if the collection had as many images: the best of more images are better."""
SHUFFLES = 8
DISPLACED = 64.0
DECOYS_KEPT = LEVELS_KEPT = 256
HIGH = 0.84
HARDLY = 0.3
"""A color that fills less of the stroke in the best images is hardly there at all."""
KINDS = ("color", "sketch", "mode")
WORDS = ((1 / 3, "not there"), (2 / 3, "weak"), (math.inf, "there"))


def words(level: float) -> str:
    """Return what a level of support means.

    Examples
    --------
    >>> [words(level) for level in (0.1, 0.5, 0.9)]
    ['not there', 'weak', 'there']
    """
    return next(said for below, said in WORDS if level < below)


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known about edits: of each its kind and its measures, and those of all together."""

    edits: tuple[tuple[str, Measures], ...]
    common: Measures


class SupportMeter:
    """Tells how likely it is that a collection has what edits ask for.

    Decoys are matched once an edit and kept, and so are levels: the same edits with the same scores
    are at the same places, but for the few pixels by which other weights move them. For one thread
    at a time.

    Parameters
    ----------
    view
        The collection.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._decoys: OrderedDict[Hashable, tuple[float, int] | None] = OrderedDict()
        self._natural: OrderedDict[Hashable, Natural | None] = OrderedDict()
        self._levels: OrderedDict[Hashable, float] = OrderedDict()

    def of(
        self,
        edits: Sequence[ScoredEdit],
        scores: FloatArray,
        places: FloatArray | None = None,
        excluded: Sequence[int] | IntArray = (),
    ) -> float:
        """Return the support of T edits in N images.

        Parameters
        ----------
        edits
            The enabled ones. How strong one is does not matter, only whether it asks for more or
            for less; one that asks for less only takes part in choosing the images.
        scores : (T, N) float32
            How well each image matches each edit, in the unit of the match.
        places : (T, N, 2) float32
            Where, as (x, y) offset in pixels from where the edit was painted; without it the
            places tell nothing.
        excluded
            Rows of images that do not count. Nor do those that modes were picked in: they show them
            for sure.

        Returns
        -------
        float
            In [0, 1]; 1 if nothing is asked for that could be absent. About the chance that the
            edits are from the collection, if half of all were.

        Raises
        ------
        ArrayError
            If an array has another shape or dtype.
        """
        key = _key(edits, scores, excluded), places is None
        if key not in self._levels:
            measured = self.measure(edits, scores, places, excluded)
            level = level_of(measured.edits, measured.common) if measured.edits else 1.0
            self._levels[key] = level
            if len(self._levels) > LEVELS_KEPT:
                self._levels.popitem(last=False)
        self._levels.move_to_end(key)
        return self._levels[key]

    def measure(
        self,
        edits: Sequence[ScoredEdit],
        scores: FloatArray,
        places: FloatArray | None = None,
        excluded: Sequence[int] | IntArray = (),
    ) -> Measured:
        """Return what the support is made of; see `of`."""
        size = check_array(scores, "scores", f"{len(edits)} N")["N"]
        if places is not None:
            check_array(places, "places", f"{len(edits)} {size} 2")
        left_out = self._left_out(edits, excluded)
        scores = np.delete(scores, left_out, axis=1)
        places = None if places is None else np.delete(places, left_out, axis=1)
        size -= len(left_out)
        asked = [t for t, edit in enumerate(edits) if edit.strength > 0 and edit.kind in KINDS]
        if not asked or not size:
            return Measured((), {})
        signs = np.sign([edit.strength for edit in edits]).astype(np.float32)
        contributions = contributions_of(scores, signs, "focus")
        best = _best(contributions.sum(axis=0))
        found = []
        for t in asked:
            moved = math.nan
            if places is not None and getattr(edits[t], "reach", "near") == "near":
                moved = float(np.linalg.norm(places[t, best], axis=1).mean()) / DISPLACED
            measures = self._measures(edits[t], scores[t], best)
            found.append((edits[t].kind, {**measures, "moved": moved}))
        common: dict[str, float] = {}
        if len(edits) > 1:
            common["together"] = _together(contributions)
            common["kept"] = _kept(contributions, best)
            if places is not None:
                common["apart"] = _apart(places[:, best])
        return Measured(tuple(found), common)

    def _left_out(
        self, edits: Sequence[ScoredEdit], excluded: Sequence[int] | IntArray
    ) -> list[int]:
        """Return the rows of the images that do not count."""
        seeds = [self._view.image_id(edit.image) for edit in edits if isinstance(edit, ModePick)]
        return sorted({int(row) for row in [*seeds, *excluded] if row is not None})

    def _measures(self, edit: ScoredEdit, scores: FloatArray, best: IntArray) -> Measures:
        """Return the measures of one edit; `best` are the images that answer all edits."""
        middle, high = (float(q) for q in np.quantile(scores, (0.5, HIGH)))
        level = float(scores[best].mean()) - _gain(len(scores)) * (high - middle)
        match edit:
            case ColorStroke():
                size = math.log(max(self._cells(edit), 1))
                return {
                    "level": -math.log(1.02 - min(max(level, 0.0), 1.0)),
                    "size": size,
                    "seen": min(max(level, 0.0) / HARDLY, 1.0),
                }
            case ModePick():
                natural = self._of_mode(edit)
                return {} if natural is None else {"rare": natural.rarity(scores[best])}
            case SketchStroke():
                decoy = self._decoy(edit)
                if decoy is None:
                    return {"level": level}
                usual = decoy[0] - _gain(decoy[1]) * (high - middle)
                own = best_mean(scores) - _gain(len(scores)) * (high - middle)
                return {"level": level, "over": own - usual}
        return {}

    def _cells(self, stroke: ColorStroke) -> int:
        """Return how many cells a stroke covers."""
        height, width = self._view.height, self._view.width
        grid = (height // CELL, width // CELL)
        cells = covered_cells(stroke.paths, stroke.radius, grid, height, width)
        return int(np.count_nonzero(cells))

    def _of_mode(self, pick: ModePick) -> Natural | None:
        key = _same(pick)
        if key not in self._natural:
            self._natural[key] = Natural.of(self._view, pick)
            if len(self._natural) > DECOYS_KEPT:
                self._natural.popitem(last=False)
        self._natural.move_to_end(key)
        return self._natural[key]

    def _decoy(self, stroke: SketchStroke) -> tuple[float, int] | None:
        key = _same(stroke)
        if key not in self._decoys:
            self._decoys[key] = decoy_level(self._view, stroke)
            if len(self._decoys) > DECOYS_KEPT:
                self._decoys.popitem(last=False)
        self._decoys.move_to_end(key)
        return self._decoys[key]


def _same(edit: ScoredEdit, sign: float = 1.0) -> ScoredEdit:
    """Return what edits have in common that ask for the same, however they are called."""
    return dataclasses.replace(edit, id="key", strength=sign, enabled=True)


def _key(
    edits: Sequence[ScoredEdit],
    scores: FloatArray,
    excluded: Sequence[int] | IntArray,
) -> Hashable:
    """Return what a level depends on."""
    asked = tuple(_same(edit, float(np.sign(edit.strength))) for edit in edits)
    return asked, scores.tobytes(), tuple(int(row) for row in excluded)


def _best(scores: FloatArray) -> IntArray:
    """Return which scores are the best, in their order."""
    count = min(BEST, len(scores))
    best = np.argpartition(-scores, count - 1)[:count]
    return np.sort(best).astype(np.int32)


def _gain(size: int) -> float:
    """Return by how many deviations the best of `size` images are better than those of USUAL."""
    return _quantile(size) - _quantile(USUAL)


def _quantile(size: int) -> float:
    return NormalDist().inv_cdf(max(0.5, 1 - BEST / 2 / size))


def _together(contributions: FloatArray) -> float:
    """Return how much better the best images are than if each edit's images were others."""
    rng = np.random.default_rng(0)
    shuffled = [
        best_mean(np.sum([rng.permutation(row) for row in contributions], axis=0))
        for _ in range(SHUFFLES)
    ]
    return best_mean(contributions.sum(axis=0)) - float(np.mean(shuffled))


def _kept(contributions: FloatArray, best: IntArray) -> float:
    """Return what the edit that fares worst keeps of its own best, in the images of all."""
    own = np.array([best_mean(row) for row in contributions])
    return float((contributions[:, best].mean(axis=1) - own).min())


def _apart(moves: FloatArray) -> float:
    """Return how differently the edits (T, K, 2) moved in an image, 1 is 64 pixels."""
    lengths = np.linalg.norm(moves - moves.mean(axis=0), axis=2)
    return float(lengths.mean()) / DISPLACED
