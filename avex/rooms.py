"""The rooms of a collection without a server: where their log is, and rooms as files."""

from dataclasses import dataclass
from pathlib import Path

from avex.console import CommandError
from index.files import write_atomically
from index.schema import ROOMS
from ui.library import url_name, version_of
from ui.rooms.archive import Archive, Manifest, write_archive
from ui.rooms.bringing import bring_in
from ui.rooms.digest import digest_of
from ui.rooms.log import Log, RoomRecord
from ui.rooms.room import replay
from ui.rooms.store import Store, StoreError
from ui.wire.addresses import MAIN


@dataclass(frozen=True, slots=True)
class Place:
    """Where the rooms of a collection are.

    Attributes
    ----------
    log
        The file that they stand in.
    collection
        What the collection is called.
    version
        A word that is another one when it was built again; "" where that is not known.
    """

    log: Path
    collection: str
    version: str


def place_of(path: Path, state: Path | None) -> Place:
    """Return where the rooms of a collection are; a log, a backup perhaps, may be named itself.

    Parameters
    ----------
    state
        The folder that the server keeps them in, if it is not the collection's.

    Raises
    ------
    CommandError
        If there are none.
    """
    if path.is_file():
        return Place(path, _called(path), "")
    if not path.is_dir():
        raise CommandError(f"{path}: there is no such collection")
    name = path.resolve().name.removesuffix(".avex")
    log = path / ROOMS if state is None else state / f"{url_name(name, ())}.{ROOMS}"
    return Place(log, name, version_of(path))


def _called(log: Path) -> str:
    """Return what the collection of a log is called, as far as the names of files tell.

    Examples
    --------
    >>> _called(Path("shoes-rooms.sqlite")), _called(Path("state/shoes.rooms.sqlite"))
    ('shoes', 'shoes')
    >>> _called(Path("shoes.avex/rooms.sqlite"))
    'shoes'
    """
    if log.name == ROOMS:
        return log.resolve().parent.name.removesuffix(".avex")
    return log.name.partition(".")[0].removesuffix("-rooms")


def read_log(place: Place) -> Log:
    """Return the log of a collection's rooms; a server may have it open.

    Raises
    ------
    CommandError
        If there is none.
    StoreError
        If it is no log, or of a newer version.
    """
    if not place.log.is_file():
        raise CommandError(
            f"{place.log}: nobody has worked in {place.collection} yet, or its rooms are "
            "elsewhere: give --state DIR as to avex serve"
        )
    return Log(place.log)


def records(log: Log, place: Place) -> list[RoomRecord]:
    """Return the rooms of a log, the main one first, whether or not it was ever renamed."""
    known = {record.id: record for record in log.rooms()}
    main = known.pop(MAIN, RoomRecord(id=MAIN, title=place.collection))
    return [main, *known.values()]


def record_of(log: Log, place: Place, room: str) -> RoomRecord:
    """Return one room by its id, or by its address `COLLECTION~ID`.

    Raises
    ------
    CommandError
        If there is none.
    """
    known = records(log, place)
    found = [record for record in known if record.id == room.rpartition("~")[2]]
    if not found:
        ids = ", ".join(record.id for record in known)
        raise CommandError(f"{place.log} has no room {room!r}: it has {ids}")
    return found[0]


def export_room(place: Place, room: str, out: Path) -> Manifest:
    """Write a room as an archive, whole or not at all, and return its manifest.

    Raises
    ------
    CommandError, StoreError, OperationError, OSError
        If there is no such room, its log cannot be read or replayed, or the file not written.
    """
    log = read_log(place)
    record = record_of(log, place, room)
    last, _ = log.last(record.id)
    state = replay(place.collection, log.load(record.id, up_to=last))
    manifest = Manifest(
        collection=place.collection,
        collection_version=place.version,
        title=record.title,
        operations=last,
        digest=digest_of(state),
        names=log.names(record.id),
    )
    operations = log.load(record.id, up_to=last)
    write_atomically(out, lambda file: write_archive(file, manifest, operations))
    return manifest


def import_room(place: Place, file: Path, author: str) -> tuple[RoomRecord, list[str]]:
    """Write a new room from an archive, and return it and what people should know of it.

    Raises
    ------
    CommandError
        If a server has the log open.
    ArchiveError, RoomsError, StoreError, OSError
        If the archive cannot be read or carried out, or the log not written.
    """
    with file.open("rb") as content:
        archive = Archive(content, str(file))
        store = _store(place, file)
        try:
            record = bring_in(store, archive, place.collection, author=author)
            store.put_room(record)
        finally:
            store.close()
        version = place.version or archive.manifest.collection_version
        return record, archive.warnings(place.collection, version)


def _store(place: Place, file: Path) -> Store:
    try:
        return Store(place.log)
    except StoreError as error:
        if "another server" not in str(error):
            raise
        raise CommandError(
            f"{place.log} is open in a server: open {file} in its page, or stop it first"
        ) from error
