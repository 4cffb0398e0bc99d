"""From the edits of a session's clusters to their averages: match, share out, align, average."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeAlias

import numpy as np

from explorer.alignment.maps import Maps
from explorer.alignment.sharpening import Members, Sharpener, heaviest
from explorer.alignment.warped import warped_average
from explorer.arrays import BoolArray, ByteArray, FloatArray, IntArray
from explorer.average import average_level, weighted_average
from explorer.clusters import parts_of, shares_of, unexplained
from explorer.controls import aligned
from explorer.edits import EditId, LikeImage, ScoredEdit
from explorer.evidence import Evidence, EvidenceGatherer, evidence_key
from explorer.matcher import SingleEdit
from explorer.matching import Match
from explorer.recent import Recent
from explorer.refine import refined
from explorer.session import Cluster, Session
from explorer.sharpness import sharpness
from explorer.support import SupportMeter
from explorer.view import View
from explorer.weights import effective_number, weights_of

TOP_IMAGES = 200
ALIGNED, ALIGNED_LIVE = 2000, 256
"""How many images are moved at most, the heaviest, at rest and while a stroke is drawn."""
Detail: TypeAlias = Literal["card", "live", "rest"]
"""A small picture of a cluster that is not looked at; one while a hand paints; one at rest."""
SHOWN_OUTLIERS = 50
SETTLED_KEPT = 64


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
        For each placed edit's id, (N, 2) float32: where it matched, as (x, y) offset in pixels from
        where it is. Of a mirrored image, in what one sees.
    top : (M,) int32
        Images by falling weight, those of equal weight by falling score, then by row.
    average : (H, W, 3) uint8
        The weighted average of the images, moved as the cluster says, sRGB; at the thumbnails' size
        while a stroke is live and very many images have weight.
    effective_images
        (sum w)^2 / sum w^2: how many images the average is effectively made of.
    sharpness
        Mean gradient magnitude of the average, in grey levels a pixel.
    unplaced
        Edits that could not count: strokes beside the canvas, verdicts on images that the
        collection does not have.
    scales
        For each placed edit's id, (N,) float32: the size at its place in sizes of the edit.
    mirrored : (N,) bool
        Which images take part mirrored.
    maps
        How the heaviest images were moved, None if none was.
    share
        The part of the collection that is this cluster's.
    shares : (N,) float32
        Which part of each image the other clusters leave to this one.
    support
        How sure it is that the collection has what the edits ask for, in [0, 1]; None where the
        picture is coarse.
    """

    weights: FloatArray
    scores: FloatArray
    contributions: Mapping[EditId, FloatArray]
    places: Mapping[EditId, FloatArray]
    top: IntArray
    average: ByteArray
    effective_images: float
    sharpness: float
    unplaced: tuple[EditId, ...] = ()
    scales: Mapping[EditId, FloatArray] = field(default_factory=lambda: MappingProxyType({}))
    mirrored: BoolArray
    maps: Maps | None = None
    share: float = 1.0
    shares: FloatArray
    support: float | None = None


class Engine:
    """Explores one collection, and keeps what it has matched. For one thread at a time.

    Parameters
    ----------
    view
        The collection.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._gatherer = EvidenceGatherer(view)
        self._sharpener = Sharpener(view)
        self._meter = SupportMeter(view)
        self._settled = Recent[Evidence](SETTLED_KEPT)

    def match(self, edit: SingleEdit) -> Match | None:
        """Return how well each image answers an edit by itself; see `Matcher.match`."""
        return self._gatherer.matcher.match(edit)

    def explore(self, cluster: Cluster, live: ScoredEdit | None = None) -> Exploration:
        """Return what the edits of a cluster that stands alone say about the collection.

        Parameters
        ----------
        cluster
            The edits, and how scores become weights.
        live
            An edit in progress: it counts as one more edit, or in place of the one with its id.
        """
        return self.explore_in(Session(clusters=(cluster,)), cluster.id, live)

    def explore_in(
        self,
        session: Session,
        cluster_id: str,
        live: ScoredEdit | None = None,
        live_cluster: str | None = None,
        *,
        wait: bool = True,
        is_coarse: bool = False,
    ) -> Exploration:
        """Return what one cluster's edits say, while the others claim images too.

        Parameters
        ----------
        session
            The clusters.
        cluster_id
            The one to explore.
        live, live_cluster
            An edit in progress, and the cluster that it belongs to; by default the explored one.
        wait
            Whether to compute a sharpening that has not been computed; else the cluster is drawn
            without it.
        is_coarse
            Whether a quick picture of the thumbnails' size is enough, as it is of a cluster while
            an edit of another one is in progress.

        Raises
        ------
        SessionError
            If there is no such cluster.
        """
        cluster = session.cluster(cluster_id)
        owner = live_cluster or cluster_id
        is_coarse = is_coarse or owner != cluster_id
        detail: Detail = "card" if is_coarse else "rest" if live is None else "live"
        gathered = self._gathered(session, live, owner)
        evidence = gathered[cluster_id]
        claims = [one.claim for one in gathered.values()]
        place = list(gathered).index(cluster_id)
        shares = shares_of([claim.claims for claim in claims])[place]
        weights = weights_of(
            evidence.combined,
            len(evidence.edits),
            evidence.rule,
            shares if len(gathered) > 1 else None,
        )
        average, maps = self._drawn(cluster, evidence, weights, detail, wait=wait)
        contributions = zip(evidence.edits, evidence.contributions, strict=True)
        return Exploration(
            weights=weights,
            scores=evidence.combined,
            contributions={edit.id: row for edit, row in contributions},
            places=_by_id(evidence, evidence.places),
            top=_top(weights, evidence.combined),
            average=np.rint(average * 255).astype(np.uint8),
            effective_images=effective_number(weights),
            sharpness=sharpness(average),
            unplaced=evidence.unplaced,
            scales=_by_id(evidence, evidence.scales),
            mirrored=evidence.mirrored,
            maps=maps,
            share=float(parts_of(claims)[0][place]),
            shares=shares,
            support=self._support(evidence) if detail == "rest" else None,
        )

    def outliers(self, session: Session) -> FloatArray:
        """Return how little any cluster explains each image, (N,) float32; see `unexplained`."""
        claims = [self._gatherer.gather(cluster).claim for cluster in session.clusters]
        return unexplained(claims, self._view.size)

    def explore_outliers(self, session: Session) -> Exploration:
        """Return the images that no cluster explains, as a cluster of their own."""
        claims = [self._gatherer.gather(cluster).claim for cluster in session.clusters]
        scores = unexplained(claims, self._view.size)
        rest = self._gatherer.gather(Cluster(count=min(SHOWN_OUTLIERS, self._view.size)))
        weights = weights_of(scores, 1, rest.rule)
        average = weighted_average(self._view.shards("pixels"), weights)
        return Exploration(
            weights=weights,
            scores=scores,
            contributions={},
            places={},
            top=_top(weights, scores),
            average=np.rint(average * 255).astype(np.uint8),
            effective_images=effective_number(weights),
            sharpness=sharpness(average),
            mirrored=np.zeros(len(scores), np.bool_),
            share=parts_of(claims)[1],
            shares=np.ones(len(scores), np.float32),
        )

    def sharpen(
        self,
        session: Session,
        cluster_id: str,
        progress: Callable[[float], None] = lambda share: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Compute and remember the sharpening that a cluster asks for, if it does.

        Parameters
        ----------
        session, cluster_id
            The cluster.
        progress
            Told how much is done, from 0 to 1.
        is_cancelled
            Asked now and then whether to stop.

        Raises
        ------
        Cancelled
            If `is_cancelled` said True; nothing is remembered.
        SessionError
            If there is no such cluster.
        """
        cluster = session.cluster(cluster_id)
        if not self._sharpener.is_known(cluster):
            self._sharpener.sharpen(cluster, self._members(cluster), progress, is_cancelled)

    def is_sharpened(self, session: Session, cluster_id: str) -> bool:
        """Return whether nothing is left to be computed of a cluster's sharpening."""
        return self._sharpener.is_known(session.cluster(cluster_id))

    def adopt(self, other: "Engine") -> None:
        """Take over what another engine of the same collection has sharpened."""
        self._sharpener.adopt(other._sharpener)  # noqa: SLF001 - the same class

    def _gathered(
        self, session: Session, live: ScoredEdit | None, owner: str
    ) -> dict[str, Evidence]:
        """Return every cluster's evidence by its id, with an edit in progress in its owner's."""
        return {
            one.id: self._settle(one)
            if live is None or one.id != owner
            else self._gatherer.gather_live(one, live, self._settle(one.remove(live.id)))
            for one in session.clusters
        }

    def _settle(self, cluster: Cluster) -> Evidence:
        """Return a cluster's evidence with places to the pixel, as its own weights tell them.

        Not as others leave them: what one cluster finds must not move when another is painted on.
        """

        def settle() -> Evidence:
            evidence = self._gatherer.gather(cluster)
            if cluster.alignment == "none":
                return evidence
            return refined(self._view, evidence, _own_weights(evidence))

        return self._settled.get((evidence_key(cluster), cluster.alignment == "none"), settle)

    def _support(self, evidence: Evidence) -> float:
        """Return how sure it is that all is there that is asked for; of merged groups, any."""
        levels = [
            max(self._support(group) for group in branches.groups)
            for branches in evidence.branches.values()
        ]
        where = evidence.places, evidence.rule.excluded
        whole = self._meter.of(evidence.edits, evidence.scores, *where)
        return min([whole, *levels])

    def _members(self, cluster: Cluster) -> Members:
        """Return what a cluster would be alone: others' claims must not undo a sharpening."""
        evidence = self._settle(cluster)
        weights = _own_weights(evidence)
        maps = aligned(self._view, cluster, evidence, heaviest(weights, ALIGNED))
        return Members(weights=weights, maps=maps)

    def _drawn(
        self,
        cluster: Cluster,
        evidence: Evidence,
        weights: FloatArray,
        detail: Detail,
        *,
        wait: bool,
    ) -> tuple[FloatArray, Maps | None]:
        """Return the average and how images were moved for it."""
        is_live = detail != "rest"
        level = average_level(self._view, weights, live=is_live) if detail != "card" else "thumbs"
        rows = heaviest(weights, ALIGNED_LIVE if is_live else ALIGNED)
        maps = aligned(self._view, cluster, evidence, rows)
        if wait and not is_live and not self._sharpener.is_known(cluster):
            self._sharpener.sharpen(cluster, self._members(cluster))
        maps = self._sharpener.applied(cluster, maps, rows)
        shards = self._view.shards(level)
        canvas = self._view.height, self._view.width
        if maps is None:
            return weighted_average(shards, weights), None
        return warped_average(shards, weights, maps, canvas=canvas), maps


def _own_weights(evidence: Evidence) -> FloatArray:
    """Return the weights (N,) of a cluster that stands alone."""
    return weights_of(evidence.combined, len(evidence.edits), evidence.rule)


def _by_id(evidence: Evidence, rows: FloatArray) -> dict[EditId, FloatArray]:
    """Return the rows of the edits that have a place."""
    return {
        edit.id: row
        for edit, row in zip(evidence.edits, rows, strict=True)
        if not isinstance(edit, LikeImage) and edit.id not in evidence.branches
    }


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
