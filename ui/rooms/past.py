"""What a room was at any earlier revision: replayed from the nearest state that is kept.

A state is kept every so many revisions, but without histories, which would hold on to everything
that ever was. Of each undo and redo the session that it gave is kept; the board it leaves alone.
Where an undo must be carried out again after all, the replay begins so far back that what it undoes
is found.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from explorer.session import Session
from ui.rooms.log import Log
from ui.rooms.room import Logged, OperationError, RoomState, advanced
from ui.wire.operations import Redo, Undo

EVERY = 32
"""Revisions between two states that are kept, doubled whenever there are too many of them."""

KEPT, RECENT = 128, 16
"""How many states are kept, and how many more of those that were asked for last."""

UNDONE_LIMIT = 4_000_000
"""Edits, marks, layers and so on in all sessions after an undo: some 8 bytes each."""


class _ForgottenError(Exception):
    """An undo or redo is of something from before the replay began."""


class RevisionError(ValueError):
    """A room has no such revision."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One operation, and the state before and after it."""

    logged: Logged
    before: RoomState
    after: RoomState


class Past:
    """The earlier states of one room. Threads may share it.

    Parameters
    ----------
    log
        Where the room's operations stand.
    room
        The room's name in the log.
    collection
        Name of the collection that the room is of.
    """

    def __init__(self, log: Log, room: str, collection: str) -> None:
        self._log, self._room = log, room
        self._first = RoomState(session=Session(collection=collection))
        self._every = EVERY
        self._kept: dict[int, RoomState] = {0: self._first}
        self._undone: dict[int, Session] = {}
        self._weight = 0
        self._recent: OrderedDict[int, RoomState] = OrderedDict()
        self._replaying = threading.Lock()
        self._keeping = threading.Lock()  # never held for long: a room keeps states on its way

    def follow(self, log: Iterable[Logged]) -> RoomState:
        """Return the state after a whole log, and keep states on the way.

        Raises
        ------
        OperationError
            If an operation cannot be carried out.
        """
        state = self._first
        for logged in log:
            state = advanced(state, logged)
            self.keep(state, logged)
        return state

    def keep(self, state: RoomState, logged: Logged) -> None:
        """Keep a state of the room, if it is one to be kept, that an operation has led to."""
        revision = state.revision
        with self._keeping:
            if _is_undo(logged) and revision not in self._undone:
                self._undone[revision] = state.session
                self._weight += _weight(state.session)
                while self._weight > UNDONE_LIMIT:
                    self._weight -= _weight(self._undone.pop(next(iter(self._undone))))
            if revision % self._every == 0 and revision not in self._kept:
                self._kept[revision] = _bare(state)
            if len(self._kept) > KEPT:
                self._every *= 2
                self._kept = {at: s for at, s in self._kept.items() if at % self._every == 0}

    def at(self, revision: int) -> RoomState:
        """Return the session and the board at a revision; the histories are not to be used.

        Raises
        ------
        RevisionError
            If the room has no such revision.
        StoreError
            If the log cannot be read.
        """
        with self._replaying:
            known = self._known().get(revision)
            if known is None:
                (*_, last) = (None, *self._replayed(revision - 1, revision))
                if last is None or last.after.revision != revision:
                    raise RevisionError(f"the room has no revision {revision}")
                known = _bare(last.after)
            self._keep_recent(known)
            return known

    def between(self, after: int, up_to: int) -> list[Happened]:
        """Return what happened after a revision and up to another one, the first first.

        Raises
        ------
        StoreError
            If the log cannot be read.
        """
        with self._replaying:
            return self._replayed(after, up_to)

    def _keep_recent(self, state: RoomState) -> None:
        with self._keeping:
            self._recent[state.revision] = state
            self._recent.move_to_end(state.revision)
            if len(self._recent) > RECENT:
                self._recent.popitem(last=False)

    def _known(self) -> dict[int, RoomState]:
        with self._keeping:
            return {**self._recent, **self._kept}

    def _replayed(self, after: int, up_to: int) -> list[Happened]:
        """Return what happened; begin further back as long as something undone is not found."""
        known = self._known()
        earlier = sorted(at for at in known if at <= max(0, after))
        back, undone = 1, self._undone
        while True:
            begin = known[earlier[max(0, len(earlier) - back)]]
            try:
                ran = self._run(begin, up_to, undone)
                return [one for one in ran if one.before.revision >= after]
            except _ForgottenError:
                # What was undone must be found in histories now, so all of them have to be true.
                back, undone = 2 * back, {}

    def _run(
        self, state: RoomState, up_to: int, undone: Mapping[int, Session]
    ) -> Iterator[Happened]:
        begin, are_histories_true = state.revision, True
        for logged in self._log.load(self._room, begin, up_to):
            session = undone.get(state.revision + 1)
            if session is not None:
                are_histories_true = False
                then = RoomState(session=session, board=state.board, revision=state.revision + 1)
            elif _is_undo(logged) and not are_histories_true:
                raise _ForgottenError
            else:
                then = _advanced(state, logged, begin)
                self.keep(then, logged)
            yield Happened(logged, state, then)
            state = then


def _advanced(state: RoomState, logged: Logged, begin: int) -> RoomState:
    """Carry out an operation; the histories are those since the replay began."""
    try:
        return advanced(state, logged)
    except OperationError as error:
        if begin > 0 and _is_undo(logged):
            raise _ForgottenError from error
        raise


def _is_undo(logged: Logged) -> bool:
    return isinstance(logged.operation, Undo | Redo)


def _bare(state: RoomState) -> RoomState:
    return RoomState(session=state.session, board=state.board, revision=state.revision)


def _weight(session: Session) -> int:
    """Return about how many references a session holds that no other one shares."""
    annotation = session.annotation
    said = len(annotation.marks) + len(annotation.layers) + len(annotation.reviews)
    return 100 + said + sum(len(cluster.entries) for cluster in session.clusters)
