"""Several averages in a notebook: spawn, merge and compare clusters, line their images up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count as counted
from typing import Self

import numpy as np

from avex.modes import OfferedMode
from avex.notebook_state import NotebookState
from explorer.arrays import ByteArray
from explorer.edits import ModePick, Sharpen
from explorer.session import AlignmentName, Cluster
from explorer.spawning import copied, from_images, from_mode, merged

ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Outlier:
    """An image by its place among the outliers.

    `unexplained` is 0 of what fits a cluster as its best images do, 1 of what fits none better than
    the median image does, and more of what fits worse.
    """

    rank: int
    name: str
    unexplained: float


class NotebookClusters(NotebookState):
    """The methods for several clusters.

    Where one is named it is by its id; without a name it is the one in focus.
    """

    def look_at(self, cluster: str) -> Self:
        """Bring a cluster into focus: edits go to it, and `average` is its.

        Raises
        ------
        SessionError
            If there is no such cluster.
        """
        return self._look_at(cluster)

    def spawn(self, name: str = "") -> Self:
        """Add a cluster without edits, and look at it."""
        return self._spawned(Cluster(id=self._new_cluster_id(), name=name or self._new_name()))

    def spawn_copy(self, name: str = "") -> Self:
        """Add a cluster with the edits and settings of the one in focus, and look at it."""
        return self._spawned(copied(self.cluster, self._new_cluster_id(), name or self._new_name()))

    def spawn_from_images(self, images: Sequence[str], name: str = "") -> Self:
        """Add a cluster of some images and those that look like them, and look at it.

        Raises
        ------
        SessionError
            If there is no image.
        """
        cluster_id, numbers = self._new_cluster_id(), counted(1)
        name = name or self._new_name()
        new = from_images(images, cluster_id, name, lambda: f"{cluster_id}-{next(numbers)}")
        return self._spawned(new)

    def spawn_from_mode(self, mode: OfferedMode | ModePick, name: str = "") -> Self:
        """Add a cluster of the images that show a mode, and look at it."""
        pick = mode.edit if isinstance(mode, OfferedMode) else mode
        return self._spawned(from_mode(pick, self._new_cluster_id(), name or self._new_name()))

    def merge(self, *clusters: str, name: str = "") -> Self:
        """Put one cluster of the images that fit any of several in their place, and look at it.

        Parameters
        ----------
        clusters
            Ids of at least two; all clusters if none is given.
        name
            Of the new one; by default their names.

        Raises
        ------
        SessionError
            If there is no such cluster, or only one.
        """
        wished = [self.value.cluster(one).id for one in clusters]
        sources = [one for one in self.clusters if one.id in wished or not wished]
        cluster_id = self._new_cluster_id()
        name = name or " or ".join(one.name for one in sources)
        new = self._by_me(merged(sources, cluster_id, name, f"{cluster_id}-any"))
        session = self.value.add_cluster(new, self.clusters.index(sources[0]))
        for one in sources:
            session = session.remove_cluster(one.id)
        return self._become(session, cluster_id)

    def remove_cluster(self, cluster: str | None = None) -> Self:
        """Remove a cluster, not the last one; its neighbor comes into focus if it had it.

        Raises
        ------
        SessionError
            If there is no such cluster, or no other one.
        """
        gone = self.value.cluster(cluster or self.cluster.id)
        place = self.clusters.index(gone)
        session = self.value.remove_cluster(gone.id)
        neighbor = session.clusters[min(place, len(session.clusters) - 1)]
        return self._become(session, neighbor.id if gone is self.cluster else None)

    def move_cluster(self, place: int, cluster: str | None = None) -> Self:
        """Give a cluster another place in the order; the first is 0."""
        return self._become(self.value.move_cluster(cluster or self.cluster.id, place))

    def rename(self, name: str) -> Self:
        """Give the cluster in focus another name."""
        return self._change(name=name)

    def color(self, color: str) -> Self:
        """Give the cluster in focus a color that people know it by, "#rrggbb"; "" for any."""
        return self._change(color=color)

    def align(self, alignment: AlignmentName) -> Self:
        """Say how images are moved so that what the edits found in them lies where the edits are.

        Parameters
        ----------
        alignment
            "similarity", "rigid", "affine", or "none" to show images as they are.
        """
        return self._change(alignment=alignment)

    def mirror(self, *, on: bool = True) -> Self:
        """Let images take part mirrored where they fit better so."""
        return self._change(mirror=on)

    def sharpen(self, rounds: int = ROUNDS) -> Self:
        """Line the cluster's images up with their own average, round after round.

        It is an edit: done again it is replaced, and `undo` or `remove` takes it away.
        """
        known = [edit.id for edit in self.edits if isinstance(edit, Sharpen)]
        edit = Sharpen(id=known[0] if known else self._new_id(), rounds=rounds)
        return self._become(self.value.put_cluster(self.cluster.put(self._signed(edit))))

    def shares(self) -> dict[str, float]:
        """Return the part of the collection that each cluster has, by its id.

        They sum to 1 with what no cluster explains.
        """
        return {one.id: self._exploration_of(one.id).share for one in self.clusters}

    def outliers(self, count: int = 20) -> list[Outlier]:
        """Return the images that the clusters explain least, those first."""
        unexplained = self._engine.outliers(self.value)
        order = np.argsort(-unexplained, kind="stable")[:count].tolist()
        return [
            Outlier(rank, self.collection.names[row], float(unexplained[row]))
            for rank, row in enumerate(order, start=1)
        ]

    def compare(self, one: str, other: str, *, gain: float = 1.0) -> ByteArray:
        """Return how the average of one cluster differs from another's.

        Parameters
        ----------
        one, other
            Ids of the clusters.
        gain
            How much differences are exaggerated.

        Returns
        -------
        (H, W, 3) uint8
            Mid grey where both are the same, brighter where the first is.
        """
        from ui.computing.images import difference

        first, second = (self._exploration_of(self.value.cluster(id_).id) for id_ in (one, other))
        return difference(first.average, second.average, gain)

    def _spawned(self, cluster: Cluster) -> Self:
        return self._become(self.value.add_cluster(self._by_me(cluster)), cluster.id)

    def _by_me(self, cluster: Cluster) -> Cluster:
        """Return a new cluster whose edits without an author are mine."""
        entries = (one if one.time else self._signed(one.edit) for one in cluster.entries)
        return replace(cluster, entries=tuple(entries))

    def _new_name(self) -> str:
        return f"Average {len(self.clusters) + 1}"
