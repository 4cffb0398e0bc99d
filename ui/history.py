"""One author's history in a room: what can be undone and redone, and what comes back.

Undo puts back the values from before a step, but only where they still are as the step left them:
what somebody else has changed since stays as it is, and a step of which nothing is left is passed
over.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from explorer.edits import EditId
from explorer.session import Cluster, Entry, Session, WeightingName

HISTORY_LIMIT = 200


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


def entries_of(cluster: Cluster) -> dict[EditId, Entry]:
    """Return the entries by their edit's id, in their order."""
    return {entry.edit.id: entry for entry in cluster.entries}


def settings_of(cluster: Cluster) -> tuple[str, WeightingName, int | None]:
    """Return what a cluster has besides its edits: name, weighting, count."""
    return cluster.name, cluster.weighting, cluster.count


def _backward(session: Session, step: Step) -> Session:
    return _moved(session, step.after, step.before)


def _forward(session: Session, step: Step) -> Session:
    return _moved(session, step.before, step.after)


def _newest(
    session: Session, steps: tuple[Step, ...], move: Callable[[Session, Step], Session]
) -> tuple[int, Session] | None:
    """Return the newest step that still changes anything, and the session after it."""
    for place in reversed(range(len(steps))):
        moved = move(session, steps[place])
        if moved != session:
            return place, moved
    return None


def _moved(session: Session, source: Session, target: Session) -> Session:
    """Take `session` from `source` to `target`, but only where it still is as in `source`."""
    if session == source:
        return target
    targets = {cluster.id: cluster for cluster in target.clusters}
    sources = {cluster.id: cluster for cluster in source.clusters}
    for cluster in session.clusters:
        if cluster.id in sources and cluster.id in targets:
            moved = _moved_cluster(cluster, sources[cluster.id], targets[cluster.id])
            session = session.put_cluster(moved)
    return session


def _moved_cluster(cluster: Cluster, source: Cluster, target: Cluster) -> Cluster:
    present, before, after = entries_of(cluster), entries_of(source), entries_of(target)
    for edit_id in before:
        if edit_id not in after and present.get(edit_id) == before[edit_id]:
            cluster = cluster.remove(edit_id)
    for place, (edit_id, entry) in enumerate(after.items()):
        if before.get(edit_id) == entry or present.get(edit_id) != before.get(edit_id):
            continue
        cluster = cluster.put(entry) if edit_id in present else _insert(cluster, place, entry)
    if settings_of(cluster) == settings_of(source):
        name, weighting, count = settings_of(target)
        cluster = dataclasses.replace(cluster, name=name, weighting=weighting, count=count)
    return cluster


def _insert(cluster: Cluster, place: int, entry: Entry) -> Cluster:
    entries = (*cluster.entries[:place], entry, *cluster.entries[place:])
    return dataclasses.replace(cluster, entries=entries)
