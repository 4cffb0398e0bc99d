"""Explore a collection without a person: find a few sharp, different averages by a person's edits.

Many clusters are tried, each begun like a person would: from a discriminative mode, or from a whole
image. Those that look promising are sharpened, and the best that are unlike each other are kept, as
an ordinary session.
"""

import dataclasses
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
import numpy.typing as npt

from explorer.alignment.warped import warped_average
from explorer.arrays import ByteArray, FloatArray
from explorer.average import weighted_average
from explorer.edits import Edit, LikeImage, ModePick, Sharpen
from explorer.engine import Engine, Exploration
from explorer.errors import Cancelled
from explorer.modes.mining import COARSE, Miner
from explorer.modes.ranking import pick_of
from explorer.modes.spots import Spot, sides_of
from explorer.modes.values import SpotModes
from explorer.session import Cluster, Entry, Session
from explorer.start import TINY, example_rows, tiny_average
from explorer.view import FirstImages, View

SAMPLE = 1024
SIDES = (10, 16)
"""Sides of the modes that are begun from, in cells of 8 pixels."""
TRIED, SHARPENED = 6, 3
"""Clusters that are tried, and that are sharpened, for each that is wished."""
SHOWN = 30
SHARED = 0.3
"""Of two modes that share more of their best 30 images than this, one is tried."""
DOUBT = 3
"""Exponent of how far the halves of an average agree: a sharp picture of nothing counts little."""
MINED, CHOSEN = 0.2, 0.4
"""How much of the work is done when modes are found, and when clusters to be sharpened are."""
LIKENESS = 0.5
"""Strength of the likeness to its seed's image that is asked of a mode's images."""

Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TourOptions:
    """What is wished.

    Attributes
    ----------
    clusters
        How many averages, at least 1.
    minutes
        No cluster is begun after so many; None has no end. With an end, the result depends on the
        machine, and averages that there was no time to sharpen fill up the number.
    """

    clusters: int = 9
    minutes: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Tried:
    """A cluster and what came of it."""

    cluster: Cluster
    found: Exploration
    worth: float


def tour(
    view: View,
    engine: Engine,
    names: Sequence[str],
    options: TourOptions,
    *,
    progress: Progress = lambda share, what: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Session:
    """Find sharp averages that are unlike each other.

    Parameters
    ----------
    view
        The collection.
    engine
        Of that collection.
    names
        Of its images, in their order.
    options
        What is wished.
    progress
        Told how much is done, from 0 to 1, and what is being done.
    is_cancelled
        Asked now and then whether to stop.

    Returns
    -------
    Session
        A cluster for each average, the best first: fewer if the collection has fewer.

    Raises
    ------
    Cancelled
        If `is_cancelled` said True.

    References
    ----------
    .. [1] J.-Y. Zhu, Y. J. Lee, A. A. Efros, "AverageExplorer", ACM Trans. Graph. 33(4), 2014. The
       edits are theirs, that nobody makes them is ours.
    """
    guide = _Guide(view, engine, names, options, progress, is_cancelled)
    promising = guide.tried(guide.begun(), MINED, CHOSEN, "trying clusters", least=options.clusters)
    chosen = _most_different(promising, SHARPENED * options.clusters)
    asked = [_with(one.cluster, Sharpen(id="sharpen")) for one in chosen]
    sharpened = guide.tried(asked, CHOSEN, 1.0, "sharpening")
    kept = _most_different([*sharpened, *chosen[len(sharpened) :]], options.clusters)
    clusters = tuple(
        dataclasses.replace(one.cluster, id=f"cluster-{number}", name=f"Average {number}")
        for number, one in enumerate(kept, 1)
    )
    return Session(clusters=clusters or (Cluster(),))


class _Guide:
    """Begins clusters, and looks at what comes of them."""

    def __init__(
        self,
        view: View,
        engine: Engine,
        names: Sequence[str],
        options: TourOptions,
        progress: Progress,
        is_cancelled: Callable[[], bool],
    ) -> None:
        self._view, self._engine, self._names = view, engine, names
        self._options = options
        self._progress, self._is_cancelled = progress, is_cancelled
        self._begun_s = time.monotonic()

    def begun(self) -> list[Cluster]:
        """Return clusters to try: from modes, and from whole images."""
        wished = TRIED * self._options.clusters // 2
        rows = example_rows(self._view, min(wished, self._view.size))
        of_images = [
            (_cluster(LikeImage(id="like", image=self._names[row])),) for row in rows.tolist()
        ]
        of_modes = [
            (_cluster(one), _cluster(one, LikeImage(id="like", image=one.image, strength=LIKENESS)))
            for one in self._picks(wished)
        ]
        # By turns, as there may not be the time for all.
        turns = zip_longest(of_images, of_modes, fillvalue=())
        return [cluster for turn in turns for kind in turn for cluster in kind]

    def tried(
        self, clusters: Sequence[Cluster], start: float, end: float, what: str, *, least: int = 0
    ) -> list[_Tried]:
        """Explore clusters, each by itself; from `start` to `end` of the work and of its time."""
        tried: list[_Tried] = []
        for number, cluster in enumerate(clusters):
            if number >= least and self._is_over(end):
                break

            def rise(share: float, number: int = number) -> None:
                self._check(start + (end - start) * (number + share) / len(clusters), what)

            rise(0.0)
            alone = Session(clusters=(cluster,))
            self._engine.sharpen(alone, cluster.id, rise, self._is_cancelled)
            found = self._engine.explore(cluster)
            worth = found.sharpness * agreement(self._view, found) ** DOUBT
            tried.append(_Tried(cluster=cluster, found=found, worth=worth))
        return tried

    def _picks(self, wished: int) -> list[ModePick]:
        """Return picks of modes that many images show and few elsewhere, in different images."""
        sample = FirstImages(self._view, SAMPLE)
        miner = Miner(sample, COARSE)
        found: list[tuple[float, SpotModes, int]] = []
        spots = _spots(self._view)
        for number, spot in enumerate(spots):
            self._check(MINED * number / len(spots), "looking for modes")
            if self._is_over(MINED):
                break
            modes = miner.mine(spot)
            found += [(_merit(modes, k), modes, k) for k in range(len(modes))]
        size = self._view.height, self._view.width
        picks: list[ModePick] = []
        seen: set[int] = set()
        for _, modes, k in sorted(found, key=lambda one: -one[0]):
            images = set(modes.images[modes.starts[k] : modes.starts[k + 1]][:SHOWN].tolist())
            if len(images & seen) > SHARED * len(images):
                continue
            seen |= images
            picks.append(pick_of(modes, k, self._names[modes.seeds[k]], size, "mode"))
            if len(picks) == wished:
                break
        return picks

    def _is_over(self, share: float) -> bool:
        """Return whether so much of the time has passed, if there is an end."""
        minutes = self._options.minutes
        return minutes is not None and time.monotonic() > self._begun_s + share * minutes * 60

    def _check(self, share: float, what: str) -> None:
        if self._is_cancelled():
            raise Cancelled("the exploration was cancelled")
        self._progress(share, what)


def agreement(view: View, exploration: Exploration) -> float:
    """Return how far two halves of an average's images agree on where its edges are.

    Parameters
    ----------
    view
        The collection.
    exploration
        The average.

    Returns
    -------
    float
        Correlation of the gradients of both halves' averages, 0 to 1: of images that share nothing
        an average may have edges, but not in both halves.
    """
    rows = np.argsort(-exploration.weights, kind="stable")
    rows = rows[: np.count_nonzero(exploration.weights)]
    if len(rows) < 2:
        return 0.0
    fields = [_gradients(view, exploration, rows[half::2]) for half in (0, 1)]
    lengths = np.linalg.norm(fields[0]) * np.linalg.norm(fields[1])
    return max(0.0, float((fields[0] * fields[1]).sum() / max(lengths, 1e-9)))


def _gradients(view: View, exploration: Exploration, rows: npt.NDArray[np.intp]) -> FloatArray:
    weights = np.zeros_like(exploration.weights)
    weights[rows] = exploration.weights[rows]
    shards = view.shards("pixels")
    if exploration.maps is None:
        average = weighted_average(shards, weights)
    else:
        average = warped_average(shards, weights, exploration.maps)
    return np.stack(np.gradient(average.mean(axis=-1)))


def _cluster(*edits: ModePick | LikeImage) -> Cluster:
    return _with(Cluster(), *edits)


def _with(cluster: Cluster, *edits: Edit) -> Cluster:
    entries = (*cluster.entries, *(Entry(edit=edit) for edit in edits))
    return dataclasses.replace(cluster, entries=entries)


def _merit(modes: SpotModes, k: int) -> float:
    """Return how well the best images show a mode, the more the less others do."""
    scores = modes.scores[modes.starts[k] : modes.starts[k + 1]][:SHOWN]
    return float(modes.inliers[k] * scores.sum())


def _spots(view: View) -> list[Spot]:
    """Return spots that cover the picture."""
    rows, columns = view.height // 8, view.width // 8
    known = sides_of(view.height, view.width)
    sides = [side for side in SIDES if side in known] or list(known[-1:])
    return [
        Spot(side, row, column)
        for side in sides
        for row in range(0, rows - side + 1, max(2, side // 3))
        for column in range(0, columns - side + 1, max(2, side // 3))
    ]


def _most_different(tried: Sequence[_Tried], count: int) -> list[_Tried]:
    """Choose sharp averages that are unlike each other, the best first; none twice."""
    if not tried:
        return []
    worth = np.array([one.worth for one in tried])
    apart = _apart(tried)
    chosen = [int(worth.argmax())]
    while len(chosen) < count:
        nearest = apart[chosen].min(axis=0)
        merits = np.where(nearest > 0, worth * nearest, -1)
        if merits.max() < 0:
            break
        chosen.append(int(merits.argmax()))
    return [tried[k] for k in chosen]


def _apart(tried: Sequence[_Tried]) -> FloatArray:
    """Return how unlike averages are (n, n): in colors, in images and in edges, all of it."""
    looks = np.stack([tiny_average(one.found.average) for one in tried])
    weights = np.stack([one.found.weights for one in tried])
    edges = np.stack([_edges(one.found.average) for one in tried])
    unlike = np.linalg.norm(looks[:, None] - looks, axis=-1)
    other = np.stack([1 - np.minimum(weights, own).sum(axis=1) for own in weights])
    turned = 1 - edges @ edges.T
    apart: FloatArray = unlike * np.sqrt(other.clip(0, 1)) * np.sqrt(turned.clip(0, 1))
    return apart


def _edges(average: ByteArray) -> FloatArray:
    """Return the gradients of an average from afar, of unit length."""
    slopes = np.stack(np.gradient(tiny_average(average).reshape(TINY, TINY, 3).mean(axis=-1)))
    edges: FloatArray = (slopes / max(float(np.linalg.norm(slopes)), 1e-9)).astype(np.float32)
    return edges.ravel()
