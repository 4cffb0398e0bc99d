"""The questions that wait for the worker: those that are answered first, and those that can wait.

What somebody drags through the history wants to see may take seconds to compute. It waits as long
as others paint, but not for ever.
"""

import logging
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeAlias, TypeVar

PATIENCE_S = 4.0
"""How long a question that can wait does so while somebody paints."""

_logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")
Step: TypeAlias = Callable[[], None]


class Questions:
    """Two queues; whoever uses them from several threads locks them."""

    def __init__(self) -> None:
        self._first: deque[tuple[Future[Any], Step]] = deque()
        self._patient: deque[tuple[float, Future[Any], Step]] = deque()
        self._is_closed = False

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._first) + len(self._patient)

    def put(self, question: Callable[[], Answer], *, is_patient: bool = False) -> "Future[Answer]":
        """Take a question in, and return what its answer will be; cancelled once it is closed."""
        future: Future[Answer] = Future()

        def answer() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(question())
            except Exception as error:
                _logger.exception("a question about averages failed")
                future.set_exception(error)

        if self._is_closed:
            future.cancel()
        elif is_patient:
            self._patient.append((time.perf_counter() + PATIENCE_S, future, answer))
        else:
            self._first.append((future, answer))
        return future

    def close(self) -> None:
        """Cancel what waits, and whatever comes."""
        self._is_closed = True
        for future in (*(one[0] for one in self._first), *(one[1] for one in self._patient)):
            future.cancel()

    def due(self) -> Step | None:
        """Take the next one that must not wait any longer, None if there is none."""
        if self._first:
            return self._first.popleft()[1]
        is_due = self._patient and self._patient[0][0] <= time.perf_counter()
        return self._patient.popleft()[2] if is_due else None

    def patient(self) -> Step | None:
        """Take the next one that could wait, None if there is none."""
        return self._patient.popleft()[2] if self._patient else None

    def wait_s(self, rest_s: float) -> float | None:
        """Return in how long one is to be answered if nobody paints after `rest_s` any more."""
        if not self._patient:
            return None
        return max(0.0, min(rest_s, self._patient[0][0] - time.perf_counter()))
