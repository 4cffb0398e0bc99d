"""Progress, time and cancellation of one build."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from precompute.errors import BuildCancelled
from precompute.ledger import add_timing
from precompute.options import IsCancelled, OnProgress, Progress

STOPPED = "the build was stopped: run the same command again to resume it"


class Clock:
    """Tells the progress of a build and stops it when it is cancelled."""

    def __init__(self, folder: Path, on_progress: OnProgress, is_cancelled: IsCancelled) -> None:
        self.started = time.monotonic()
        self.seconds: dict[str, float] = {}
        self._folder = folder
        self._on_progress = on_progress
        self._is_cancelled = is_cancelled
        self._begun: dict[str, tuple[float, int]] = {}
        self._left: float | None = None

    def tell(self, stage: str, done: int, total: int, *, is_whole: bool = False) -> None:
        """Tell the progress of a stage, and stop here if the build is cancelled.

        `is_whole` says that the stage goes on through the whole build, so that its rate tells how
        much time is left.

        Raises
        ------
        BuildCancelled
            If the build is cancelled.
        """
        if self._is_cancelled():
            raise BuildCancelled(STOPPED)
        now = time.monotonic()
        since, first = self._begun.setdefault(stage, (now, done))
        rate = (done - first) / (now - since) if now > since else 0.0
        if is_whole and rate > 0:
            self._left = (total - done) / rate
        self._on_progress(Progress(stage, done, total, rate, self._left))

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the time of a part of a stage to what the collection knows of it."""
        begun = time.monotonic()
        try:
            yield
        finally:
            self.add(stage, time.monotonic() - begun)

    def add(self, stage: str, seconds: float) -> None:
        """Add seconds to a stage, here and in the collection."""
        self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds
        add_timing(self._folder, stage, seconds)
