"""The members of a room, in a process of their own: `python -m evaluation.bench.rooms_load JSON`.

Their cost is not the server's. What they saw is printed as JSON.
"""

import asyncio
import contextlib
import gc
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from evaluation.bench.rooms_client import GIVE_UP_S, STEPS, Client, Seen
from evaluation.bench.rooms_person import SCHEMA, Person

HERE_RATE = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What the members do.

    Attributes
    ----------
    url
        The socket of the room.
    images
        Names of images of its collection.
    members, rate, seconds
        How many, each with so many operations a second, for how long.
    until_told
        Whether they stop when a line comes in, if that is before.
    """

    url: str
    images: tuple[str, ...]
    members: int
    rate: float
    seconds: float
    until_told: bool = False


async def run(load: Load) -> dict[str, Any]:
    """Let the members work, wait until all is answered, and compare what they have."""
    seen = Seen()
    clients = [_client(load, number, seen) for number in range(load.members)]
    staying = [asyncio.create_task(client.stay()) for client in clients]
    await _until(lambda: all(client.follower.revision >= 0 for client in clients))
    await clients[0].operate(SCHEMA)
    await _until(lambda: clients[0].is_idle)
    begun = time.perf_counter()
    told = asyncio.Event()
    if load.until_told:
        asyncio.get_running_loop().add_reader(sys.stdin, told.set)
    async with asyncio.TaskGroup() as group:
        for number, client in enumerate(clients):
            group.create_task(_work(client, load, number, told))
            group.create_task(_move(client, load, number, told))
    worked_s = time.perf_counter() - begun
    await _until(lambda: all(client.is_idle for client in clients))
    newest = max(max(client.applied.values(), default=0) for client in clients)
    await _until(lambda: all(client.follower.revision >= newest for client in clients))
    fresh = _client(load, load.members, Seen())
    staying.append(asyncio.create_task(fresh.stay()))
    await _until(lambda: fresh.follower.revision >= newest)
    for task in staying:
        task.cancel()
    await asyncio.gather(*staying, return_exceptions=True)
    return _report(seen, clients, fresh, worked_s)


def _client(load: Load, number: int, seen: Seen) -> Client:
    author = f"member-{number:03d}"
    rng = np.random.default_rng([number, load.members])
    return Client(load.url, author, Person(author, list(load.images), rng), seen)


async def _work(client: Client, load: Load, number: int, told: asyncio.Event) -> None:
    begun = time.perf_counter()
    for tick in range(round(load.rate * load.seconds)):
        await _tick(load, begun, tick / load.rate, number)
        if told.is_set():
            return
        await client.operate(client.person.operation())


async def _move(client: Client, load: Load, number: int, told: asyncio.Event) -> None:
    begun = time.perf_counter()
    for tick in range(round(HERE_RATE * load.seconds)):
        await _tick(load, begun, tick / HERE_RATE, number)
        if told.is_set():
            return
        await client.move(tick % STEPS)


async def _tick(load: Load, begun: float, at_s: float, number: int) -> None:
    """Wait until a time of the load; members are spread over a tenth of a second."""
    late = begun + at_s + 0.1 * number / load.members - time.perf_counter()
    await asyncio.sleep(max(late, 0))


async def _until(is_so: Callable[[], bool]) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(GIVE_UP_S):
            while not is_so():  # noqa: ASYNC110 - many small conditions, looked at rarely
                await asyncio.sleep(0.02)


def _report(
    seen: Seen, clients: Sequence[Client], fresh: Client, worked_s: float
) -> dict[str, Any]:
    known = fresh.follower
    same = [
        client.follower.revision == known.revision and client.follower.state == known.state
        for client in clients
    ]
    return {
        "worked_s": worked_s,
        "sent": sum(client.sent for client in clients),
        "unanswered": sum(client.waiting for client in clients),
        "applied": {op_id: r for client in clients for op_id, r in client.applied.items()},
        "refused": sum(len(client.refused) for client in clients),
        "equal_replicas": sum(same),
        "gaps": sum(client.follower.gaps for client in clients),
        "revision": known.revision,
        "acknowledged_s": seen.acknowledged,
        "presence_s": seen.presence,
        "counts": {name: value for name, value in asdict(seen).items() if isinstance(value, int)},
    }


def main() -> None:
    """Run the load that the argument describes."""
    fields = json.loads(sys.argv[1])
    load = Load(**{**fields, "images": tuple(fields["images"])})
    gc.disable()  # thirty states in one process: collecting would look like a slow server
    print(json.dumps(asyncio.run(run(load))))  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    main()
