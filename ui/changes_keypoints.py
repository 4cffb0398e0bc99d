"""What changed in what is said about keypoints, for a member that has the session before."""

from explorer.annotation import Annotation, Layer
from ui.keypoint_messages import (
    AnnotationChanges,
    LayerSummary,
    MarkKey,
    MarkMessage,
    PlacedLayer,
    ReviewMessage,
)
from ui.room_keypoints import key_of


def annotation_changes(before: Annotation, after: Annotation) -> AnnotationChanges | None:
    """Return what a member that has `before` must be told to have `after`; None for nothing."""
    if before == after:
        return None
    old_marks = {key_of(mark): mark for mark in before.marks}
    new_marks = {key_of(mark): mark for mark in after.marks}
    old_reviews = {review.image: review for review in before.reviews}
    new_reviews = {review.image: review for review in after.reviews}
    left = {layer.id for layer in after.layers}
    return AnnotationChanges(
        schema_=None if before.schema == after.schema else after.schema,
        put_marks=tuple(
            MarkMessage.of(mark) for key, mark in new_marks.items() if old_marks.get(key) != mark
        ),
        removed_marks=tuple(
            MarkKey(cluster=cluster, keypoint=keypoint, author=author)
            for cluster, keypoint, author in old_marks
            if (cluster, keypoint, author) not in new_marks
        ),
        put_layers=_put_layers(before.layers, after.layers),
        removed_layers=tuple(layer.id for layer in before.layers if layer.id not in left),
        put_reviews=tuple(
            ReviewMessage.of(review)
            for image, review in new_reviews.items()
            if old_reviews.get(image) != review
        ),
        removed_reviews=tuple(image for image in old_reviews if image not in new_reviews),
    )


def _put_layers(before: tuple[Layer, ...], after: tuple[Layer, ...]) -> tuple[PlacedLayer, ...]:
    """Return the layers that are new, changed, or no longer in the order of the others."""
    places = {layer.id: place for place, layer in enumerate(before)}
    found, last = [], -1
    for place, layer in enumerate(after):
        known = places.get(layer.id, -1)
        if known > last and before[known] == layer:
            last = known
        else:
            found.append(PlacedLayer(place=place, layer=LayerSummary.of(layer)))
    return tuple(found)
