"""The modes worker: one thread beside `ui.computing.worker`'s that says which modes are somewhere.

So that painting is never held up by mining. Short work goes first: first answers, then the full
ones that they promised, then questions (a map, a report), which let hovers go first between two
spots too; when nobody asks anything for a moment and no average is made, the spots around the last
cursor are mined ahead. Finders are touched by this thread alone.
"""

import functools
import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from explorer.arrays import FloatArray
from explorer.engine import Exploration
from explorer.errors import Cancelled
from explorer.matching import CELL
from explorer.modes.finder import ModeFinder
from explorer.modes.spots import Spot
from explorer.modes.values import SpotModes
from explorer.session import Session
from explorer.view import View
from ui.computing.mode_answers import USUAL_SIZE, HoverJob, messages_of, modes_of, no_modes, spot_of
from ui.library import Library
from ui.wire.figures import ModeMessage, Modes

ANSWERS_KEPT = 256
"""For each collection; one has a picture of each mode, 10 to 30 kB in all."""

STOP_S = 2.0
"""How long stopping waits for the step in progress: it ends with the program in any case."""

PAUSE_S = 0.1
"""How long nobody may have asked anything before spots are mined ahead."""

_logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")
Explore: TypeAlias = "Callable[[str, Session, str], Future[Exploration]]"
DeliverModes: TypeAlias = Callable[[HoverJob, Modes | None], None]


@dataclass(frozen=True, slots=True)
class _Seat:
    """A collection with its finder, and the newest final answers with the weights they are for."""

    library: Library
    finder: ModeFinder
    told: OrderedDict[Spot, tuple[FloatArray, tuple[ModeMessage, ...]]]

    def known(self, look: "_Look") -> tuple[ModeMessage, ...] | None:
        """Return the final answer if nothing need be mined."""
        weights, messages = self.told.get(look.spot, (None, ()))
        if weights is look.weights:
            return messages
        found = self.finder.known(look.spot)
        return None if found is None else self._tell(look, found)

    def find(self, look: "_Look", is_cancelled: Callable[[], bool]) -> tuple[ModeMessage, ...]:
        """Return the final answer."""
        known = self.known(look)
        if known is not None:
            return known
        return self._tell(look, self.finder.find(look.spot, is_cancelled))

    def _tell(self, look: "_Look", found: SpotModes) -> tuple[ModeMessage, ...]:
        messages = messages_of(self.library, found, look.weights)
        self.told[look.spot] = (look.weights, messages)
        self.told.move_to_end(look.spot)
        if len(self.told) > ANSWERS_KEPT:
            self.told.popitem(last=False)
        return messages


@dataclass(frozen=True, slots=True)
class _Look:
    """A spot that a hover asks about, or its next one may."""

    job: HoverJob
    spot: Spot
    weights: FloatArray


class _PoliteFinder(ModeFinder):
    """The finder that a question is given: before it looks at a spot, hovers are answered."""

    def __init__(
        self, finder: ModeFinder, let_pass: Callable[[], None], is_waited: Callable[[], bool]
    ) -> None:
        self._finder = finder
        self._let_pass = let_pass
        self._is_waited = is_waited

    def known(self, spot: Spot) -> SpotModes | None:
        return self._finder.known(spot)

    def coarse(self, spot: Spot) -> SpotModes:
        self._let_pass()
        return self._finder.coarse(spot)

    def find(self, spot: Spot, is_cancelled: Callable[[], bool] = lambda: False) -> SpotModes:
        """Mine a spot; where a hover comes in between, answer it and begin again."""
        while True:
            self._let_pass()
            try:
                return self._finder.find(spot, lambda: is_cancelled() or self._is_waited())
            except Cancelled:
                if is_cancelled():
                    raise


class ModesWorker:
    """Answers hovers in one thread.

    Parameters
    ----------
    explore
        Asks for everything about a cluster of a session at rest, of another thread.
    deliver
        Called in the worker's thread with each answer, a coarse one and a final one perhaps; with
        None if a hover failed.
    is_painting
        Whether averages are made just now; then nothing is mined ahead.
    """

    def __init__(
        self, explore: Explore, deliver: DeliverModes, is_painting: Callable[[], bool]
    ) -> None:
        self._explore = explore
        self._deliver = deliver
        self._is_painting = is_painting
        self._seats: dict[str, _Seat] = {}
        self._newest: dict[Hashable, HoverJob] = {}
        self._hovers: dict[Hashable, HoverJob] = {}
        self._promises: dict[Hashable, _Look] = {}
        self._questions: deque[tuple[Future[Any], Callable[[], None]]] = deque()
        self._ahead: deque[_Look] = deque()
        self._wake = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="modes", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the step in progress; what waits is dropped."""
        with self._wake:
            self._stopped = True
            for future, _ in self._questions:
                future.cancel()
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=STOP_S)

    def add(self, name: str, library: Library, finder: ModeFinder) -> None:
        """Take in a collection."""
        with self._wake:
            self._seats[name] = _Seat(library, finder, OrderedDict())

    def submit(self, job: HoverJob) -> None:
        """Ask for the modes under a cursor, in place of what the same key asked before."""
        with self._wake:
            self._newest[job.key] = self._hovers[job.key] = job
            self._promises.pop(job.key, None)
            self._ahead.clear()
            self._wake.notify()

    def forget(self, key: Hashable) -> None:
        """Drop what waits for somebody who has left."""
        with self._wake:
            for waiting in (self._newest, self._hovers, self._promises):
                waiting.pop(key, None)

    def warm_up(self) -> None:
        """Load what the first hover in each collection would wait for."""
        for name, seat in list(self._seats.items()):
            spot = spot_of(seat.library, (0.5, 0.5), USUAL_SIZE)
            if spot is not None:
                self.ask(name, functools.partial(_guess, spot=spot))

    def ask(self, name: str, question: Callable[[ModeFinder], Answer]) -> "Future[Answer]":
        """Ask something of a collection's finder, answered when no hover waits."""
        future: Future[Answer] = Future()

        def answer() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                finder = self._seats[name].finder
                polite = _PoliteFinder(finder, self._let_hovers_pass, self._is_waited)
                future.set_result(question(polite))
            except Cancelled as stopped:
                future.set_exception(stopped)
            except Exception as error:
                _logger.exception("a question about the modes of %s failed", name)
                future.set_exception(error)

        with self._wake:
            if self._stopped:
                future.cancel()
            self._questions.append((future, answer))
            self._wake.notify()
        return future

    @property
    def waiting(self) -> int:
        """How many hovers and questions wait."""
        return len(self._hovers) + len(self._promises) + len(self._questions)

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wait()
                if self._stopped:
                    return
                step = self._next_step()
            step()

    def _wait(self) -> None:
        """Wait until there is something to do; before mining ahead, until all are at rest."""
        while not (self._stopped or self._is_asked()):
            is_notified = self._wake.wait(PAUSE_S if self._ahead else None)
            if self._ahead and not is_notified and not self._is_painting():
                return

    def _is_asked(self) -> bool:
        return bool(self._hovers or self._promises or self._questions)

    def _is_waited(self) -> bool:
        return bool(self._stopped or self._hovers or self._promises)

    def _let_hovers_pass(self) -> None:
        """Answer the hovers that wait, in the middle of a question."""
        while True:
            with self._wake:
                if self._stopped:
                    raise Cancelled("the server stops")
                step = self._next_hover()
            if step is None:
                return
            step()

    def _next_hover(self) -> Callable[[], None] | None:
        if self._hovers:
            job = self._hovers.pop(next(iter(self._hovers)))
            return lambda: self._attempt(job, lambda: self._answer(job))
        if self._promises:
            promise = self._promises.pop(next(iter(self._promises)))
            return lambda: self._attempt(promise.job, lambda: self._keep(promise))
        return None

    def _next_step(self) -> Callable[[], None]:
        step = self._next_hover()
        if step is not None:
            return step
        if self._questions:
            return self._questions.popleft()[1]
        look = self._ahead.popleft()
        return lambda: self._look_ahead(look)

    def _attempt(self, job: HoverJob, step: Callable[[], None]) -> None:
        try:
            step()
        except Cancelled:
            return
        except Exception:
            _logger.exception("the modes of %s at %s failed", job.collection, job.point)
            self._deliver(job, None)

    def _answer(self, job: HoverJob) -> None:
        """Answer in full if that is quick, else with a guess first."""
        seat = self._seats[job.collection]
        spot = spot_of(seat.library, job.point, job.size)
        if spot is None:
            self._deliver(job, no_modes(seat.library, job))
            return
        found = self._explore(job.collection, job.session, job.cluster)
        weights = found.result().weights
        look = _Look(job, spot, weights)
        known = seat.known(look)
        if known is not None:
            self._tell(look, known)
            return
        guess = messages_of(seat.library, seat.finder.coarse(spot), weights)
        self._deliver(job, modes_of(seat.library, job, spot, guess, is_final=False))
        with self._wake:
            if self._wants(job):
                self._promises[job.key] = look

    def _keep(self, look: _Look) -> None:
        """Answer in full, unless its asker wants something else by now."""
        seat = self._seats[look.job.collection]
        self._tell(look, seat.find(look, lambda: not self._wants(look.job)))

    def _tell(self, look: _Look, messages: tuple[ModeMessage, ...]) -> None:
        """Give the final answer, and look around as soon as nobody asks anything."""
        job, library = look.job, self._seats[look.job.collection].library
        self._deliver(job, modes_of(library, job, look.spot, messages, is_final=True))
        with self._wake:
            if self._wants(job):
                near = neighbors_of(look.spot, library)
                self._ahead = deque(_Look(job, spot, look.weights) for spot in near)

    def _wants(self, job: HoverJob) -> bool:
        return not self._stopped and self._newest.get(job.key) is job

    def _look_ahead(self, look: _Look) -> None:
        seat = self._seats[look.job.collection]
        try:
            seat.find(look, lambda: self._is_asked() or self._is_painting() or self._stopped)
        except Cancelled:
            with self._wake:
                if self._wants(look.job) and not self._hovers:
                    self._ahead.appendleft(look)
        except Exception:
            _logger.exception("%s of %s could not be looked at", look.spot, look.job.collection)
            self._ahead.clear()


def _guess(finder: ModeFinder, spot: Spot) -> SpotModes:
    known = finder.known(spot)
    return finder.coarse(spot) if known is None else known


def neighbors_of(spot: Spot, view: View) -> list[Spot]:
    """Return the spots of the same side one cell to the left and right, above and below."""
    rows, columns = (pixels // CELL - spot.side for pixels in (view.height, view.width))
    return [
        Spot(spot.side, row, column)
        for row, column in (
            (spot.row, spot.column - 1),
            (spot.row, spot.column + 1),
            (spot.row - 1, spot.column),
            (spot.row + 1, spot.column),
        )
        if 0 <= row <= rows and 0 <= column <= columns
    ]
