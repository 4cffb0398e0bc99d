"""The connections of the server: one that never finishes saying what it wants is closed."""

import asyncio
import logging
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

LOOK_S = 10.0
LOOKS = 2
"""A request's first lines must be there after so many looks; its body may take longer."""
JOIN = "/join/"


class Patient(H11Protocol):
    """HTTP that waits for a request, but not for good.

    Uvicorn closes a connection that is idle after an answer, but not one on which half a request
    has come, or nothing at all: some thousands of them would keep everybody else out.
    """

    _looks = 0
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to look."""
        super().connection_made(transport)
        self._timer = self.loop.call_later(LOOK_S, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no more."""
        self._stop()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Leave the connection to the socket, which has limits of its own."""
        self._stop()
        super().handle_websocket_upgrade(event)

    def _look(self) -> None:
        self._looks = self._looks + 1 if self.conn.their_state is h11.IDLE else 0
        if self._looks >= LOOKS:
            self.transport.close()
        else:
            self._timer = self.loop.call_later(LOOK_S, self._look)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


def hide_links(record: logging.LogRecord) -> bool:
    """Take the tokens of links out of the log of requests: who reads it must not follow them."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            f"{JOIN}..." if isinstance(part, str) and part.startswith(JOIN) else part
            for part in record.args
        )
    return True
