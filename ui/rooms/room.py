"""A room: the shared state of everybody who works on one collection, as a pure function of a log.

The same operations in the same order always give the same state, so the log on disk is the room.
Undo and redo are operations like any other.
"""

import dataclasses
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from explorer.edits import AnyOf, Edit
from explorer.errors import EditError, SessionError
from explorer.session import Cluster, Entry, Session
from explorer.spawning import copied, from_images, merged
from ui.rooms.board import (
    Board,
    BoardError,
    By,
    Touched,
    board_changes,
    touched,
    with_said,
)
from ui.rooms.changes import changes_between
from ui.rooms.history import SETTINGS, History, moved, redone, undone, with_step
from ui.rooms.room_keypoints import TooManyError, annotated, check_size, unmarked
from ui.wire.board import BoardOperation
from ui.wire.keypoint_messages import SharedSession
from ui.wire.operations import (
    AddCluster,
    Clear,
    FromCluster,
    FromEdits,
    FromImages,
    FromNothing,
    KeypointOperation,
    MergeClusters,
    MoveCluster,
    Operation,
    PutEdit,
    PutLayer,
    PutMark,
    PutReview,
    Redo,
    RemoveCluster,
    RemoveEdit,
    RemoveLayer,
    RemoveMark,
    RemoveReview,
    ReplaceSession,
    SetCluster,
    SetSchema,
    Undo,
)
from ui.wire.protocol import Changes, RefusedCode

ClusterChange: TypeAlias = PutEdit | RemoveEdit | SetCluster | Clear
OrderChange: TypeAlias = AddCluster | RemoveCluster | MoveCluster | MergeClusters
Change: TypeAlias = ClusterChange | OrderChange | KeypointOperation | ReplaceSession

EDITS_LIMIT = 500
CLUSTERS_LIMIT = 64
MERGES_LIMIT = 16
"""How deep merged edits may lie in merged edits: readers of JSON have limits, some of them low."""


class OperationError(ValueError):
    """An operation cannot be carried out; `code` is for programs.

    The default lets the error cross a process boundary: unpickling passes the message alone.
    """

    def __init__(self, message: str, *, code: RefusedCode = "bad_operation") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomState:
    """A session and a board, how many operations made them, and every author's history."""

    session: Session = field(default_factory=Session)
    board: Board = field(default_factory=Board)
    revision: int = 0
    histories: Mapping[str, History] = field(default_factory=dict)

    def history(self, author: str) -> History:
        """Return the author's history, empty if there is none."""
        return self.histories.get(author, History())

    @property
    def shared(self) -> SharedSession:
        """The session as members see it: without the points of layers."""
        return SharedSession.of(self.session)

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
        state = advanced(state, logged)
    return state


def carry_out(state: RoomState, logged: Logged) -> tuple[RoomState, Changes]:
    """Carry out one operation: the revision grows by one, even if nothing else changes.

    Raises
    ------
    OperationError
        If there is no such cluster, too much of something, nothing to undo or redo, or what is said
        cannot stand on the board.
    """
    after = advanced(state, logged)
    changes = changes_between(state.session, after.session)
    board = board_changes(state.board, after.board, _touched(state, logged))
    return after, changes if board is None else changes.model_copy(update={"board": board})


def advanced(state: RoomState, logged: Logged) -> RoomState:
    """Carry out one operation, for those who need not tell anybody what it changed.

    Raises
    ------
    OperationError
        As `carry_out`.
    """
    history, board = state.history(logged.author), state.board
    match logged.operation:
        case Undo():
            found = undone(state.session, history)
        case Redo():
            found = redone(state.session, history)
        case operation if isinstance(operation, BoardOperation):
            board, found = _said(state, operation, logged), (state.session, history)
        case operation:
            session = _edited(state.session, operation, logged)
            found = session, with_step(history, state.session, session)
            if isinstance(operation, PutReview):
                board = board.reviewed(operation.image)
    if found is None:
        raise _nothing(logged.operation.type)
    session, history = found
    return RoomState(
        session=session,
        board=board,
        revision=state.revision + 1,
        histories={**state.histories, logged.author: history},
    )


def _said(state: RoomState, operation: BoardOperation, by: Logged) -> Board:
    try:
        return with_said(state.board, operation, By(by.author, by.time, state.revision))
    except BoardError as error:
        raise OperationError(str(error), code=error.code) from error


def _touched(state: RoomState, by: Logged) -> Touched:
    match by.operation:
        case PutReview(image=image):
            return Touched(claims=(image,))
        case operation if isinstance(operation, BoardOperation):
            return touched(state.board, operation, by.author)
    return Touched()


def _nothing(what: str) -> OperationError:
    code: RefusedCode = "nothing_to_undo" if what == "undo" else "nothing_to_redo"
    return OperationError(f"there is nothing of yours to {what}", code=code)


def _edited(session: Session, operation: Change, by: Logged) -> Session:
    match operation:
        case ReplaceSession():
            after = _opened(session, operation)
        case AddCluster():
            _check_new(session, operation.id)
            spawned = _spawned(session, operation, by)
            after = unmarked(session, operation.id).add_cluster(spawned, operation.place)
        case RemoveCluster(cluster=cluster_id):
            after = _without(session, cluster_id)
        case MoveCluster(cluster=cluster_id, place=place):
            _find(session, cluster_id)
            after = session.move_cluster(cluster_id, place)
        case MergeClusters():
            after = _with_merged(session, operation, by)
        case (
            SetSchema()
            | PutMark()
            | RemoveMark()
            | PutLayer()
            | RemoveLayer()
            | PutReview()
            | RemoveReview()
        ):
            after = _annotated(session, operation, by)
        case PutEdit() | RemoveEdit() | SetCluster() | Clear():
            after = session.put_cluster(_edited_cluster(session, operation, by))
    if after.clusters is not session.clusters:
        _check_size(after, session)
    if after.annotation is not session.annotation:
        _check_annotation(after, session)
    return after


def _opened(session: Session, operation: ReplaceSession) -> Session:
    opened = dataclasses.replace(operation.session, collection=session.collection)
    if operation.base is not None:
        base = dataclasses.replace(operation.base, collection=session.collection)
        opened = moved(session, base, opened)
    if operation.keeps_keypoints:
        return dataclasses.replace(opened, annotation=session.annotation)
    return opened


def _annotated(session: Session, operation: KeypointOperation, by: Logged) -> Session:
    try:
        annotation = annotated(session, operation, by.author, by.time)
    except SessionError as error:
        raise OperationError(str(error)) from error
    return dataclasses.replace(session, annotation=annotation)


def _edited_cluster(session: Session, operation: ClusterChange, by: Logged) -> Cluster:
    cluster = _find(session, operation.cluster)
    match operation:
        case PutEdit(edit=edit):
            return cluster if cluster.edit(edit.id) == edit else cluster.put(_entry(edit, by))
        case RemoveEdit(edit_id=edit_id):
            return cluster.remove(edit_id)
        case SetCluster():
            return dataclasses.replace(
                cluster, **{name: getattr(operation, name) for name in SETTINGS}
            )
        case Clear():
            return dataclasses.replace(cluster, entries=())


def _spawned(session: Session, operation: AddCluster, by: Logged) -> Cluster:
    """Return the new cluster; its edits are by whoever adds it, those of a copy by their authors.

    The ids of new edits are counted from the cluster's id: the same log gives the same ids.
    """
    cluster_id, name = operation.id, operation.name
    match operation.source:
        case FromNothing():
            spawned = Cluster(id=cluster_id, name=name)
        case FromCluster(cluster=source_id):
            spawned = copied(_find(session, source_id), cluster_id, name)
        case FromImages(images=images):
            numbers = itertools.count(1)
            spawned = from_images(images, cluster_id, name, lambda: f"{cluster_id}-{next(numbers)}")
            spawned = _signed(spawned, by)
        case FromEdits(edits=edits):
            entries = {edit.id: _entry(edit, by) for edit in edits}
            spawned = Cluster(id=cluster_id, name=name, entries=tuple(entries.values()))
    return dataclasses.replace(spawned, color=operation.color)


def _without(session: Session, cluster_id: str) -> Session:
    if [cluster.id for cluster in session.clusters] == [cluster_id]:
        raise OperationError(
            "the last cluster cannot be removed: clear it, or add another one first"
        )
    is_there = any(cluster.id == cluster_id for cluster in session.clusters)
    return session.remove_cluster(cluster_id) if is_there else session


def _with_merged(session: Session, operation: MergeClusters, by: Logged) -> Session:
    _check_new(session, operation.id)
    for cluster_id in operation.clusters:
        _find(session, cluster_id)
    sources = [cluster for cluster in session.clusters if cluster.id in operation.clusters]
    try:
        new = merged(sources, operation.id, operation.name, f"{operation.id}-any")
    except (SessionError, EditError) as error:
        raise OperationError(str(error)) from error
    place = session.clusters.index(sources[0])
    after = unmarked(session, operation.id).add_cluster(_signed(new, by), place)
    for cluster in sources:
        after = after.remove_cluster(cluster.id)
    return after


def _signed(cluster: Cluster, by: Logged) -> Cluster:
    """Return a new cluster whose edits without an author are by somebody."""
    entries = tuple(e if e.author else _entry(e.edit, by) for e in cluster.entries)
    return dataclasses.replace(cluster, entries=entries)


def _entry(edit: Edit, by: Logged) -> Entry:
    return Entry(edit=edit, author=by.author, time=by.time)


def _find(session: Session, cluster_id: str) -> Cluster:
    if cluster_id not in {cluster.id for cluster in session.clusters}:
        raise OperationError(f"the session has no cluster {cluster_id!r}")
    return session.cluster(cluster_id)


def _check_new(session: Session, cluster_id: str) -> None:
    if cluster_id in {cluster.id for cluster in session.clusters}:
        raise OperationError(f"a new cluster needs a new id: there is a cluster {cluster_id!r}")


def _check_annotation(session: Session, before: Session) -> None:
    try:
        check_size(session.annotation, before.annotation)
    except TooManyError as error:
        raise OperationError(str(error), code="too_many") from error


def _check_size(session: Session, before: Session) -> None:
    """Raise `OperationError` if there is too much; what is as before was looked at before."""
    if len(session.clusters) > CLUSTERS_LIMIT:
        raise OperationError(
            f"a session has at most {CLUSTERS_LIMIT} clusters, got {len(session.clusters)}: "
            "remove or merge some first",
            code="too_many",
        )
    known = {cluster.id: cluster for cluster in before.clusters}
    for cluster in session.clusters:
        if cluster is known.get(cluster.id):
            continue
        edits = cluster.edits
        count = _count(edits)
        if count > EDITS_LIMIT:
            raise OperationError(
                f"a cluster has at most {EDITS_LIMIT} edits, got {count}: remove some first",
                code="too_many",
            )
        if _depth(edits) > MERGES_LIMIT:
            raise OperationError(
                f"merged averages can be merged again at most {MERGES_LIMIT} times: "
                "merge what they were made of at once",
                code="too_many",
            )


def _depth(edits: Sequence[Edit]) -> int:
    """Return how deep merged edits lie in each other."""
    parts = _parts(edits)
    return 1 + max(map(_depth, parts)) if parts else 0


def _count(edits: Sequence[Edit]) -> int:
    """Return how many edits there are, those that a merged edit holds included."""
    return len(edits) + sum(map(_count, _parts(edits)))


def _parts(edits: Sequence[Edit]) -> list[tuple[Edit, ...]]:
    return [part for edit in edits if isinstance(edit, AnyOf) for part in edit.parts]
