"""Which cards a room or a painter still has to get, and when the next one may be made.

After each change all cards are owed but that of a cluster that everybody looks at: quick
ones, then, when nobody asks for anything, true ones. They are made one at a time when no frame
waits; while somebody paints they take at most a part of the time, so that no stroke is held up.
"""

import time
from dataclasses import dataclass, field

from explorer.session import Session
from ui.computing.averages import Card
from ui.wire.figures import ClusterFigures

LIVE_EVERY_S = 0.15
"""How often each other cluster's card is made while a stroke is drawn, if there is time for it."""

PAUSE = 3.0
"""While somebody paints, making cards pauses for so many times what the last one took."""

PAINTING_S = 0.25
"""How long after a frame of a stroke somebody still paints."""

QUIET_S = 0.5
"""How long nobody may have asked for a frame before true cards are made in place of quick ones."""


@dataclass(slots=True)
class Told:
    """What is known of the clusters, and what is still owed.

    Attributes
    ----------
    owed
        Clusters whose cards are to be made quickly, the next one first.
    owed_fine
        Those whose true cards are to be made when nothing else is to be done.
    outliers
        The part of the collection that no cluster explains, as of when all cards were made last.
    """

    owed: list[str] = field(default_factory=list)
    owed_fine: list[str] = field(default_factory=list)
    outliers: float | None = None
    _figures: dict[str, ClusterFigures] = field(default_factory=dict)
    _order: list[str] = field(default_factory=list)

    def owe(self, session: Session, focus: str | None, *, is_live: bool = False) -> None:
        """Owe the cards of all clusters but one perhaps, those made longest ago first."""
        ids = [cluster.id for cluster in session.clusters]
        self._order = [known for known in self._order if known in ids]
        others = [cluster_id for cluster_id in ids if cluster_id != focus]
        never = [other for other in others if other not in self._order]
        self.owed = never + [other for other in self._order if other in others]
        self.owed_fine = [] if is_live else list(self.owed)

    def next_owed(self) -> tuple[str, bool]:
        """Take the next cluster off what is owed, and return it and whether quickly is enough."""
        if self.owed:
            return self.owed.pop(0), True
        return self.owed_fine.pop(0), False

    def take(self, cluster_id: str, card: Card) -> None:
        """Remember that a card was made, and its figures."""
        self._order = [known for known in self._order if known != cluster_id] + [cluster_id]
        self.take_figures(card.figures, is_coarse=card.is_coarse)

    def take_figures(self, figures: ClusterFigures, *, is_coarse: bool) -> None:
        """Remember the figures of a cluster, of a coarse average only those that it tells."""
        known = self._figures.get(figures.id)
        if is_coarse and known is not None:
            kept = {name: getattr(known, name) for name in ("sharpness", "support", "words")}
            figures = figures.model_copy(update=kept)
        self._figures[figures.id] = figures

    def figures_in(self, session: Session) -> tuple[ClusterFigures, ...]:
        """Return the figures of the session's clusters that are known, in their order."""
        known = (self._figures.get(cluster.id) for cluster in session.clusters)
        figures = tuple(one for one in known if one is not None)
        if not self.owed and len(figures) == len(session.clusters):
            self.outliers = max(0.0, 1 - sum(one.share for one in figures))
        return figures


class Pace:
    """When the next card may be made."""

    def __init__(self) -> None:
        self._painted_s = -PAINTING_S
        self._framed_s = -QUIET_S
        self._next_s = 0.0

    def framed(self, *, is_live: bool) -> None:
        """Say that a frame was just made, of a stroke perhaps."""
        self._framed_s = time.perf_counter()
        if is_live:
            self._painted_s = self._framed_s

    def rest_s(self) -> float:
        """Return how long it is until nobody paints any more, in seconds, if nothing is painted."""
        return max(0.0, self._painted_s + PAINTING_S - time.perf_counter())

    def made(self, took_s: float, clusters: int) -> None:
        """Say that a card was just made, how long it took, and how many clusters there are."""
        pause = max(PAUSE * took_s, LIVE_EVERY_S / max(1, clusters - 1))
        self._next_s = time.perf_counter() + (pause if self.rest_s() > 0 else 0.0)

    def wait_s(self, *, is_fine: bool = False) -> float:
        """Return how long to wait before the next card is made, in seconds."""
        from_s = max(self._next_s, self._framed_s + QUIET_S) if is_fine else self._next_s
        return max(0.0, from_s - time.perf_counter())
