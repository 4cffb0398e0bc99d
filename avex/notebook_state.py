"""What a session for notebooks holds: the clusters, the one in focus, what was there before."""

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from avex.modes import finder_of
from avex.sessions import load_session, save_session
from explorer.arrays import ByteArray
from explorer.edits import Edit, EditId
from explorer.engine import Engine, Exploration
from explorer.session import Cluster, Entry
from explorer.session import Session as SessionValue
from index.collection import Collection, open_collection
from ui.computing.images import encode_png


@dataclass(frozen=True, slots=True)
class Moment:
    """A session as it once was, and which cluster was looked at."""

    session: SessionValue
    focus: str


class NotebookState:
    """The clusters of a collection, one of them in focus, with undo and redo.

    Parameters
    ----------
    collection
        A collection, or the path of one.
    start
        A session or a cluster to begin with; one average of all images by default.
    author
        Whose name the edits carry.
    """

    def __init__(
        self,
        collection: Collection | str | Path,
        start: SessionValue | Cluster | None = None,
        author: str = "",
    ) -> None:
        if not isinstance(collection, Collection):
            collection = open_collection(collection)
        if not isinstance(start, SessionValue):
            start = SessionValue(clusters=(start or Cluster(),))
        session = replace(start, collection=collection.name)
        self.collection = collection
        self._engine = Engine(self.collection)
        self._finder = finder_of(self.collection)
        self._author = author
        self._past = [Moment(session, session.clusters[0].id)]
        self._future: list[Moment] = []
        self._explored: dict[str, Exploration] = {}

    @classmethod
    def load(cls, collection: Collection | str | Path, path: str | Path) -> Self:
        """Open a saved session; its first average is in focus."""
        return cls(collection, load_session(path))

    def save(self, path: str | Path) -> None:
        """Write all clusters as JSON, for the page, for `avex replay` and for `Session.load`."""
        save_session(self.value, path)

    @property
    def value(self) -> SessionValue:
        """The clusters with all their edits as they are now: a value that never changes."""
        return self._past[-1].session

    @property
    def clusters(self) -> tuple[Cluster, ...]:
        """The clusters in their order."""
        return self.value.clusters

    @property
    def cluster(self) -> Cluster:
        """The cluster in focus, which edits go to."""
        return self.value.cluster(self._past[-1].focus)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits of the cluster in focus, in their order."""
        return self.cluster.edits

    @property
    def exploration(self) -> Exploration:
        """Weights, scores and contributions of all images; computed when first asked for.

        Other clusters push: what fits them better weighs less here.
        """
        return self._exploration_of(self.cluster.id)

    @property
    def average(self) -> ByteArray:
        """(H, W, 3) uint8, sRGB: the average of the cluster in focus, its images lined up."""
        return self.exploration.average

    def undo(self) -> Self:
        """Take the last change back; without one nothing happens."""
        if len(self._past) > 1:
            self._future.append(self._past.pop())
            self._explored.clear()
        return self

    def redo(self) -> Self:
        """Do again what was taken back last."""
        if self._future:
            self._past.append(self._future.pop())
            self._explored.clear()
        return self

    def __repr__(self) -> str:
        place = self.clusters.index(self.cluster) + 1
        which = f", cluster {place} of {len(self.clusters)}" if len(self.clusters) > 1 else ""
        return (
            f"<Session on {self.collection.name}{which}: {len(self.edits)} edits, "
            f"{self.exploration.effective_images:.0f} images effectively>"
        )

    def _repr_png_(self) -> bytes:
        """Return the average, for a notebook."""
        return encode_png(self.average)

    def _exploration_of(self, cluster_id: str) -> Exploration:
        if cluster_id not in self._explored:
            self._explored[cluster_id] = self._engine.explore_in(self.value, cluster_id)
        return self._explored[cluster_id]

    def _change(self, **changes: object) -> Self:
        """Change the cluster in focus."""
        changed = replace(self.cluster, **changes)  # type: ignore[arg-type]
        return self._become(self.value.put_cluster(changed))

    def _become(self, session: SessionValue, focus: str | None = None) -> Self:
        if session != self.value:
            self._past.append(Moment(session, focus or self._past[-1].focus))
            self._future.clear()
            self._explored.clear()
        return self

    def _look_at(self, cluster_id: str) -> Self:
        """Look at a cluster; what was done stays what can be undone."""
        session = self.value
        self._past[-1] = Moment(session, session.cluster(cluster_id).id)
        return self

    def _signed(self, edit: Edit) -> Entry:
        return Entry(edit=edit, author=self._author, time=time.time())

    def _new_id(self) -> EditId:
        clusters = {cluster for moment in self._past for cluster in moment.session.clusters}
        return _unused("e", {edit.id for cluster in clusters for edit in cluster.edits})

    def _new_cluster_id(self) -> str:
        moments = [moment.session for moment in self._past]
        return _unused("c", {cluster.id for session in moments for cluster in session.clusters})


def _unused(letter: str, taken: set[str]) -> str:
    number = len(taken) + 1
    while f"{letter}{number}" in taken:
        number += 1
    return f"{letter}{number}"
