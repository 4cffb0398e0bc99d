"""The socket route: a reader and a writer for each member, and no logic."""

import asyncio
import contextlib
import logging
from dataclasses import dataclass

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from ui.access.access import Access
from ui.access.doors import CLOSE_LOG_IN, CLOSE_TOO_MANY, CLOSE_WITHDRAWN, TooManySockets
from ui.access.guard import address_of
from ui.access.identity import Identity, author_for, identity_of, rooms_above
from ui.rooms.hub import Hub, UnknownError
from ui.rooms.live_room import LiveRoom
from ui.rooms.member import CLOSE_PROTOCOL, CLOSE_SLOW, CLOSE_UNKNOWN, Member
from ui.rooms.recent import Followed
from ui.rooms.room import OperationError
from ui.rooms.store import StoreError
from ui.wire.protocol import PROTOCOL
from ui.wire.roles import Role

_logger = logging.getLogger(__name__)

CLOSE_TIMEOUT_S = 2.0
IDLE_S = 150.0
"""A page says something every few seconds, once a minute where nobody looks at it."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What somebody wants who opens a socket, and may have."""

    room: LiveRoom
    role: Role
    asker: Identity
    author: str
    since: Followed | None


def socket_routes(hub: Hub, access: Access) -> APIRouter:
    """Return the route `/ws?collection=NAME&author=ID&protocol=5&since=REVISION&last=OP_ID`."""
    router = APIRouter()

    @router.websocket("/ws")
    async def join(
        socket: WebSocket,
        collection: str | None = None,
        author: str = "",
        protocol: str = str(PROTOCOL),
        since: str = "",
        last: str = "",
    ) -> None:
        await socket.accept()
        if protocol != str(PROTOCOL):
            reason = f"the protocol is {PROTOCOL}, got {protocol[:8]}: reload the page"
            await socket.close(CLOSE_PROTOCOL, reason)
            return
        asker = identity_of(socket)
        try:
            await hub.opened(collection)
            room, role = room_for(hub, asker, collection)
        except UnknownError:
            await socket.close(CLOSE_UNKNOWN, "there is no such collection here")
            return
        except (StoreError, OperationError):
            _logger.exception("the room %r cannot be opened", collection)
            await socket.close(
                CLOSE_UNKNOWN, "the room cannot be opened: the server's log says why"
            )
            return
        asked = _Asked(room, role, asker, author_for(socket, author), Followed.read(since, last))
        try:
            await _serve(hub, access, socket, asked)
        except TooManySockets as error:
            await socket.close(CLOSE_TOO_MANY, str(error))

    return router


def room_for(hub: Hub, asker: Identity, address: str | None) -> tuple[LiveRoom, Role]:
    """Return a room and the role that somebody has there; None asks for the first open to them.

    Raises
    ------
    UnknownError
        If there is none, or they may not know of it.
    """
    rooms = [hub.room(address)] if address is not None else list(hub.rooms.values())
    for room in rooms:
        role = asker.role_in(room.about)
        if role is not None:
            return room, role
    raise UnknownError(f"there is no collection {address!r} here")


async def _serve(hub: Hub, access: Access, socket: WebSocket, asked: _Asked) -> None:
    room, asker = asked.room, asked.asker
    wrong = _why_shut(access, socket, asked)
    if wrong is not None:  # since it was found out who asks a long log may have been replayed
        await socket.close(*wrong)
        return
    with access.doors.opened(
        asked.author,
        address_of(socket.scope),
        lambda: _why_shut(access, socket, asked),
        lambda code, reason: member.close(code, reason),
    ):
        member = hub.join(
            room,
            asked.author,
            role=asked.role,
            name=asker.name,
            sees=asker.lists,
            since=asked.since,
        )
        member.may_be_called = access.may_be_called
        try:
            done = await _talk(hub, room, member, socket)
        finally:
            hub.leave(room, member)
    if member.closing:
        with contextlib.suppress(RuntimeError, TimeoutError, WebSocketDisconnect):
            await asyncio.wait_for(socket.close(*member.closing), CLOSE_TIMEOUT_S)
    for task in done:
        task.result()


async def _talk(
    hub: Hub, room: LiveRoom, member: Member, socket: WebSocket
) -> set[asyncio.Task[None]]:
    """Read and write until either ends, or the member is to be closed; return what has ended."""
    tasks = (
        asyncio.create_task(_read(hub, room, member, socket)),
        asyncio.create_task(_write(member, socket)),
        asyncio.create_task(member.closed()),
    )
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    return done


def _why_shut(access: Access, socket: WebSocket, asked: _Asked) -> tuple[int, str] | None:
    """Return why a socket may be open no longer, as things are now."""
    about = asked.room.about
    asker = access.identify(socket.scope, socket.headers)
    role = None if asker is None else asker.role_in(about)
    if role == asked.role:
        return None
    links = (access.links.get(link) for link in asked.asker.links)
    above = rooms_above(about)
    if any(link and link.address in above and not access.is_open(link) for link in links):
        return CLOSE_WITHDRAWN, "the link that you came by is no longer good"
    if asker is None:
        return CLOSE_LOG_IN, "log in again"
    if role is None:
        return CLOSE_WITHDRAWN, "this room is no longer open to you"
    return CLOSE_SLOW, "your role has changed: join again"


async def _read(hub: Hub, room: LiveRoom, member: Member, socket: WebSocket) -> None:
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            try:
                async with asyncio.timeout(IDLE_S):
                    text = await _text_of(socket)
            except TimeoutError:
                member.close(CLOSE_SLOW, "nothing was heard of you: join again")
                return
            await hub.take(room, member, text)


async def _text_of(socket: WebSocket) -> str:
    """Wait for a message; bytes are none, and are refused as such."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message["code"], message.get("reason"))
    return message.get("text") or ""


async def _write(member: Member, socket: WebSocket) -> None:
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            item = await member.next()
            if isinstance(item, bytes):
                await socket.send_bytes(item)
            else:
                await socket.send_text(item)
