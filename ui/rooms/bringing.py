"""Writes a room that somebody brings as an archive into the log of a collection, as a new room."""

import itertools
import re
import time
from collections.abc import Collection

from ui.rooms.archive import Archive, replayed
from ui.rooms.digest import digest_of
from ui.rooms.store import Checkpoint, RoomRecord, Store
from ui.wire.addresses import MAIN, new_room_id
from ui.wire.base import TEXT_LIMIT

ROOMS_LIMIT = 1_000
"""Of one collection, archived ones included: none is ever deleted."""

GUESTS_LIMIT, OWN_LIMIT = 900, 100
"""How many of them others than the server's owner may fill, and one of them alone."""

BATCH = 256


class RoomsError(ValueError):
    """A room cannot be made, changed or published; the message says why."""


def bring_in(
    store: Store, archive: Archive, collection: str, *, author: str, limit_s: float | None = None
) -> RoomRecord:
    """Carry out what an archive holds, then write it down, and return the record to be put.

    It never takes the place of a room that is there. As long as the record is not put, nobody knows
    of the new one.

    Raises
    ------
    ArchiveError
        If an operation cannot be read or carried out, or it takes longer than `limit_s`.
    RoomsError
        If there are too many rooms.
    StoreError
        If the log cannot be written.
    """
    known = store.rooms()
    check_number(len(known))
    store.check_disk(archive.size)
    state = replayed(archive, collection, limit_s)
    record = RoomRecord(
        id=new_room_id(),
        title=free_title(archive.manifest.title, {collection, *(one.title for one in known)}),
        author=author,
        created=time.time(),
    )
    operations, first = archive.operations(), 1
    while batch := list(itertools.islice(operations, BATCH)):
        store.append_all(record.id, first, batch)
        first += len(batch)
    store.put_names(record.id, _names(store, archive))
    store.put_checkpoint(record.id, Checkpoint(state.revision, digest_of(state)))
    return record


def _names(store: Store, archive: Archive) -> dict[str, str]:
    """Return the names in an archive, but of authors who are known here, as they are known here."""
    known, told = store.names(MAIN), archive.names
    return {author: known.get(author, name) for author, name in told.items()}


def check_number(rooms: int) -> None:
    """Raise `RoomsError` if a collection can have no more rooms."""
    if rooms >= ROOMS_LIMIT:
        raise RoomsError(f"a collection has at most {ROOMS_LIMIT:,} rooms, archived ones included")


def check_share(known: Collection[RoomRecord], author: str) -> None:
    """Raise `RoomsError` if somebody who does not own the server can make no more rooms."""
    if sum(record.author == author for record in known) >= OWN_LIMIT:
        raise RoomsError(f"one person can make at most {OWN_LIMIT} rooms of a collection")
    if len(known) >= GUESTS_LIMIT:
        raise RoomsError(
            f"this collection has {len(known)} rooms: the last ones of {ROOMS_LIMIT:,} are for the "
            "owner of the server"
        )


def free_title(title: str, taken: Collection[str]) -> str:
    """Return a title that no other room has.

    Examples
    --------
    >>> free_title("Boots", []), free_title("Boots", ["Boots"])
    ('Boots', 'Boots 2')
    >>> free_title("Boots 2", ["Boots", "Boots 2"])
    'Boots 3'
    """
    plain, number, free = re.sub(r" \d{1,4}$", "", title), 1, title
    while free in taken:
        number += 1
        free = f"{plain[: TEXT_LIMIT - 8]} {number}"
    return free
