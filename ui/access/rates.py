"""How often somebody may ask: buckets that fill by and by, one for each who asks."""

import time
from collections import OrderedDict
from collections.abc import Callable

KNOWN_LIMIT = 20_000
"""Most whom a limit remembers; who was not heard of for longest is forgotten first."""


class Rate:
    """Lets each do something `burst` times at once, and `per_s` times a second after that.

    Examples
    --------
    >>> rate = Rate(per_s=1, burst=2, clock=iter([0.0, 0.0, 0.0, 1.0]).__next__)
    >>> [rate.take("ann") for _ in range(4)]
    [True, True, False, True]
    """

    def __init__(
        self, *, per_s: float, burst: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_s = per_s
        self._burst = burst
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, who: str) -> bool:
        """Return whether somebody may, and count it if so."""
        left = self._left_of(who)
        is_allowed = left >= 1
        self._keep(who, left - 1 if is_allowed else left)
        return is_allowed

    def is_over(self, who: str) -> bool:
        """Return whether somebody has nothing left, without counting."""
        return self._left_of(who) < 1

    def wait_s(self, who: str) -> float:
        """Return after how many seconds somebody may again."""
        return max(0.0, 1 - self._left_of(who)) / self._per_s

    def _left_of(self, who: str) -> float:
        now = self._clock()
        left, then = self._left.get(who, (self._burst, now))
        left = min(self._burst, left + (now - then) * self._per_s)
        self._left[who] = left, now
        return left

    def _keep(self, who: str, left: float) -> None:
        self._left[who] = left, self._left[who][1]
        self._left.move_to_end(who)
        while len(self._left) > KNOWN_LIMIT:
            self._left.popitem(last=False)
