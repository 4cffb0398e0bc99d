"""What operations on keypoints do to what is said about them; pure functions."""

import dataclasses
from collections.abc import Iterable, Sequence

from explorer.annotation import Annotation, Layer, Mark, Review
from explorer.errors import SessionError
from explorer.keypoint_schema import Schema
from explorer.session import Session
from ui.wire.operations import (
    KeypointOperation,
    PutLayer,
    PutMark,
    PutReview,
    RemoveLayer,
    RemoveMark,
    RemoveReview,
    SetSchema,
)

KEYPOINTS_LIMIT = 500
MARKS_LIMIT = 100_000
IMAGES_LIMIT = 200_000
"""Of one layer, and of reviews."""
LAYERS_LIMIT = 100_000
POINTS_LIMIT = 1_000_000
"""Of one layer; all layers of a session together have at most `LAID_LIMIT` points."""
LAID_LIMIT = 3_000_000


class TooManyError(SessionError):
    """There would be more of something than a room can hold."""


def annotated(
    session: Session, operation: KeypointOperation, author: str, time: float
) -> Annotation:
    """Return what is said about keypoints after an operation on them.

    Parameters
    ----------
    author, time
        Who did it, and when in seconds since 1970.

    Raises
    ------
    SessionError
        If a mark is on no cluster or outside of the canvas, or a keypoint is not in the schema; the
        message says what to do. `TooManyError` if there would be too many.
    """
    annotation = session.annotation
    match operation:
        case SetSchema(schema_=schema):
            return dataclasses.replace(annotation, schema=schema)
        case PutMark():
            return _with_mark(session, operation, author, time)
        case RemoveMark():
            gone = (operation.cluster, operation.keypoint, author)
            marks = tuple(mark for mark in annotation.marks if key_of(mark) != gone)
            return dataclasses.replace(annotation, marks=marks)
        case PutLayer(layer=layer):
            is_named = layer.kind == "imported" and layer.author  # a file may say whose points are
            by = layer.author if is_named else author
            signed = dataclasses.replace(layer, author=by, time=time)
            return _with_layer(annotation, signed)
        case RemoveLayer():
            left = tuple(layer for layer in annotation.layers if layer.id != operation.layer_id)
            return dataclasses.replace(annotation, layers=left)
        case PutReview():
            review = Review(image=operation.image, author=author, time=time)
            return _with_review(annotation, review)
        case RemoveReview():
            open_ = tuple(known for known in annotation.reviews if known.image != operation.image)
            return dataclasses.replace(annotation, reviews=open_)


def unmarked(session: Session, cluster_id: str) -> Session:
    """Return the session without marks on a cluster: those that a removed one has left."""
    marks = tuple(m for m in session.annotation.marks if m.cluster != cluster_id)
    if len(marks) == len(session.annotation.marks):
        return session
    annotation = dataclasses.replace(session.annotation, marks=marks)
    return dataclasses.replace(session, annotation=annotation)


def key_of(mark: Mark) -> tuple[str, str, str]:
    """Return which mark this is: of its cluster, keypoint and author there is one."""
    return mark.cluster, mark.keypoint, mark.author


def same_ends(one: Sequence[object], other: Sequence[object]) -> tuple[int, int]:
    """Return how many of the first and of the last items are the very same: most, as a rule.

    No item is in one of them twice.
    """
    most = min(len(one), len(other))
    pairs = zip(one, other, strict=False)
    start = next((place for place, (a, b) in enumerate(pairs) if a is not b), most)
    pairs = zip(reversed(one), reversed(other), strict=False)
    end = next((place for place, (a, b) in enumerate(pairs) if a is not b), most)
    return start, end


def check_size(annotation: Annotation, known: Annotation) -> None:
    """Raise `TooManyError` if there is more than a room can hold; what is in `known` is known."""
    _check("a schema has", len(annotation.schema.keypoints), KEYPOINTS_LIMIT, "keypoints")
    _check("a session has", len(annotation.marks), MARKS_LIMIT, "marks")
    _check("a session has", len(annotation.reviews), IMAGES_LIMIT, "reviews")
    _check("a session has", len(annotation.layers), LAYERS_LIMIT, "layers of points")
    start, end = same_ends(annotation.layers, known.layers)
    for layer in annotation.layers[start : len(annotation.layers) - end]:
        _check("a layer has", len(layer.images), IMAGES_LIMIT, "images")
        _check("a layer has", layer.count, POINTS_LIMIT, "points")
    total = sum([layer.count for layer in annotation.layers])
    _check("all layers together have", total, LAID_LIMIT, "points")


def _check(what: str, count: int, limit: int, of: str) -> None:
    if count > limit:
        raise TooManyError(f"{what} at most {limit:,} {of}, got {count:,}: remove some first")


def _with_mark(session: Session, operation: PutMark, author: str, time: float) -> Annotation:
    annotation = session.annotation
    session.cluster(operation.cluster)
    _check_known(annotation.schema, [operation.keypoint])
    mark = Mark(
        cluster=operation.cluster,
        keypoint=operation.keypoint,
        at=operation.at,
        author=author,
        time=time,
    )
    for place, known in enumerate(annotation.marks):
        if key_of(known) == key_of(mark):
            mark = known if known.at == mark.at else mark
            marks = (*annotation.marks[:place], mark, *annotation.marks[place + 1 :])
            return dataclasses.replace(annotation, marks=marks)
    return dataclasses.replace(annotation, marks=(*annotation.marks, mark))


def _with_layer(annotation: Annotation, layer: Layer) -> Annotation:
    """Lay a layer on top; one with its id is taken away, wherever it was.

    What somebody says now counts more than what was laid since it was said the first time.
    """
    keypoints = {point.keypoint for image in layer.images for point in image.points}
    _check_known(annotation.schema, sorted(keypoints))
    *_, top = (None, *annotation.layers)
    if top is not None and dataclasses.replace(layer, time=top.time) == top:
        return annotation
    others = [known for known in annotation.layers if known.id != layer.id]
    return dataclasses.replace(annotation, layers=(*others, layer))


def _with_review(annotation: Annotation, review: Review) -> Annotation:
    reviews = annotation.reviews
    for place, known in enumerate(reviews):
        if known.image == review.image:
            review = known if known.author == review.author else review
            reviews = (*reviews[:place], review, *reviews[place + 1 :])
            return dataclasses.replace(annotation, reviews=reviews)
    return dataclasses.replace(annotation, reviews=(*reviews, review))


def _check_known(schema: Schema, keypoints: Iterable[str]) -> None:
    known = set(schema.ids)
    unknown = [keypoint for keypoint in keypoints if keypoint not in known]
    if unknown:
        more = f" and {len(unknown) - 3} more" if len(unknown) > 3 else ""
        raise SessionError(
            f"the schema has no keypoint {', '.join(map(repr, unknown[:3]))}{more}: "
            "add it to the schema first, or choose a schema that has it"
        )
