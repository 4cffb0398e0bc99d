"""What is told of keypoints: all but the points of the layers, which may be megabytes.

Those are asked for over HTTP, image by image.
"""

from typing import Annotated

from pydantic import ConfigDict, Field

from explorer.annotation import Annotation, Layer, LayerKind, Mark, Merge, Review
from explorer.edits import Point
from explorer.session import Session
from explorer.session_json import SESSION_FORMAT, SESSION_VERSION
from ui.wire.base import Message
from ui.wire.operations import AnyCluster, AnySchema


class MarkMessage(Message):
    """A keypoint on the average of a cluster. One for each author."""

    cluster: str
    keypoint: str
    at: Point
    author: str
    time: float

    @classmethod
    def of(cls, mark: Mark) -> "MarkMessage":
        """Return the mark as a message."""
        return cls(
            cluster=mark.cluster,
            keypoint=mark.keypoint,
            at=mark.at,
            author=mark.author,
            time=mark.time,
        )


class MarkKey(Message):
    """Which mark."""

    cluster: str
    keypoint: str
    author: str


class LayerSummary(Message):
    """A layer without its points: of how many images, and how many points."""

    id: str
    kind: LayerKind
    merge: Merge
    clusters: tuple[str, ...]
    author: str
    time: float
    images: int
    points: int

    @classmethod
    def of(cls, layer: Layer) -> "LayerSummary":
        """Return the layer's summary."""
        return cls(
            id=layer.id,
            kind=layer.kind,
            merge=layer.merge,
            clusters=layer.clusters,
            author=layer.author,
            time=layer.time,
            images=len(layer.images),
            points=layer.count,
        )


class PlacedLayer(Message):
    """A layer, and its place in the order in which they lie once all are put."""

    place: int
    layer: LayerSummary


class ReviewMessage(Message):
    """Somebody has looked at all points of an image."""

    image: str
    author: str
    time: float

    @classmethod
    def of(cls, review: Review) -> "ReviewMessage":
        """Return the review as a message."""
        return cls(image=review.image, author=review.author, time=review.time)


class SharedAnnotation(Message):
    """All that was said about keypoints, but for the points of the layers."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    schema_: Annotated[AnySchema, Field(alias="schema")]
    marks: tuple[MarkMessage, ...]
    layers: tuple[LayerSummary, ...]
    reviews: tuple[ReviewMessage, ...]

    @classmethod
    def of(cls, annotation: Annotation) -> "SharedAnnotation":
        """Return the annotation as members see it."""
        return cls(
            schema_=annotation.schema,
            marks=tuple(map(MarkMessage.of, annotation.marks)),
            layers=tuple(map(LayerSummary.of, annotation.layers)),
            reviews=tuple(map(ReviewMessage.of, annotation.reviews)),
        )


class SharedSession(Message):
    """A session as members see it: a session file, but for the points of the layers."""

    format: str = SESSION_FORMAT
    version: int = SESSION_VERSION
    collection: str
    clusters: tuple[AnyCluster, ...]
    annotation: SharedAnnotation

    @classmethod
    def of(cls, session: Session) -> "SharedSession":
        """Return the session as members see it."""
        return cls(
            collection=session.collection,
            clusters=session.clusters,
            annotation=SharedAnnotation.of(session.annotation),
        )


class AnnotationChanges(Message):
    """What changed in what is said about keypoints; `schema` null where it stays.

    Follow it in this order: take away `removed_marks`, `removed_layers` and `removed_reviews`; put
    marks (one that is there, by its cluster, keypoint and author, is replaced) and reviews (by
    their image); take the layers in `put_layers` away where they are there, then put each at its
    `place`, the first first.
    """

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    schema_: Annotated[AnySchema | None, Field(alias="schema")] = None
    put_marks: tuple[MarkMessage, ...] = ()
    removed_marks: tuple[MarkKey, ...] = ()
    put_layers: tuple[PlacedLayer, ...] = ()
    removed_layers: tuple[str, ...] = ()
    put_reviews: tuple[ReviewMessage, ...] = ()
    removed_reviews: tuple[str, ...] = ()
