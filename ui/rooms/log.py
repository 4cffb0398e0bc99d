"""The log of a collection's rooms as any process may read it, while a server writes it or not.

Every call opens the file anew and sees what was committed when it began; the server is not held up
by readers, nor readers by it. What writes it is `ui.rooms.store`.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ui.rooms.room import Logged
from ui.wire import operations

STORE_VERSION = 4
"""Version 2 has operations on clusters, 3 on keypoints, 4 on the board; and rooms, checkpoints."""

WAIT_S = 5.0
"""How long one waits for another that has the file locked for a moment."""

_LAST = 2**62

SQLITE_ERRORS = sqlite3.Error, UnicodeDecodeError
"""What reading and writing raise: what SQLite says of a damaged table may be no text."""


class StoreError(ValueError):
    """The rooms' log cannot be opened, read or written; the message names the file."""

    told = "the room cannot be read or written just now: the server's log says why"
    """For people in the room, who need not know where the server has its files."""


class StoppingError(StoreError):
    """Nothing is written any more, as the server stops."""

    told = "the server stops: send it again when it is back"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRecord:
    """What is known of a room besides its operations.

    Attributes
    ----------
    id
        The room's name in the log: "main" for the collection's own, `ID` of `COLLECTION~ID`.
    parent, base
        Of a branch: the id of the room that it left, and the revision of its own log at which it
        did, or at which it was published last.
    created
        In seconds since 1970.
    """

    id: str
    title: str
    parent: str | None = None
    base: int | None = None
    author: str = ""
    created: float = 0.0
    is_private: bool = False
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the state of a room was after `revision` operations, as a digest of it."""

    revision: int
    digest: str


class Log:
    """The operations of the rooms of one collection, to be read. Threads may share it."""

    def __init__(self, path: Path) -> None:
        """Look at the file.

        Raises
        ------
        StoreError
            If there is none, it is not a log, or it is of a newer version.
        """
        self._path = path
        if not path.is_file():
            raise StoreError(f"{path} must be a log of rooms, there is no such file")
        with self._reading() as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
        check_version(path, version)
        self._has_rooms = version >= 4

    @property
    def path(self) -> Path:
        """The file; what else is kept for the rooms lies beside it, under its name and more."""
        return self._path

    def load(self, room: str, after: int = 0, up_to: int | None = None) -> Iterator[Logged]:
        """Read the operations of a room after one revision and up to another, the first first.

        Raises
        ------
        StoreError
            If a row is not an operation, or one is missing.
        """
        last = _LAST if up_to is None else up_to
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT revision, op_id, author, time, operation FROM operations "
                "WHERE room = ? AND revision > ? AND revision <= ? ORDER BY revision",
                (room, after, last),
            )
            for expected, (revision, op_id, author, time, text) in enumerate(rows, after + 1):
                if revision != expected:
                    raise StoreError(f"operation {expected} of {room} is missing in {self._path}")
                operation = self._read(revision, text)
                yield Logged(op_id=op_id, author=author, time=time, operation=operation)

    def last(self, room: str) -> tuple[int, float]:
        """Return how many operations a room has, and when the last one was (0 for none)."""
        rows = self._all(
            "SELECT revision, time FROM operations WHERE room = ? ORDER BY revision DESC LIMIT 1",
            (room,),
        )
        return rows[0] if rows else (0, 0.0)

    def logged_rooms(self) -> tuple[str, ...]:
        """Return the ids of the rooms that have operations."""
        return tuple(id_ for (id_,) in self._all("SELECT DISTINCT room FROM operations"))

    def rooms(self) -> tuple[RoomRecord, ...]:
        """Return what is known of each room, the oldest first; archived ones are among them."""
        if not self._has_rooms:
            return ()
        rows = self._all(
            "SELECT id, title, parent, base, author, created, is_private, is_archived "
            "FROM rooms ORDER BY created, id"
        )
        return tuple(
            RoomRecord(
                id=id_,
                title=title,
                parent=parent,
                base=base,
                author=author,
                created=created,
                is_private=bool(is_private),
                is_archived=bool(is_archived),
            )
            for id_, title, parent, base, author, created, is_private, is_archived in rows
        )

    def checkpoints(self, room: str) -> tuple[Checkpoint, ...]:
        """Return the digests that were written of a room, the first first."""
        if not self._has_rooms:
            return ()
        rows = self._all(
            "SELECT revision, digest FROM checkpoints WHERE room = ? ORDER BY revision", (room,)
        )
        return tuple(Checkpoint(revision, digest) for revision, digest in rows)

    def names(self, room: str) -> dict[str, str]:
        """Return how the authors of a room were called last, those who were named last at the end.

        Logs that were written before names were kept have none.
        """
        if not self._all("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'names'"):
            return {}
        query = "SELECT author, name FROM names WHERE room = ? ORDER BY heard, author"
        return dict(self._all(query, (room,)))

    def backup(self, path: Path) -> None:
        """Write all of it to a new file, as it is at one moment; a server may go on writing.

        Raises
        ------
        StoreError
            If there is such a file already, or it cannot be written.
        """
        if path.exists():
            raise StoreError(f"a backup must be a new file, {path} is there: choose another name")
        part = path.with_name(path.name + ".part")
        try:
            part.unlink(missing_ok=True)
            part.touch(mode=0o600, exist_ok=False)  # it is for who made it alone
            with contextlib.closing(_open(self._path)) as connection:
                _copy(connection, part)
            with part.open("rb+") as written:
                os.fsync(written.fileno())
            part.rename(path)
        except (OSError, *SQLITE_ERRORS) as error:
            part.unlink(missing_ok=True)
            raise StoreError(f"a backup must be written to {path}, got: {error}") from error

    def close(self) -> None:
        """Nothing to do: no call leaves the file open."""

    def _all(self, query: str, values: tuple[object, ...] = ()) -> list[Any]:
        with self._reading() as connection:
            return connection.execute(query, values).fetchall()

    def _read(self, revision: int, text: str) -> operations.Operation:
        try:
            return operations.operation.validate_json(text)
        except ValidationError as error:
            raise StoreError(
                f"operation {revision} in {self._path} cannot be read: {error}"
            ) from error

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = _open(self._path)
            with contextlib.closing(connection):
                yield connection
        except SQLITE_ERRORS as error:
            is_damaged = type(error) is sqlite3.DatabaseError  # not that it is locked, for example
            advice = ": docs/rooms.md says how to go back to a backup" if is_damaged else ""
            raise StoreError(
                f"{self._path} must be a log of rooms, got: {error}{advice}"
            ) from error


def check_version(path: Path, version: int) -> None:
    """Raise `StoreError` if a log is of a version that this program cannot read."""
    if version > STORE_VERSION:
        raise StoreError(
            f"{path} must have version {STORE_VERSION}, has {version}: use the avex that wrote it"
        )


def _open(path: Path) -> sqlite3.Connection:
    """Open a log to read it.

    Readers of a log share a small file beside it. Where that cannot be made, as the folder may only
    be read, nobody can be writing either, and the log is read as a plain file.
    """
    address = f"{path.resolve().as_uri()}?mode=ro"
    connection = sqlite3.connect(address, uri=True, timeout=WAIT_S, check_same_thread=False)
    try:
        connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        if path.with_name(path.name + "-wal").exists():
            raise
        return sqlite3.connect(f"{address}&immutable=1", uri=True, check_same_thread=False)
    return connection


def _copy(source: sqlite3.Connection, path: Path) -> None:
    """Copy a database into one file that needs no other beside it."""
    with contextlib.closing(sqlite3.connect(path)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
