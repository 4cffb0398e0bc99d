"""The worker: one thread that turns the newest state of rooms and strokes into frames, then cards.

A job replaces the one of the same key that still waits, so a hand that is faster than the engine
never makes it fall behind. One job at rest is for everybody in a room who looks at its cluster; of
a stroke in progress each member has its own. What is less urgent waits: questions and frames go
before the cards of the other clusters, those before sharpening, which lets the others pass in the
middle of its work.
Engines keep what they have matched; this thread alone touches them.
"""

import functools
import logging
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from explorer.edits import ModePick
from explorer.engine import Exploration
from explorer.session import Entry, Session
from ui.computing.averages import Averages, Card, Engine, figures_of
from ui.computing.cards import Pace, Told
from ui.computing.images import LIVE_QUALITY, encode_jpeg
from ui.computing.jobs import Carded, Job, Rendered
from ui.computing.manners import step_back
from ui.computing.questions import Questions, Step
from ui.computing.ranking import hint_of, ranking_of
from ui.computing.shared import text_without_request
from ui.computing.sharpening import Sharpening
from ui.library import Library
from ui.watching import metrics
from ui.wire.figures import Clusters, Progress
from ui.wire.frame import Frame

RANKING_EVERY_S = 0.1

STOP_S = 2.0
"""How long stopping waits for the job in progress: it ends with the program in any case."""

SLOW_S = 2.0
"""A frame that took longer is worth a line in the log."""

_logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")


Deliver: TypeAlias = Callable[[Job, Rendered | Carded | None], None]
Tell: TypeAlias = Callable[[str, Progress], None]


@dataclass(slots=True)
class _Desk:
    """A room or a painter: what it was told, and the job whose cards it is owed."""

    told: Told = field(default_factory=Told)
    job: Job | None = None
    ranked_s: float = -RANKING_EVERY_S


class Worker:
    """Computes in one thread.

    Parameters
    ----------
    deliver
        Called in the thread with each answer to a job; with None if a job failed.
    tell
        Called in the thread with the progress of work that takes long, and its room.
    """

    def __init__(self, deliver: Deliver, tell: Tell = lambda room, progress: None) -> None:
        self._deliver = deliver
        self._tell = tell
        self._jobs: dict[Hashable, Job] = {}
        self._desks: dict[Hashable, _Desk] = {}
        self._questions = Questions()
        self._seats: dict[str, Averages] = {}
        self._sharpenings: dict[str, Sharpening] = {}
        self._unsharpened: set[str] = set()
        self._pace = Pace()
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
            self._questions.close()
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=STOP_S)

    def add(self, name: str, library: Library, engine: Engine) -> None:
        """Take in a collection."""
        with self._wake:
            self._seats[name] = Averages(library, engine)

    def submit(self, job: Job) -> None:
        """Ask for a frame, in place of the one of the same key that still waits."""
        with self._wake:
            self._jobs[job.key] = job
            self._desks.setdefault(job.desk, _Desk())
            self._wake.notify()

    def forget(self, desk: Hashable) -> None:
        """Drop what waits for a painter who has left, or for a room that is empty."""
        with self._wake:
            self._jobs = {key: job for key, job in self._jobs.items() if job.desk != desk}
            self._desks.pop(desk, None)

    def explore(self, name: str, session: Session, cluster_id: str) -> "Future[Exploration]":
        """Ask for everything about a cluster at rest."""
        return self.ask(name, lambda averages: averages.at_rest(session, cluster_id).exploration)

    def give_up(self, room: str, cluster_id: str) -> None:
        """End the sharpening of a cluster of a room."""
        self._put_question(lambda: self._give_up(room, cluster_id))

    def _give_up(self, room: str, cluster_id: str) -> None:
        if room in self._sharpenings:
            self._sharpenings[room].give_up(cluster_id)

    def ask(
        self, name: str, question: Callable[[Averages], Answer], *, is_patient: bool = False
    ) -> "Future[Answer]":
        """Ask something of a collection's averages; it goes before frames.

        A question that is patient waits until nobody paints, but not for ever.
        """
        return self._put_question(lambda: question(self._seats[name]), is_patient=is_patient)

    def _put_question(
        self, question: Callable[[], Answer], *, is_patient: bool = False
    ) -> "Future[Answer]":
        with self._wake:
            future = self._questions.put(question, is_patient=is_patient)
            self._wake.notify()
        return future

    @property
    def waiting(self) -> int:
        """How many frames and questions wait."""
        return len(self._jobs) + len(self._questions)

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def is_busy(self) -> bool:
        """Whether anything is computed or waits."""
        return bool(self._is_working or self._jobs or self._questions)

    def _run(self) -> None:
        step_back()
        while True:
            with self._wake:
                step = self._next()
                while step is None and not self._stopped:
                    self._is_working = False
                    self._wake.wait(self._pause_s())
                    step = self._next()
                if self._stopped or step is None:
                    return
                self._is_working = True
            step()

    def _next(self) -> Step | None:
        """Return what is to be done next, None if that is nothing, or not yet."""
        urgent = self._next_urgent()
        if urgent is None and self._unsharpened:
            room = self._unsharpened.pop()
            return lambda: self._sharpenings[room].run(self._let_pass)
        return urgent

    def _next_urgent(self) -> Step | None:
        question = self._questions.due()
        if question is not None:
            return question
        if self._jobs:
            job = self._jobs.pop(next(iter(self._jobs)))
            return lambda: self._render(job)
        question = self._questions.patient() if self._pace.rest_s() == 0 else None
        if question is not None:
            return question
        owing, pause_s = self._owing()
        if owing is None or pause_s > 0:
            return None
        desk = self._desks[owing] = self._desks.pop(owing)  # the others have their turn first
        return lambda: self._make_card(desk)

    def _owing(self) -> tuple[Hashable | None, float]:
        """Return who is owed the next card, quick ones before true ones, and in how long."""
        for key, desk in self._desks.items():
            if desk.told.owed:
                return key, self._pace.wait_s()
        for key, desk in self._desks.items():
            if desk.told.owed_fine:
                return key, self._pace.wait_s(is_fine=True)
        return None, 0.0

    def _pause_s(self) -> float | None:
        """Return how long to wait for something to do; None: until somebody asks."""
        owing, pause_s = self._owing()
        card_s = None if owing is None else pause_s
        question_s = self._questions.wait_s(self._pace.rest_s())
        waits = [wait_s for wait_s in (card_s, question_s) if wait_s is not None]
        return max(0.001, min(waits)) if waits else None

    def _let_pass(self) -> bool:
        """Do what is more urgent than a sharpening; return False if the worker stops.

        While somebody paints a sharpening stands still, as each of its steps would hold up a frame.
        """
        while not self._stopped:
            with self._wake:
                step = self._next_urgent()
                rest_s = self._pace.rest_s()
                if step is None and rest_s > 0:
                    self._wake.wait(min(rest_s, self._pause_s() or rest_s))
            if step is not None:
                step()
            elif rest_s == 0:
                return True
        return False

    def _render(self, job: Job) -> None:
        """Answer a job, and owe what follows."""
        desk = self._desks.get(job.desk, _Desk())
        try:
            exploration, rendered = self._rendered(job, desk)
        except Exception:
            if self._stopped:
                return  # a program that ends takes the tools away
            _logger.exception("revision %d of %s failed", job.revision, job.room)
            self._deliver(job, None)
            return
        _count(rendered.frame, job)
        self._deliver(job, rendered)
        cluster = job.session.cluster(job.cluster)
        desk.job = job
        is_live = job.live is not None
        desk.told.take_figures(figures_of(cluster, exploration), is_coarse=is_live)
        focus = job.cluster if job.is_alone else None
        desk.told.owe(job.session, focus, is_live=is_live)
        self._pace.framed(is_live=is_live)
        if not is_live:
            self._deliver(job, _carded(job, desk.told, None))
        # A mode that is previewed stays live: what the edits ask for must not wait until it goes.
        self._sharpening_in(job).session = job.session
        self._unsharpened.add(job.room)

    def _sharpening_in(self, job: Job) -> Sharpening:
        if job.room not in self._sharpenings:
            tell = functools.partial(self._tell, job.room)
            self._sharpenings[job.room] = Sharpening(self._seats[job.collection], tell)
        return self._sharpenings[job.room]

    def _rendered(self, job: Job, desk: _Desk) -> tuple[Exploration, Rendered]:
        averages = self._seats[job.collection]
        cluster = job.session.cluster(job.cluster)
        if job.live is None:
            rest = averages.at_rest(job.session, job.cluster)
            exploration, picture = rest.exploration, rest.picture
        else:
            exploration = averages.engine.explore_in(
                job.session, job.cluster, live=job.live, wait=False
            )
            cluster = cluster.put(Entry(edit=job.live))
            picture = encode_jpeg(exploration.average, quality=LIVE_QUALITY)
        height, width = exploration.average.shape[:2]
        frame = Frame(
            kind="rest" if job.live is None else "live",
            codec="jpeg",
            cluster=job.cluster,
            revision=job.revision,
            request=job.request,
            elapsed_s=time.perf_counter() - job.received_s,
            width=width,
            height=height,
            picture=picture,
        )
        ranking = None
        if job.live is None or isinstance(job.live, ModePick) or _is_due(desk):
            ranking = ranking_of(
                averages.library, cluster, exploration, revision=job.revision, request=job.request
            )
        hint = hint_of(cluster, exploration) if job.live is None else None
        text = "" if ranking is None else text_without_request(ranking)
        return exploration, Rendered(frame=frame, ranking=ranking, hint=hint, ranking_text=text)

    def _make_card(self, desk: _Desk) -> None:
        """Make the next thing that a member is owed."""
        job, begun_s = desk.job, time.perf_counter()
        if job is None:
            return
        try:
            carded = self._carded(job, desk.told)
        except Exception:
            _logger.exception("a card of revision %d of %s failed", job.revision, job.room)
            return
        self._pace.made(time.perf_counter() - begun_s, len(job.session.clusters))
        self._deliver(job, carded)

    def _carded(self, job: Job, told: Told) -> Carded:
        averages = self._seats[job.collection]
        cluster_id, is_coarse = told.next_owed()
        if job.live is not None:
            card = averages.live_card(job.session, cluster_id, job.live, job.cluster)
        elif is_coarse:
            card = averages.coarse_card(job.session, cluster_id)
        else:
            card = averages.card(job.session, cluster_id)
        told.take(cluster_id, card)
        frame = _card_frame(job, cluster_id, card)
        metrics.FRAMES_MADE.labels("card").inc()
        return _carded(job, told, frame)


def _count(frame: Frame, job: Job) -> None:
    metrics.FRAMES_MADE.labels(frame.kind).inc()
    metrics.FRAME_SECONDS.labels(frame.kind).observe(frame.elapsed_s)
    if frame.elapsed_s > SLOW_S:
        _logger.info(
            "a frame was slow",
            extra={"room": job.room, "kind": frame.kind, "seconds": round(frame.elapsed_s, 3)},
        )


def _is_due(desk: _Desk) -> bool:
    now = time.perf_counter()
    if now - desk.ranked_s < RANKING_EVERY_S:
        return False
    desk.ranked_s = now
    return True


def _carded(job: Job, told: Told, frame: Frame | None) -> Carded:
    clusters = Clusters(
        revision=job.revision,
        request=job.request,
        clusters=told.figures_in(job.session),
        outliers=told.outliers,
    )
    return Carded(frame=frame, clusters=clusters, clusters_text=text_without_request(clusters))


def _card_frame(job: Job, cluster_id: str, card: Card) -> Frame:
    return Frame(
        kind="card",
        codec="jpeg",
        cluster=cluster_id,
        revision=job.revision,
        request=job.request,
        elapsed_s=time.perf_counter() - job.received_s,
        width=card.width,
        height=card.height,
        picture=card.picture,
    )
