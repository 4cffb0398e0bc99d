"""Operations that come while others are written wait, and are then written all at once.

So a room needs one fsync for as many operations as came during the one before, and its speed does
not depend on how many people work in it.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from ui.wire.operations import Operation
from ui.wire.protocol import Applied

BATCH_LIMIT = 64
"""Operations in one batch: they are carried out in one go on the event loop."""

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """An operation that somebody has sent, and the answer that is waited for.

    The answer is None for an operation that was carried out, what was told of it for one that was
    carried out before, or an exception.
    """

    op_id: str
    author: str
    operation: Operation
    answer: "asyncio.Future[Applied | None]"

    def fail(self, error: Exception) -> None:
        """Answer that it was not carried out, unless there is an answer."""
        if not self.answer.done():
            self.answer.set_exception(error)

    def succeed(self, applied: Applied | None) -> None:
        """Answer that it was carried out."""
        if not self.answer.done():
            self.answer.set_result(applied)


class Batches:
    """Hands operations on in batches, one batch at a time, in the order in which they came.

    Parameters
    ----------
    write
        Carries a batch out and answers each of it. What it leaves without an answer is failed.
    pause_s
        Tells how long to wait between two batches, so that more come into the second.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Waiting]], Awaitable[None]],
        pause_s: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._write = write
        self._pause_s = pause_s
        self._waiting: deque[Waiting] = deque()
        self._in_hand = 0
        self._task: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many operations have no answer yet."""
        return len(self._waiting) + self._in_hand

    async def put(self, author: str, op_id: str, operation: Operation) -> Applied | None:
        """Hand an operation on and wait for its answer.

        Who stops waiting does not stop the operation: it may be on the disk already.
        """
        answer: asyncio.Future[Applied | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(Waiting(op_id, author, operation, answer))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        return await answer

    async def finish(self) -> None:
        """Wait until everything that was handed on has its answer."""
        while self._task is not None and not self._task.done():
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        while self._waiting:
            count = min(len(self._waiting), BATCH_LIMIT)
            batch = [self._waiting.popleft() for _ in range(count)]
            self._in_hand = count
            try:
                await self._write(batch)
            except Exception as error:
                _logger.exception("a batch of operations failed")
                for waiting in batch:
                    waiting.fail(error)
            finally:
                self._in_hand = 0
                for waiting in batch:
                    waiting.answer.cancel()  # does nothing to those that have an answer
            if self._waiting and self._pause_s() > 0:
                await asyncio.sleep(self._pause_s())
