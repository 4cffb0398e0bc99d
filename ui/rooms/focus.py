"""Which cluster a member of a room looks at."""

from collections.abc import Sequence

from explorer.session import Session
from ui.wire.operations import MergeClusters, Operation


def focus_after(
    before: Session, after: Session, focus: str, operations: Sequence[Operation]
) -> str:
    """Return which cluster somebody looks at after some operations.

    Parameters
    ----------
    before, after
        The session before and after them.
    focus
        Id of the cluster that was looked at.
    operations
        What was done; a merge takes those who look at its sources with it.
    """
    ids = [cluster.id for cluster in after.clusters]
    if focus in ids:
        return focus
    merged = focus
    for operation in operations:
        if isinstance(operation, MergeClusters) and merged in operation.clusters:
            merged = operation.id
    if merged in ids:
        return merged
    known = [cluster.id for cluster in before.clusters]
    place = known.index(focus) if focus in known else 0
    return ids[min(place, len(ids) - 1)]
