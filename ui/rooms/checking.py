"""Whether the log of a collection's rooms is whole: replaying it gives what was written down.

It only reads, so a server may have the log open.
"""

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from explorer.session import Session
from ui.rooms.digest import Digests
from ui.rooms.log import SQLITE_ERRORS, WAIT_S, Log, RoomRecord, StoreError
from ui.rooms.room import OperationError, RoomState, advanced
from ui.wire.addresses import MAIN

SHOWN_OF_SQLITE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that is wrong.

    Attributes
    ----------
    room, revision
        Where, if it is somewhere: the revision that cannot be reached.
    """

    text: str
    room: str | None = None
    revision: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found in one log.

    Attributes
    ----------
    rooms
        How many operations of each room were carried out again.
    checkpoints
        How many digests were compared.
    problems
        What is wrong.
    notes
        What is no harm: a room that was never finished, as the server was stopped meanwhile.
    """

    rooms: Mapping[str, int]
    checkpoints: int
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def check_log(path: Path, only: str | None = None) -> Checked:
    """Carry out every operation of a log again, and compare.

    Parameters
    ----------
    path
        The log.
    only
        Id of the one room to check; None: all.

    Raises
    ------
    StoreError
        If there is no such file or room, it is no log, or is of a newer version.
    """
    problems = list(_wrong_in_file(path))
    log = Log(path)
    try:
        records = {record.id: record for record in log.rooms()}
        logged = {*log.logged_rooms()}
    except StoreError as error:
        problems.append(Problem(text=f"the rooms cannot be listed: {error}"))
        return Checked(rooms={}, checkpoints=0, problems=tuple(problems))
    known = {MAIN, *records}
    if only is not None and only not in known | logged:
        raise StoreError(f"{path} has no room {only!r}: it has {', '.join(sorted(known))}")
    rooms: dict[str, int] = {}
    compared = 0
    for room in sorted(known if only is None else {only}, key=lambda id_: (id_ != MAIN, id_)):
        found = _Replay(log, room)
        found.run()
        problems += found.problems
        rooms[room] = found.state.revision
        compared += found.compared
        problems += _wrong_in_record(records, room, found)
    notes = [
        f"room {room} has operations, but was never finished: a server was stopped meanwhile"
        for room in sorted(logged - known)
    ]
    return Checked(rooms=rooms, checkpoints=compared, problems=tuple(problems), notes=tuple(notes))


class _Replay:
    """One room carried out again."""

    def __init__(self, log: Log, room: str) -> None:
        self._log, self._room = log, room
        self._digests = Digests()
        self._ids: dict[str, int] = {}
        self.state = RoomState(session=Session())
        self.problems: list[Problem] = []
        self.compared = 0
        self.is_whole = False

    def run(self) -> None:
        """Carry out what can be."""
        try:
            due = {known.revision: known.digest for known in self._log.checkpoints(self._room)}
            self._compare(due)
            for logged in self._log.load(self._room):
                self._count(logged.op_id)
                self.state = advanced(self.state, logged)
                self._compare(due)
            self.is_whole = True
        except StoreError as error:
            self._broken(str(error), "cannot be read")
        except OperationError as error:
            self._broken(str(error), "cannot be carried out")
        else:
            for revision in due:
                text = f"a digest was written of revision {revision}, which is not there"
                self._add(text, revision)

    def _count(self, op_id: str) -> None:
        revision = self.state.revision + 1
        first = self._ids.setdefault(op_id, revision)
        if first != revision:
            text = f"operation {revision} has the id of operation {first}: it was carried out twice"
            self._add(text, revision)

    def _compare(self, due: dict[int, str]) -> None:
        digest = due.pop(self.state.revision, None)
        if digest is None:
            return
        self.compared += 1
        if self._digests.of(self.state) != digest:
            revision = self.state.revision
            text = f"at revision {revision} the state is not the one that was written down"
            self._add(text, revision)

    def _broken(self, error: str, what: str) -> None:
        revision = self.state.revision + 1
        operation = f"operation {revision}"
        self._add(error if operation in error else f"{operation} {what}: {error}", revision)

    def _add(self, text: str, revision: int) -> None:
        self.problems.append(
            Problem(text=f"room {self._room}: {text}", room=self._room, revision=revision)
        )


def _wrong_in_record(
    records: Mapping[str, RoomRecord], room: str, found: _Replay
) -> Iterator[Problem]:
    record = records.get(room)
    if record is None:
        return
    if record.parent is not None and record.parent not in {MAIN, *records}:
        text = f"room {room}: the room {record.parent} that it left is not there"
        yield Problem(text=text, room=room)
    if record.base is not None and found.is_whole and record.base > found.state.revision:
        text = f"room {room}: it left at revision {record.base}, but has {found.state.revision}"
        yield Problem(text=text, room=room, revision=found.state.revision + 1)


def _wrong_in_file(path: Path) -> Iterator[Problem]:
    """Let SQLite look at its own pages and indices."""
    if not path.is_file():
        return
    try:
        address = f"{path.resolve().as_uri()}?mode=ro"
        connection = sqlite3.connect(address, uri=True, timeout=WAIT_S)
        with contextlib.closing(connection):
            rows = connection.execute(f"PRAGMA integrity_check({SHOWN_OF_SQLITE})").fetchall()
    except SQLITE_ERRORS as error:
        yield Problem(text=f"the file is damaged: {error}")
        return
    for (text,) in rows:
        if text != "ok":
            for line in str(text).splitlines():
                yield Problem(text=f"the file is damaged: {line}")
