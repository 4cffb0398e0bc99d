"""How many messages of one member are taken: so many at once, then so many a second."""

import time
from collections.abc import Callable

from ui.settings import Settings

LEFT_OUT = {"preview": (60.0, 120), "hover": (60.0, 120), "here": (30.0, 60), "ping": (2.0, 20)}
"""Of the types of messages that may be left out, how many a second are taken and at once.

Pages draw at most sixty times a second, and say where the cursor is twenty times.
"""

MISTAKES = (1.0, 20)
"""Messages that cannot be read: who sends more is closed."""

CHARACTERS = 5000
"""A longer operation counts as several, one for each so many: all of it is written down."""


class Budget:
    """A bucket that fills with time; each message takes one out.

    Parameters
    ----------
    rate
        How many a second it fills by.
    burst
        How many it holds.
    clock
        Tells the time in seconds.
    """

    def __init__(
        self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._left = float(burst)
        self._then_s = clock()

    def take(self) -> bool:
        """Take one out if there is one, and return whether there was."""
        self._fill()
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def wait_s(self, amount: float = 1.0) -> float:
        """Take some out all the same, and return after how long they will have been there."""
        self._fill()
        self._left -= amount
        return max(0.0, -self._left / self._rate)

    def _fill(self) -> None:
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._then_s) * self._rate)
        self._then_s = now


class Budgets:
    """What one member may send.

    Attributes
    ----------
    operations
        For what is never left out.
    mistakes
        For what cannot be read.
    """

    def __init__(self, settings: Settings) -> None:
        self.operations = Budget(settings.operations_per_s, settings.operations_burst)
        self.mistakes = Budget(*MISTAKES)
        self._others = {name: Budget(*amount) for name, amount in LEFT_OUT.items()}

    def operation_wait_s(self, text: str) -> float:
        """Return how long to wait for what is never left out."""
        return self.operations.wait_s(max(1.0, len(text) / CHARACTERS))

    def of_type(self, name: str) -> Budget:
        """Return the budget for messages of a type that may be left out."""
        return self._others[name]
