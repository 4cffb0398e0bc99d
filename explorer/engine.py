"""From a cluster's edits to its average: the composition of match, weights and average."""

import dataclasses
from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from explorer.arrays import BoolArray, ByteArray, FloatArray, IntArray
from explorer.average import average_level, weighted_average
from explorer.brushes import CELL, covered_cells
from explorer.color import IncrementalColorMatch, agreement_planes, match_color
from explorer.edits import (
    ColorStroke,
    EditId,
    ImageVerdict,
    LikeImage,
    ModePick,
    Rgb,
    ScoredEdit,
    SketchStroke,
)
from explorer.errors import EditError
from explorer.examples import match_like, match_pick
from explorer.matching import Match
from explorer.session import Cluster, Entry
from explorer.sharpness import sharpness
from explorer.sketch import match_sketch
from explorer.view import View
from explorer.weights import WeightRule, weigh

MATCHES_KEPT = 128
COLORS_KEPT = 8
TOP_IMAGES = 200


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exploration:
    """What a cluster's edits say about the collection. N images, M the highest-weighted of them.

    Attributes
    ----------
    weights : (N,) float32
        Each image's share of the average; they sum to 1.
    scores : (N,) float32
        The combined score of all edits.
    contributions
        For each edit's id, (N,) float32: how much it adds to the combined score.
    places
        For each stroke's id, (N, 2) int32: where it matched best, as (x, y) offset in pixels from
        where it was painted.
    top : (M,) int32
        Images by falling weight, those of equal weight by falling score, then by row.
    average : (H, W, 3) uint8
        The weighted average, sRGB; at the thumbnails' size while a stroke is live and very many
        images have weight.
    effective_images
        (sum w)^2 / sum w^2: how many images the average is effectively made of.
    sharpness
        Mean gradient magnitude of the average, in grey levels a pixel.
    unplaced
        Edits that could not count: strokes beside the canvas, verdicts on images that the
        collection does not have.
    """

    weights: FloatArray
    scores: FloatArray
    contributions: Mapping[EditId, FloatArray]
    places: Mapping[EditId, IntArray]
    top: IntArray
    average: ByteArray
    effective_images: float
    sharpness: float
    unplaced: tuple[EditId, ...] = ()


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the enabled edits say; `edits` and `matches` are in the same order."""

    edits: tuple[ScoredEdit, ...]
    matches: Mapping[EditId, Match]
    rule: WeightRule
    unplaced: tuple[EditId, ...]


class Engine:
    """Explores one collection, and keeps what it has matched. For one thread at a time.

    Scores are sums over edits, so an edit is matched once; toggling it, or changing its strength,
    only adds up again.

    Parameters
    ----------
    view
        The collection.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._grid = (view.height // CELL, view.width // CELL)
        self._matches: OrderedDict[Hashable, Match] = OrderedDict()
        self._planes: OrderedDict[Rgb, Sequence[ByteArray]] = OrderedDict()
        self._growing: tuple[Rgb, IncrementalColorMatch] | None = None

    def explore(self, cluster: Cluster, live: ScoredEdit | None = None) -> Exploration:
        """Return what the cluster's edits say about the collection.

        Parameters
        ----------
        cluster
            The edits, and how scores become weights.
        live
            An edit in progress: it counts as one more edit, or in place of the one with its id.
        """
        if live is not None:
            cluster = cluster.put(Entry(edit=live))
        evidence = self._gather(cluster, live)
        weighting = weigh(
            _stacked([match.scores for match in evidence.matches.values()], self._view.size),
            np.array([edit.strength for edit in evidence.edits], np.float32),
            evidence.rule,
        )
        average = self._average(weighting.weights, is_live=live is not None)
        return Exploration(
            weights=weighting.weights,
            scores=weighting.scores,
            contributions=dict(zip(evidence.matches, weighting.contributions, strict=True)),
            places={edit_id: match.places for edit_id, match in evidence.matches.items()},
            top=_top(weighting.weights, weighting.scores),
            average=np.rint(average * 255).astype(np.uint8),
            effective_images=weighting.effective_images,
            sharpness=sharpness(average),
            unplaced=evidence.unplaced,
        )

    def _gather(self, cluster: Cluster, live: ScoredEdit | None) -> "_Evidence":
        """Match the enabled edits, and set aside those that cannot count."""
        edits: list[ScoredEdit] = []
        matches: dict[EditId, Match] = {}
        rows: dict[str, list[int]] = {"pin": [], "exclude": []}
        unplaced: list[EditId] = []
        for edit in cluster.edits:
            if not edit.enabled:
                continue
            if isinstance(edit, ImageVerdict):
                row = self._view.image_id(edit.image)
                found = row is not None
                rows[edit.verdict] += [row] if row is not None else []
            else:
                match = self._match_live(edit) if edit is live else self.match(edit)
                found = match is not None
                if match is not None:
                    edits.append(edit)
                    matches[edit.id] = match
            if not found:
                unplaced.append(edit.id)
        rule = WeightRule(
            weighting=cluster.weighting,
            count=cluster.count,
            pinned=np.array(rows["pin"], np.int32),
            excluded=np.array(rows["exclude"], np.int32),
        )
        return _Evidence(tuple(edits), matches, rule, tuple(unplaced))

    def match(self, edit: ScoredEdit) -> Match | None:
        """Return how well each image answers an edit, from memory where it was asked before.

        Returns
        -------
        Match or None
            None if a stroke lies beside the canvas, or the collection lacks an example's image.
        """
        key = _match_key(edit)
        if key not in self._matches:
            match = self._match_anew(edit)
            if match is None:
                return None
            self._matches[key] = match
            if len(self._matches) > MATCHES_KEPT:
                self._matches.popitem(last=False)
        self._matches.move_to_end(key)
        return self._matches[key]

    def _match_anew(self, edit: ScoredEdit) -> Match | None:
        try:
            match edit:
                case SketchStroke():
                    return match_sketch(self._view, edit)
                case ModePick():
                    return match_pick(self._view, edit)
                case LikeImage():
                    return match_like(self._view, edit)
            cells = self._cells(edit)
        except EditError:
            return None
        planes = self._planes_of(edit.color)
        return match_color(planes, cells, self._view.height, self._view.width)

    def _match_live(self, edit: ScoredEdit) -> Match | None:
        """Match an edit in progress; a stroke grows, so it is not kept, and new cells are added."""
        if isinstance(edit, ModePick | LikeImage):
            return self.match(edit)
        try:
            if isinstance(edit, SketchStroke):
                return match_sketch(self._view, edit, is_live=True)
            cells = self._cells(edit)
        except EditError:
            return None
        if self._growing is None or self._growing[0] != edit.color:
            planes = self._planes_of(edit.color)
            growing = IncrementalColorMatch(planes, self._view.height, self._view.width)
            self._growing = (edit.color, growing)
        return self._growing[1].update(cells)

    def _cells(self, stroke: ColorStroke) -> BoolArray:
        height, width = self._view.height, self._view.width
        return covered_cells(stroke.paths, stroke.radius, self._grid, height, width)

    def _planes_of(self, color: Rgb) -> Sequence[ByteArray]:
        if color not in self._planes:
            self._planes[color] = agreement_planes(self._view.shards("color"), color)
            if len(self._planes) > COLORS_KEPT:
                self._planes.popitem(last=False)
        self._planes.move_to_end(color)
        return self._planes[color]

    def _average(self, weights: FloatArray, *, is_live: bool) -> FloatArray:
        level = average_level(self._view, weights, live=is_live)
        return weighted_average(self._view.shards(level), weights)


def _match_key(edit: ScoredEdit) -> Hashable:
    """Return what the match of an edit depends on: the edit without its id, strength and switch."""
    return dataclasses.replace(edit, id="key", strength=1.0, enabled=True)


def _stacked(scores: Sequence[FloatArray], size: int) -> FloatArray:
    return np.stack(scores) if scores else np.empty((0, size), np.float32)


def _top(weights: FloatArray, scores: FloatArray) -> IntArray:
    """Return the images that weigh most, best first."""
    count = min(TOP_IMAGES, len(weights))
    candidates = np.argpartition(-weights, count - 1)[:count]
    if count < len(weights):
        # Ties at the border are broken by score and row, so that the answer is one and the same.
        border = weights[candidates].min()
        tied = np.flatnonzero(weights == border)
        candidates = np.union1d(candidates[weights[candidates] > border], tied)
    order = np.lexsort((candidates, -scores[candidates], -weights[candidates]))
    top: IntArray = candidates[order][:count].astype(np.int32)
    return top
