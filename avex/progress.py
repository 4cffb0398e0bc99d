"""How far a build is: one line that moves on a terminal, a line now and then elsewhere."""

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TextIO

BAR = 24
REDRAW_S = 0.1
LINE_EVERY_S = 5.0


class Progress(Protocol):
    """What is known of a build; `precompute.options.Progress` has it."""

    @property
    def stage(self) -> str:
        """What is being done."""
        ...

    @property
    def done(self) -> int:
        """How many images it is done for."""
        ...

    @property
    def total(self) -> int:
        """Of how many."""
        ...

    @property
    def rate(self) -> float:
        """Images a second, 0 while unknown."""
        ...

    @property
    def seconds_left(self) -> float | None:
        """Estimate for the whole build, None while unknown."""
        ...


def describe_progress(progress: Progress) -> str:
    """Return a line with the stage, the share done, the rate and the time left."""
    share = progress.done / progress.total if progress.total else 0.0
    full = round(BAR * share)
    words = [f"{progress.stage:<10} {'#' * full}{'.' * (BAR - full)}"]
    words.append(f"{progress.done}/{progress.total}")
    if progress.rate > 0:
        words.append(f"{progress.rate:.0f}/s" if progress.rate >= 10 else f"{progress.rate:.1f}/s")
    if progress.seconds_left is not None:
        words.append(f"{describe_seconds(progress.seconds_left)} left")
    return "  ".join(words)


def describe_seconds(seconds: float) -> str:
    """Return a time as people say it.

    Examples
    --------
    >>> describe_seconds(8.2), describe_seconds(75), describe_seconds(7300)
    ('8 s', '1:15', '2:01:40')
    """
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02}:{rest:02}"
    return f"{minutes}:{rest:02}" if minutes else f"{rest} s"


@dataclass(frozen=True, slots=True)
class Counted:
    """The progress of something that only counts: the rate is its own, from the start."""

    stage: str
    done: int
    total: int
    rate: float

    @property
    def seconds_left(self) -> float | None:
        """Estimate from the rate, None while unknown."""
        return (self.total - self.done) / self.rate if self.rate > 0 else None


def counting(
    show: Callable[[Progress], None], stage: str, clock: Callable[[], float] = time.monotonic
) -> Callable[[int, int], None]:
    """Return a function that shows how many of how many are done, with the rate since now."""
    begun = clock()

    def count(done: int, total: int) -> None:
        seconds = clock() - begun
        show(Counted(stage, done, total, done / seconds if seconds > 0 else 0.0))

    return count


@contextmanager
def progress_line(
    stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[Progress], None]]:
    """Give a function that shows progress as long as the block runs.

    Parameters
    ----------
    stream
        Where to; None is standard error.
    clock
        Tells the time in seconds.
    """
    stream = stream or sys.stderr
    moves = stream.isatty()
    every = REDRAW_S if moves else LINE_EVERY_S
    # A build that is over before the first line is due needs none, but for a terminal.
    last, stage = (clock() - every if moves else clock()), ""

    def show(progress: Progress) -> None:
        nonlocal last, stage
        is_new = moves and progress.stage != stage
        if not is_new and clock() - last < every:
            return
        last, stage = clock(), progress.stage
        line = describe_progress(progress)
        if moves:
            stream.write("\r" + line[: shutil.get_terminal_size().columns - 1] + "\x1b[K")
        else:
            stream.write(line + "\n")
        stream.flush()

    try:
        yield show
    finally:
        if moves:
            stream.write("\r\x1b[K")
            stream.flush()
