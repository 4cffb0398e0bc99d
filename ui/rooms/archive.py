"""A whole room as one file: a zip of a manifest and the operations of its log, one JSON a line.

Nothing in such a file is believed: sizes are counted while it is read, every operation is carried
out once before anything is written, and what comes of them must be what the manifest says.
"""

import io
import time
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Annotated, BinaryIO, Literal, TypeAlias

from pydantic import Field, ValidationError

from explorer.session import Session
from ui.rooms.archive_zip import MANIFEST, OPERATIONS, ArchiveError, checked_zip
from ui.rooms.digest import digest_of
from ui.rooms.names import NAMES_LIMIT, clean_name
from ui.rooms.room import Logged, OperationError, RoomState, advanced
from ui.wire.base import COUNT_LIMIT, ID_LIMIT, NAME_LIMIT, TEXT_LIMIT, Message
from ui.wire.operations import Operation
from ui.wire.people import PersonName
from ui.wire.validation import told

FORMAT: Literal["average-explorer room"] = "average-explorer room"
VERSION = 2
"""Version 2 has the names of authors."""

PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f]*$"
"""What titles are made of: no control characters, which a terminal would obey."""

MANIFEST_LIMIT = 256 * 1024
LINE_LIMIT = 160 * 1024**2
"""Bytes of one operation: one that opens a session with all points that a room holds has 120 MB."""
TOTAL_LIMIT = 1024**3
OPERATIONS_LIMIT = 1_000_000
TIME_LIMIT = 253_402_300_799
"""Seconds from 1970 to the end of the year 9999: a later moment cannot be written as a date."""

Author: TypeAlias = Annotated[str, Field(pattern=rf"^[A-Za-z0-9_-]{{0,{ID_LIMIT}}}$")]

_MADE = (1980, 1, 1, 0, 0, 0)
"""Stands in the zip, so that the same room gives the same bytes."""


class Manifest(Message):
    """What an archive says of its room.

    Attributes
    ----------
    collection, collection_version
        Of which collection it is, and a word that is another one when that is built anew.
    operations
        How many there are.
    digest
        Of the state after all of them.
    names
        How authors were called last.
    """

    format: Literal["average-explorer room"] = FORMAT
    version: Literal[1, 2] = 2
    collection: Annotated[str, Field(max_length=NAME_LIMIT)]
    collection_version: Annotated[str, Field(max_length=ID_LIMIT)] = ""
    title: Annotated[str, Field(min_length=1, max_length=TEXT_LIMIT, pattern=PRINTABLE)]
    operations: Annotated[int, Field(ge=0, le=OPERATIONS_LIMIT)]
    digest: Annotated[str, Field(max_length=256)]
    names: Annotated[dict[Author, PersonName], Field(max_length=NAMES_LIMIT)] = Field(
        default_factory=dict
    )


class _Line(Message):
    """One operation as it stands in an archive."""

    op_id: Annotated[str, Field(min_length=1, max_length=2 * ID_LIMIT)]
    author: Author
    time: Annotated[float, Field(ge=0, le=TIME_LIMIT, allow_inf_nan=False)]
    operation: Operation


class _Version(Message, extra="ignore"):
    """What tells which manifest it is."""

    format: str = ""
    version: Annotated[int, Field(ge=0, le=COUNT_LIMIT)] = 0


def write_archive(target: BinaryIO, manifest: Manifest, log: Iterable[Logged]) -> None:
    """Write an archive of a room.

    Raises
    ------
    StoreError
        If the log cannot be read.
    OSError
        If the file cannot be written.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        content = manifest.model_dump_json(indent=2).encode() + b"\n"
        archive.writestr(_member(MANIFEST), content)
        with archive.open(_member(OPERATIONS), "w") as file:
            for logged in log:
                line = _Line(
                    op_id=logged.op_id,
                    author=logged.author,
                    time=logged.time,
                    operation=logged.operation,
                )
                file.write(line.model_dump_json().encode() + b"\n")


class Archive:
    """An archive that somebody brings.

    Parameters
    ----------
    file
        Its content, which must stay open as long as it is read.
    name
        What it is called where something is wrong with it.
    """

    def __init__(self, file: BinaryIO, name: str) -> None:
        """Look at the zip and read the manifest.

        Raises
        ------
        ArchiveError
            If it is no archive of a room that this program can read.
        """
        self.name = name
        self._zip = checked_zip(file, name)
        self.manifest = self._manifest()

    @property
    def names(self) -> dict[str, str]:
        """How authors were called last, as it may be shown."""
        cleaned = {author: clean_name(name) for author, name in self.manifest.names.items()}
        return {author: name for author, name in cleaned.items() if author and name}

    @property
    def size(self) -> int:
        """Bytes of its operations, as the zip says; reading ends where there are more."""
        return self._zip.getinfo(OPERATIONS).file_size

    def operations(self) -> Iterator[Logged]:
        """Read the operations, the first first; twice if need be.

        Raises
        ------
        ArchiveError
            If one cannot be read, or there are not as many as the manifest says.
        """
        count = 0
        for count, line in enumerate(self._lines(), 1):
            if count > self.manifest.operations:
                break
            try:
                read = _Line.model_validate_json(line)
            except ValidationError as error:
                wrong = told(error)
                raise ArchiveError(
                    f"operation {count} in {self.name} cannot be read: {wrong}"
                ) from error
            yield Logged(
                op_id=read.op_id, author=read.author, time=read.time, operation=read.operation
            )
        if count != self.manifest.operations:
            what = "more" if count > self.manifest.operations else str(count)
            raise ArchiveError(
                f"{self.name} must have {self.manifest.operations} operations, it has {what}: "
                "it was cut off or changed, export the room again"
            )

    def warnings(self, collection: str, version: str) -> list[str]:
        """Return what people should know who open it in a collection."""
        manifest = self.manifest
        if manifest.collection != collection:
            return [
                f"{self.name} is of the collection {manifest.collection!r}: what it says of images "
                f"that {collection!r} does not have is kept, and shows nothing"
            ]
        if manifest.collection_version not in ("", version):  # "": out of a backup, not known
            return [
                f"{collection!r} was built anew since {self.name} was exported: averages may differ"
            ]
        return []

    def _manifest(self) -> Manifest:
        with _said_plainly(self.name), self._zip.open(MANIFEST) as file:
            content = file.read(MANIFEST_LIMIT + 1)
        if len(content) > MANIFEST_LIMIT:
            raise ArchiveError(f"{MANIFEST} in {self.name} is larger than {MANIFEST_LIMIT} bytes")
        try:
            known = _Version.model_validate_json(content)
            if known.format != FORMAT:
                raise ArchiveError(
                    f"{self.name} must be a room that the page or `avex rooms export` wrote, "
                    f"its manifest names the format {known.format!r}"
                )
            if known.version not in (1, VERSION):
                raise ArchiveError(
                    f"{self.name} must have version {VERSION}, has {known.version}: "
                    "use the avex that wrote it"
                )
            return Manifest.model_validate_json(content)
        except ValidationError as error:
            wrong = told(error)
            raise ArchiveError(f"{MANIFEST} in {self.name} cannot be read: {wrong}") from error

    def _lines(self) -> Iterator[bytes]:
        """Read line by line, and count what was unpacked: declared sizes may be anything."""
        left = TOTAL_LIMIT
        with _said_plainly(self.name), self._zip.open(OPERATIONS) as packed:
            file = io.BufferedReader(packed)  # type: ignore[type-var]
            while line := file.readline(min(LINE_LIMIT, left) + 1):
                left -= len(line)
                if left < 0 or len(line) > LINE_LIMIT:
                    raise ArchiveError(
                        f"{self.name} unpacks to more than a room can hold: it is a zip bomb, or "
                        "no room"
                    )
                if not line.endswith(b"\n"):
                    raise ArchiveError(f"{self.name} ends in the middle of an operation")
                yield line


class _said_plainly:  # noqa: N801 - it is used like a function
    """Turns what a damaged zip raises into one kind of error."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        damage = zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError
        if isinstance(error, damage) or type(error) in (OSError, ValueError):
            raise ArchiveError(
                f"{self._name} is damaged ({error}): export the room again"
            ) from error


def replayed(archive: Archive, collection: str, limit_s: float | None = None) -> RoomState:
    """Carry out every operation of an archive, and return the state that comes of them.

    Parameters
    ----------
    collection
        Name of the collection that the room is to be of.
    limit_s
        How long it may take.

    Raises
    ------
    ArchiveError
        If an operation cannot be read or carried out, stands there twice, or the state is another
        one than the manifest says.
    """
    state, known = RoomState(session=Session(collection=collection)), set[str]()
    until_s = None if limit_s is None else time.monotonic() + limit_s
    for logged in archive.operations():
        number = state.revision + 1
        if logged.op_id in known:
            raise ArchiveError(f"operation {number} in {archive.name} stands there twice")
        known.add(logged.op_id)
        try:
            state = advanced(state, logged)
        except OperationError as error:
            raise ArchiveError(
                f"operation {number} in {archive.name} cannot be carried out: {error}"
            ) from error
        if until_s is not None and time.monotonic() > until_s:
            raise ArchiveError(
                f"{archive.name} takes longer than {limit_s:g} s to carry out: stop the server, "
                "and use `avex rooms import`"
            )
    if digest_of(state) != archive.manifest.digest:
        raise ArchiveError(
            f"{archive.name} does not give the state that its manifest says: it was changed, or "
            "written by another version; use the avex that wrote it"
        )
    return state


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _MADE)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info
