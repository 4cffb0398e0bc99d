"""A member of a room as a page is one: it queues, resends, follows, and joins again."""

import asyncio
import contextlib
import functools
import json
import time
from dataclasses import dataclass, field
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection, connect

from evaluation.bench.rooms_follow import Follower
from evaluation.bench.rooms_person import Person

Json = dict[str, Any]

PROTOCOL = 5
BACK_OFF_S = (0.05, 1.0)
GIVE_UP_S = 60.0
STEPS = 2**20
"""A cursor's place has so many steps across, each of which names one `here`."""


@functools.lru_cache(maxsize=256)
def _read(text: str) -> list[Json]:
    """Read what the server sends: what it sends to many of our members is read once.

    So thirty members cost what they cost a server whose members have computers of their own.
    """
    told = json.loads(text)
    return told if isinstance(told, list) else [told]


@dataclass
class Seen:
    """What the members of one process saw; times in seconds.

    Attributes
    ----------
    acknowledged
        From sending an operation to its `applied` or `refused`, with the time at the tries before.
    presence
        From sending `here` to another member's reading it.
    sent_here
        When each place of a cursor was sent.
    frames, texts, applied, resent, joined
        How many came, were sent again, and how often somebody joined.
    repeated
        Operations that were applied a second time under another revision.
    """

    acknowledged: list[float] = field(default_factory=list)
    presence: list[float] = field(default_factory=list)
    sent_here: dict[tuple[str, int], float] = field(default_factory=dict)
    frames: int = 0
    texts: int = 0
    applied: int = 0
    resent: int = 0
    joined: int = 0
    repeated: int = 0


class Client:
    """One member.

    Attributes
    ----------
    follower
        The state as this member has it.
    applied, refused
        Operations that were acknowledged, the former with their revision.
    """

    def __init__(self, url: str, author: str, person: Person, seen: Seen) -> None:
        self.follower = Follower()
        self.applied: dict[str, int] = {}
        self.refused: set[str] = set()
        self.author = author
        self.person = person
        self._url = f"{url}&protocol={PROTOCOL}&author={author}"
        self._seen = seen
        self._queue: dict[str, tuple[str, float]] = {}
        self._socket: ClientConnection | None = None
        self._number = 0

    @property
    def sent(self) -> int:
        """How many operations it has made."""
        return self._number

    @property
    def waiting(self) -> int:
        """How many of them were not answered."""
        return len(self._queue)

    @property
    def is_idle(self) -> bool:
        """Whether everything was answered."""
        return not self._queue

    async def stay(self) -> None:
        """Be in the room until cancelled; join again whenever the connection ends."""
        wait_s = BACK_OFF_S[0]
        while True:
            with contextlib.suppress(OSError, websockets.WebSocketException, TimeoutError):
                async with connect(
                    self._joining(), max_size=None, compression=None, open_timeout=10
                ) as socket:
                    wait_s = BACK_OFF_S[0]
                    await self._talk(socket)
            self._socket = None
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, BACK_OFF_S[1])

    async def operate(self, operation: Json) -> None:
        """Send an operation, now or as soon as there is a connection."""
        self._number += 1
        op_id = f"{self.author}-op-{self._number}"
        text = json.dumps({"type": "operate", "op_id": op_id, "operation": operation})
        self._queue[op_id] = (text, time.perf_counter())
        await self._send(text)

    async def move(self, number: int) -> None:
        """Say where the cursor is, at a place that names this message."""
        self._seen.sent_here[self.author, number] = time.perf_counter()
        place = [number / STEPS, 0.5]
        here = {"type": "here", "name": self.author, "cluster": "main", "at": place}
        await self._send(json.dumps(here))

    def _joining(self) -> str:
        known = self.follower
        if known.revision < 0:
            return self._url
        return f"{self._url}&since={known.revision}&last={known.last}"

    async def _talk(self, socket: ClientConnection) -> None:
        self._seen.joined += 1
        async for message in socket:
            if isinstance(message, bytes):
                self._seen.frames += 1
                continue
            self._seen.texts += 1
            for one in _read(message):
                await self._hear(socket, one)

    async def _hear(self, socket: ClientConnection, message: Json) -> None:
        match message["type"]:
            case "welcome":
                self.follower.welcome(message)
                self._socket = socket
                for text, _ in list(self._queue.values()):
                    self._seen.resent += self._seen.joined > 1
                    await self._send(text)
            case "applied":
                self._seen.applied += self.follower.applied(message)
                self._answered(message["op_id"], message["revision"])
            case "refused":
                self.refused.add(message["op_id"])
                self._answered(message["op_id"], None)
            case "people":
                self._see(message["people"])

    def _answered(self, op_id: str, revision: int | None) -> None:
        sent = self._queue.pop(op_id, None)
        if sent is not None:
            self._seen.acknowledged.append(time.perf_counter() - sent[1])
        if revision is not None and op_id.startswith(f"{self.author}-"):
            self._seen.repeated += self.applied.setdefault(op_id, revision) != revision

    def _see(self, people: list[Json]) -> None:
        now = time.perf_counter()
        for person in people:
            if person["at"] and person["author"] != self.author:
                key = person["author"], round(person["at"][0] * STEPS)
                sent = self._seen.sent_here.get(key)
                if sent is not None:
                    self._seen.presence.append(now - sent)

    async def _send(self, text: str) -> None:
        if self._socket is not None:
            with contextlib.suppress(websockets.ConnectionClosed):
                await self._socket.send(text)
