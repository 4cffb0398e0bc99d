"""The rooms of a running server: who is in them, what is told to whom, what is to be computed.

The shell around `ui.rooms.room`: it writes an operation down before it tells anybody, and asks one
worker for the newest average of every member, another one for the modes under its cursor. All of it
runs on the event loop; from other threads only `operate` and `add` may be called.
"""

import asyncio
import contextlib
import functools
import logging
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from explorer.engine import Exploration
from explorer.modes.finder import ModeFinder
from explorer.session import Session
from index.schema import ROOMS
from ui.computing.averages import Averages, Engine
from ui.computing.modes_worker import ModesWorker
from ui.computing.worker import Worker
from ui.library import Library, url_name
from ui.rooms.asking import Asking
from ui.rooms.health import gauges_of, troubles_of
from ui.rooms.live_room import LiveRoom
from ui.rooms.member import CLOSE_SILENT, CLOSE_STOPPED, Member
from ui.rooms.opening import Opening, Seat
from ui.rooms.people import TICK_S
from ui.rooms.recent import Followed
from ui.rooms.reception import Reception
from ui.rooms.showing import Showing
from ui.rooms.store import StoppingError, Store
from ui.settings import Settings
from ui.watching import metrics
from ui.wire.addresses import MAIN, collection_of
from ui.wire.operations import Operation
from ui.wire.protocol import CollectionInfo, RoomInfo, Welcome
from ui.wire.roles import Role

GOODBYE_S = 1.0
"""How long what was answered may take to reach members when the server stops."""

_logger = logging.getLogger(__name__)

SWEEP_S = 60.0

Answer = TypeVar("Answer")


class UnknownError(ValueError):
    """There is no such collection, image or cluster here."""


class Hub:
    """All rooms of a server, and the workers behind them.

    Attributes
    ----------
    rooms
        Those that are open, by their address: each collection's main room, and branches.
    opening
        Knows those that are not open too.
    """

    def __init__(
        self,
        settings: Settings,
        make_engine: Callable[[Library], Engine],
        make_finder: Callable[[Library], ModeFinder],
    ) -> None:
        self.settings = settings
        self.rooms: dict[str, LiveRoom] = {}
        self._make_engine = make_engine
        self._make_finder = make_finder
        self.showing = Showing(self.rooms, lambda room: self._asking.frames(room))
        self._worker = Worker(self.showing.deliver, self.showing.tell)
        explore, deliver = self._worker.explore, self.showing.deliver_modes
        self.modes = ModesWorker(explore, deliver, lambda: self.is_painting)
        self._asking = Asking(self._worker, self.modes)
        self._reception = Reception(self._asking, settings)
        self.opening = Opening(self.rooms, self._prepare)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ticks: asyncio.Task[None] | None = None
        self._sweeps: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start the workers; call it on the event loop."""
        self._loop = asyncio.get_running_loop()
        self.showing.start()
        self._worker.start()
        self.modes.start()
        self._ticks = self._loop.create_task(self._tick_on())
        self._sweeps = self._loop.create_task(self._sweep_on())

    async def send_away(self) -> None:
        """Take no more operations, write and answer those that were taken, and say goodbye.

        Pages join again by themselves, and send what was not answered.
        """
        self._reception.is_open = False
        rooms = list(self.rooms.values())
        for room in rooms:
            await room.close()
        members = [member for room in rooms for member in room.members.values()]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                await asyncio.gather(*(member.told() for member in members))
        for member in members:
            member.close(CLOSE_STOPPED, "the server stops: it may be back soon")

    async def stop(self) -> None:
        """Send everybody away, carry out what they have sent, and close the logs."""
        await self.send_away()
        for task in (self._ticks, self._sweeps):
            if task is not None:
                task.cancel()
        workers = (self.modes.stop, self._worker.stop)
        await asyncio.gather(*(asyncio.to_thread(stop) for stop in workers))
        for room in list(self.rooms.values()):
            room.store.close()

    def troubles(self) -> list[str]:
        """Return what keeps the server from its work; nothing if all is well."""
        found = troubles_of(self.rooms.values(), self._worker, self.modes)
        return [*found, *(["operations cannot be written"] if self._reception.cannot_write else [])]

    def gauges(self) -> dict[str, tuple[str, float]]:
        """Return what is the case just now, see `ui.watching.metrics`."""
        return gauges_of(self.rooms.values(), self._worker, self.modes)

    def add(self, library: Library) -> str:
        """Serve one more collection, and return its name in URLs.

        Raises
        ------
        StoreError, OperationError
            If its log cannot be opened or replayed.
        """
        name = url_name(library.name, self.rooms)
        folder = self.settings.state_dir
        path = library.path / ROOMS if folder is None else folder / f"{name}.{ROOMS}"
        seat = Seat(name, library, Store(path))
        self._worker.add(name, library, self._make_engine(library))
        self.modes.add(name, library, self._make_finder(library))
        try:
            self.opening.add(seat)
        except BaseException:
            seat.store.close()
            raise
        return name

    def collections(self) -> tuple[CollectionInfo, ...]:
        """Return what is served, in the order in which it was added."""
        return tuple(room.info for room in list(self.rooms.values()) if room.id == MAIN)

    async def opened(self, name: str | None) -> LiveRoom:
        """Return a room as `room` does, and hold nobody up if it must be opened.

        Raises
        ------
        UnknownError
            If there is none.
        StoreError, OperationError
            If it is a branch whose log cannot be read or replayed.
        """
        try:
            return self.room(None) if name is None else await self.opening.opened(name)
        except KeyError:
            raise UnknownError(f"there is no collection {name!r} here") from None

    def room(self, name: str | None) -> LiveRoom:
        """Return a room by its address; None asks for that of the first collection.

        Raises
        ------
        UnknownError
            If there is none.
        """
        if name is None and self.rooms:
            return next(iter(self.rooms.values()))
        try:
            return self.opening.open(name or "")
        except KeyError:
            raise UnknownError(f"there is no collection {name!r} here") from None

    def cluster_id(self, name: str, cluster_id: str) -> str:
        """Return the id of a cluster of a room; an empty one asks for the first.

        Raises
        ------
        UnknownError, SessionError
            If there is no such collection or cluster.
        """
        session = self.room(name).state.session
        return session.cluster(cluster_id).id if cluster_id else session.clusters[0].id

    def explore(self, name: str, cluster_id: str) -> "Future[Exploration]":
        """Return everything about a cluster at rest, computed by the worker.

        Raises
        ------
        UnknownError, SessionError
            If there is no such collection or cluster.
        """
        found = self.cluster_id(name, cluster_id)
        return self.explore_in(name, self.room(name).state.session, found)

    def explore_in(self, name: str, session: Session, cluster_id: str) -> "Future[Exploration]":
        """Return everything about a cluster of a session that no room need have."""
        return self._worker.explore(collection_of(name), session, cluster_id)

    @property
    def is_painting(self) -> bool:
        """Whether averages are made just now."""
        return self._worker.is_busy

    def ask(
        self, name: str, question: Callable[[Averages], Answer], *, is_patient: bool = False
    ) -> "Future[Answer]":
        """Ask something of the averages of a room's collection, in the worker's thread.

        A question that is patient waits while somebody paints, a few seconds at most.
        """
        return self._worker.ask(collection_of(name), question, is_patient=is_patient)

    def join(
        self,
        room: LiveRoom,
        author: str,
        *,
        role: Role = "owner",
        name: str = "",
        sees: Callable[[RoomInfo], bool] = lambda _: True,
        since: Followed | None = None,
    ) -> Member:
        """Let a member in: it is told what it does not know, and an average is asked for.

        Parameters
        ----------
        room
            Where to.
        author
            Under which id it writes.
        role
            What it may do there.
        name
            What others see; empty: what its page says.
        sees
            Tells whether it may know of a room.
        since
            How far it has followed the room before; None: it must be told the whole state.
        """
        missed = None if since is None else room.missed(since)
        if missed is not None and len(missed) > self.settings.outbox_limit // 2:
            missed = None  # it would be too slow before it has heard anything
        member = Member(author, outbox_limit=self.settings.outbox_limit, role=role)
        member.cluster = room.state.session.clusters[0].id
        room.members[member.id] = member
        member.send(
            Welcome(
                revision=room.state.revision - len(missed or ()),
                last=room.last if since is None or not missed else since.last,
                author=author,
                person=member.id,
                role=role,
                room=room.about,
                session=room.state.shared if missed is None else None,
                board=room.state.board.shared if missed is None else None,
                collection=room.info,
                collections=self.seen_by(sees),
                names=room.names.known,
            )
        )
        member.send_texts(*missed or ())
        room.crowd.come(member, member.cluster, name)
        catch_up = "full" if missed is None else "partial"
        metrics.JOINED.labels(catch_up).inc()
        said = {"room": room.info.name, "member": member.id, "role": role, "catch_up": catch_up}
        _logger.info("joined", extra=said | {"members": len(room.members)})
        room.tell_history(member)
        self._asking.frame(room, member)
        return member

    def seen_by(self, sees: Callable[[RoomInfo], bool]) -> tuple[str, ...]:
        """Return the names of the collections whose main room somebody may know of."""
        mains = [room.about for room in list(self.rooms.values()) if room.id == MAIN]
        return tuple(about.name for about in mains if sees(about))

    def leave(self, room: LiveRoom, member: Member) -> None:
        """Let a member go."""
        if room.members.pop(member.id, None) is not None:
            room.crowd.go(member)
            code = member.closing[0] if member.closing else None
            if code is not None:
                metrics.CLOSED.labels(str(code)).inc()
            said = {"room": room.info.name, "member": member.id, "code": code}
            _logger.info("left", extra=said | {"members": len(room.members)})
        self._asking.forget(room, member)

    async def receive(self, room: LiveRoom, member: Member, text: str) -> None:
        """Read one message of a member and do what it says.

        What the sender can mend comes back as `refused`. Any other exception is a bug, and ends the
        connection.
        """
        await self._reception.receive(room, member, text)

    async def take(self, room: LiveRoom, member: Member, text: str) -> None:
        """Read one message of a member as `receive`, but return when the next one may be read."""
        await self._reception.take(room, member, text)

    def operate(self, name: str, operation: Operation, *, author: str = "page") -> None:
        """Carry out an operation from another thread, and wait until it is written down.

        Raises
        ------
        UnknownError, OperationError, StoreError
            If there is no such collection, or the operation cannot be carried out or written.
        """
        if self._loop is None:
            raise UnknownError("the server must be running to take an operation, it is not")
        done = asyncio.run_coroutine_threadsafe(self.carry_out(name, operation, author), self._loop)
        done.result()

    async def carry_out(self, name: str, operation: Operation, author: str, op_id: str = "") -> int:
        """Carry out an operation that no member sent, once an id, and return the room's revision.

        Raises
        ------
        UnknownError, OperationError, StoreError
            If there is no such collection, or the operation cannot be carried out or written.
        """
        room = self.room(name)
        if not self._reception.is_open:
            raise StoppingError(StoppingError.told)
        await room.operate(author, op_id or uuid.uuid4().hex, operation)
        return room.state.revision

    def _prepare(self, room: LiveRoom) -> None:
        room.after_batch = functools.partial(self._reception.refocus, room)

    async def _tick_on(self) -> None:
        """Tell again and again who has moved, and part from those who are silent."""
        while True:
            await asyncio.sleep(TICK_S)
            for room in list(self.rooms.values()):
                for silent in room.crowd.tick():
                    silent.close(CLOSE_SILENT, "nothing was heard of this page: join again")

    async def _sweep_on(self) -> None:
        """Let go again and again of branches that nobody uses."""
        while True:
            await asyncio.sleep(SWEEP_S)
            await self.opening.shut_idle()
