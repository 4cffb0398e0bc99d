"""A digest of the state of a room: states that differ have different ones.

It is the SHA-256 of the digests of its parts: the revision, the clusters and layers as they stand
in a session file, schema, marks, reviews, and the board. Who asks again and again has little to do
for parts that did not change.
"""

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from explorer.annotation import Layer
from explorer.annotation_json import layer_to_json, mark_to_json, review_to_json, schema_to_json
from explorer.session import Cluster
from explorer.session_json import cluster_to_json
from ui.rooms.board import Board
from ui.rooms.room import RoomState

PIECE = 256
"""Items that become JSON at once: other threads of the program wait as long as that takes."""

Item = TypeVar("Item")


def digest_of(state: RoomState) -> str:
    """Return the digest of a state, but for undo histories, which follow from the log alone.

    The collection's name is left out too: the same log may be served under another one.
    """
    return Digests().of(state)


class Digests:
    """Digests of one state after another of a room; used by one thread at a time."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, bytes]] = {}

    def of(self, state: RoomState) -> str:
        """Return the digest of a state; what it shares with the one before is not read again."""
        session, annotation = state.session, state.session.annotation
        items = (*session.clusters, *annotation.layers, annotation.marks, annotation.reviews)
        found: dict[int, tuple[object, bytes]] = {}
        for item in items:
            known = self._known.get(id(item))  # which is kept, so that nothing else has its id
            found[id(item)] = known or (item, _hashed(_pieces(item)))
        self._known = found
        head = [state.revision, schema_to_json(annotation.schema)]
        parts = [_text(head), *(found[id(item)][1].hex() for item in items)]
        return _hashed([*parts, *_board_pieces(state.board)]).hex()


def _hashed(texts: Iterable[str]) -> bytes:
    """Return the digest of some texts; each has its own, so that none can pass into the next."""
    whole = hashlib.sha256()
    for text in texts:
        whole.update(hashlib.sha256(text.encode()).digest())
    return whole.digest()


def _pieces(item: object) -> Iterator[str]:
    if isinstance(item, Cluster):
        yield _text(cluster_to_json(dataclasses.replace(item, entries=())))
        for entries in _cut(item.entries):
            yield _text(cluster_to_json(dataclasses.replace(item, entries=entries))["edits"])
    elif isinstance(item, Layer):
        yield _text(layer_to_json(dataclasses.replace(item, images=())))
        for images in _cut(item.images):
            yield _text(layer_to_json(dataclasses.replace(item, images=images))["images"])
    elif isinstance(item, tuple):
        for part in _cut(item):
            yield _text([_said(one) for one in part])


def _said(item: Any) -> Any:
    return mark_to_json(item) if hasattr(item, "keypoint") else review_to_json(item)


def _board_pieces(board: Board) -> Iterator[str]:
    """Return what is said, without usual values: so a field that comes later changes nothing."""
    for items in (board.comments, board.votes, board.claims, board.snapshots):
        yield ""
        for part in _cut(tuple(items.values())):
            yield _text([item.model_dump(mode="json", exclude_defaults=True) for item in part])


def _cut(items: Sequence[Item]) -> Iterator[tuple[Item, ...]]:
    for start in range(0, len(items), PIECE):
        yield tuple(items[start : start + PIECE])


def _text(value: Any) -> str:
    return json.dumps(_same(value), sort_keys=True, separators=(",", ":"))


def _same(value: Any) -> Any:
    """Return a value with every number as a float: 1 and 1.0 are the same to everybody else."""
    if isinstance(value, dict):
        return {key: _same(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_same(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
