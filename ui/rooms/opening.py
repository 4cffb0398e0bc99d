"""Which rooms the collections of a server have, and how one is opened: when somebody asks for it.

The main room of a collection is open from the start. A branch has a log of its own, which may be
long, so it is replayed only when somebody comes, and let go of when all have left.
"""

import asyncio
import dataclasses
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from ui.library import Library, info_of
from ui.rooms.live_room import LiveRoom
from ui.rooms.store import RoomRecord, Store
from ui.wire.addresses import MAIN, address_of, collection_of
from ui.wire.protocol import RoomInfo

IDLE_S = 600.0
"""How long nobody may have been in a branch, or asked for it, before it is let go of."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A collection that is served, and the log of its rooms."""

    name: str
    library: Library
    store: Store

    def about(self, record: RoomRecord) -> RoomInfo:
        """Return what the page must know of a room of the collection."""
        return RoomInfo(
            name=address_of(self.name, record.id),
            title=record.title,
            parent=None if record.parent is None else address_of(self.name, record.parent),
            base=record.base,
            author=record.author,
            is_private=record.is_private,
        )


class Opening:
    """The rooms that there are. Threads may share it.

    Parameters
    ----------
    rooms
        Those that are open, by their address; one that is opened is put there.
    prepare
        Called with a room before it is put there.
    """

    def __init__(self, rooms: dict[str, LiveRoom], prepare: Callable[[LiveRoom], None]) -> None:
        self._rooms = rooms
        self._prepare = prepare
        self._seats: dict[str, Seat] = {}
        self._records: dict[str, RoomRecord] = {}
        self._asked: dict[str, float] = {}
        self._lock = threading.Lock()
        self._writing = threading.Lock()

    def add(self, seat: Seat) -> LiveRoom:
        """Take a collection in, and open its main room.

        Raises
        ------
        StoreError, OperationError
            If its log cannot be read or replayed.
        """
        records = {seat.name: RoomRecord(id=MAIN, title=seat.name)}
        for record in seat.store.rooms():
            records[address_of(seat.name, record.id)] = record
        self._seats[seat.name] = seat
        self._records[seat.name] = records[seat.name]
        room = self.open(seat.name)
        self._records |= records  # one that cannot be replayed has no branches either
        return room

    def open(self, address: str) -> LiveRoom:
        """Return a room, and open it if it is not; long work, if its log is long.

        Raises
        ------
        KeyError
            If there is no such room.
        StoreError, OperationError
            If its log cannot be read or replayed.
        """
        if address in self._records:
            self._asked[address] = time.monotonic()
        known = self._rooms.get(address)
        if known is not None:
            return known
        with self._lock:
            if address not in self._rooms:
                record, seat = self._records[address], self._seats[collection_of(address)]
                room = LiveRoom(
                    info_of(seat.library, address),
                    seat.library,
                    seat.store,
                    room_id=record.id,
                    about=seat.about(record),
                    seat=seat.name,
                )
                self._prepare(room)
                self._rooms[address] = room
            return self._rooms[address]

    async def opened(self, address: str) -> LiveRoom:
        """Return a room; where it must be opened others are not held up.

        Raises
        ------
        KeyError
            If there is no such room.
        StoreError, OperationError
            If its log cannot be read or replayed.
        """
        if address in self._rooms or address not in self._records:
            return self.open(address)
        return await asyncio.to_thread(self.open, address)

    async def shut_idle(self) -> None:
        """Let go of the branches that nobody is in, or has asked for, for a while.

        Who has one in hand, and lets it carry something out, is told to send that again.
        """
        until_s = time.monotonic() - IDLE_S
        for address, room in list(self._rooms.items()):
            is_used = room.members or room.waiting or self._asked.get(address, 0.0) > until_s
            if room.id != MAIN and not is_used:
                del self._rooms[address]
                await room.close()

    def record(self, address: str) -> RoomRecord:
        """Return what is written down of a room; raise `KeyError`."""
        return self._records[address]

    def known(self, collection: str) -> list[tuple[RoomInfo, RoomRecord]]:
        """Return the rooms of a collection, the main one first, then the newest; open or not."""
        seat = self._seats[collection]
        records = [
            record
            for address, record in list(self._records.items())
            if collection_of(address) == collection
        ]
        records.sort(key=lambda record: (record.id != MAIN, -record.created))
        return [(seat.about(record), record) for record in records]

    def put(self, collection: str, record: RoomRecord) -> RoomInfo:
        """Write down what is known of a room, a new one perhaps; long work.

        Raises
        ------
        StoreError
            If it could not be written.
        """
        with self._writing:
            return self._put(collection, record)

    def _put(self, collection: str, record: RoomRecord) -> RoomInfo:
        seat = self._seats[collection]
        seat.store.put_room(record)
        about = seat.about(record)
        with self._lock:
            self._records[about.name] = record
            if about.name in self._rooms:
                self._rooms[about.name].about = about
        return about

    def change(self, address: str, **fields: object) -> RoomInfo:
        """Write down another title and the like; long work.

        Raises
        ------
        KeyError
            If there is no such room.
        StoreError
            If it could not be written.
        """
        with self._writing:  # or one of two changes at once would take the other one back
            record = dataclasses.replace(self._records[address], **fields)  # type: ignore[arg-type]
            return self._put(collection_of(address), record)
