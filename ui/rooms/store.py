"""The log of rooms on disk: an SQLite file that one server writes and anybody may read.

What reaches the disk, and when: a batch of operations is one transaction in the write-ahead log,
and with `synchronous = FULL` its commit returns only after one fsync of that log (a few
milliseconds, however many operations there are). Nobody is told of an operation before. So what was
acknowledged outlives a crash of the program and of the machine, and a batch is there whole or not
at all.

A lock of the system on `FILE.lock` keeps a second server out: it would give one revision to two
operations. The kernel lets go of it when the server ends, however it does. Readers need no lock
(`ui.rooms.log`), and another connection may write other tables of the file for a moment.
"""

import contextlib
import dataclasses
import fcntl
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ui.rooms.log import (
    SQLITE_ERRORS,
    STORE_VERSION,
    WAIT_S,
    Checkpoint,
    Log,
    RoomRecord,
    StoppingError,
    StoreError,
    check_version,
)
from ui.rooms.names import NAMES_LIMIT
from ui.rooms.room import Logged
from ui.wire import operations

__all__ = [
    "STORE_VERSION",
    "Checkpoint",
    "Log",
    "RoomRecord",
    "StoppingError",
    "Store",
    "StoreError",
]

_SCHEMA = (
    """
CREATE TABLE IF NOT EXISTS operations (
    room TEXT NOT NULL,
    revision INTEGER NOT NULL,
    op_id TEXT NOT NULL,
    author TEXT NOT NULL,
    time REAL NOT NULL,
    operation TEXT NOT NULL,
    PRIMARY KEY (room, revision),
    UNIQUE (room, op_id)
) WITHOUT ROWID
""",
    """
CREATE TABLE IF NOT EXISTS rooms (
    id TEXT PRIMARY KEY NOT NULL,
    title TEXT NOT NULL,
    parent TEXT,
    base INTEGER,
    author TEXT NOT NULL,
    created REAL NOT NULL,
    is_private INTEGER NOT NULL,
    is_archived INTEGER NOT NULL
) WITHOUT ROWID
""",
    """
CREATE TABLE IF NOT EXISTS checkpoints (
    room TEXT NOT NULL,
    revision INTEGER NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (room, revision)
) WITHOUT ROWID
""",
    """
CREATE TABLE IF NOT EXISTS names (
    room TEXT NOT NULL,
    author TEXT NOT NULL,
    name TEXT NOT NULL,
    heard REAL NOT NULL,
    PRIMARY KEY (room, author)
) WITHOUT ROWID
""",
)

ROOM_RESERVE = 64 * 1024**2
"""Bytes of the disk that a new room must leave free, so that work goes on in the others."""

_WAL_LIMIT = 64 * 1024**2
"""Bytes that the write-ahead log may keep on disk once nobody reads its older parts any more."""


class Store(Log):
    """The operations of the rooms of one collection, to be written. Threads may share it."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; one of an older version is taken over as it is.

        Raises
        ------
        StoreError
            If the file cannot be written, is not a log, is of a newer version, or another server
            has it open.
        """
        self._writing = threading.Lock()
        with contextlib.ExitStack() as opened:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                opened.callback(os.close, _locked(path))
                self._connection = sqlite3.connect(
                    path, timeout=WAIT_S, isolation_level=None, check_same_thread=False
                )
                opened.callback(self._connection.close)
                self._prepare(path)
            except (OSError, *SQLITE_ERRORS) as error:
                raise StoreError(_cannot_open(path, error)) from error
            super().__init__(path)
            self._opened = opened.pop_all()

    @staticmethod
    def read(path: Path) -> Log:
        """Look at a log without writing; a server may have it open.

        Raises
        ------
        StoreError
            If there is none, it is not a log, or it is of a newer version.
        """
        return Log(path)

    def append(self, room: str, revision: int, logged: Logged) -> None:
        """Write operation number `revision` of a room; it is on disk when this returns.

        Raises
        ------
        StoreError
            If the revision or the op_id is there already, or the file cannot be written.
        """
        self.append_all(room, revision, [logged])

    def append_all(
        self,
        room: str,
        revision: int,
        batch: Sequence[Logged],
        checkpoint: Checkpoint | None = None,
        names: Mapping[str, str] | None = None,
    ) -> None:
        """Write a batch of operations of a room; all are on disk when this returns, or none is.

        Parameters
        ----------
        revision
            Of the first one; the others follow.
        checkpoint
            Of the room's state at the end of the batch, or at an earlier revision.
        names
            Of authors who are called something else than before, or for the first time.

        Raises
        ------
        StoreError
            If a revision or an op_id is there already, or the file cannot be written.
        """
        rows = [
            (
                room,
                number,
                logged.op_id,
                logged.author,
                logged.time,
                operations.operation.dump_json(logged.operation).decode(),
            )
            for number, logged in enumerate(batch, revision)
        ]
        what = f"operation {revision}" + (f" and {len(rows) - 1} more" if len(rows) > 1 else "")
        with self._transaction(what) as connection:
            connection.executemany("INSERT INTO operations VALUES (?, ?, ?, ?, ?, ?)", rows)
            if checkpoint is not None:
                _put_checkpoint(connection, room, checkpoint)
            if names:
                _put_names(connection, room, names)

    def put_names(self, room: str, names: Mapping[str, str]) -> None:
        """Write down how authors of a room are called, in place of what was known of them.

        Raises
        ------
        StoreError
            If it could not be written.
        """
        with self._transaction(f"names in {room}") as connection:
            _put_names(connection, room, names)

    def put_checkpoint(self, room: str, checkpoint: Checkpoint) -> None:
        """Write down what the state of a room was after some of its operations.

        Raises
        ------
        StoreError
            If it could not be written.
        """
        with self._transaction(f"a checkpoint of {room}") as connection:
            _put_checkpoint(connection, room, checkpoint)

    def put_room(self, record: RoomRecord) -> None:
        """Write down what is known of a room, in place of what was known.

        Raises
        ------
        StoreError
            If it could not be written.
        """
        with self._transaction(f"the room {record.id}") as connection:
            connection.execute(
                "INSERT OR REPLACE INTO rooms VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                dataclasses.astuple(record),
            )

    def copy_log(self, source: str, target: str, up_to: int) -> None:
        """Begin a room with the operations of another one, up to a revision, and with its names.

        Raises
        ------
        StoreError
            If the room has operations already, or it could not be written.
        """
        with self._transaction(f"the room {target}") as connection:
            (size,) = connection.execute(
                "SELECT TOTAL(LENGTH(operation)) FROM operations WHERE room = ? AND revision <= ?",
                (source, up_to),
            ).fetchone()
            self.check_disk(int(size))
            connection.execute(
                "INSERT INTO operations SELECT ?, revision, op_id, author, time, operation "
                "FROM operations WHERE room = ? AND revision <= ?",
                (target, source, up_to),
            )
            connection.execute(
                "INSERT INTO names SELECT ?, author, name, heard FROM names WHERE room = ?",
                (target, source),
            )

    def check_disk(self, size: int) -> None:
        """Check that a whole room of so many bytes leaves the others room for what they write.

        Raises
        ------
        StoreError
            If it does not.
        """
        # It is written twice: to the write-ahead log first.
        needed, free = 2 * size + ROOM_RESERVE, shutil.disk_usage(self._path.parent).free
        if needed > free:
            raise StoreError(
                f"a room of {size:,} bytes leaves too little of the disk of {self._path}: "
                f"{free:,} bytes are free, make at least {needed:,} free"
            )

    def close(self) -> None:
        """Close the file and let another server have it; a second time does nothing."""
        with self._writing:
            self._opened.close()

    def _prepare(self, path: Path) -> None:
        run = self._connection.execute
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")
        run(f"PRAGMA journal_size_limit = {_WAL_LIMIT}")
        run("BEGIN IMMEDIATE")
        (version,) = run("PRAGMA user_version").fetchone()
        check_version(path, version)
        for table in _SCHEMA:
            run(table)
        run(f"PRAGMA user_version = {STORE_VERSION}")
        run("COMMIT")

    @contextlib.contextmanager
    def _transaction(self, what: str) -> Iterator[sqlite3.Connection]:
        """Write all of it or nothing, and wait until it is on the disk."""
        with self._writing:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except SQLITE_ERRORS as error:
                raise StoreError(f"{what} must be written to {self._path}, got: {error}") from error
            finally:
                self._give_up()

    def _give_up(self) -> None:
        """Take back what was not committed."""
        with contextlib.suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


def _put_checkpoint(connection: sqlite3.Connection, room: str, checkpoint: Checkpoint) -> None:
    row = (room, checkpoint.revision, checkpoint.digest)
    connection.execute("INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?)", row)


def _put_names(connection: sqlite3.Connection, room: str, names: Mapping[str, str]) -> None:
    heard = time.time()
    rows = [(room, author, name, heard) for author, name in names.items()]
    connection.executemany("INSERT OR REPLACE INTO names VALUES (?, ?, ?, ?)", rows)
    connection.execute(
        "DELETE FROM names WHERE room = ?1 AND author IN (SELECT author FROM names "
        "WHERE room = ?1 ORDER BY heard DESC, author DESC LIMIT -1 OFFSET ?2)",
        (room, NAMES_LIMIT),
    )


def _locked(path: Path) -> int:
    """Take the lock of a log and return its descriptor.

    Raises
    ------
    BlockingIOError
        If somebody has it.
    """
    descriptor = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _cannot_open(path: Path, error: Exception) -> str:
    if isinstance(error, BlockingIOError) or "locked" in str(error):
        return f"{path} is open in another server: stop it, or give this one --state DIR"
    return f"{path} must be a writable log of rooms, got: {error}: give --state DIR"
