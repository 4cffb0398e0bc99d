"""What a benchmark is given, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from index.collection import Collection


@dataclass(frozen=True, slots=True)
class Bench:
    """What every benchmark measures on.

    Attributes
    ----------
    collection
        Images of 200 x 200.
    read_rate
        Bytes a second that all cores together read from memory.
    """

    collection: Collection
    read_rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What a benchmark measured.

    Attributes
    ----------
    seconds
        Median time of the fast path.
    brute_force_seconds
        The same answer in the plainest way; None if there is none.
    bytes_read
        The least that any method must read; None if memory is not what limits.
    exact
        Whether the answer was as exact as it must be.
    told
        For people, in place of the time where that is another than of one call.
    notes
        What else was seen.
    """

    seconds: float
    brute_force_seconds: float | None = None
    bytes_read: int | None = None
    exact: bool = True
    told: str = ""
    notes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """One figure to reach.

    Attributes
    ----------
    name
        As on the command line.
    measure
        Makes the figure.
    of
        Which number is compared with the target.
    target
        At least this speedup or roofline fraction, at most these seconds; None if none is set.
    family
        Another name on the command line, of all that belong together.
    """

    name: str
    measure: Callable[[Bench], Figure]
    of: Literal["speedup", "roofline_fraction", "seconds"]
    target: float | None
    family: str = ""


def result(benchmark: Benchmark, figure: Figure, read_rate: float) -> dict[str, Any]:
    """Return the figure as programs read it; null where a field has no meaning."""
    brute, moved = figure.brute_force_seconds, figure.bytes_read
    numbers = {
        "seconds": figure.seconds,
        "brute_force_seconds": brute,
        "speedup": None if brute is None else brute / figure.seconds,
        "roofline_fraction": None if moved is None else moved / read_rate / figure.seconds,
    }
    reached = numbers[benchmark.of]
    met = None
    if reached is not None and benchmark.target is not None:
        at_most = benchmark.of == "seconds"
        met = reached <= benchmark.target if at_most else reached >= benchmark.target
        met = met and figure.exact
    return {
        "name": benchmark.name,
        **numbers,
        "target": benchmark.target,
        "target_is": f"{'at most' if benchmark.of == 'seconds' else 'at least'} {benchmark.of}",
        "met": met,
        "told": figure.told,
        "notes": dict(figure.notes),
    }
