"""What was computed lately, by what it depends on."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """At most so many values; the one that nobody has asked for the longest goes first.

    Parameters
    ----------
    most
        How many are kept, at least 1.

    Examples
    --------
    >>> lately = Recent[int](2)
    >>> [lately.get(number, lambda: number**2) for number in (2, 3, 2, 4)]
    [4, 9, 4, 16]
    >>> 2 in lately, 3 in lately
    (True, False)
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, Value] = OrderedDict()

    def __contains__(self, key: Hashable) -> bool:
        return key in self._values

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return what is known under a key, made now if nothing is."""
        if key not in self._values:
            self.put(key, make())
        self._values.move_to_end(key)
        return self._values[key]

    def known(self, key: Hashable) -> Value | None:
        """Return what is known under a key, or None."""
        if key in self._values:
            self._values.move_to_end(key)
        return self._values.get(key)

    def put(self, key: Hashable, value: Value) -> None:
        """Keep a value."""
        self._values[key] = value
        self._values.move_to_end(key)
        if len(self._values) > self._most:
            self._values.popitem(last=False)

    def update(self, other: "Recent[Value]") -> None:
        """Keep what another one knows too, as if it had been asked for now."""
        for key, value in other._values.items():  # noqa: SLF001 - the same class
            self.put(key, value)
