"""The connections of the server: one that never finishes saying what it wants is closed."""

import asyncio
import logging
from collections import Counter
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from ui.access.addresses import counted_as
from ui.settings import LOOPBACK_NAMES

LOOK_S = 10.0
LOOKS = 2
"""A connection on which nothing moves in so many looks is closed, if it is not we who are slow."""
OF_ADDRESS = 256
"""Most connections of one address; the sockets among them have a limit of their own."""
JOIN = "/join/"
HERE = "127."


class Patient(H11Protocol):
    """HTTP that waits for a request, but not for good.

    Uvicorn closes a connection that is idle after an answer, but not one on which half a request
    has come, or nothing at all, or whose answer nobody reads: some thousands of them would keep
    everybody else out.
    """

    _looks = 0
    _came = 0
    _last: tuple[int, int] = (0, 0)
    _counted = ""
    _timer: asyncio.TimerHandle | None = None
    _of: ClassVar[Counter[str]] = Counter()

    def connection_made(self, transport: Any) -> None:
        """Begin to look; a connection too many is closed at once."""
        super().connection_made(transport)
        self._counted = _counted(self.client)
        if self._counted:
            self._of[self._counted] += 1
            if self._of[self._counted] > OF_ADDRESS:
                self.transport.abort()
                return
        self._timer = self.loop.call_later(LOOK_S, self._look)

    def data_received(self, data: bytes) -> None:
        """Take note that something came."""
        self._came += len(data)
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no more."""
        self._stop()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Leave the connection to the socket, which has limits of its own."""
        self._stop()
        super().handle_websocket_upgrade(event)

    def _look(self) -> None:
        self._looks = self._looks + 1 if self._is_waiting() else 0
        if self._looks >= LOOKS:
            self.transport.abort()
        else:
            self._timer = self.loop.call_later(LOOK_S, self._look)

    def _is_waiting(self) -> bool:
        """Return whether it is the other side that has done nothing since the last look."""
        unread = self.transport.get_write_buffer_size()
        last, self._last = self._last, (self._came, unread)
        is_still = last == self._last
        is_half = self.conn.their_state is h11.SEND_BODY and not self.flow.read_paused
        return self.conn.their_state is h11.IDLE or (is_still and (is_half or unread > 0))

    def _stop(self) -> None:
        if self._counted:
            self._of[self._counted] -= 1
            if not self._of[self._counted]:
                del self._of[self._counted]
            self._counted = ""
        if self._timer is not None:
            self._timer.cancel()


def _counted(client: tuple[str, int] | None) -> str:
    """Return whom a connection counts as, "" if it is not counted.

    Those from this machine are not: they may be a proxy's, which has everybody behind it.
    """
    counted = counted_as(client[0]) if client else ""
    is_here = counted in LOOPBACK_NAMES or counted.startswith(HERE)
    return "" if is_here else counted


def hide_links(record: logging.LogRecord) -> bool:
    """Take the tokens of links out of the log of requests: who reads it must not follow them."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            f"{JOIN}..." if isinstance(part, str) and part.startswith(JOIN) else part
            for part in record.args
        )
    return True
