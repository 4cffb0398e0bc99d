"""The sockets of the server: what a peer does not read, or never ends, fills no memory.

Uvicorn writes a pong for each ping whether the last one was read or not, keeps pieces of a message
until the last one comes, and waits for as long as the peer likes until what it wrote is read.
"""

import asyncio
from typing import Any, ClassVar

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from ui.rooms.budget import Budget

GOODBYE_S = 3.0
"""How long the other side may take to read what was written last, and to say goodbye."""
LEAVING = 64
"""Sockets that may be saying goodbye at once; of more the first are cut off."""
PIECES = 1024
"""Most frames of one message; a page sends each message in one."""
PINGS_PER_S, PINGS_AT_ONCE = 5, 100
"""Browsers and proxies ping every few seconds at most; who asks more often is cut off."""


class PatientSocket(WebSocketsSansIOProtocol):
    """A socket that is patient, but not for good.

    It overrides steps of uvicorn's own protocol, which has no settings for any of this; the tests
    hold real connections against it, so that a newer uvicorn that works otherwise is noticed.
    """

    # Of all sockets, as uvicorn makes each by itself, and no object of ours knows them.
    _leaving: ClassVar[dict["PatientSocket", asyncio.TimerHandle]] = {}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.close_timeout = GOODBYE_S
        self._pings = Budget(PINGS_PER_S, PINGS_AT_ONCE)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for no goodbye any more."""
        timer = self._leaving.pop(self, None)
        if timer is not None:
            timer.cancel()
        super().connection_lost(exc)

    def handle_ping(self) -> None:
        """Answer a ping, but no flood of them."""
        if self._pings.take():
            super().handle_ping()
        else:
            self.transport.abort()

    def handle_pong(self, event: Any) -> None:
        """Take note of a pong, but of no flood of them."""
        if self._pings.take():
            super().handle_pong(event)
        else:
            self.transport.abort()

    def handle_cont(self, event: Any) -> None:
        """Keep a piece of a message, but not any number of them."""
        if len(self.frames) < PIECES:
            super().handle_cont(event)
        else:
            self.transport.abort()

    def send_receive_event_to_app(self) -> None:
        """Pass on a message; what is no text is a mistake of the peer's, not one for the log."""
        if self.curr_msg_data_type == "text" and not _is_text(b"".join(self.frames)):
            self.frames = []
            self.conn.fail(1007, "this is no UTF-8")
            self.handle_parser_exception()
            return
        super().send_receive_event_to_app()

    def on_task_complete(self, task: "asyncio.Task[None]") -> None:
        """Let the socket go: at once if what was written is read, else after a while."""
        super().on_task_complete(task)
        if self.disconnected:
            return
        self._leaving[self] = self.loop.call_later(GOODBYE_S, self.cut_off)
        while len(self._leaving) > LEAVING:
            first = next(iter(self._leaving))
            self._leaving.pop(first).cancel()
            first.cut_off()

    def cut_off(self) -> None:
        """Close the connection now; what has left this machine already still arrives."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            self.transport.close()

    async def send(self, message: Any) -> None:
        """Write a message; where the peer has broken the rules meanwhile, it has left."""
        if self.close_sent:
            raise ClientDisconnected
        await super().send(message)


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
