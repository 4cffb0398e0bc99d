"""Which cluster a member of a room looks at."""

from explorer.session import Session
from ui.wire.operations import MergeClusters, Operation


def focus_after(before: Session, after: Session, focus: str, operation: Operation) -> str:
    """Return which cluster somebody looks at after an operation.

    Parameters
    ----------
    before, after
        The session before and after it.
    focus
        Id of the cluster that was looked at.
    operation
        What was done; a merge takes those who look at its sources with it.
    """
    ids = [cluster.id for cluster in after.clusters]
    if focus in ids:
        return focus
    if isinstance(operation, MergeClusters) and operation.id in ids:
        return operation.id
    known = [cluster.id for cluster in before.clusters]
    place = known.index(focus) if focus in known else 0
    return ids[min(place, len(ids) - 1)]
