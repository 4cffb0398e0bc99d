"""What changed between two sessions, for a member that has the first one."""

from dataclasses import dataclass

from explorer.edits import EditId
from explorer.session import Cluster, Entry, Session
from ui.rooms.changes_keypoints import annotation_changes
from ui.rooms.history import entries_of, settings_of
from ui.rooms.room_keypoints import same_ends
from ui.wire.keypoint_messages import SharedSession
from ui.wire.protocol import Changes, ClusterSettings, EntryMessage, PlacedEntry, RemovedEdit


def changes_between(before: Session, after: Session) -> Changes:
    """Return what a member that has `before` must be told to have `after`."""
    known = {cluster.id: cluster for cluster in before.clusters}
    pairs = [(known[new.id], new) for new in after.clusters if new.id in known]
    kept = [_Kept.of(old, new) for old, new in pairs if old is not new]
    is_same_order = all(one.is_same_order for one in kept)
    if before.collection != after.collection or not pairs or not is_same_order:
        return Changes(session=SharedSession.of(after))
    order = tuple(cluster.id for cluster in after.clusters)
    return Changes(
        put=tuple(item for one in kept for item in one.put),
        removed=tuple(item for one in kept for item in one.removed),
        settings=tuple(
            ClusterSettings.of(one.new)
            for one in kept
            if settings_of(one.old) != settings_of(one.new)
        ),
        added=tuple(cluster for cluster in after.clusters if cluster.id not in known),
        order=None if order == tuple(known) else order,
        annotation=annotation_changes(before.annotation, after.annotation),
    )


@dataclass(frozen=True, slots=True)
class _Kept:
    """A cluster before and after, and the entries between those that both begin and end with."""

    old: Cluster
    new: Cluster
    start: int
    before: dict[EditId, Entry]
    after: dict[EditId, Entry]

    @classmethod
    def of(cls, old: Cluster, new: Cluster) -> "_Kept":
        start, end = same_ends(old.entries, new.entries)
        return cls(old, new, start, entries_of(old, start, end), entries_of(new, start, end))

    @property
    def is_same_order(self) -> bool:
        """Whether the edits that both have stand in the same order."""
        before, after = list(self.before), list(self.after)
        return [one for one in before if one in self.after] == [
            one for one in after if one in self.before
        ]

    @property
    def put(self) -> list[PlacedEntry]:
        return [
            PlacedEntry(cluster=self.new.id, place=place, entry=EntryMessage.of(entry))
            for place, (edit_id, entry) in enumerate(self.after.items(), self.start)
            if self.before.get(edit_id) != entry
        ]

    @property
    def removed(self) -> list[RemovedEdit]:
        return [
            RemovedEdit(cluster=self.old.id, edit_id=edit_id)
            for edit_id in self.before
            if edit_id not in self.after
        ]
