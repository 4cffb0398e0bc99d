"""How far two people's points lie apart: in images, and on averages."""

from dataclasses import dataclass

import numpy as np

from explorer.annotation import Annotation, ImagePoint
from explorer.edits import Point
from explorer.session import Session


@dataclass(frozen=True, slots=True)
class Pair:
    """A keypoint of an image that two people placed; pixels of the photograph."""

    image: str
    keypoint: str
    a: Point
    b: Point

    @property
    def distance(self) -> float:
        """How far they lie apart, in pixels."""
        return float(np.hypot(self.a[0] - self.b[0], self.a[1] - self.b[1]))


@dataclass(frozen=True, slots=True)
class MarkPair:
    """A keypoint of an average that two people marked, in canvas units."""

    cluster: str
    keypoint: str
    a: Point
    b: Point

    def distance(self, height: int, width: int) -> float:
        """Return how far they lie apart, in pixels of the canvas."""
        (ax, ay), (bx, by) = self.a, self.b
        return float(np.hypot((ax - bx) * width, (ay - by) * height))


def authors_of(annotation: Annotation) -> list[str]:
    """Return who placed points or marks, those with most of them first."""
    counts: dict[str, int] = {}
    for layer in annotation.layers:
        if layer.kind != "accepted":
            placed = sum(len(image.points) for image in layer.images)
            counts[layer.author] = counts.get(layer.author, 0) + placed
    for mark in annotation.marks:
        counts[mark.author] = counts.get(mark.author, 0) + 1
    return sorted(counts, key=lambda author: (-counts[author], author))


def pairs_between(annotation: Annotation, a: str, b: str) -> list[Pair]:
    """Return the points of images that two people both placed.

    By hand, or read from a file: what somebody accepted is the machine's, and so is what a file
    calls less than sure. Points that one of them calls absent have no distance. Keypoints that the
    schema lacks are left out.
    """
    first, second = (_placed(annotation, author) for author in (a, b))
    return [
        Pair(image, keypoint, (one.x, one.y), (other.x, other.y))
        for (image, keypoint), one in first.items()
        if (other := second.get((image, keypoint))) is not None
    ]


def _placed(annotation: Annotation, author: str) -> dict[tuple[str, str], ImagePoint]:
    known = set(annotation.schema.ids)
    own = tuple(layer for layer in annotation.layers if layer.kind != "accepted")
    laid = Annotation(layers=own).laid(author)
    return {
        (image, keypoint): found.point
        for image, points in laid.items()
        for keypoint, found in points.items()
        if found.point.state != "absent" and found.point.confidence == 1 and keypoint in known
    }


def mark_pairs_between(session: Session, a: str, b: str) -> list[MarkPair]:
    """Return the keypoints of averages that two people both marked."""
    known = set(session.annotation.schema.ids)
    pairs = []
    for cluster in session.clusters:
        first, second = (session.annotation.marks_of(cluster.id, author) for author in (a, b))
        pairs += [
            MarkPair(cluster.id, keypoint, mark.at, second[keypoint].at)
            for keypoint, mark in first.items()
            if keypoint in second and keypoint in known
        ]
    return pairs
