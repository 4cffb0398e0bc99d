"""Rooms that leave another one: to try something, to go back to what was, to open what was saved.

A branch begins with a copy of the operations of its parent, so it replays, undoes and is exported
by itself. Publishing takes what was changed in it since it left over into its parent, as one
operation: what others have changed there meanwhile stays.
"""

import asyncio
import dataclasses
import time
from dataclasses import dataclass

from explorer.annotation import Annotation
from explorer.session import Session
from ui.rooms.archive import Archive
from ui.rooms.bringing import RoomsError, bring_in, check_number, free_title
from ui.rooms.history import moved
from ui.rooms.hub import Hub
from ui.rooms.live_room import LiveRoom
from ui.rooms.past import RevisionError
from ui.rooms.store import RoomRecord
from ui.wire.addresses import MAIN, new_room_id
from ui.wire.operations import ReplaceSession
from ui.wire.protocol import RoomChanged, RoomInfo

IMPORT_LIMIT_S = 60.0
"""How long the operations of an archive may take to be carried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A branch that somebody wants.

    Attributes
    ----------
    revision
        Of the room that it leaves; None: as it is now.
    """

    title: str
    author: str
    revision: int | None = None
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Published:
    """The revision of the parent after publishing, and whether anything was new."""

    revision: int
    changed: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A room as it stands in a list: who is in it now, and when something was done last."""

    about: RoomInfo
    record: RoomRecord
    revision: int
    people: tuple[str, ...]
    updated: float


class Branches:
    """The branches of the rooms of a server.

    Parameters
    ----------
    hub
        Whose rooms they are.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._order = asyncio.Lock()
        self._bringing = asyncio.Lock()  # long work, which holds up no other branch
        self._published: dict[str, tuple[str, Published]] = {}

    async def create(self, room: LiveRoom, wanted: Wanted) -> LiveRoom:
        """Return a new branch of a room.

        Raises
        ------
        RevisionError
            If the room has no such revision.
        RoomsError
            If there are too many rooms.
        StoreError
            If it could not be written.
        """
        now = room.state.revision
        revision = now if wanted.revision is None else wanted.revision
        if not 0 <= revision <= now:
            raise RevisionError(f"the room has the revisions 0 to {now}, got {revision}")
        async with self._order:
            known = self._hub.opening.known(room.seat)
            check_number(len(known))
            record = RoomRecord(
                id=new_room_id(),
                title=free_title(wanted.title, {about.title for about, _ in known}),
                parent=room.id,
                base=revision,
                author=wanted.author,
                created=time.time(),
                is_private=wanted.is_private,
            )
            await asyncio.to_thread(room.store.copy_log, room.id, record.id, revision)
            about = await asyncio.to_thread(self._hub.opening.put, room.seat, record)
        return await self._hub.opened(about.name)

    async def bring(self, room: LiveRoom, archive: Archive, author: str) -> LiveRoom:
        """Return a new room of the same collection as another one, from an archive.

        Raises
        ------
        ArchiveError, RoomsError, StoreError
            As `bring_in`.
        """

        def write() -> RoomInfo:
            record = bring_in(room.store, archive, room.seat, author=author, limit_s=IMPORT_LIMIT_S)
            return self._hub.opening.put(room.seat, record)

        async with self._bringing:
            about = await asyncio.to_thread(write)
        return await self._hub.opened(about.name)

    async def change(
        self,
        room: LiveRoom,
        *,
        title: str | None = None,
        is_private: bool | None = None,
        is_archived: bool | None = None,
    ) -> RoomInfo:
        """Give a room another title, hide it or show it, put it away or bring it back.

        Raises
        ------
        RoomsError
            If the main room of a collection is to be hidden or put away.
        StoreError
            If it could not be written.
        """
        asked = {"title": title, "is_private": is_private, "is_archived": is_archived}
        fields = {name: value for name, value in asked.items() if value is not None}
        if room.id == MAIN and (is_private or is_archived):
            raise RoomsError("the room that a collection has anyway can only get another title")
        about = await asyncio.to_thread(self._hub.opening.change, room.info.name, **fields)
        record = self._hub.opening.record(room.info.name)
        text = RoomChanged(room=about, is_archived=record.is_archived).model_dump_json()
        for member in room.members.values():
            member.show("room", text)
        return about

    async def publish(self, room: LiveRoom, author: str, op_id: str) -> Published:
        """Take what was changed in a branch since it left, or was published, over into its parent.

        Raises
        ------
        RoomsError
            If the room is no branch.
        OperationError
            If the parent would have too much of something.
        StoreError
            If it could not be written.
        """
        address = room.info.name
        async with self._order:
            asked, answer = self._published.get(address, ("", None))
            if op_id and asked == op_id and answer is not None:
                return answer
            record = self._hub.opening.record(address)
            parent = await self._hub.opened(parent_of(room))
            answer = await self._take_over(room, record, parent, author)
            self._published[address] = op_id, answer
            return answer

    async def _take_over(
        self, room: LiveRoom, record: RoomRecord, parent: LiveRoom, author: str
    ) -> Published:
        state, base = room.state, record.base or 0
        source = (await asyncio.to_thread(room.past.at, base)).session
        known = parent.state.session
        is_new = moved(known, source, state.session) != known
        if is_new:
            # The same work is taken over once, even if the server ends before its record is put.
            op_id = f"publish-{record.id}-{base}-{state.revision}"
            operation = _taking_over(source, state.session, record.title)
            await parent.learn(room.names.known)
            await self._hub.carry_out(parent.info.name, operation, author, op_id)
        if state.revision != base:
            change = self._hub.opening.change
            await asyncio.to_thread(change, room.info.name, base=state.revision)
        return Published(parent.state.revision, is_new)

    def listed(self, collection: str) -> list[Listed]:
        """Return the rooms of a collection, the main one first, then the newest; long work.

        Raises
        ------
        StoreError
            If the log cannot be read.
        """
        found = []
        for about, record in self._hub.opening.known(collection):
            room = self._hub.rooms.get(about.name)
            revision, updated = self._hub.rooms[collection].store.last(record.id)
            present = room.crowd.people if room else ()
            people = tuple({person.author: person.name for person in present}.values())
            time_s = updated or record.created
            found.append(Listed(about, record, revision, people, time_s))
        return found


def parent_of(room: LiveRoom) -> str:
    """Return the address of the room that a branch left.

    Raises
    ------
    RoomsError
        If it left none.
    """
    if room.about.parent is None:
        raise RoomsError(f"“{room.about.title}” left no other room: open its session there instead")
    return room.about.parent


def _taking_over(source: Session, target: Session, title: str) -> ReplaceSession:
    """Return the operation; points of images, of which there may be millions, only if need be."""
    if source.annotation == target.annotation:
        nothing = Annotation()
        source = dataclasses.replace(source, annotation=nothing)
        target = dataclasses.replace(target, annotation=nothing)
    return ReplaceSession(session=target, base=source, title=title)
