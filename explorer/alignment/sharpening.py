"""Which clusters have been sharpened, and how their images were moved for it."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np

from explorer.alignment.congealing import congeal
from explorer.alignment.guard import unfolded
from explorer.alignment.maps import Maps, grid_points
from explorer.arrays import BoolArray, ByteArray, FloatArray, IntArray
from explorer.edits import Sharpen
from explorer.evidence import evidence_key
from explorer.recent import Recent
from explorer.session import Cluster
from explorer.view import View

MOVED = 256
"""How many images are sharpened at most, the heaviest."""
SHARPENINGS_KEPT = 64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Members:
    """The images of a cluster as its own edits choose them, whatever other clusters claim.

    Attributes
    ----------
    weights : (N,) float32
        Each image's weight.
    maps
        How images are moved so far; None if they are not.
    """

    weights: FloatArray
    maps: Maps | None


class Sharpener:
    """Computes sharpenings and keeps them. For one thread at a time.

    Parameters
    ----------
    view
        The collection.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._kept = Recent[Maps](SHARPENINGS_KEPT)

    def is_known(self, cluster: Cluster) -> bool:
        """Return whether there is nothing to compute."""
        key = _key(cluster)
        return key is None or key in self._kept

    def sharpen(
        self,
        cluster: Cluster,
        members: Members,
        progress: Callable[[float], None] = lambda share: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Compute what a cluster asks for, unless it is known.

        Raises
        ------
        Cancelled
            If `is_cancelled` said True.
        """
        sharpen, key = _asked(cluster), _key(cluster)
        if sharpen is None or key in self._kept:
            return
        rows = heaviest(members.weights, MOVED)
        start = placed(self._view, members.maps, rows)
        nodes = congeal(
            seen(self._view, rows, start.mirrored),
            members.weights[rows],
            start.nodes,
            sharpen.rounds,
            progress=progress,
            is_cancelled=is_cancelled,
        )
        self._kept.put(key, Maps(rows=rows, nodes=unfolded(nodes), mirrored=start.mirrored))

    def adopt(self, other: "Sharpener") -> None:
        """Take over what another one has computed for the same collection."""
        self._kept.update(other._kept)  # noqa: SLF001 - the same class

    def applied(self, cluster: Cluster, maps: Maps | None, rows: IntArray) -> Maps | None:
        """Return the maps of some images, with those that were sharpened in their place."""
        known = self._kept.known(_key(cluster))
        if known is None:
            return maps
        both = placed(self._view, maps, rows)
        here = np.isin(rows, known.rows)
        there = np.searchsorted(known.rows, rows[here])
        both.nodes[here], both.mirrored[here] = known.nodes[there], known.mirrored[there]
        return both


def heaviest(weights: FloatArray, most: int) -> IntArray:
    """Return the images that have weight, at most so many, ascending."""
    rows = np.flatnonzero(weights)
    if len(rows) > most:
        rows = rows[np.argsort(-weights[rows], kind="stable")[:most]]
    return np.sort(rows).astype(np.int32)


def placed(view: View, maps: Maps | None, rows: IntArray) -> Maps:
    """Return maps of exactly these images, new ones; those without one stay where they are."""
    points = grid_points(view.height, view.width)
    nodes, mirrored = np.repeat(points[None], len(rows), axis=0), np.zeros(len(rows), np.bool_)
    if maps is not None:
        here = np.isin(rows, maps.rows)
        there = np.searchsorted(maps.rows, rows[here])
        nodes[here], mirrored[here] = maps.nodes[there], maps.mirrored[there]
    return Maps(rows=rows, nodes=nodes, mirrored=mirrored)


def seen(view: View, rows: IntArray, mirrored: BoolArray) -> ByteArray:
    """Return images (M, H, W, 3) as they take part: some of them mirrored."""
    images: list[ByteArray] = []
    start = 0
    for shard in view.shards("pixels"):
        here = rows[(rows >= start) & (rows < start + len(shard))] - start
        images.append(np.asarray(shard[here]))
        start += len(shard)
    stacked = np.concatenate(images)
    stacked[mirrored] = stacked[mirrored, :, ::-1]
    return stacked


def _asked(cluster: Cluster) -> Sharpen | None:
    asked = [edit for edit in cluster.edits if isinstance(edit, Sharpen) and edit.enabled]
    return asked[-1] if asked else None


def _key(cluster: Cluster) -> Hashable | None:
    """Return what a sharpening depends on; None if the cluster asks for none."""
    sharpen = _asked(cluster)
    return None if sharpen is None else (evidence_key(cluster), cluster.alignment, sharpen.rounds)
