"""Keypoints of every image from marks on averages: ours beside what else makes averages.

The protocol is that of a table of a thesis (see `PROTOCOL`); what is measured stands in
`evaluation.keypoint_errors`. In Python the parts can be used one by one: `clusterings_for`
makes clusters, `prepare` marks their averages, `Prepared.score` measures any proposals for them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from evaluation.average_explorer import NAME, STEPS
from evaluation.baselines.drawing import Drawn, draw_average
from evaluation.baselines.features import Features
from evaluation.baselines.values import Clustering
from evaluation.cluster_measures import Likeness
from evaluation.clusters import Comparison, clusterings_of
from evaluation.finding import Finding, Show
from evaluation.keypoint_errors import Errors, coverage_curve, errors_of, figures_of
from evaluation.keypoint_marks import MARKED_FROM, Marked, carried, mark, mean_points
from evaluation.keypoint_truth import Truth, TruthError
from explorer.arrays import BoolArray, FloatArray
from explorer.keypoints.propagation import Propagator
from explorer.keypoints.values import Proposals
from explorer.view import View
from index.collection import Collection

CLUSTERS = 22
PROTOCOL = (
    "{k} clusters, seed {seed}; {points} keypoints of {images} images{subset}; each average is "
    "marked where the true points of its {count} heaviest members are, on the mean, and those "
    "members are left out of the errors; the threshold is the highest confidence that annotates "
    "{coverage:.0%} of the points; errors in pixels of the collection's images ({width}x{height}); "
    "error_over_eyes, pck: by {sized_by}; low and high: 95 % bootstrap interval over the images"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeypointOptions(Finding):
    """What is measured.

    Attributes
    ----------
    clusters
        How many clusters each method makes, at least 2; of a session, as many as it has.
    coverage
        What share of the points should be annotated, in (0, 1].
    where
        "COLUMN=VALUE": only these images count in the errors; None counts all.
    """

    clusters: int = CLUSTERS
    coverage: float = 0.9
    where: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """Clusterings whose averages are marked, the global average among them.

    Attributes
    ----------
    view
        The collection, N images.
    truth
        Its true points.
    marked
        Each clustering, by its method's name.
    wanted : (N,) bool
        The images that count, if a method's annotator did not use them.
    globally
        The errors of the global average.
    ideally
        The errors of the mean of all true points, the best that any one marking of the global
        average could do: that of ten images is off by chance.
    """

    view: View
    truth: Truth
    marked: Mapping[str, Marked]
    wanted: BoolArray
    globally: Errors
    ideally: Errors

    def propagated(self, method: str, confidence: FloatArray | None = None) -> Proposals:
        """Return what a rival proposes: the marks, moved by the maps alone.

        Parameters
        ----------
        method
            Its name.
        confidence : (N,) float32
            How sure it is of each image, from 0 to 1; without, it is equally sure of all.
        """
        sure = np.ones(self.view.size, np.float32) if confidence is None else confidence
        return carried(self.view, self.marked[method], sure, self.truth.pairs)

    def proposed(
        self, method: str = NAME, progress: Callable[[float], None] = lambda share: None
    ) -> Proposals:
        """Return what our propagation proposes for a method's marked averages."""
        return Propagator(self.view).propagate(
            self.marked[method].averages, pairs=self.truth.pairs, progress=progress
        )

    def errors(self, method: str, proposals: Proposals) -> Errors:
        """Return the errors of proposals that were made from a method's marks."""
        return errors_of(self.truth, proposals, self.wanted & ~self.marked[method].used)

    def score(
        self, method: str, proposals: Proposals, coverage: float = 0.9, seed: int = 0
    ) -> dict[str, Any]:
        """Return a row of the report, as `evaluation.keypoint_errors` says.

        Parameters
        ----------
        method
            From whose marks the proposals were made; their images are left out.
        proposals
            Of any of the images.
        coverage
            What share of the points should be annotated.
        seed
            Of the bootstrap.

        Returns
        -------
        dict
            "method", the figures with `_low` and `_high`, "threshold", "error_common_px",
            "error_over_mean" (as error_over_global, but over the mean of all true points), "images"
            (how many count), "averages" (how many are marked) and "by_coverage".
        """
        errors = self.errors(method, proposals)
        common = errors_of(self.truth, proposals, self.wanted & ~self._used)
        row: dict[str, Any] = {"method": method}
        row |= figures_of(errors, self.globally, coverage, seed)
        row["error_common_px"] = coverage_curve(common, self.globally, [coverage])[0]["error_px"]
        ideal = coverage_curve(errors, self.ideally, [coverage])[0]
        row["error_over_mean"] = ideal["error_over_global"]
        row["images"] = int(errors.known.any(axis=1).sum())
        row["averages"] = len(self.marked[method].averages)
        row["by_coverage"] = coverage_curve(errors, self.globally)
        return row

    @property
    def _used(self) -> BoolArray:
        return np.asarray(np.stack([one.used for one in self.marked.values()]).any(axis=0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evaluated:
    """The report, as `evaluate_keypoints` describes it, and what pictures are drawn from.

    Attributes
    ----------
    report
        For programs.
    prepared
        What was marked.
    names
        Of the images.
    proposals, errors, drawn
        Of each method: what it proposes, how far off that is, and its averages.
    """

    report: dict[str, Any]
    prepared: Prepared
    names: Sequence[str]
    proposals: Mapping[str, Proposals]
    errors: Mapping[str, Errors]
    drawn: Mapping[str, tuple[Drawn, ...]]


def prepare(
    view: View, truth: Truth, clusterings: Sequence[Clustering], where: str | None = None
) -> Prepared:
    """Let the simulated annotator mark the averages of some clusterings.

    Parameters
    ----------
    view
        The collection.
    truth
        Its true points.
    clusterings
        What is compared; the first is the global average.
    where
        Which images count; see `KeypointOptions`.

    Raises
    ------
    TruthError
        If no image is left to count.
    """
    marked = {one.name: mark(view, truth, one) for one in clusterings}
    wanted = truth.annotated
    if where is not None:
        wanted = wanted & truth.where(where)
    for name, one in marked.items():
        if not one.averages or not (wanted & ~one.used).any():
            raise TruthError(
                f"there are true points of {int(wanted.sum())} images: too few to mark the "
                f"{len(one.clustering)} averages of {name} and to measure on others"
            )
    first = clusterings[0].name
    sure = np.ones(view.size, np.float32)
    proposals = carried(view, marked[first], sure, truth.pairs)
    everywhere = np.repeat(mean_points(truth.points)[None], view.size, axis=0)
    ideal = Proposals(
        rows=np.arange(view.size, dtype=np.int32),
        points=everywhere,
        confidence=np.ones(everywhere.shape[:2], np.float32),
    )
    return Prepared(
        view=view,
        truth=truth,
        marked=marked,
        wanted=wanted,
        globally=errors_of(truth, proposals, wanted & ~marked[first].used),
        ideally=errors_of(truth, ideal, wanted),
    )


def evaluate_keypoints(
    collection: Collection,
    truth: Truth,
    options: KeypointOptions,
    show: Show = lambda stage, done, total: None,
) -> Evaluated:
    """Measure how well the marks of averages become the keypoints of all images.

    Parameters
    ----------
    collection
        The collection.
    truth
        Its true points; see `evaluation.keypoint_truth.read_truth`.
    options
        What is measured.
    show
        Is told how far it is.

    Returns
    -------
    Evaluated
        The report has "collection", "protocol", "rows" (a dict for each method, see
        `Prepared.score`), "keypoints" (ids), "coverage", "sized_by" (what error_over_eyes and pck
        are relative to) and "strangers" (images of the table that the collection does not have).

    Raises
    ------
    TruthError
        If the session has no clusters, or no image is left to count.
    EngineError
        If the session cannot be run.
    """
    found = clusterings_for(collection, options, show)
    return evaluate_marked(collection, truth, found, options, show)


def evaluate_marked(
    collection: Collection,
    truth: Truth,
    clusterings: Sequence[Clustering],
    options: KeypointOptions,
    show: Show = lambda stage, done, total: None,
) -> Evaluated:
    """Do what `evaluate_keypoints` does, with clusterings that are there already.

    The first of them is the global average, and one is called `NAME`.
    """
    prepared = prepare(collection, truth, clusterings, where=options.where)
    likeness = Likeness(collection)
    proposals, drawn = {}, {}
    for number, (name, marked) in enumerate(prepared.marked.items()):
        show("propagating", number, len(prepared.marked))
        drawn[name] = _drawn(collection, marked.clustering)
        proposals[name] = (
            prepared.proposed(
                progress=lambda share: show("proposing keypoints", round(STEPS * share), STEPS)
            )
            if name == NAME
            else prepared.propagated(name, _sure(likeness, marked.clustering, drawn[name]))
        )
    rows = [prepared.score(*pair, options.coverage, options.seed) for pair in proposals.items()]
    # Ours comes first, then its rivals.
    rows.sort(key=lambda row: row["method"] != NAME)
    report = {
        "collection": collection.name,
        "protocol": _protocol(prepared, options),
        "coverage": options.coverage,
        "sized_by": truth.sized_by,
        "keypoints": list(truth.keypoints),
        "strangers": truth.strangers,
        "rows": rows,
    }
    errors = {name: prepared.errors(name, found) for name, found in proposals.items()}
    return Evaluated(
        report=report,
        prepared=prepared,
        names=collection.names,
        proposals=proposals,
        errors=errors,
        drawn=drawn,
    )


def clusterings_for(
    collection: Collection,
    options: KeypointOptions,
    show: Show = lambda stage, done, total: None,
) -> Sequence[Clustering]:
    """Make the clusters of all methods: this is what takes minutes.

    Raises
    ------
    TruthError
        If the session has no clusters.
    EngineError
        If the session cannot be run.
    BuildError
        If the folder of negatives cannot be read.
    """
    session, k = options.session, options.clusters
    if session is not None:
        if not any(cluster.entries for cluster in session.clusters):
            raise TruthError("the session must have clusters with edits, it has none")
        k = max(2, len(session.clusters))  # who cuts, cuts in two at least
    comparison = Comparison(
        clusters=k,
        seed=options.seed,
        session=session,
        minutes=options.minutes,
        negatives=options.negatives,
    )
    show("features", 0, 1)
    return clusterings_of(collection, Features.of(collection, options.seed), comparison, show)


def _drawn(view: View, clustering: Clustering) -> tuple[Drawn, ...]:
    return tuple(
        draw_average(view, clustering.weights[:, k], maps) for k, maps in enumerate(clustering.maps)
    )


def _sure(likeness: Likeness, clustering: Clustering, drawn: Sequence[Drawn]) -> FloatArray:
    """Return how sure a rival is of each image, (N,): how like its own average it is, from 0 to 1.

    None of them says so itself. The correlation of the image, warped as for the average, with the
    average is what a person would go by, who sees both.
    """
    sure = np.zeros(len(clustering.labels), np.float32)
    for k, maps in enumerate(clustering.maps):
        members = clustering.labels == k
        sure[members] = likeness.to(drawn[k].picture, maps)[members]
    return np.clip((1 + sure) / 2, 0, 1)


def _protocol(prepared: Prepared, options: KeypointOptions) -> str:
    k = max(len(one.clustering) for one in prepared.marked.values())
    return PROTOCOL.format(
        k=k,
        seed=options.seed,
        points=len(prepared.truth.keypoints),
        images=int(prepared.wanted.sum()),
        subset=f" ({options.where})" if options.where else "",
        count=MARKED_FROM,
        coverage=options.coverage,
        width=prepared.view.width,
        height=prepared.view.height,
        sized_by=prepared.truth.sized_by,
    )
