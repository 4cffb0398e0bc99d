"""What changed in what is said about keypoints, for a member that has the session before."""

from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

from explorer.annotation import Annotation, Layer
from ui.rooms.room_keypoints import key_of, same_ends
from ui.wire.keypoint_messages import (
    AnnotationChanges,
    LayerSummary,
    MarkKey,
    MarkMessage,
    PlacedLayer,
    ReviewMessage,
)

Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)


def annotation_changes(before: Annotation, after: Annotation) -> AnnotationChanges | None:
    """Return what a member that has `before` must be told to have `after`; None for nothing."""
    if before == after:
        return None
    old_marks, new_marks = _differing(before.marks, after.marks, key_of)
    old_layers, new_layers = _differing(before.layers, after.layers, lambda layer: layer.id)
    old_reviews, new_reviews = _differing(before.reviews, after.reviews, lambda one: one.image)
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
        put_layers=_put_layers(old_layers, new_layers, after.layers),
        removed_layers=tuple(name for name in old_layers if name not in new_layers),
        put_reviews=tuple(
            ReviewMessage.of(review)
            for image, review in new_reviews.items()
            if old_reviews.get(image) != review
        ),
        removed_reviews=tuple(image for image in old_reviews if image not in new_reviews),
    )


def _differing(
    before: tuple[Item, ...], after: tuple[Item, ...], key: Callable[[Item], Key]
) -> tuple[dict[Key, Item], dict[Key, Item]]:
    """Return the items of both by their key, but for those that both begin or end with."""
    start, end = same_ends(before, after)
    return (
        {key(item): item for item in before[start : len(before) - end]},
        {key(item): item for item in after[start : len(after) - end]},
    )


def _put_layers(
    before: Mapping[str, Layer], after: Mapping[str, Layer], whole: tuple[Layer, ...]
) -> tuple[PlacedLayer, ...]:
    """Return the layers that are new, changed, or no longer in the order of the others."""
    if not after:
        return ()
    start = next(place for place, layer in enumerate(whole) if layer.id in after)
    places = {name: place for place, name in enumerate(before)}
    found, last = [], -1
    for place, (name, layer) in enumerate(after.items(), start):
        known = places.get(name, -1)
        if known > last and before[name] == layer:
            last = known
        else:
            found.append(PlacedLayer(place=place, layer=LayerSummary.of(layer)))
    return tuple(found)
