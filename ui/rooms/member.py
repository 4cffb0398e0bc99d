"""One browser window in a room: what waits to be sent to it, and the stroke it is drawing."""

import asyncio
import uuid
from collections import deque
from collections.abc import Callable
from typing import TypeAlias

from explorer.edits import ScoredEdit
from ui.watching import metrics
from ui.wire.base import Message
from ui.wire.roles import Role

CLOSE_PROTOCOL = 4400
CLOSE_UNKNOWN = 4404
CLOSE_SLOW = CLOSE_SILENT = 4408
"""Either way a page does the same: it joins again."""
CLOSE_TOO_MANY = 4429
CLOSE_STOPPED = 1012
"""Service restart: a page then joins again by itself."""

TOGETHER_CHARACTERS = 64 * 1024
"""Most characters of messages of state that are sent as one: pages read them in one go."""

WAITING_CHARACTERS = 64 * 1024**2
"""Most characters of state that may wait, of several messages: one alone may be a whole session."""

IN_A_ROW = 8
"""How often state goes before what waits in the slots: it may come without end."""

RIDING = ("people", "history", "pong")
"""Slots whose content goes along when state is sent: short, so a message of its own costs more."""

Content: TypeAlias = str | bytes | Callable[[], str]
"""A message, or what makes it when it is about to be sent."""


class Member:
    """An outbox with two halves.

    State is a queue: it is never dropped, and a member that lets it grow over the limit is closed
    and has to rejoin. Frames, rankings, cards and the like have one slot each, where the newest
    replaces what was not sent yet. State goes first, then the frame.

    Attributes
    ----------
    cluster, live, request
        What its page looks at, the edit in progress, and its newest preview.
    shown, seen
        Revision and request of the newest frame; its cluster, revision, request and picture.
    cards, figures
        Of each cluster revision, request and picture of the newest card; the newest figures.
    may_be_called
        Tells whether its page may say that it is called something, where it has no name of its own.
    rest_from
        The least revision of an average at rest that has its strokes in it.
    hovered
        Its newest question for modes that was answered.
    closing
        Code and reason once the connection is to end.
    """

    def __init__(self, author: str, *, outbox_limit: int, role: Role = "owner") -> None:
        self.id = uuid.uuid4().hex
        self.author = author
        self.role = role
        self.may_be_called: Callable[[str], bool] = lambda _: True
        self.cluster = ""
        self.live: ScoredEdit | None = None
        self.request = 0
        self.shown = (0, 0)
        self.seen: tuple[str, int, int, bytes] | None = None
        self.cards: dict[str, tuple[int, int, bytes]] = {}
        self.figures = ""
        self.rest_from = 0
        self.hovered = 0
        self.closing: tuple[int, str] | None = None
        self._limit = outbox_limit
        self._state: deque[str] = deque()
        self._size = 0
        self._row = 0
        self._slots: dict[str, Content] = {}
        self._was_frame = False
        self._ready = asyncio.Event()
        self._told = asyncio.Event()
        self._closed = asyncio.Event()

    def send(self, message: Message) -> None:
        """Queue a message of state."""
        if not self.closing:
            self.send_texts(message.model_dump_json())

    def send_texts(self, *texts: str) -> None:
        """Queue messages of state that are text already, made once for many members."""
        if self.closing:
            return
        size = sum(map(len, texts))
        if len(self._state) + len(texts) > self._limit or (
            self._state and self._size + size > WAITING_CHARACTERS
        ):
            self.close(CLOSE_SLOW, "too slow: join again")
            return
        self._state += texts
        self._size += size
        self._told.clear()
        self._ready.set()

    def show(self, slot: str, content: Content) -> None:
        """Put something in a slot, in place of what was not sent yet."""
        if self.closing:
            return
        if isinstance(self._slots.get(slot), bytes):
            metrics.FRAMES_DROPPED.inc()
        self._slots[slot] = content
        self._ready.set()

    @property
    def waiting(self) -> int:
        """How many messages of state wait to be sent."""
        return len(self._state)

    def close(self, code: int, reason: str) -> None:
        """End the connection; what waits is dropped."""
        if not self.closing:
            self.closing = (code, reason)
            self._state.clear()
            self._size = 0
            self._slots.clear()
            self._closed.set()
            self._told.set()

    async def closed(self) -> None:
        """Wait until the connection is to be closed."""
        await self._closed.wait()

    async def told(self) -> None:
        """Wait until every message of state was sent: whoever sends them has come for more."""
        await self._told.wait()

    async def next(self) -> str | bytes:
        """Wait for what is to be sent next: several messages go as one JSON array, state first."""
        if not self._state:
            self._told.set()
        while not (self._state or self._slots):
            self._ready.clear()
            await self._ready.wait()
        if self._state and not (self._slots and self._row >= IN_A_ROW):
            self._row = self._row + 1 if self._slots else 0
            return self._next_state()
        self._row = 0
        slot = self._next_slot()
        self._was_frame = slot == "frame"
        content = self._taken(slot)
        if isinstance(content, bytes):
            metrics.FRAMES_SENT.inc()
        return content

    def _taken(self, slot: str) -> str | bytes:
        content = self._slots.pop(slot)
        return content() if callable(content) else content

    def _next_state(self) -> str:
        texts = [self._state.popleft()]
        size = len(texts[0])
        while self._state and size < TOGETHER_CHARACTERS:
            texts.append(self._state.popleft())
            size += len(texts[-1])
        self._size -= sum(map(len, texts))
        texts += [str(self._taken(slot)) for slot in RIDING if slot in self._slots]
        return texts[0] if len(texts) == 1 else f"[{','.join(texts)}]"

    def _next_slot(self) -> str:
        """Return the frame's slot, but that of people after a frame: frames may come on and on."""
        if "people" in self._slots and self._was_frame:
            return "people"
        return "frame" if "frame" in self._slots else next(iter(self._slots))
