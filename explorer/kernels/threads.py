"""One Python thread a core, for work that holds no lock: kernels over shards or blocks of images.

Threads of Python rather than of OpenMP: a parallel loop of OpenMP waits for all its threads at
every step, and was 20 times slower when something else took one of the two cores.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
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

    The caller works too, so it never waits for a thread that has not begun, and a function that
    runs here may call `for_each` itself.
    """
    if len(items) < 2 or core_count() == 1:
        return [function(item) for item in items]
    results: dict[int, Result] = {}
    places = iter(range(len(items)))  # shared: each place goes to one thread

    def work() -> None:
        for place in places:
            results[place] = function(items[place])

    helpers = [_pool().submit(work) for _ in range(min(core_count(), len(items)) - 1)]
    try:
        work()
    finally:
        started = [helper for helper in helpers if not helper.cancel()]
        wait(started)
    for helper in started:
        helper.result()  # raises what the helper raised
    return [results[place] for place in range(len(items))]


@contextmanager
def torch_alone() -> Iterator[None]:
    """Let torch use no more than the thread that calls it, where there is one a core already."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


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
