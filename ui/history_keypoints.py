"""Undo and redo of what was said about keypoints: only where it still is as the step left it."""

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from explorer.annotation import Annotation, Layer
from ui.room_keypoints import key_of

Item = TypeVar("Item")


def moved_annotation(present: Annotation, source: Annotation, target: Annotation) -> Annotation:
    """Take `present` from `source` to `target`, but only where it still is as in `source`."""
    if present == source:
        return target
    if source == target:
        return present
    schema = target.schema if present.schema == source.schema else present.schema
    return Annotation(
        schema=schema,
        marks=_moved(present.marks, source.marks, target.marks, key_of),
        layers=_moved(present.layers, source.layers, target.layers, _layer_id),
        reviews=_moved(present.reviews, source.reviews, target.reviews, lambda item: item.image),
    )


def _layer_id(layer: Layer) -> str:
    return layer.id


def _moved(
    present: tuple[Item, ...],
    source: tuple[Item, ...],
    target: tuple[Item, ...],
    key: Callable[[Item], Hashable],
) -> tuple[Item, ...]:
    """Move the items that differ, each if `present` has it as `source` has it."""
    if present == source or source == target:
        return target if present == source else present
    here, before, after = (
        {key(item): item for item in items} for items in (present, source, target)
    )
    changed = [
        name
        for name in {**before, **after}
        if before.get(name) != after.get(name) and here.get(name) == before.get(name)
    ]
    gone = set(changed)
    left = [item for item in present if key(item) not in gone]
    for place, item in enumerate(target):
        if key(item) in gone:
            left.insert(_place_after(left, target[:place], key), item)
    return tuple(left)


def _place_after(
    items: Sequence[Item], earlier: Sequence[Item], key: Callable[[Item], Hashable]
) -> int:
    """Return the place behind the nearest of the items that stood before one."""
    places = {key(item): place for place, item in enumerate(items)}
    known = (places[key(item)] for item in reversed(earlier) if key(item) in places)
    return next(known, -1) + 1
