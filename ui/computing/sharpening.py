"""Sharpening clusters in the background: seconds of work that everything else goes before."""

import logging
import time
from collections.abc import Callable

from explorer.errors import Cancelled
from explorer.session import Cluster, Session
from ui.computing.averages import Asked, Averages, asked_of, is_sharpening_asked
from ui.wire.figures import Progress

TELL_EVERY_S = 0.1

_logger = logging.getLogger(__name__)


class Sharpening:
    """The sharpenings of one collection. For the worker's thread.

    Parameters
    ----------
    averages
        The collection's averages.
    tell
        Told how far each sharpening is.

    Attributes
    ----------
    session
        The newest session; its clusters are sharpened.
    """

    def __init__(self, averages: Averages, tell: Callable[[Progress], None]) -> None:
        self.session = Session()
        self._averages = averages
        self._tell = tell
        self._given_up: dict[str, Asked] = {}

    def give_up(self, cluster_id: str) -> None:
        """End a sharpening, or do not begin it, until the cluster is another one."""
        wanted = [cluster.id for cluster in self.session.clusters if self._is_wanted(cluster)]
        if cluster_id in wanted:
            cluster = self.session.cluster(cluster_id)
            self._given_up[cluster_id] = asked_of(cluster)
            self._say(cluster, 0.0, "cancelled")

    def run(self, let_pass: Callable[[], bool]) -> None:
        """Sharpen every cluster that asks for it and is not sharpened yet.

        Parameters
        ----------
        let_pass
            Called again and again, to do what is more urgent; returns False to end the work.
        """
        done: dict[
            str, Asked
        ] = {}  # an engine that forgets one for another must not go on for good
        while let_pass():
            wanted = [c for c in self.session.clusters if done.get(c.id) != asked_of(c)]
            cluster = next(filter(self._is_wanted, wanted), None)
            if cluster is None:
                return
            done[cluster.id] = asked_of(cluster)
            self._sharpen(cluster, let_pass)

    def _is_wanted(self, cluster: Cluster) -> bool:
        if not is_sharpening_asked(cluster):
            return False
        if self._given_up.get(cluster.id) == asked_of(cluster):
            return False
        return not self._averages.engine.is_sharpened(self.session, cluster.id)

    def _sharpen(self, cluster: Cluster, let_pass: Callable[[], bool]) -> None:
        session, told_s = self.session, 0.0

        def progress(share: float) -> None:
            nonlocal told_s
            now = time.perf_counter()
            if now - told_s >= TELL_EVERY_S:
                told_s = now
                self._say(cluster, share, "running")

        def is_cancelled() -> bool:
            return not let_pass() or not self._is_current(cluster)

        self._say(cluster, 0.0, "running")
        try:
            self._averages.engine.sharpen(session, cluster.id, progress, is_cancelled)
        except Cancelled:
            if self._given_up.get(cluster.id) != asked_of(cluster):
                self._say(cluster, 0.0, "cancelled")  # its edits have changed meanwhile
            return
        except Exception:
            _logger.exception("sharpening %s failed", cluster.id)
            self._given_up[cluster.id] = asked_of(cluster)
            self._say(cluster, 0.0, "failed")
            return
        self._say(cluster, 1.0, "done")

    def _is_current(self, cluster: Cluster) -> bool:
        """Return whether the cluster is still there as it was, and nobody has given it up."""
        asked = asked_of(cluster)
        is_there = any(
            known.id == cluster.id and asked_of(known) == asked for known in self.session.clusters
        )
        return is_there and self._given_up.get(cluster.id) != asked

    def _say(self, cluster: Cluster, share: float, state: str) -> None:
        share = min(max(share, 0.0), 1.0)
        label = f"Sharpening {cluster.name}"
        self._tell(Progress(cluster=cluster.id, label=label, share=share, state=state))
