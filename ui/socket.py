"""The socket route: a reader and a writer for each member, and no logic."""

import asyncio
import contextlib

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from ui.access.identity import author_of
from ui.rooms.hub import Hub, UnknownError
from ui.rooms.live_room import LiveRoom
from ui.rooms.member import CLOSE_PROTOCOL, CLOSE_UNKNOWN, Member
from ui.wire.protocol import PROTOCOL

CLOSE_TIMEOUT_S = 2.0


def socket_routes(hub: Hub) -> APIRouter:
    """Return the route `/ws?collection=NAME&author=ID&protocol=3`."""
    router = APIRouter()

    @router.websocket("/ws")
    async def join(
        socket: WebSocket,
        collection: str | None = None,
        author: str = "",
        protocol: str = str(PROTOCOL),
    ) -> None:
        await socket.accept()
        if protocol != str(PROTOCOL):
            reason = f"the protocol is {PROTOCOL}, got {protocol[:8]}: reload the page"
            await socket.close(CLOSE_PROTOCOL, reason)
            return
        try:
            room = hub.room(collection)
        except UnknownError:
            await socket.close(CLOSE_UNKNOWN, "there is no such collection here")
            return
        await _serve(hub, room, socket, author_of(author))

    return router


async def _serve(hub: Hub, room: LiveRoom, socket: WebSocket, author: str) -> None:
    member = hub.join(room, author)
    tasks = (
        asyncio.create_task(_read(hub, room, member, socket)),
        asyncio.create_task(_write(member, socket)),
        asyncio.create_task(member.closed()),
    )
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        hub.leave(room, member)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    if member.closing:
        with contextlib.suppress(RuntimeError, TimeoutError, WebSocketDisconnect):
            await asyncio.wait_for(socket.close(*member.closing), CLOSE_TIMEOUT_S)
    for task in done:
        task.result()


async def _read(hub: Hub, room: LiveRoom, member: Member, socket: WebSocket) -> None:
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            await hub.receive(room, member, await socket.receive_text())


async def _write(member: Member, socket: WebSocket) -> None:
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            item = await member.next()
            if isinstance(item, bytes):
                await socket.send_bytes(item)
            else:
                await socket.send_text(item)
