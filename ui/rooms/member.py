"""One browser window in a room: what waits to be sent to it, and the stroke it is drawing."""

import asyncio
import uuid
from collections import deque

from explorer.edits import ScoredEdit
from ui.wire.base import Message

CLOSE_PROTOCOL = 4400
CLOSE_UNKNOWN = 4404
CLOSE_SLOW = 4408
CLOSE_STOPPED = 1001


class Member:
    """An outbox with two halves.

    State is a queue: it is never dropped, and a member that lets it grow over the limit is closed
    and has to rejoin. Frames, rankings, cards and the like have one slot each, where the newest
    replaces what was not sent yet. State goes first, then the frame.
    """

    def __init__(self, author: str, *, outbox_limit: int) -> None:
        self.id = uuid.uuid4().hex
        self.author = author
        self.cluster = ""
        self.live: ScoredEdit | None = None
        self.request = 0
        self.shown = (0, 0)
        self.hovered = 0
        self.closing: tuple[int, str] | None = None
        self._limit = outbox_limit
        self._state: deque[str] = deque()
        self._slots: dict[str, str | bytes] = {}
        self._ready = asyncio.Event()
        self._closed = asyncio.Event()

    def send(self, message: Message) -> None:
        """Queue a message of state."""
        if self.closing:
            return
        if len(self._state) >= self._limit:
            self.close(CLOSE_SLOW, "too slow: join again")
            return
        self._state.append(message.model_dump_json())
        self._ready.set()

    def show(self, slot: str, content: str | bytes) -> None:
        """Put something in a slot, in place of what was not sent yet."""
        if not self.closing:
            self._slots[slot] = content
            self._ready.set()

    def close(self, code: int, reason: str) -> None:
        """End the connection; what waits is dropped."""
        if not self.closing:
            self.closing = (code, reason)
            self._state.clear()
            self._slots.clear()
            self._closed.set()

    async def closed(self) -> None:
        """Wait until the connection is to be closed."""
        await self._closed.wait()

    async def next(self) -> str | bytes:
        """Wait for what is to be sent next."""
        while True:
            if self._state:
                return self._state.popleft()
            if self._slots:
                return self._slots.pop(
                    "frame" if "frame" in self._slots else next(iter(self._slots))
                )
            self._ready.clear()
            await self._ready.wait()
