"""The timeline of a room: one line in plain words for each operation."""

from dataclasses import dataclass

from ui.rooms.past import Happened, Past
from ui.rooms.words import words_of
from ui.wire.board import OnAverage, PutComment
from ui.wire.operations import AddCluster, MergeClusters, Operation

LINES_LIMIT = 500
"""Most lines that are told at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One operation. `time` in seconds since 1970; `cluster` is None where it is about none."""

    revision: int
    author: str
    time: float
    type: str
    cluster: str | None
    words: str


def timeline(past: Past, up_to: int, limit: int) -> list[Line]:
    """Return the last so many operations up to a revision, the newest first; long work.

    Raises
    ------
    StoreError
        If the log cannot be read.
    """
    happened = past.between(max(0, up_to - min(limit, LINES_LIMIT)), up_to)
    return [_line(one) for one in reversed(happened)]


def _line(happened: Happened) -> Line:
    logged = happened.logged
    return Line(
        revision=happened.after.revision,
        author=logged.author,
        time=logged.time,
        type=logged.operation.type,
        cluster=_cluster_of(logged.operation),
        words=words_of(logged.operation, happened.before.session, happened.after.session),
    )


def _cluster_of(operation: Operation) -> str | None:
    match operation:
        case AddCluster(id=cluster_id) | MergeClusters(id=cluster_id):
            return cluster_id
        case PutComment(place=place):
            return place.cluster if isinstance(place, OnAverage) else None
        case _:
            return getattr(operation, "cluster", None)
