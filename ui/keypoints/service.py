"""The propagations of a server: one at a time a collection, and the proposals that they found.

A proposal is no point of an image until somebody accepts it. It is kept in a file of its own beside
the rooms' log, as it may have taken minutes to find.
"""

import dataclasses
import threading
from collections.abc import Collection

from explorer.annotation import Annotation, Laid
from explorer.keypoints.laying import Laying
from explorer.keypoints.propagation import Propagator
from explorer.keypoints.sessions import check_marked
from explorer.session import Session
from index.photographs import Photographs
from ui.keypoints.answers import Known
from ui.keypoints.found import Basis, Found, basis_of, moved, renewed
from ui.keypoints.job import DONE, PropagationJob, PropagationStatus
from ui.keypoints.kept import keep_found, read_found
from ui.rooms.hub import Hub


class Propagations:
    """The propagations of a server, and the proposals that they found.

    Parameters
    ----------
    hub
        Whose collections have keypoints.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._jobs: dict[str, PropagationJob] = {}
        self._found: dict[str, Found | None] = {}
        self._propagators: dict[str, Propagator] = {}
        self._layings: dict[str, Laying] = {}
        self._bases: dict[str, tuple[Session, Basis]] = {}
        self._moved: dict[str, tuple[int, int]] = {}
        self._lock = threading.Lock()

    def start(self, collection: str, asked: Collection[str] | None = None) -> PropagationStatus:
        """Begin to carry the marks of some clusters, or of all, unless one is under way.

        Raises
        ------
        UnknownError, SessionError
            If there is no such collection, no mark, or none on a cluster that is asked for.
        """
        room = self._hub.room(collection)
        check_marked(room.state.session, asked)
        with self._lock:
            job = self._jobs.get(collection)
            if job is None or job.status.state != "running":
                propagator = self._propagators.setdefault(collection, Propagator(room.library))
                job = PropagationJob(self._hub, collection, propagator, asked, self._keep)
                self._jobs[collection] = job
                job.start()
            return job.status

    def status(self, collection: str) -> PropagationStatus:
        """Return how far the propagation of a collection is; raise `UnknownError`.

        One of an earlier server, whose proposals are there, is done.
        """
        job = self._jobs.get(collection)
        if job is not None:
            return job.status
        return PropagationStatus() if self.found(collection) is None else DONE

    def cancel(self, collection: str) -> PropagationStatus:
        """Give the propagation of a collection up if there is one; raise `UnknownError`."""
        if (job := self._jobs.get(collection)) is not None:
            job.cancel()
        return self.status(collection)

    def stop(self) -> None:
        """End all propagations, and wait for them."""
        for job in self._jobs.values():
            job.cancel()
        for job in self._jobs.values():
            job.join()

    def found(self, collection: str) -> Found | None:
        """Return what was found last, by an earlier server too; None before anything was."""
        if collection not in self._found:
            kept = read_found(self._hub.room(collection))
            with self._lock:
                self._found.setdefault(collection, kept)
        return self._found[collection]

    def stale(self, collection: str) -> list[str]:
        """Return the clusters whose proposals rest on what has changed since."""
        found = self.found(collection)
        if found is None:
            return []
        now = self._basis(collection)
        return [cluster for cluster, basis in found.bases.items() if basis != now]

    def corrections(self, collection: str) -> int:
        """Return how many points people placed, moved or took away since proposals were found."""
        found = self.found(collection)
        if found is None:
            return 0
        now = self._basis(collection).corrected
        bases = found.bases.values()
        changed = {place for basis in bases for place, _ in now.items() ^ basis.corrected.items()}
        return len(changed)

    def moved(self, collection: str) -> tuple[int, int]:
        """Return how many points, and of how many images, the last propagation has moved.

        What an earlier server did is not counted.
        """
        return self._moved.get(collection, (0, 0))

    def known(self, collection: str) -> Known:
        """Return all that is known of a collection's keypoints; raise `UnknownError`."""
        room = self._hub.room(collection)
        annotation = room.state.session.annotation
        laid = self._laid(collection, annotation)
        return Known(annotation, laid, self.found(collection), Photographs(room.library))

    def _laid(self, collection: str, annotation: Annotation) -> Laid:
        return self._layings.setdefault(collection, Laying()).laid(annotation)

    def _basis(self, collection: str) -> Basis:
        """Return what proposals would rest on now; asked again for the same, compute nothing."""
        session = self._hub.room(collection).state.session
        known = self._bases.get(collection)
        if known is None or known[0] is not session:
            laid = self._laid(collection, session.annotation)
            known = self._bases[collection] = session, basis_of(session, laid)
        return known[1]

    def _keep(self, collection: str, new: Found) -> None:
        known = self.found(collection)
        version = 1 if known is None else known.version + 1
        found = dataclasses.replace(renewed(known, new), version=version)
        self._moved[collection] = moved(known, found)
        self._found[collection] = found
        keep_found(self._hub.room(collection), found)
