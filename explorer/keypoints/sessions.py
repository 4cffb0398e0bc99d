"""From a session to what is propagated, and from proposals to points that can be accepted.

The page, the command line and the evaluation all go this way, so they propose the same.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from explorer.annotation import Annotation
from explorer.arrays import FloatArray, IntArray
from explorer.edits import Point
from explorer.engine import Exploration
from explorer.errors import SessionError
from explorer.keypoint_schema import Schema
from explorer.keypoints.photographs import Photographs
from explorer.keypoints.propagation import Propagator
from explorer.keypoints.values import MarkedAverage, Proposals
from explorer.session import Session

EDGE = 0.5
"""Pixels from the center of the outermost pixel to the border of the photograph."""
NOWHERE = np.nan, np.nan


class Explores(Protocol):
    """What is needed of `explorer.engine.Engine`."""

    def explore_in(
        self, session: Session, cluster_id: str, *, is_coarse: bool = False
    ) -> Exploration:
        """Return what one cluster's edits say, while the others claim images too."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MarkedSession:
    """The marked averages of a session. N images, K keypoints.

    Attributes
    ----------
    keypoints
        The ids of the keypoints, in the schema's order: what the K of every average are.
    clusters
        The ids of the clusters that have marks, in the session's order.
    averages
        One for each of them.
    owners : (N,) int32
        For each image the number of the cluster, among all of the session, that most of it is.
    """

    keypoints: tuple[str, ...]
    clusters: tuple[str, ...]
    averages: tuple[MarkedAverage, ...]
    owners: IntArray


def marked_clusters(session: Session) -> dict[str, dict[str, Point]]:
    """Return where keypoints of the schema are marked, newest first said, by cluster and keypoint.

    Clusters without a mark are left out.
    """
    known = set(session.annotation.schema.ids)
    found = {
        cluster.id: {
            keypoint: mark.at
            for keypoint, mark in session.annotation.marks_of(cluster.id).items()
            if keypoint in known
        }
        for cluster in session.clusters
    }
    return {cluster: marks for cluster, marks in found.items() if marks}


def check_marked(
    session: Session, asked: Collection[str] | None = None
) -> dict[str, dict[str, Point]]:
    """Return the marks of a session as `marked_clusters`, if there is something to carry.

    Raises
    ------
    SessionError
        If no cluster is marked, or one that is asked for is not; it says what to do.
    """
    marks = marked_clusters(session)
    if not session.annotation.schema.keypoints:
        raise SessionError("there are no keypoints yet: choose a schema first")
    if not marks:
        raise SessionError("no average has points yet: place points on an average first")
    for cluster in asked or ():
        session.cluster(cluster)
        if cluster not in marks:
            raise SessionError(
                f"the average of cluster {cluster!r} has no points: place points on it first"
            )
    return marks


def marked_averages(
    engine: Explores,
    session: Session,
    asked: Collection[str] | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> MarkedSession:
    """Explore a session's clusters, and say which images belong to those that have marks.

    Parameters
    ----------
    engine
        Explores the collection.
    session
        The clusters, the schema and the marks.
    asked
        Clusters whose images are to have proposals; None: all. The others' averages only help,
        they come without members.
    progress
        Told how much is done, from 0 to 1.

    Raises
    ------
    SessionError
        If no cluster is marked, or one that is asked for is not.
    """
    marks = check_marked(session, asked)
    explored = {}
    for number, cluster in enumerate(session.clusters):
        is_coarse = cluster.id not in marks  # only its shares are wanted
        explored[cluster.id] = engine.explore_in(session, cluster.id, is_coarse=is_coarse)
        progress((number + 1) / len(session.clusters))
    shares = np.stack([one.shares for one in explored.values()], axis=1)
    owners = shares.argmax(axis=1).astype(np.int32)
    numbers = {cluster.id: number for number, cluster in enumerate(session.clusters)}
    keypoints = session.annotation.schema.ids
    averages = tuple(
        MarkedAverage(
            weights=explored[cluster].weights,
            members=_members(owners, numbers[cluster] if asked is None or cluster in asked else -1),
            maps=explored[cluster].maps,
            points=_on_canvas(at, keypoints, explored[cluster].average.shape),
        )
        for cluster, at in marks.items()
    )
    return MarkedSession(
        keypoints=keypoints, clusters=tuple(marks), averages=averages, owners=owners
    )


def _members(owners: IntArray, number: int) -> IntArray:
    return np.flatnonzero(owners == number).astype(np.int32)


def _on_canvas(
    marks: Mapping[str, Point], keypoints: Sequence[str], shape: tuple[int, ...]
) -> FloatArray:
    """Return marks as pixels (K, 2) of the canvas, NaN where there is none."""
    units = np.array([marks.get(keypoint, NOWHERE) for keypoint in keypoints])
    pixels: FloatArray = (units * [shape[1], shape[0]] - 0.5).astype(np.float32)
    return pixels


def corrected_points(annotation: Annotation, photographs: Photographs) -> dict[int, FloatArray]:
    """Return what people placed by hand in images, as evidence for the images near them.

    A point that is absent has no place and is left out, and so are images that the collection does
    not have.

    Returns
    -------
    dict
        By image: (K, 2) float32, pixels of the collection's image, NaN where nobody placed one.
    """
    keypoints = annotation.schema.ids
    found = {}
    for name, points in annotation.laid().items():
        placed = {
            keypoint: (laid.point.x, laid.point.y)
            for keypoint, laid in points.items()
            if laid.kind == "hand" and laid.point.state != "absent" and keypoint in keypoints
        }
        row = photographs.row(name) if placed else None
        if row is not None:
            there = np.array([placed.get(keypoint, NOWHERE) for keypoint in keypoints])
            found[row] = photographs.from_original(row, there)
    return found


def propose(
    propagator: Propagator,
    marked: MarkedSession,
    annotation: Annotation,
    photographs: Photographs,
    *,
    progress: Callable[[float], None] = lambda share: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Proposals:
    """Carry the marks of a session to its images, with all that people put right as evidence.

    Parameters
    ----------
    propagator
        Of the collection.
    marked
        The marked averages.
    annotation
        The schema and what was placed by hand.
    photographs
        Of the collection; no point beside them is proposed.
    progress, is_cancelled
        As in `Propagator.propagate`.

    Raises
    ------
    Cancelled
        If `is_cancelled` said True.
    """
    found = propagator.propagate(
        marked.averages,
        corrected=corrected_points(annotation, photographs),
        pairs=pairs_of(annotation.schema),
        progress=progress,
        is_cancelled=is_cancelled,
    )
    return inside_only(found, photographs)


def pairs_of(schema: Schema) -> list[tuple[int, int]]:
    """Return the numbers of the keypoints that change places in a mirrored image."""
    return [(schema.ids.index(left), schema.ids.index(right)) for left, right in schema.pairs]


def inside_only(proposals: Proposals, photographs: Photographs) -> Proposals:
    """Return proposals without the points that lie beside the photographs."""
    points, confidence = proposals.points.copy(), proposals.confidence.copy()
    for number, row in enumerate(proposals.rows.tolist()):
        there = photographs.to_original(row, points[number])
        height, width = photographs.size(row)
        is_inside = ((there >= -EDGE) & (there <= np.array([width, height]) - EDGE)).all(axis=-1)
        points[number][~is_inside] = np.nan
        confidence[number][~is_inside] = 0
    return Proposals(rows=proposals.rows, points=points, confidence=confidence)
