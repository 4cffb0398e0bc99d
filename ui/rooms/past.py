"""What a room was at any earlier revision: replayed from the nearest state that is kept.

A state is kept every so many revisions, without its histories, which would hold on to everything
that ever was. An undo that reaches back further than where a replay began is found out, and the
replay begins earlier.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from explorer.session import Session
from ui.rooms.log import Log
from ui.rooms.room import Logged, OperationError, RoomState, advanced
from ui.wire.operations import Redo, Undo

EVERY = 32
"""Revisions between two states that are kept, doubled whenever there are too many of them."""

KEPT, RECENT = 128, 16
"""How many states are kept, and how many more of those that were asked for last."""


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
        self._recent: OrderedDict[int, RoomState] = OrderedDict()
        self._lock = threading.Lock()

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
            self.keep(state)
        return state

    def keep(self, state: RoomState) -> None:
        """Keep a state of the room that somebody has anyway, if it is time for one."""
        if state.revision % self._every == 0 and state.revision not in self._kept:
            self._kept[state.revision] = _bare(state)
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
        with self._lock:
            known = self._recent.get(revision) or self._kept.get(revision)
            if known is None:
                (*_, last) = (None, *self._replayed(revision - 1, revision))
                if last is None or last.after.revision != revision:
                    raise RevisionError(f"the room has no revision {revision}")
                known = _bare(last.after)
            self._recent[revision] = known
            self._recent.move_to_end(revision)
            if len(self._recent) > RECENT:
                self._recent.popitem(last=False)
            return known

    def between(self, after: int, up_to: int) -> list[Happened]:
        """Return what happened after a revision and up to another one, the first first.

        Raises
        ------
        StoreError
            If the log cannot be read.
        """
        with self._lock:
            return self._replayed(after, up_to)

    def _replayed(self, after: int, up_to: int) -> list[Happened]:
        """Return what happened; begin further back as long as something undone is not found."""
        back = 0
        while True:
            begin = self._begin(max(0, after), back)
            try:
                return [one for one in self._run(begin, up_to) if one.before.revision >= after]
            except _ForgottenError:
                back = 2 * back + 1

    def _begin(self, revision: int, back: int) -> RoomState:
        """Return the last state that is kept until a revision, or one so many before it."""
        known = {**self._recent, **self._kept}
        earlier = sorted(at for at in known if at <= revision)
        return known[earlier[max(0, len(earlier) - 1 - back)]]

    def _run(self, state: RoomState, up_to: int) -> Iterator[Happened]:
        begin = state.revision
        for logged in self._log.load(self._room, begin, up_to):
            try:
                then = advanced(state, logged)
            except OperationError as error:
                if begin > 0 and isinstance(logged.operation, Undo | Redo):
                    raise _ForgottenError from error
                raise
            self.keep(then)
            yield Happened(logged, state, then)
            state = then


def _bare(state: RoomState) -> RoomState:
    return RoomState(session=state.session, board=state.board, revision=state.revision)
