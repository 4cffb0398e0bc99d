"""One author's history in a room: what can be undone and redone, and what comes back.

Undo puts back the values from before a step, but only where they still are as the step left them:
what somebody else has changed since stays as it is, and a step of which nothing is left is passed
over. The same holds for whole clusters: one that the step removed comes back at its place, one that
it added goes if it still is as it was, and an order that it changed is put back if nobody has
changed it since.
"""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from explorer.edits import EditId
from explorer.session import Cluster, Entry, Session
from ui.rooms.history_keypoints import moved_annotation
from ui.rooms.room_keypoints import same_ends

HISTORY_LIMIT = 200
SETTINGS = ("name", "weighting", "count", "alignment", "mirror", "color")


@dataclass(frozen=True, slots=True)
class Step:
    """What one operation of an author did: the session before and after it."""

    before: Session
    after: Session


@dataclass(frozen=True, slots=True)
class History:
    """One author's steps that can be undone and redone, the newest last."""

    undo: tuple[Step, ...] = ()
    redo: tuple[Step, ...] = ()


def with_step(history: History, before: Session, after: Session) -> History:
    """Return the history after one more step; what was undone before can no longer be redone."""
    if before == after:
        return history
    return History(undo=(*history.undo, Step(before, after))[-HISTORY_LIMIT:])


def undone(session: Session, history: History) -> tuple[Session, History] | None:
    """Return the session and the history after an undo, or None if there is nothing to undo."""
    found = _newest(session, history.undo, _backward)
    if found is None:
        return None
    place, changed = found
    return changed, History(history.undo[:place], (*history.redo, history.undo[place]))


def redone(session: Session, history: History) -> tuple[Session, History] | None:
    """Return the session and the history after a redo, or None if there is nothing to redo."""
    found = _newest(session, history.redo, _forward)
    if found is None:
        return None
    place, changed = found
    return changed, History((*history.undo, history.redo[place]), history.redo[:place])


def entries_of(cluster: Cluster, start: int = 0, end: int = 0) -> dict[EditId, Entry]:
    """Return the entries by their edit's id, in their order; without the first and last ones."""
    entries = cluster.entries[start : len(cluster.entries) - end]
    return {entry.edit.id: entry for entry in entries}


def settings_of(cluster: Cluster) -> dict[str, Any]:
    """Return what a cluster has besides its edits, by name."""
    return {name: getattr(cluster, name) for name in SETTINGS}


def _backward(session: Session, step: Step) -> Session:
    return moved(session, step.after, step.before)


def _forward(session: Session, step: Step) -> Session:
    return moved(session, step.before, step.after)


def _newest(
    session: Session, steps: tuple[Step, ...], move: Callable[[Session, Step], Session]
) -> tuple[int, Session] | None:
    """Return the newest step that still changes anything, and the session after it."""
    for place in reversed(range(len(steps))):
        changed = move(session, steps[place])
        if changed != session:
            return place, changed
    return None


def moved(session: Session, source: Session, target: Session) -> Session:
    """Return a session moved from `source` to `target`, but only where it is as in `source`."""
    if session == source:
        return target
    annotation = moved_annotation(session.annotation, source.annotation, target.annotation)
    if annotation is not session.annotation:
        session = dataclasses.replace(session, annotation=annotation)
    sources = {cluster.id: cluster for cluster in source.clusters}
    targets = {cluster.id: cluster for cluster in target.clusters}
    for cluster in session.clusters:
        old, new = sources.get(cluster.id), targets.get(cluster.id)
        if old is not None and new is not None and old is not new:
            session = session.put_cluster(_moved_cluster(cluster, old, new))
    session = _moved_order(session, list(sources), list(targets))
    for place, cluster in enumerate(target.clusters):
        if cluster.id not in sources and cluster.id not in _ids(session):
            session = session.add_cluster(cluster, _place_after(session, _ids(target)[:place]))
    for cluster in source.clusters:
        is_unchanged = cluster.id not in targets and cluster in session.clusters
        if is_unchanged and len(session.clusters) > 1:
            session = session.remove_cluster(cluster.id)
    return session


def _ids(session: Session) -> list[str]:
    return [cluster.id for cluster in session.clusters]


def _moved_order(session: Session, source: Sequence[str], target: Sequence[str]) -> Session:
    """Give the clusters that all three have the order of `target`, if they have that of `source`.

    Other clusters keep their places.
    """
    if source == target:
        return session
    common = set(_ids(session)) & set(source) & set(target)
    present, before, after = (
        [cluster_id for cluster_id in ids if cluster_id in common]
        for ids in (_ids(session), source, target)
    )
    if present != before or before == after:
        return session
    wanted = iter(after)
    clusters = tuple(
        session.cluster(next(wanted)) if cluster.id in common else cluster
        for cluster in session.clusters
    )
    return dataclasses.replace(session, clusters=clusters)


def _place_after(session: Session, earlier: Sequence[str]) -> int:
    """Return the place behind the nearest of the clusters that stood before one."""
    present = _ids(session)
    known = [present.index(cluster_id) for cluster_id in earlier if cluster_id in present]
    return known[-1] + 1 if known else 0


def _moved_cluster(cluster: Cluster, source: Cluster, target: Cluster) -> Cluster:
    start, end = same_ends(source.entries, target.entries)
    before, after = entries_of(source, start, end), entries_of(target, start, end)
    present = entries_of(cluster) if before or after else {}
    for edit_id in before:
        if edit_id not in after and present.get(edit_id) == before[edit_id]:
            cluster = cluster.remove(edit_id)
    for place, (edit_id, entry) in enumerate(after.items(), start):
        if before.get(edit_id) == entry or present.get(edit_id) != before.get(edit_id):
            continue
        cluster = cluster.put(entry) if edit_id in present else _insert(cluster, place, entry)
    here, old, new = settings_of(cluster), settings_of(source), settings_of(target)
    settings = {name: new[name] for name in SETTINGS if here[name] == old[name]}
    return dataclasses.replace(cluster, **settings)


def _insert(cluster: Cluster, place: int, entry: Entry) -> Cluster:
    entries = (*cluster.entries[:place], entry, *cluster.entries[place:])
    return dataclasses.replace(cluster, entries=entries)
