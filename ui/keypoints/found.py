"""What a propagation found, what that rests on, and how it is renewed for some clusters only."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from explorer.annotation import Laid
from explorer.arrays import FloatArray
from explorer.edits import Point
from explorer.keypoints.sessions import marked_clusters
from explorer.keypoints.values import Proposals
from explorer.session import Session
from ui.computing.averages import state_of

MOVED = 1.0
"""Pixels of the collection's images; what moves less stays."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What proposals rest on; where it is another one, they are stale.

    Attributes
    ----------
    digest
        Of where keypoints are on averages, which of them change places in mirrored images, and what
        shapes the averages.
    marked
        The keypoints that are on averages, by cluster.
    corrected
        Where keypoints were placed by hand, by image and keypoint.
    """

    digest: str
    marked: Mapping[str, frozenset[str]]
    corrected: Mapping[tuple[str, str], Point]


def basis_of(session: Session, laid: Laid | None = None) -> Basis:
    """Return what proposals for the images of a session would rest on now.

    Parameters
    ----------
    session
        With the marks and the points.
    laid
        What `Annotation.laid` says of it, if that is known.
    """
    annotation = session.annotation
    marks = marked_clusters(session)
    marked = {keypoint for points in marks.values() for keypoint in points}
    known = set(annotation.schema.ids)
    laid = annotation.laid() if laid is None else laid
    by_hand = {
        (image.image, point.keypoint): laid[image.image][point.keypoint]
        for layer in annotation.layers
        if layer.kind == "hand"
        for image in layer.images
        for point in image.points
        if point.keypoint in known
    }
    corrected = {
        place: (found.point.x, found.point.y)
        for place, found in by_hand.items()
        if found.kind == "hand" and found.point.state != "absent"
    }
    said = (
        sorted((cluster, sorted(points.items())) for cluster, points in marks.items()),
        sorted(pair for pair in annotation.schema.pairs if set(pair) <= marked),
        sorted(state_of(session).items(), key=lambda item: item[0]),
    )
    return Basis(
        digest=hashlib.blake2b(repr(said).encode(), digest_size=16).hexdigest(),
        marked={cluster: frozenset(points) for cluster, points in marks.items()},
        corrected=corrected,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """Proposals with where they came from. M images, K keypoints.

    Attributes
    ----------
    version
        Counts the propagations of a collection.
    revision
        Of the room, when the newest of them began.
    keypoints
        Ids of the keypoints, K.
    proposals
        In pixels of the collection's images.
    owners
        The cluster of each image, M.
    bases
        What the proposals of each cluster rest on, by its id.
    """

    version: int = 0
    revision: int
    keypoints: tuple[str, ...]
    proposals: Proposals
    owners: tuple[str, ...]
    bases: Mapping[str, Basis]

    @cached_property
    def marked(self) -> Mapping[str, frozenset[str]]:
        """The keypoints that were marked on the average of each cluster."""
        return {cluster: basis.marked[cluster] for cluster, basis in self.bases.items()}

    def place(self, row: int) -> int | None:
        """Return the place of an image among the M, None if it has no proposals."""
        rows = self.proposals.rows
        place = int(np.searchsorted(rows, row))
        return place if place < len(rows) and rows[place] == row else None


def renewed(known: Found | None, new: Found) -> Found:
    """Return what was just found, with what was known of clusters that were not asked for.

    What was known of a cluster that is gone, or has no marks any more, is forgotten.
    """
    if known is None:
        return new
    marked = next(iter(new.bases.values())).marked
    kept = [
        place
        for place, (row, owner) in enumerate(
            zip(known.proposals.rows.tolist(), known.owners, strict=True)
        )
        if owner in marked and owner not in new.bases and new.place(row) is None
    ]
    bases = {owner: basis for owner, basis in known.bases.items() if owner in marked}
    points, confidence = _as_now(known, kept, new.keypoints)
    rows = np.concatenate([known.proposals.rows[kept], new.proposals.rows])
    order = np.argsort(rows, kind="stable")
    owners = [*(known.owners[place] for place in kept), *new.owners]
    return Found(
        version=new.version,
        revision=new.revision,
        keypoints=new.keypoints,
        proposals=Proposals(
            rows=rows[order],
            points=np.concatenate([points, new.proposals.points])[order],
            confidence=np.concatenate([confidence, new.proposals.confidence])[order],
        ),
        owners=tuple(owners[place] for place in order),
        bases={**bases, **new.bases},
    )


def moved(known: Found | None, new: Found) -> tuple[int, int]:
    """Return how many points, and of how many images, are proposed elsewhere than before.

    Elsewhere is more than a pixel of the collection's images away; what was or is nowhere is not
    counted.
    """
    if known is None:
        return 0, 0
    _, before, now = np.intersect1d(
        known.proposals.rows, new.proposals.rows, assume_unique=True, return_indices=True
    )
    points, _ = _as_now(known, before.tolist(), new.keypoints)
    away = np.linalg.norm(new.proposals.points[now] - points, axis=-1) > MOVED
    return int(away.sum()), int(away.any(axis=1).sum())


def _as_now(
    known: Found, kept: list[int], keypoints: tuple[str, ...]
) -> tuple[FloatArray, FloatArray]:
    """Return the points and confidence of some images for a schema that may be another one."""
    points = np.full((len(kept), len(keypoints), 2), np.nan, np.float32)
    confidence = np.zeros((len(kept), len(keypoints)), np.float32)
    for new, keypoint in enumerate(keypoints):
        if keypoint in known.keypoints:
            old = known.keypoints.index(keypoint)
            points[:, new] = known.proposals.points[kept, old]
            confidence[:, new] = known.proposals.confidence[kept, old]
    return points, confidence
