"""Undo and redo of what was said about keypoints: only where it still is as the step left it."""

from collections.abc import Callable, Hashable, Set
from typing import TypeVar

from explorer.annotation import Annotation, Layer
from ui.rooms.room_keypoints import key_of, same_ends

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
    if source is target or present == source:
        return target if present == source else present
    start, end = same_ends(source, target)
    before = {key(item): item for item in source[start : len(source) - end]}
    after = {key(item): item for item in target[start : len(target) - end]}
    here = {key(item): item for item in present}
    changed = {
        name
        for name in {**before, **after}
        if before.get(name) != after.get(name) and here.get(name) == before.get(name)
    }
    left = [item for item in present if key(item) not in changed]
    come = changed & after.keys()
    return _with(left, target, come, key) if come else tuple(left)


def _with(
    present: list[Item],
    target: tuple[Item, ...],
    come: Set[Hashable],
    key: Callable[[Item], Hashable],
) -> tuple[Item, ...]:
    """Take some of `target` in, each behind the nearest item that stands before it there."""
    left = {key(item): [item] for item in present}
    first: list[Item] = []
    place = first
    for item in target:
        if key(item) in come:
            place.append(item)
        else:
            place = left.get(key(item), place)
    return (*first, *(item for items in left.values() for item in items))
