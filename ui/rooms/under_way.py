"""The operations of each member that are being carried out."""

import asyncio
import logging
from collections.abc import Coroutine
from weakref import WeakKeyDictionary

from ui.rooms.member import Member

LIMIT = 32
"""Operations of one member at once: the next one is read when one of them is done."""

CLOSE_BROKEN = 1011

_logger = logging.getLogger(__name__)


class UnderWay:
    """Work that was begun for members and is not waited for."""

    def __init__(self) -> None:
        self._tasks: WeakKeyDictionary[Member, set[asyncio.Task[None]]] = WeakKeyDictionary()

    async def begin(self, member: Member, work: Coroutine[None, None, None]) -> None:
        """Begin something, and return when more may be begun; an exception ends the connection.

        What is begun for one member, one after the other, takes its first step in that order.
        """
        tasks = self._tasks.setdefault(member, set())
        task = asyncio.create_task(work)
        tasks.add(task)
        task.add_done_callback(lambda done: _finish(member, tasks, done))
        while len(tasks) >= LIMIT:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)

    async def all_done(self, member: Member) -> None:
        """Wait until all that was begun for a member is done."""
        while tasks := self._tasks.get(member):
            await asyncio.wait(tasks)


def _finish(member: Member, tasks: set[asyncio.Task[None]], done: asyncio.Task[None]) -> None:
    tasks.discard(done)
    error = None if done.cancelled() else done.exception()
    if error is not None:
        _logger.error("an operation broke", exc_info=error)
        member.close(CLOSE_BROKEN, "the server could not go on: join again")
