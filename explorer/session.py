"""A session: what people did to the averages of one collection.

A session holds no array and no image; with the collection it replays to the same averages. Every
change returns a new session, so an earlier one stays what it was.
"""

import dataclasses
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from explorer.edits import Edit, EditId
from explorer.errors import SessionError

WeightingName: TypeAlias = Literal["focus", "paper"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One edit with who made it and when (seconds since 1970)."""

    edit: Edit
    author: str = ""
    time: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """One average and the ordered edits that shape it.

    Attributes
    ----------
    weighting
        How scores become weights, see `explorer.weights`.
    count
        How many images the average should effectively be made of; None lets it narrow by itself as
        edits are added.
    """

    id: str = "main"
    name: str = "Average"
    weighting: WeightingName = "focus"
    count: int | None = None
    entries: tuple[Entry, ...] = ()

    def __post_init__(self) -> None:
        if self.weighting not in get_args(WeightingName):
            raise SessionError(f'weighting must be "focus" or "paper", got {self.weighting!r}')
        if self.count is not None and self.count < 1:
            raise SessionError(f"count must be at least 1 image or null, got {self.count}")
        if not self.id or not set(self.id) <= set(_ID_CHARACTERS):
            raise SessionError(f"a cluster's id must be of a-z, 0-9, - and _, got {self.id!r}")

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits in their order."""
        return tuple(entry.edit for entry in self.entries)

    def edit(self, edit_id: EditId) -> Edit | None:
        """Return the edit of that id, or None."""
        return next((edit for edit in self.edits if edit.id == edit_id), None)

    def put(self, entry: Entry) -> "Cluster":
        """Return the cluster with the edit added, or replaced where one has its id."""
        ids = [edit.id for edit in self.edits]
        if entry.edit.id not in ids:
            return dataclasses.replace(self, entries=(*self.entries, entry))
        place = ids.index(entry.edit.id)
        entries = (*self.entries[:place], entry, *self.entries[place + 1 :])
        return dataclasses.replace(self, entries=entries)

    def remove(self, edit_id: EditId) -> "Cluster":
        """Return the cluster without that edit (itself if it has none)."""
        entries = tuple(entry for entry in self.entries if entry.edit.id != edit_id)
        return dataclasses.replace(self, entries=entries)


_ID_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The clusters of one collection, at least one."""

    collection: str = ""
    clusters: tuple[Cluster, ...] = (Cluster(),)

    def __post_init__(self) -> None:
        if not self.clusters:
            raise SessionError("a session needs at least one cluster, got none")
        ids = [cluster.id for cluster in self.clusters]
        if len(set(ids)) != len(ids):
            raise SessionError(f"clusters must have different ids, got {ids}")

    def cluster(self, cluster_id: str) -> Cluster:
        """Return the cluster of that id, or raise `SessionError`."""
        for cluster in self.clusters:
            if cluster.id == cluster_id:
                return cluster
        known = ", ".join(cluster.id for cluster in self.clusters)
        raise SessionError(f"the session has no cluster {cluster_id!r}: it has {known}")

    def put_cluster(self, cluster: Cluster) -> "Session":
        """Return the session with the cluster added, or replaced where one has its id."""
        ids = [known.id for known in self.clusters]
        if cluster.id not in ids:
            return dataclasses.replace(self, clusters=(*self.clusters, cluster))
        clusters = tuple(cluster if known.id == cluster.id else known for known in self.clusters)
        return dataclasses.replace(self, clusters=clusters)
