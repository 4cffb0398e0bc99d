"""Carrying keypoints from averages to images, in a thread of its own.

It asks the hub's worker for the averages, which has matched their edits already. While somebody
paints it stands still.
"""

import logging
from collections.abc import Callable, Collection
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias, TypeVar

from explorer.engine import Engine, Exploration
from explorer.errors import Cancelled
from explorer.keypoints.propagation import Propagator
from explorer.keypoints.sessions import MarkedSession, marked_averages, marked_clusters, propose
from explorer.session import Session
from index.photographs import Photographs
from ui.computing.averages import Averages, is_sharpening_asked
from ui.keypoints.found import Found, basis_of
from ui.rooms.aside import PAUSE_S, Aside
from ui.rooms.hub import Hub

SHARPENED, AVERAGED = 0.3, 0.4
"""How far it is once the averages are sharpened, and once all of them are there."""

_logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")
Keep: TypeAlias = Callable[[str, Found], None]
PropagationState: TypeAlias = Literal["none", "running", "done", "cancelled", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PropagationStatus:
    """How far a propagation is, in `share` from 0 to 1 and in words; "none": nobody asked yet."""

    state: PropagationState = "none"
    share: float = 0.0
    what: str = ""


DONE = PropagationStatus(state="done", share=1.0, what="done")


class PropagationJob(Aside):
    """One propagation, its thread and its status.

    Parameters
    ----------
    hub, collection
        Whose averages are asked for.
    propagator
        Of the collection; no other job uses it meanwhile.
    asked
        The clusters whose images are to have proposals; None: all that are marked.
    keep
        Called in the thread with what was found.
    """

    def __init__(
        self,
        hub: Hub,
        collection: str,
        propagator: Propagator,
        asked: Collection[str] | None,
        keep: Keep,
    ) -> None:
        super().__init__(hub, "propagation")
        self._collection, self._keep = collection, keep
        self._propagator, self._asked = propagator, asked
        self.status = PropagationStatus(state="running", what="starting")

    def explore_in(
        self, session: Session, cluster_id: str, *, is_coarse: bool = False
    ) -> Exploration:
        """Ask the worker what a cluster's edits say."""
        return self._wait(
            lambda averages: averages.engine.explore_in(
                session, cluster_id, wait=False, is_coarse=is_coarse
            )
        )

    def _run(self) -> None:
        try:
            self._keep(self._collection, self._found())
            self.status = DONE
        except (Cancelled, CancelledError):
            self.status = PropagationStatus(state="cancelled", what="cancelled")
        except Exception:
            _logger.exception("the propagation of %s failed", self._collection)
            self.status = PropagationStatus(state="failed", what="the server's log says why")

    def _found(self) -> Found:
        room = self._hub.room(self._collection)
        state, photographs = room.state, Photographs(room.library)
        session = state.session
        basis = basis_of(session)
        self._sharpen(session)
        self._tell(SHARPENED, "looking at the averages")
        marked = marked_averages(
            self, session, self._asked, lambda share: self._between(SHARPENED, AVERAGED, share)
        )
        self._tell(AVERAGED, "carrying the points to the images")
        proposals = propose(
            self._propagator,
            marked,
            session.annotation,
            photographs,
            progress=lambda share: self._between(AVERAGED, 1, share),
            is_cancelled=self._is_cancelled,
        )
        ids = [cluster.id for cluster in session.clusters]
        return Found(
            revision=state.revision,
            keypoints=marked.keypoints,
            proposals=proposals,
            owners=tuple(ids[marked.owners[row]] for row in proposals.rows),
            bases=dict.fromkeys(self._proposed_for(marked), basis),
        )

    def _proposed_for(self, marked: MarkedSession) -> Collection[str]:
        return marked.clusters if self._asked is None else self._asked

    def _sharpen(self, session: Session) -> None:
        """Compute the sharpenings that the averages with marks lack, and hand them over.

        An average is marked as it is shown, so it must be carried as it is shown.
        """
        marks = marked_clusters(session)
        wanted = [c.id for c in session.clusters if c.id in marks and is_sharpening_asked(c)]
        engine = None
        for number, cluster_id in enumerate(wanted):
            if self._wait(partial(_is_sharp, session, cluster_id)):
                continue
            step = SHARPENED / len(wanted)
            self._tell(number * step, "sharpening the averages")
            engine = engine or Engine(self._hub.room(self._collection).library)
            engine.sharpen(
                session,
                cluster_id,
                partial(self._between, number * step, (number + 1) * step),
                self._is_cancelled,
            )
            self._wait(partial(_adopt, engine))

    def _tell(self, share: float, what: str = "") -> None:
        what = what or self.status.what
        self.status = PropagationStatus(state="running", share=share, what=what)

    def _between(self, begin: float, end: float, share: float) -> None:
        self._tell(begin + (end - begin) * share)

    def _pause(self) -> None:
        if self._is_cancelled():
            raise Cancelled("the propagation was cancelled")

    def _wait(self, question: Callable[[Averages], Answer]) -> Answer:
        """Ask the worker once nobody paints, and wait for its answer."""
        self._pause()
        asked: Future[Answer] = self._hub.ask(self._collection, question)
        while True:
            try:
                return asked.result(timeout=PAUSE_S)
            except TimeoutError:
                if self._cancelled.is_set():
                    asked.cancel()
                    raise Cancelled("the propagation was cancelled") from None


def _is_sharp(session: Session, cluster_id: str, averages: Averages) -> bool:
    return averages.engine.is_sharpened(session, cluster_id)


def _adopt(engine: Engine, averages: Averages) -> None:
    if isinstance(averages.engine, Engine):
        averages.engine.adopt(engine)
