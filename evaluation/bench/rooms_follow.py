"""The state of a room as a client has it: told on joining, then one change after another.

Written from docs/protocol.md alone, so that it agrees with the server only if that is right.
"""

import copy
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]

BOARD: dict[str, Callable[[Json], Any]] = {
    "comments": lambda one: one["id"],
    "votes": lambda one: (one["image"], one["author"]),
    "claims": lambda one: one["image"],
    "snapshots": lambda one: one["id"],
}
"""By what the things on a board are known."""


class Follower:
    """Follows one room. What it is told is left as it is: others may be told the same.

    Attributes
    ----------
    revision, last
        How far, and the id of the operation that made it.
    gaps
        How often a revision was missing between two that were told.
    """

    def __init__(self) -> None:
        self.revision, self.last = -1, ""
        self.gaps = 0
        self._session: Json = {}
        self._marks: dict[tuple[str, ...], Json] = {}
        self._board: dict[str, dict[Any, Json]] = {}

    @property
    def state(self) -> Json:
        """The session and the board, for comparison: where order means nothing, in one order."""
        annotation = self._session["annotation"]
        return {
            "clusters": self._session["clusters"],
            "schema": annotation["schema"],
            "marks": sorted(self._marks.values(), key=repr),
            "reviews": sorted(annotation["reviews"], key=repr),
            "board": {
                name: sorted(items.values(), key=repr) for name, items in self._board.items()
            },
        }

    def welcome(self, message: Json) -> None:
        """Begin with a state, or go on from what is known."""
        if message["session"] is not None:
            self._take(message["session"])
            self._board = {
                name: {key_of(item): item for item in message["board"][name]}
                for name, key_of in BOARD.items()
            }
        elif message["revision"] != self.revision:
            self.gaps += 1
        self.revision, self.last = message["revision"], message["last"]

    def applied(self, message: Json) -> bool:
        """Follow an operation; return whether it was a new one."""
        if message["revision"] <= self.revision:
            return False
        self.gaps += message["revision"] != self.revision + 1
        self.revision, self.last = message["revision"], message["op_id"]
        changes = message["changes"]
        if changes["session"] is not None:
            self._take(changes["session"])
        else:
            self._follow_clusters(changes)
            self._follow_annotation(changes["annotation"])
        self._follow_board(changes["board"])
        return True

    def _take(self, session: Json) -> None:
        self._session = copy.deepcopy(session)
        self._marks = {_mark_key(mark): mark for mark in session["annotation"]["marks"]}

    def _follow_clusters(self, changes: Json) -> None:
        if not any(changes[name] for name in ("added", "removed", "put", "settings", "order")):
            return
        clusters = {cluster["id"]: cluster for cluster in self._session["clusters"]}
        clusters |= {cluster["id"]: copy.deepcopy(cluster) for cluster in changes["added"]}
        for gone in changes["removed"]:
            cluster = clusters[gone["cluster"]]
            cluster["edits"] = [
                entry for entry in cluster["edits"] if entry["edit"]["id"] != gone["edit_id"]
            ]
        for put in changes["put"]:
            _put_edit(clusters[put["cluster"]]["edits"], put)
        for settings in changes["settings"]:
            clusters[settings["id"]].update(settings)
        order = changes["order"]
        self._session["clusters"] = (
            list(clusters.values()) if order is None else [clusters[one] for one in order]
        )

    def _follow_annotation(self, changes: Json | None) -> None:
        if changes is None:
            return
        known = self._session["annotation"]
        known["schema"] = changes["schema"] or known["schema"]
        for gone in changes["removed_marks"]:
            self._marks.pop(_mark_key(gone), None)
        self._marks |= {_mark_key(mark): mark for mark in changes["put_marks"]}

    def _follow_board(self, changes: Json | None) -> None:
        if changes is None:
            return
        for name, key_of in BOARD.items():
            items = self._board[name]
            for gone in changes[f"removed_{name}"]:
                items.pop(gone if isinstance(gone, str) else key_of(gone), None)
            items |= {key_of(item): item for item in changes[f"put_{name}"]}


def _put_edit(edits: list[Json], put: Json) -> None:
    ids = [entry["edit"]["id"] for entry in edits]
    edit_id = put["entry"]["edit"]["id"]
    if edit_id in ids:
        edits[ids.index(edit_id)] = put["entry"]
    else:
        edits.insert(put["place"], put["entry"])


def _mark_key(mark: Json) -> tuple[str, str, str]:
    return mark["cluster"], mark["keypoint"], mark["author"]
