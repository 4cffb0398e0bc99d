"""What the worker is asked for, and what it answers."""

import time
from collections.abc import Hashable
from dataclasses import dataclass, field

from explorer.edits import ScoredEdit
from explorer.session import Session
from ui.wire.figures import Clusters, Ranking
from ui.wire.frame import Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One frame to compute, and then what the other clusters look like.

    Attributes
    ----------
    key
        Whom it is for: a newer job of the same key takes its place.
    collection
        The collection whose engine is asked, by its name in URLs.
    room
        The address of the room.
    session, cluster
        The clusters, and the id of the one that is looked at.
    revision, request
        What the frame will show, see `ui.wire.protocol.Frame`.
    live
        The stroke in progress, in the cluster that is looked at.
    is_alone
        Whether nobody that it is for needs a card of that cluster.
    received_s
        When its message arrived, by `time.perf_counter`.
    """

    key: Hashable
    collection: str
    room: str
    session: Session
    cluster: str
    revision: int
    request: int
    live: ScoredEdit | None
    is_alone: bool = True
    received_s: float = field(default_factory=time.perf_counter)

    @property
    def desk(self) -> Hashable:
        """Who is told of cards: the painter of a stroke, or else everybody in the room."""
        return self.room if self.live is None else self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The answer to a job; `ranking` is None where it is not due, `hint` where all is well.

    `ranking_text` is the ranking as text without its request, as each receiver has its own.
    """

    frame: Frame
    ranking: Ranking | None
    hint: str | None
    ranking_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carded:
    """What follows the answer: a card perhaps, and the figures, as text without a request too."""

    frame: Frame | None
    clusters: Clusters
    clusters_text: str
