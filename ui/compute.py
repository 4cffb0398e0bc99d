"""The worker: one thread that turns the newest state of every member into a frame.

A job replaces the one of the same key that still waits, so a hand that is faster than the engine
never makes it fall behind. Engines keep what they have matched; this thread alone touches them.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from explorer.edits import Edit, ModePick, ScoredEdit
from explorer.engine import Exploration
from explorer.session import Cluster, Entry, WeightingName
from ui.frame import Frame
from ui.images import LIVE_QUALITY, REST_QUALITY, encode_jpeg
from ui.library import Library
from ui.protocol import Ranking
from ui.ranking import hint_of, ranking_of

RANKING_EVERY_S = 0.1
RESTS_KEPT = 8

_logger = logging.getLogger(__name__)


class Engine(Protocol):
    """What the worker needs of `explorer.engine.Engine`."""

    def explore(self, cluster: Cluster, live: ScoredEdit | None = None) -> Exploration:
        """Return what the cluster's edits, with the live stroke, say about the collection."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One frame to compute.

    Attributes
    ----------
    key
        Whom it is for: a newer job of the same key takes its place.
    collection
        The collection's name in URLs.
    cluster, place
        The cluster and its place in the session.
    revision, request
        What the frame will show, see `ui.protocol.Frame`.
    live
        The stroke in progress.
    received_s
        When its message arrived, by `time.perf_counter`.
    """

    key: Hashable
    collection: str
    cluster: Cluster
    place: int
    revision: int
    request: int
    live: ScoredEdit | None
    received_s: float = field(default_factory=time.perf_counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The answer to a job; `ranking` is None where it is not due, `hint` where all is well."""

    frame: Frame
    ranking: Ranking | None
    hint: str | None


Deliver: TypeAlias = Callable[[Job, Rendered | None], None]
Asked: TypeAlias = tuple[WeightingName, int | None, tuple[Edit, ...]]
"""What an average depends on: not the cluster's name, not who made an edit."""


@dataclass(frozen=True, slots=True)
class _Seat:
    """A collection with its engine, and the newest averages at rest by cluster."""

    library: Library
    engine: Engine
    rest: dict[str, tuple[Asked, Exploration, bytes]]


class Worker:
    """Computes frames in one thread, and calls `deliver` in it: with None if a job failed."""

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._jobs: dict[Hashable, Job] = {}
        self._questions: deque[tuple[str, Cluster, Future[Exploration]]] = deque()
        self._seats: dict[str, _Seat] = {}
        self._ranked_s: dict[Hashable, float] = {}
        self._wake = threading.Condition()
        self._stopped = False
        self._is_working = False
        self._thread = threading.Thread(target=self._run, name="compute", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the job in progress; what waits is dropped."""
        with self._wake:
            self._stopped = True
            for _, _, future in self._questions:
                future.cancel()
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def add(self, name: str, library: Library, engine: Engine) -> None:
        """Take in a collection."""
        with self._wake:
            self._seats[name] = _Seat(library, engine, {})

    def submit(self, job: Job) -> None:
        """Ask for a frame, in place of the one of the same key that still waits."""
        with self._wake:
            self._jobs[job.key] = job
            self._wake.notify()

    def forget(self, key: Hashable) -> None:
        """Drop what waits for somebody who has left."""
        with self._wake:
            self._jobs.pop(key, None)
            self._ranked_s.pop(key, None)

    def explore(self, name: str, cluster: Cluster) -> "Future[Exploration]":
        """Ask for everything about a cluster at rest."""
        future: Future[Exploration] = Future()
        with self._wake:
            if self._stopped:
                future.cancel()
            self._questions.append((name, cluster, future))
            self._wake.notify()
        return future

    @property
    def is_busy(self) -> bool:
        """Whether anything is computed or waits."""
        return bool(self._is_working or self._jobs or self._questions)

    def _run(self) -> None:
        while True:
            with self._wake:
                self._is_working = False
                self._wake.wait_for(lambda: self._stopped or self._jobs or self._questions)
                if self._stopped:
                    return
                question = self._questions.popleft() if self._questions else None
                job = None if question else self._jobs.pop(next(iter(self._jobs)))
                self._is_working = True
            if question:
                self._answer(*question)
            if job:
                self._deliver(job, self._rendered(job))

    def _answer(self, name: str, cluster: Cluster, future: "Future[Exploration]") -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(_at_rest(self._seats[name], cluster)[0])
        except Exception as error:
            _logger.exception("a question about %s failed", name)
            future.set_exception(error)

    def _rendered(self, job: Job) -> Rendered | None:
        try:
            return self._render(job)
        except Exception:
            _logger.exception("revision %d of %s failed", job.revision, job.collection)
            return None

    def _render(self, job: Job) -> Rendered:
        seat = self._seats[job.collection]
        cluster = job.cluster
        if job.live is None:
            exploration, picture = _at_rest(seat, cluster)
        else:
            exploration = seat.engine.explore(cluster, live=job.live)
            cluster = cluster.put(Entry(edit=job.live))
            picture = encode_jpeg(exploration.average, quality=LIVE_QUALITY)
        height, width = exploration.average.shape[:2]
        frame = Frame(
            kind="rest" if job.live is None else "live",
            codec="jpeg",
            cluster=job.place,
            revision=job.revision,
            request=job.request,
            elapsed_s=time.perf_counter() - job.received_s,
            width=width,
            height=height,
            picture=picture,
        )
        ranking = None
        if job.live is None or isinstance(job.live, ModePick) or self._is_due(job.key):
            ranking = ranking_of(
                seat.library, cluster, exploration, revision=job.revision, request=job.request
            )
        hint = hint_of(cluster, exploration) if job.live is None else None
        return Rendered(frame=frame, ranking=ranking, hint=hint)

    def _is_due(self, key: Hashable) -> bool:
        now = time.perf_counter()
        if now - self._ranked_s.get(key, -RANKING_EVERY_S) < RANKING_EVERY_S:
            return False
        self._ranked_s[key] = now
        return True


def _at_rest(seat: _Seat, cluster: Cluster) -> tuple[Exploration, bytes]:
    """Return a cluster's exploration and picture; asked again for the same, compute nothing."""
    asked = (cluster.weighting, cluster.count, cluster.edits)
    known = seat.rest.pop(cluster.id, None)
    if known is None or known[0] != asked:
        exploration = seat.engine.explore(cluster)
        picture = encode_jpeg(exploration.average, quality=REST_QUALITY)
        known = (asked, exploration, picture)
    seat.rest[cluster.id] = known
    if len(seat.rest) > RESTS_KEPT:
        del seat.rest[next(iter(seat.rest))]
    return known[1], known[2]
