"""The log of a room on disk: an SQLite file that only one server writes.

`append` returns when the operation is on the disk (write-ahead log, `synchronous=FULL`: one fsync
an operation, a few milliseconds), so what was acknowledged outlives a crash of the program and of
the machine. The file is locked while it is open: two servers would give one revision to two
operations.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from ui.rooms.room import Logged
from ui.wire import operations

STORE_VERSION = 3
"""Version 2 has operations on clusters, 3 on keypoints: older servers cannot read them."""

_SCHEMA = """
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
"""


class StoreError(ValueError):
    """The rooms' log cannot be opened, read or written; the message names the file."""


class Store:
    """The operations of the rooms of one collection. Used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open or make the file.

        Raises
        ------
        StoreError
            If the file cannot be written, is not a log, is of a newer version, or another server
            has it open.
        """
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                path, timeout=0.5, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.Error) as error:
            raise StoreError(_cannot_open(path, error)) from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._connection.close()
            raise StoreError(_cannot_open(path, error)) from error
        except StoreError:
            self._connection.close()
            raise

    @property
    def path(self) -> Path:
        """The file; what else is kept for the rooms lies beside it, under its name and more."""
        return self._path

    def _prepare(self) -> None:
        run = self._connection.execute
        run("PRAGMA locking_mode = EXCLUSIVE")
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")
        run("BEGIN IMMEDIATE")
        (version,) = run("PRAGMA user_version").fetchone()
        if version > STORE_VERSION:
            raise StoreError(
                f"{self._path} must have version {STORE_VERSION}, has {version}: "
                "use the avex that wrote it"
            )
        run(_SCHEMA)
        run(f"PRAGMA user_version = {STORE_VERSION}")
        run("COMMIT")

    def append(self, room: str, revision: int, logged: Logged) -> None:
        """Write operation number `revision` of a room; it is on disk when this returns.

        Raises
        ------
        StoreError
            If the revision or the op_id is there already, or the file cannot be written.
        """
        row = (
            room,
            revision,
            logged.op_id,
            logged.author,
            logged.time,
            operations.operation.dump_json(logged.operation).decode(),
        )
        try:
            self._connection.execute("INSERT INTO operations VALUES (?, ?, ?, ?, ?, ?)", row)
        except sqlite3.Error as error:
            raise StoreError(
                f"operation {revision} must be written to {self._path}, got: {error}"
            ) from error

    def load(self, room: str) -> Iterator[Logged]:
        """Read the operations of a room, the first first.

        Raises
        ------
        StoreError
            If a row is not an operation.
        """
        rows = self._connection.execute(
            "SELECT revision, op_id, author, time, operation FROM operations "
            "WHERE room = ? ORDER BY revision",
            (room,),
        )
        for revision, op_id, author, time, text in rows:
            try:
                operation = operations.operation.validate_json(text)
            except ValidationError as error:
                raise StoreError(
                    f"operation {revision} in {self._path} cannot be read: {error}"
                ) from error
            yield Logged(op_id=op_id, author=author, time=time, operation=operation)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _cannot_open(path: Path, error: Exception) -> str:
    if "locked" in str(error):
        return f"{path} is open in another server: stop it, or give this one --state DIR"
    return f"{path} must be a writable log of rooms, got: {error}: give --state DIR"
