"""A room: the shared state of everybody who works on one collection, as a pure function of a log.

The same operations in the same order always give the same state, so the log on disk is the room.
Undo and redo are operations like any other.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from explorer.session import Entry, Session
from ui.changes import changes_between
from ui.history import History, redone, undone, with_step
from ui.operations import (
    Clear,
    Operation,
    PutEdit,
    Redo,
    RemoveEdit,
    ReplaceSession,
    SetCluster,
    Undo,
)
from ui.protocol import Changes, RefusedCode

Change: TypeAlias = PutEdit | RemoveEdit | SetCluster | Clear | ReplaceSession

EDITS_LIMIT = 500
CLUSTERS_LIMIT = 64


class OperationError(ValueError):
    """An operation cannot be carried out; `code` is for programs.

    The default lets the error cross a process boundary: unpickling passes the message alone.
    """

    def __init__(self, message: str, *, code: RefusedCode = "bad_operation") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomState:
    """A session, how many operations made it, and every author's history."""

    session: Session = field(default_factory=Session)
    revision: int = 0
    histories: Mapping[str, History] = field(default_factory=dict)

    def history(self, author: str) -> History:
        """Return the author's history, empty if there is none."""
        return self.histories.get(author, History())

    def can_undo(self, author: str) -> bool:
        """Return whether an undo of the author would change anything."""
        return undone(self.session, self.history(author)) is not None

    def can_redo(self, author: str) -> bool:
        """Return whether a redo of the author would change anything."""
        return redone(self.session, self.history(author)) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One operation as it stands in the log. `time` in seconds since 1970."""

    op_id: str
    author: str
    time: float
    operation: Operation


def replay(collection: str, log: Iterable[Logged]) -> RoomState:
    """Return the state of the collection's room after the operations of its log."""
    state = RoomState(session=Session(collection=collection))
    for logged in log:
        state, _ = carry_out(state, logged)
    return state


def carry_out(state: RoomState, logged: Logged) -> tuple[RoomState, Changes]:
    """Carry out one operation: the revision grows by one, even if nothing else changes.

    Raises
    ------
    OperationError
        If there is no such cluster, too many edits or clusters, or nothing to undo or redo.
    """
    history = state.history(logged.author)
    match logged.operation:
        case Undo():
            moved = undone(state.session, history)
        case Redo():
            moved = redone(state.session, history)
        case operation:
            session = _edited(state.session, operation, logged)
            moved = session, with_step(history, state.session, session)
    if moved is None:
        raise _nothing(logged.operation.type)
    session, history = moved
    after = RoomState(
        session=session,
        revision=state.revision + 1,
        histories={**state.histories, logged.author: history},
    )
    return after, changes_between(state.session, session)


def _nothing(what: str) -> OperationError:
    code: RefusedCode = "nothing_to_undo" if what == "undo" else "nothing_to_redo"
    return OperationError(f"there is nothing of yours to {what}", code=code)


def _edited(session: Session, operation: Change, by: Logged) -> Session:
    if isinstance(operation, ReplaceSession):
        _check_size(operation.session)
        return dataclasses.replace(operation.session, collection=session.collection)
    if operation.cluster not in {cluster.id for cluster in session.clusters}:
        raise OperationError(f"the session has no cluster {operation.cluster!r}")
    cluster = session.cluster(operation.cluster)
    match operation:
        case PutEdit(edit=edit):
            if cluster.edit(edit.id) == edit:
                return session
            changed = cluster.put(Entry(edit=edit, author=by.author, time=by.time))
        case RemoveEdit(edit_id=edit_id):
            changed = cluster.remove(edit_id)
        case SetCluster(name=name, weighting=weighting, count=count):
            changed = dataclasses.replace(cluster, name=name, weighting=weighting, count=count)
        case Clear():
            changed = dataclasses.replace(cluster, entries=())
    after = session.put_cluster(changed)
    _check_size(after)
    return after


def _check_size(session: Session) -> None:
    if len(session.clusters) > CLUSTERS_LIMIT:
        raise OperationError(
            f"a session has at most {CLUSTERS_LIMIT} clusters, got {len(session.clusters)}",
            code="too_many",
        )
    for cluster in session.clusters:
        if len(cluster.entries) > EDITS_LIMIT:
            raise OperationError(
                f"a cluster has at most {EDITS_LIMIT} edits, got {len(cluster.entries)}: "
                "remove some first",
                code="too_many",
            )
