"""What the edits of one cluster say about every image, before clusters are compared."""

import dataclasses
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from explorer.arrays import BoolArray, FloatArray, IntArray
from explorer.brushes import CELL, center_of_mass, covered_cells
from explorer.clusters import Claim
from explorer.edits import (
    AnyOf,
    ColorStroke,
    Edit,
    EditId,
    ImageVerdict,
    LikeImage,
    ModePick,
    ScoredEdit,
    Sharpen,
    SketchStroke,
)
from explorer.errors import EditError
from explorer.joint import Placement, Sought, place_edits
from explorer.matcher import Matcher, PlacedEdit
from explorer.matching import Match
from explorer.recent import Recent
from explorer.session import Cluster, Entry, WeightingName
from explorer.view import View
from explorer.weights import WeightRule, claims_of, contributions_of

EVIDENCE_KEPT = 64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Branches:
    """Of an edit that asks for one of several groups: the groups, and which one each image fits.

    Attributes
    ----------
    groups
        What each group's edits say.
    best : (N,) int32
        The group that the image fits best.
    """

    groups: tuple["Evidence", ...]
    best: IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """What the enabled edits of a cluster say. T scored edits that count, N images.

    Attributes
    ----------
    edits
        The scored edits, in their order; `scores`, `contributions`, `places` and `scales` have one
        row for each.
    scores : (T, N) float32
        How well each image matches each edit, in the edit's own unit.
    contributions : (T, N) float32
        The same on one scale, times the strength.
    combined : (N,) float32
        Their sum.
    places : (T, N, 2) float32
        (x, y) offset in pixels from where the edit is to where the image shows it; 0 for edits
        without a place. Of a mirrored image, in what one sees.
    scales : (T, N) float32
        The size there in sizes of the edit.
    mirrored : (N,) bool
        Which images fit better mirrored.
    branches
        For the id of each edit of several groups, which group each image fits.
    rule
        How scores become weights.
    unplaced
        Edits that could not count.
    claim
        What the cluster wants of each image.
    """

    edits: tuple[ScoredEdit, ...]
    scores: FloatArray
    contributions: FloatArray
    combined: FloatArray
    places: FloatArray
    scales: FloatArray
    mirrored: BoolArray
    branches: Mapping[EditId, Branches]
    rule: WeightRule
    unplaced: tuple[EditId, ...]
    claim: Claim


class EvidenceGatherer:
    """Gathers evidence, and keeps what it has gathered. For one thread at a time.

    Parameters
    ----------
    view
        The collection.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self.matcher = Matcher(view)
        self._kept = Recent[Evidence](EVIDENCE_KEPT)
        self._live: tuple[Hashable, Evidence, Evidence] | None = None

    def gather(self, cluster: Cluster) -> Evidence:
        """Return what a cluster's enabled edits say, all solved for their places at once."""
        return self._kept.get(evidence_key(cluster), lambda: self._gathered(cluster))

    def gather_live(self, cluster: Cluster, live: ScoredEdit, known: Evidence) -> Evidence:
        """Return the same with an edit in progress, in place of the one with its id if there is.

        The edit in progress is taken where it matches best by itself; the others stay where they
        are without it, which `known` tells.
        """
        cluster = cluster.put(Entry(edit=live))
        # The other clusters of a session ask for the same while one of them is painted on.
        key = evidence_key(cluster), live.id
        if self._live is None or self._live[0] != key or self._live[1] is not known:
            self._live = key, known, self._gathered(cluster, live, known)
        return self._live[2]

    def _gathered(
        self, cluster: Cluster, live: ScoredEdit | None = None, known: Evidence | None = None
    ) -> Evidence:
        found = _Found(self, cluster, live)
        for edit in cluster.edits:
            if edit.enabled:
                found.take(edit)
        placement = (
            self._placement(cluster, found) if known is None else self._kept_placement(found, known)
        )
        edits = (*found.placed, *found.others)
        scores = np.concatenate(
            [placement.scores, _stacked(list(found.others.values()), self._view.size)]
        )
        order = _order(cluster, edits)
        whole = len(found.others)
        places = np.pad(placement.places, ((0, whole), (0, 0), (0, 0)))[order]
        scales = np.pad(placement.scales, ((0, whole), (0, 0)), constant_values=1)[order]
        edits = tuple(edits[place] for place in order)
        strengths = np.array([edit.strength for edit in edits], np.float32)
        contributions = contributions_of(scores[order], strengths, cluster.weighting)
        combined: FloatArray = contributions.sum(axis=0)
        rule = found.rule()
        return Evidence(
            edits=edits,
            scores=scores[order],
            contributions=contributions,
            combined=combined,
            places=places,
            scales=scales,
            mirrored=placement.mirrored,
            branches=found.branches,
            rule=rule,
            unplaced=tuple(found.unplaced),
            claim=_claim(contributions, strengths, rule),
        )

    def _placement(self, cluster: Cluster, found: "_Found") -> Placement:
        sought = [self._sought(cluster, edit, match) for edit, match in found.placed.items()]
        return place_edits(sought, self._view.size)

    def _kept_placement(self, found: "_Found", known: Evidence) -> Placement:
        """Return where edits are known to be; those that are new, where they match best."""
        size = self._view.size
        rows = {edit.id: row for row, edit in enumerate(known.edits)}
        scores, places, scales = [], [], []
        for edit, match in found.placed.items():
            row = rows.get(edit.id)
            scores.append(match.scores if row is None else known.scores[row])
            places.append(match.places if row is None else known.places[row])
            scales.append(np.ones(size, np.float32) if row is None else known.scales[row])
        nowhere = np.empty((0, size, 2), np.float32)
        return Placement(
            scores=_stacked(scores, size),
            places=np.stack(places).astype(np.float32) if places else nowhere,
            scales=_stacked(scales, size),
            mirrored=known.mirrored,
        )

    def _sought(self, cluster: Cluster, edit: PlacedEdit, match: Match) -> Sought:
        candidates = self.matcher.candidates(edit, match, is_mirrored=False)
        mirrored = None
        if cluster.mirror:
            mirrored = self.matcher.candidates(edit, match, is_mirrored=True)
        center = center_of(edit, self._view.height, self._view.width)
        return Sought(
            center=center,
            reach=edit.reach,
            candidates=candidates,
            mirrored=mirrored,
            counts=edit.strength > 0,
        )

    def branches(self, cluster: Cluster, edit: AnyOf) -> tuple[Branches, FloatArray] | None:
        """Return the groups of an edit and how well each image fits the best; None if none can."""
        groups = []
        for part in edit.parts:
            entries = tuple(Entry(edit=one) for one in part)
            evidence = self.gather(dataclasses.replace(cluster, entries=entries))
            if evidence.edits:
                groups.append(evidence)
        if not groups:
            return None
        fits = np.stack(
            [e.combined / np.float32(sum(abs(edit.strength) for edit in e.edits)) for e in groups]
        )
        best = fits.argmax(axis=0).astype(np.int32)
        return Branches(groups=tuple(groups), best=best), fits.max(axis=0)

    @property
    def view(self) -> View:
        """The collection."""
        return self._view


class _Found:
    """What one pass over the edits finds."""

    def __init__(
        self, gatherer: EvidenceGatherer, cluster: Cluster, live: ScoredEdit | None
    ) -> None:
        self._gatherer, self._cluster, self._live = gatherer, cluster, live
        self.placed: dict[PlacedEdit, Match] = {}
        self.others: dict[ScoredEdit, FloatArray] = {}
        self.branches: dict[EditId, Branches] = {}
        self.unplaced: list[EditId] = []
        self._rows: dict[str, list[int]] = {"pin": [], "exclude": []}

    def take(self, edit: Edit) -> None:
        """Match one edit, or set it aside."""
        match edit:
            case Sharpen():
                return
            case ImageVerdict():
                row = self._gatherer.view.image_id(edit.image)
                found = row is not None
                self._rows[edit.verdict] += [row] if row is not None else []
            case AnyOf():
                found = self._take_any(edit)
            case _:
                found = self._take_single(edit)
        if not found:
            self.unplaced.append(edit.id)

    def _take_any(self, edit: AnyOf) -> bool:
        answer = self._gatherer.branches(self._cluster, edit)
        if answer is not None:
            self.branches[edit.id], self.others[edit] = answer
        return answer is not None

    def _take_single(self, edit: ColorStroke | SketchStroke | ModePick | LikeImage) -> bool:
        matcher = self._gatherer.matcher
        match = matcher.match_live(edit) if edit is self._live else matcher.match(edit)
        if match is None:
            return False
        if isinstance(edit, LikeImage):
            self.others[edit] = match.scores
        else:
            self.placed[edit] = match
        return True

    def rule(self) -> WeightRule:
        """Return how the scores become weights."""
        return WeightRule(
            weighting=self._cluster.weighting,
            count=self._cluster.count,
            pinned=np.array(self._rows["pin"], np.int32),
            excluded=np.array(self._rows["exclude"], np.int32),
        )


def evidence_key(cluster: Cluster) -> tuple[WeightingName, int | None, bool, tuple[Edit, ...]]:
    """Return what the evidence of a cluster depends on; names, authors and colors are not in it."""
    edits = tuple(edit for edit in cluster.edits if edit.enabled and not isinstance(edit, Sharpen))
    return cluster.weighting, cluster.count, cluster.mirror, edits


def center_of(edit: PlacedEdit, height: int, width: int) -> tuple[float, float]:
    """Return the middle of an edit, (x, y) in pixels: of a stroke, of the cells that it covers."""
    if isinstance(edit, ModePick):
        return edit.center[0] * width - 0.5, edit.center[1] * height - 0.5
    grid = (height // CELL, width // CELL)
    try:
        return center_of_mass(covered_cells(edit.paths, edit.radius, grid, height, width))
    except EditError:
        points = np.concatenate([np.array(path) for path in edit.paths])
        x, y = points.mean(axis=0) * (width, height) - 0.5
        return float(x), float(y)


def _claim(contributions: FloatArray, strengths: FloatArray, rule: WeightRule) -> Claim:
    """Return what edits want of each image: the pinned for sure, the excluded never."""
    asked = float(np.abs(strengths).sum())
    # Where most images match an edit as well as the best, those are at 0 and not at 1.
    best = contributions.max(axis=1, initial=0)
    wanted = contributions.sum(axis=0) + np.maximum(np.abs(strengths) - best, 0).sum()
    claims = claims_of(wanted, len(strengths), rule)
    if not asked and not len(rule.pinned):
        return Claim(claims=claims, fits=None)
    fits = wanted / np.float32(asked or 1)
    fits[rule.pinned], fits[rule.excluded] = 1, 0
    return Claim(claims=claims, fits=fits)


def _order(cluster: Cluster, edits: Sequence[ScoredEdit]) -> list[int]:
    """Return the edits' places such that they stand in the cluster's order."""
    places = {edit.id: place for place, edit in enumerate(cluster.edits)}
    return sorted(range(len(edits)), key=lambda k: places[edits[k].id])


def _stacked(rows: Sequence[FloatArray], size: int) -> FloatArray:
    return np.stack(rows) if rows else np.empty((0, size), np.float32)
