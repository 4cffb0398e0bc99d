"""Exploring without a person, asked for on a page: one tour a collection, in a thread of its own.

A tour has an engine of its own, so it never touches that of the rooms; while somebody paints it
stands still. What it sharpened is handed over, so that the page need not sharpen again.
"""

import logging
import threading
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from explorer.engine import Engine
from explorer.errors import Cancelled
from explorer.session import Session
from explorer.tour import TourOptions, tour
from ui.computing.averages import Averages
from ui.library import Library
from ui.rooms.aside import Aside
from ui.rooms.hub import Hub

_logger = logging.getLogger(__name__)

TourState: TypeAlias = Literal["none", "running", "done", "cancelled", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TourStatus:
    """How far a tour is.

    Attributes
    ----------
    state
        "none" if nobody has asked for one.
    share
        How much is done, from 0 to 1.
    what
        What is being done, in words.
    session
        What was found, once it is done.
    """

    state: TourState = "none"
    share: float = 0.0
    what: str = ""
    session: Session | None = None


class Tours:
    """The tours of a server.

    Parameters
    ----------
    hub
        Whose collections are explored.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._tours: dict[str, _Tour] = {}
        self._lock = threading.Lock()

    def start(self, collection: str, clusters: int) -> TourStatus:
        """Begin to explore a collection, unless that is being done.

        Raises
        ------
        UnknownError
            If there is no such collection.
        """
        library = self._hub.room(collection).library
        with self._lock:
            known = self._tours.get(collection)
            if known is None or known.status.state != "running":
                known = _Tour(self._hub, collection, library, clusters)
                self._tours[collection] = known
                known.start()
            return known.status

    def status(self, collection: str) -> TourStatus:
        """Return how far the tour of a collection is.

        Raises
        ------
        UnknownError
            If there is no such collection.
        """
        self._hub.room(collection)
        known = self._tours.get(collection)
        return known.status if known else TourStatus()

    def cancel(self, collection: str) -> TourStatus:
        """End the tour of a collection, if there is one.

        Raises
        ------
        UnknownError
            If there is no such collection.
        """
        if (known := self._tours.get(collection)) is not None:
            known.cancel()
        return self.status(collection)

    def stop(self) -> None:
        """End all tours, and wait for them."""
        for known in self._tours.values():
            known.cancel()
        for known in self._tours.values():
            known.join()


class _Tour(Aside):
    """One tour, its thread and its status."""

    def __init__(self, hub: Hub, collection: str, library: Library, clusters: int) -> None:
        super().__init__(hub, "tour")
        self._collection, self._library = collection, library
        self._options = TourOptions(clusters=clusters)
        self.status = TourStatus(state="running", what="starting")

    def _run(self) -> None:
        engine = Engine(self._library)
        try:
            session = tour(
                self._library,
                engine,
                self._library.names,
                self._options,
                progress=self._progress,
                is_cancelled=self._is_cancelled,
            )
            self._hand_over(engine)
            session = replace(session, collection=self._hub.room(self._collection).seat)
            self.status = TourStatus(state="done", share=1.0, what="done", session=session)
        except Cancelled:
            self.status = TourStatus(state="cancelled", what="cancelled")
        except Exception:
            _logger.exception("the exploration of %s failed", self._collection)
            self.status = TourStatus(state="failed", what="the server's log says why")

    def _progress(self, share: float, what: str) -> None:
        self.status = TourStatus(state="running", share=share, what=what)

    def _hand_over(self, engine: Engine) -> None:
        def adopt(averages: Averages) -> None:
            if isinstance(averages.engine, Engine):
                averages.engine.adopt(engine)

        self._hub.ask(self._collection, adopt).result()
