"""One Python thread a core, for work that holds no lock: kernels over shards or blocks of images.

Threads of Python rather than of OpenMP: a parallel loop of OpenMP waits for all its threads at
every step, and was 20 times slower when something else took one of the two cores.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def core_count() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # pragma: no cover - macOS and Windows


def for_each(function: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Return `function` of each item, in order, computed on all cores.

    A function that runs here must not call `for_each` itself: it would wait for its own thread.
    """
    if len(items) < 2 or core_count() == 1:
        return [function(item) for item in items]
    return list(_pool().map(function, items))


def blocks(count: int, size: int) -> list[slice]:
    """Return slices of at most `size` that cover 0 to `count`.

    Examples
    --------
    >>> blocks(5, 2)
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(core_count(), thread_name_prefix="kernel")
