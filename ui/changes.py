"""What changed between two sessions, for a member that has the first one."""

from explorer.edits import EditId
from explorer.session import Session
from ui.history import entries_of, settings_of
from ui.protocol import Changes, ClusterSettings, EntryMessage, PlacedEntry, RemovedEdit


def changes_between(before: Session, after: Session) -> Changes:
    """Return what a member that has `before` must be told to have `after`."""
    if _shape(before) != _shape(after):
        return Changes(session=after)
    put: list[PlacedEntry] = []
    removed: list[RemovedEdit] = []
    settings: list[ClusterSettings] = []
    for old, new in zip(before.clusters, after.clusters, strict=True):
        old_entries, new_entries = entries_of(old), entries_of(new)
        if not _same_order(list(old_entries), list(new_entries)):
            return Changes(session=after)
        removed += [
            RemovedEdit(cluster=old.id, edit_id=edit_id)
            for edit_id in old_entries
            if edit_id not in new_entries
        ]
        put += [
            PlacedEntry(cluster=new.id, place=place, entry=EntryMessage.of(entry))
            for place, (edit_id, entry) in enumerate(new_entries.items())
            if old_entries.get(edit_id) != entry
        ]
        if settings_of(old) != settings_of(new):
            settings.append(ClusterSettings.of(new))
    return Changes(put=tuple(put), removed=tuple(removed), settings=tuple(settings))


def _shape(session: Session) -> tuple[str, ...]:
    return (session.collection, *(cluster.id for cluster in session.clusters))


def _same_order(old: list[EditId], new: list[EditId]) -> bool:
    return [one for one in old if one in new] == [one for one in new if one in old]
