"""The web server, stopped so that nothing is lost: by Ctrl-C, or by SIGTERM of who runs it."""

import asyncio
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Awaitable, Callable
from types import FrameType
from typing import NoReturn

import uvicorn

from ui.building.upload_folder import forget_uploads

_logger = logging.getLogger(__name__)

STOP_S = 3.0
"""How long what runs beside the rooms (builds, tours, propagations) may take to end."""


class GracefulServer(uvicorn.Server):
    """Says its address once it answers; when it is told to stop, it sends everybody away first.

    It ends with exit code 0, as a service does that was asked to stop. Asked twice, it does not
    wait for connections.

    Parameters
    ----------
    config
        What to serve.
    address
        Where it is reached.
    send_away
        Answers what was sent and closes the connections of members.
    """

    def __init__(
        self, config: uvicorn.Config, address: str, send_away: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__(config)
        self._address = address
        self._send_away = send_away

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the address."""
        await super().startup(sockets)
        print(self._address, flush=True)  # noqa: T201

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Send everybody away, then stop."""
        _logger.info("the server stops")
        await self._send_away()
        await super().shutdown(sockets)
        _logger.info("the server has stopped")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop; uvicorn would end by the signal in the end, which looks like a failure."""
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True


def leave() -> NoReturn:
    """End the program with exit code 0, now that all is written.

    Python would first take itself apart under threads that compile or compute, and now and then
    crash, and look through all objects, which takes seconds.
    """
    forget_uploads()
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


async def stopped(*stops: Callable[[], None]) -> None:
    """Call what stops something, all at once, and wait a while for it.

    In threads that do not keep the program from ending.
    """
    loop = asyncio.get_running_loop()
    done = [loop.create_future() for _ in stops]
    for stop, future in zip(stops, done, strict=True):
        threading.Thread(target=_stop, args=(stop, loop, future), daemon=True).start()
    await asyncio.wait(done, timeout=STOP_S)


def _stop(
    stop: Callable[[], None], loop: asyncio.AbstractEventLoop, future: "asyncio.Future[None]"
) -> None:
    try:
        stop()
    finally:
        if not loop.is_closed():
            loop.call_soon_threadsafe(_answer, future)


def _answer(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)
