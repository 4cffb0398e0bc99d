"""A session: what people did to the averages of one collection.

A session holds no array and no image; with the collection it replays to the same averages. Every
change returns a new session, so an earlier one stays what it was.
"""

import dataclasses
import re
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from explorer.annotation import Annotation
from explorer.edits import Edit, EditId
from explorer.errors import SessionError

WeightingName: TypeAlias = Literal["focus", "paper"]
AlignmentName: TypeAlias = Literal["similarity", "rigid", "affine", "none"]


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
    alignment
        How images are moved so that what the edits found in them lies where the edits are; "none"
        shows them as they are.
    mirror
        Whether an image may take part mirrored, if it fits better so.
    color
        By which people tell clusters apart, "#rrggbb"; "" lets the page choose.
    """

    id: str = "main"
    name: str = "Average"
    weighting: WeightingName = "focus"
    count: int | None = None
    alignment: AlignmentName = "similarity"
    mirror: bool = False
    color: str = ""
    entries: tuple[Entry, ...] = ()

    def __post_init__(self) -> None:
        if self.weighting not in get_args(WeightingName):
            raise SessionError(f'weighting must be "focus" or "paper", got {self.weighting!r}')
        if self.count is not None and self.count < 1:
            raise SessionError(f"count must be at least 1 image or null, got {self.count}")
        if self.alignment not in get_args(AlignmentName):
            known = ", ".join(get_args(AlignmentName))
            raise SessionError(f"alignment must be one of {known}, got {self.alignment!r}")
        if self.color and not re.fullmatch("#[0-9a-f]{6}", self.color):
            raise SessionError(f'color must be "" or "#rrggbb" in lower case, got {self.color!r}')
        if not self.id or not set(self.id) <= set(_ID_CHARACTERS):
            raise SessionError(f"a cluster's id must be of a-z, 0-9, - and _, got {self.id!r}")

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits in their order."""
        return tuple([entry.edit for entry in self.entries])

    def edit(self, edit_id: EditId) -> Edit | None:
        """Return the edit of that id, or None."""
        return next((entry.edit for entry in self.entries if entry.edit.id == edit_id), None)

    def put(self, entry: Entry) -> "Cluster":
        """Return the cluster with the edit added, or replaced where one has its id."""
        ids = [known.edit.id for known in self.entries]
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
    """The clusters of one collection, at least one, and the keypoints of its images."""

    collection: str = ""
    clusters: tuple[Cluster, ...] = (Cluster(),)
    annotation: Annotation = field(default_factory=Annotation)

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

    def add_cluster(self, cluster: Cluster, place: int | None = None) -> "Session":
        """Return the session with one more cluster, before the one at `place` or at the end.

        Raises
        ------
        SessionError
            If a cluster has that id.
        """
        place = len(self.clusters) if place is None else place
        clusters = (*self.clusters[:place], cluster, *self.clusters[place:])
        return dataclasses.replace(self, clusters=clusters)

    def remove_cluster(self, cluster_id: str) -> "Session":
        """Return the session without a cluster.

        Raises
        ------
        SessionError
            If there is no such cluster, or no other one.
        """
        gone = self.cluster(cluster_id)
        clusters = tuple(cluster for cluster in self.clusters if cluster is not gone)
        return dataclasses.replace(self, clusters=clusters)

    def move_cluster(self, cluster_id: str, place: int) -> "Session":
        """Return the session with a cluster at another place of the order.

        Raises
        ------
        SessionError
            If there is no such cluster.
        """
        moved = self.cluster(cluster_id)
        others = [cluster for cluster in self.clusters if cluster is not moved]
        others.insert(place, moved)
        return dataclasses.replace(self, clusters=tuple(others))
