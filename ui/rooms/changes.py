"""What changed between two sessions, for a member that has the first one."""

from explorer.edits import EditId
from explorer.session import Cluster, Session
from ui.rooms.changes_keypoints import annotation_changes
from ui.rooms.history import entries_of, settings_of
from ui.wire.keypoint_messages import SharedSession
from ui.wire.protocol import Changes, ClusterSettings, EntryMessage, PlacedEntry, RemovedEdit


def changes_between(before: Session, after: Session) -> Changes:
    """Return what a member that has `before` must be told to have `after`."""
    known = {cluster.id: cluster for cluster in before.clusters}
    kept = [(known[new.id], new) for new in after.clusters if new.id in known]
    is_same_order = all(_is_same_order(old, new) for old, new in kept)
    if before.collection != after.collection or not kept or not is_same_order:
        return Changes(session=SharedSession.of(after))
    order = tuple(cluster.id for cluster in after.clusters)
    return Changes(
        put=tuple(item for old, new in kept for item in _put(old, new)),
        removed=tuple(item for old, new in kept for item in _removed(old, new)),
        settings=tuple(
            ClusterSettings.of(new) for old, new in kept if settings_of(old) != settings_of(new)
        ),
        added=tuple(cluster for cluster in after.clusters if cluster.id not in known),
        order=None if order == tuple(known) else order,
        annotation=annotation_changes(before.annotation, after.annotation),
    )


def _put(old: Cluster, new: Cluster) -> list[PlacedEntry]:
    before = entries_of(old)
    return [
        PlacedEntry(cluster=new.id, place=place, entry=EntryMessage.of(entry))
        for place, (edit_id, entry) in enumerate(entries_of(new).items())
        if before.get(edit_id) != entry
    ]


def _removed(old: Cluster, new: Cluster) -> list[RemovedEdit]:
    after = entries_of(new)
    return [
        RemovedEdit(cluster=old.id, edit_id=edit_id)
        for edit_id in entries_of(old)
        if edit_id not in after
    ]


def _is_same_order(old: Cluster, new: Cluster) -> bool:
    """Return whether the edits that both have stand in the same order."""
    before: list[EditId] = list(entries_of(old))
    after: list[EditId] = list(entries_of(new))
    return [one for one in before if one in after] == [one for one in after if one in before]
