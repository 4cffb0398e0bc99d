"""Worker processes that decode, in the order of the tasks; one that dies costs one file.

A worker holds at most `AHEAD` tasks and answers them in order, so the oldest of them is the one
that killed it: that file is rejected, the others are given to its successor.
"""

import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from types import TracebackType
from typing import Any, TypeAlias, cast

from precompute.decode import Picture, Unusable
from precompute.errors import BuildError
from precompute.sources import Listing
from precompute.tasks import ListTask, Task

AnyTask: TypeAlias = Task | ListTask

AHEAD = 3
WINDOW = 64
TICK_S = 0.5
START_S = 120.0
WORKERS_MAX = 8
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")
"""What a decoder knows of our environment: a token, for example, is not its business."""

PLAIN = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENCV_FFMPEG_CAPTURE_OPTIONS": "protocol_whitelist;file",
}
"""One thread each, as stacks count as memory; a video opens files alone, never an address."""


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    connection: "Connection[Any, Any]"
    assigned: deque[tuple[int, AnyTask]] = field(default_factory=deque)
    deadline: float = 0.0
    is_ready: bool = False


class Pool:
    """A few worker processes; use it in a `with`, at whose end they are gone."""

    def __init__(self, workers: int | None = None) -> None:
        self._count = workers or min(os.cpu_count() or 1, WORKERS_MAX)
        self._workers: list[_Worker] = []

    def __enter__(self) -> "Pool":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in self._workers:
            _end(worker)
        self._workers.clear()

    def map(self, tasks: Iterable[Task]) -> Iterator[Picture | Unusable]:
        """Yield the answer to each task, in their order."""
        return self._answers(tasks)

    def list(self, task: ListTask) -> Listing | Unusable:
        """Return what a source holds, or why it cannot be said."""
        (found,) = self._answers([task])
        return cast("Listing | Unusable", found)

    def _answers(self, tasks: Iterable[AnyTask]) -> Iterator[Any]:
        waiting = iter(enumerate(tasks))
        again: deque[tuple[int, AnyTask]] = deque()
        answers: dict[int, Any] = {}
        following, issued = 0, 0
        while True:
            while issued - following < WINDOW and (again or waiting is not None):
                worker = self._free()
                if worker is None:
                    break
                item = again.popleft() if again else next(waiting, None)
                if item is None:
                    break
                issued = max(issued, item[0] + 1)
                _assign(worker, item)
            if following == issued:
                return
            self._receive(answers, again)
            while following in answers:
                yield answers.pop(following)
                following += 1

    def _free(self) -> _Worker | None:
        """Return the worker with the fewest tasks, a new one if there may be more, or None."""
        fewest = min(self._workers, key=lambda worker: len(worker.assigned), default=None)
        if fewest is not None and not fewest.assigned:
            return fewest
        if len(self._workers) < self._count:
            self._workers.append(_start())
            return self._workers[-1]
        return fewest if fewest is not None and len(fewest.assigned) < AHEAD else None

    def _receive(self, answers: dict[int, Any], again: deque[tuple[int, AnyTask]]) -> None:
        """Wait for answers; put those of the dead to `answers`, and what they left to `again`."""
        busy = [worker for worker in self._workers if worker.assigned]
        ready = wait([worker.connection for worker in busy], TICK_S)
        for worker in busy:
            reason = ""
            if worker.connection in ready:
                try:
                    received = worker.connection.recv()
                except (EOFError, OSError):
                    reason = "the decoder crashed on it"
                else:
                    if worker.is_ready:
                        answers[worker.assigned.popleft()[0]] = received
                    worker.is_ready = True
                    _restart_clock(worker)
            elif time.monotonic() > worker.deadline:
                reason = f"decoding took longer than {worker.assigned[0][1].timeout_s:g} s"
            if reason and not worker.is_ready:
                raise BuildError(
                    "a process that decodes must start, it did not: "
                    f"`{sys.executable} -m precompute.worker` says why"
                )
            if reason:
                answers[worker.assigned.popleft()[0]] = Unusable(reason, may_pass=True)
                again.extend(worker.assigned)
                self._workers.remove(worker)
                _end(worker)


def _start() -> _Worker:
    """Start a worker as a program of its own: nothing of this process is imported again there."""
    ours, theirs = Pipe()
    known = {name: text for name, text in os.environ.items() if name in PASSED_ON}
    environment = known | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))} | PLAIN
    process = subprocess.Popen(  # noqa: S603 - our own module, no input of anybody
        [sys.executable, "-m", "precompute.worker", str(theirs.fileno())],
        pass_fds=[theirs.fileno()],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    theirs.close()
    return _Worker(process, ours)


def _assign(worker: _Worker, item: tuple[int, AnyTask]) -> None:
    worker.assigned.append(item)
    if len(worker.assigned) == 1:
        _restart_clock(worker)
    try:
        worker.connection.send(item[1])
    except OSError:  # it died: `_receive` finds out
        return


def _restart_clock(worker: _Worker) -> None:
    if worker.assigned:
        limit_s = worker.assigned[0][1].timeout_s if worker.is_ready else START_S
        worker.deadline = time.monotonic() + limit_s


def _end(worker: _Worker) -> None:
    worker.connection.close()
    worker.process.kill()
    worker.process.wait()
