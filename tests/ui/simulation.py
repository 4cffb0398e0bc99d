"""A server and its clients in one thread: what happens next, and what breaks, is drawn by chance.

Hub, room, log and members are the real ones; what stands between them is not: connections that keep
the order of what they carry until they are cut, and a disk that writes when it is told to. The same
seed gives the same course.
"""

import asyncio
import itertools
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field

from tests.ui.random_operations import random_operation
from tests.ui.replica import Replica
from tests.ui.room_log import is_left_out
from ui.rooms.recent import Followed
from ui.rooms.store import StoreError

WINDOWS = {"ann-1": "ann", "ann-2": "ann", "bob-1": "bob", "cem-1": "cem", "dan-1": "dan"}
"""Whose each is: one person may have two."""


class Disk:
    """Takes what a room writes, and does it later, or not at all."""

    def __init__(self, *, is_free=False):
        self.waiting = deque()
        self.is_free = is_free

    def submit(self, write, *values):
        done = Future()
        self.waiting.append((done, write, values))
        if self.is_free:
            self.work()
        return done

    def work(self):
        done, write, values = self.waiting.popleft()
        try:
            done.set_result(write(*values))
        except StoreError as error:
            done.set_exception(error)

    def fail(self):
        done, _, _ = self.waiting.popleft()
        done.set_exception(StoreError("the disk is full"))

    def lose(self, is_written):
        """The server dies: what is being written may be on the disk, nobody is told."""
        for _, write, values in self.waiting if is_written else ():
            write(*values)
        self.waiting.clear()

    def shutdown(self):
        pass


@dataclass(eq=False)
class Wire:
    """One connection: what is under way in each direction.

    A client that has `left` does not hear any more; the server may not know it yet, and still read
    what came before.
    """

    client: Replica
    member: object
    up: deque = field(default_factory=deque)
    down: deque = field(default_factory=deque)
    reading: asyncio.Task | None = None
    has_left: bool = False

    @property
    def is_told(self):
        return not self.member.closing and (self.member._state or self.member._slots)


class Simulation:
    """A room, its clients, and what happens to them."""

    def __init__(self, make_hub, rng):
        self.rng = rng
        self._make_hub = make_hub
        self.clients = [Replica(name, author) for name, author in WINDOWS.items()]
        self.wires = []
        self._begin()

    def _begin(self):
        self.hub = self._make_hub()
        self.room = self.hub.room(None)
        self.disk = self.room._disk = Disk()
        self.room._checker = Disk(is_free=True)

    async def run(self, steps):
        actions = {
            self.do: 20,
            self.read: 40,
            self.write_down: self.rng.choice((6, 15, 40)),
            self.send: 40,
            self.receive: 40,
            self.connect: 15,
            self.leave: 3,
            self.notice: 3,
            self.fail_to_write: 0.7,
            self.crash: 0.5,
            self.restart: 0.4,
        }
        for action in self.rng.choices(list(actions), list(actions.values()), k=steps):
            await action()
            await self._pass_time()
        await self._come_to_rest()

    async def do(self):
        client = self.rng.choice(self.clients)
        message = client.do(random_operation(self.rng, self.room.state))
        wire = self._wire_of(client)
        if wire is not None and client.is_in:
            wire.up.append(message)

    async def read(self):
        wire = self._any(lambda wire: wire.up and self._is_idle(wire))
        if wire is not None:
            coming = self.hub.take(self.room, wire.member, wire.up.popleft())
            wire.reading = asyncio.create_task(coming)

    async def write_down(self):
        if self.disk.waiting:
            self.disk.work()

    async def fail_to_write(self):
        if self.disk.waiting:
            self.disk.fail()

    async def send(self):
        wire = self._any(lambda wire: wire.is_told)
        if wire is not None:
            item = await wire.member.next()
            if item.startswith("[") or not is_left_out(item):
                wire.down.append(item)

    async def receive(self):
        wire = self._any(lambda wire: wire.down and not wire.has_left)
        if wire is not None:
            wire.up.extend(wire.client.receive(wire.down.popleft()))

    async def connect(self):
        away = [client for client in self.clients if self._wire_of(client) is None]
        if away:
            client = self.rng.choice(away)
            client.is_in = False
            for wire in self.wires:
                wire.has_left |= wire.client is client
            member = self.hub.join(self.room, client.author, since=self._since(client))
            self.wires.append(Wire(client, member))

    async def leave(self):
        """A client's connection breaks: what it sent last may come nevertheless."""
        wire = self._any(lambda wire: not wire.has_left)
        if wire is not None:
            wire.has_left = True
            for _ in range(self.rng.randrange(len(wire.up) + 1)):
                wire.up.pop()

    async def notice(self):
        """The server sees that a connection is broken, in the middle of whatever it does for it."""
        wire = self._any(lambda wire: wire.has_left or wire.member.closing)
        if wire is not None:
            await self._end(wire)

    async def crash(self):
        """The server is killed."""
        self.disk.lose(self.rng.random() < 0.5)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self.wires.clear()
        self.room.store.close()
        self._begin()

    async def restart(self):
        """The server is stopped in good order: what it has read is carried out."""
        self.disk.is_free = True
        while self.disk.waiting:
            self.disk.work()
        await self._pass_time()
        await self.room.close()
        for wire in list(self.wires):
            await self._end(wire)
        self.room.store.close()
        self._begin()

    async def _come_to_rest(self):
        """Nothing breaks any more, and everybody hears of everything."""
        self.disk.is_free = True
        while self.disk.waiting:
            self.disk.work()
        for _ in range(10_000):
            for action in (self.notice, self.connect, self.read, self.send, self.receive):
                await action()
            await self._pass_time()
            is_heard = not any(wire.up or wire.down or wire.is_told for wire in self.wires)
            if is_heard and len(self.wires) == len(self.clients) and self._is_answered():
                return
        raise AssertionError("the room does not come to rest")

    def _is_answered(self):
        return all(client.is_in and not client.waiting for client in self.clients)

    async def _end(self, wire):
        wire.has_left = True
        self.wires.remove(wire)
        self.hub.leave(self.room, wire.member)
        if wire.reading is not None:
            wire.reading.cancel()
            await asyncio.wait([wire.reading])

    async def _pass_time(self):
        for _ in range(6):
            await asyncio.sleep(0)
        for wire in self.wires:
            if wire.reading is not None and wire.reading.done():
                wire.reading.result()

    def _is_idle(self, wire):
        return not wire.member.closing and (wire.reading is None or wire.reading.done())

    def _wire_of(self, client):
        found = (w for w in self.wires if w.client is client and not w.has_left)
        return next((wire for wire in found if not wire.member.closing), None)

    def _any(self, fits):
        found = [wire for wire in self.wires if fits(wire)]
        return self.rng.choice(found) if found else None

    def _since(self, client):
        if client.session is None or self.rng.random() < 0.1:
            return None
        if self.rng.random() < 0.1:
            return Followed(client.revision + self.rng.randrange(1, 9), "from-elsewhere")
        return Followed(client.revision, client.last)


def op_ids(log):
    """The ids of the operations of a log, in their order."""
    return [logged.op_id for logged in itertools.chain(log)]
