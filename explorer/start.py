"""Where to begin: a handful of very different averages of whole images, instead of one grey one."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from explorer.arrays import ByteArray, FloatArray, check_array
from explorer.edits import ImageVerdict
from explorer.engine import Exploration
from explorer.session import Cluster
from explorer.view import View

OFFERED = 8
CANDIDATES = 3
"""Groups tried for each that is offered."""
SAMPLE = 2048
ROUNDS = 4
TINY = 32
NARROWING, LEAST = 8, 150
"""Parts are offered of an eighth of the images after an edit, and so on down to 150."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StartAverage:
    """An average to begin with.

    Attributes
    ----------
    image
        Row of the example: `LikeImage` of it, added to the cluster, gives the average.
    share
        The part of the weight on images that are more like this example than like any other that
        is offered.
    images
        How many those are.
    average : (H, W, 3) uint8
        What the engine makes of the edit, sRGB.
    """

    image: int
    share: float
    images: int
    average: ByteArray


def start_averages(
    view: View,
    explore: Callable[[int], Exploration],
    weights: FloatArray,
    count: int = OFFERED,
) -> list[StartAverage]:
    """Offer very different, sharp averages of whole images.

    The images that carry weight are grouped around three times as many examples as are wished, and
    the average of each is made. The sharpest one comes first, then always the one that is sharp and
    unlike all before; a larger group comes before a smaller one. With the weights of a cluster that
    was started so, the offers are parts of it: from coarse to fine, see `widened`.

    Parameters
    ----------
    view
        The collection.
    explore
        Returns what the engine makes of the cluster and the edit `LikeImage` of the image of that
        row: `lambda row: engine.explore(cluster, live=LikeImage(id=new_id, image=names[row]))`.
        Called up to `3 * count` times; an engine keeps these matches.
    weights : (N,) float32
        The images to offer parts of: `engine.explore(widened(cluster, view.size)).weights`.
    count
        How many to offer at most.

    Returns
    -------
    list of StartAverage
        The same ones each time; fewer if few images carry weight.

    Raises
    ------
    ArrayError
        If `weights` has another shape or dtype.

    References
    ----------
    .. [1] J.-Y. Zhu, Y. J. Lee, A. A. Efros, "AverageExplorer", ACM Trans. Graph. 33(4), 2014,
       starts from the average of all images. This beginning is ours: the examples are the greedy
       maximum of sum_i w_i max_m s_im (s the similarity of descriptors), then rounds of k-medoids.
    """
    check_array(weights, "weights", str(view.size))
    heaviest = np.argsort(-weights, kind="stable")[:SAMPLE]
    rows = np.sort(heaviest[weights[heaviest] > 0])
    masses = weights[rows] / weights[rows].sum()
    vectors = _descriptors(view, rows)
    similarity = vectors @ vectors.T
    examples = _examples(similarity, masses, min(CANDIDATES * count, len(rows)))
    found = [explore(int(row)) for row in rows[examples]]
    nearest = similarity[examples].argmax(axis=0)
    shares = np.bincount(nearest, masses, len(examples)).astype(np.float64)
    unlike = np.sqrt(np.clip(1 - similarity[np.ix_(examples, examples)], 0, None))
    chosen = _most_different(found, shares, unlike, min(count, len(found)))
    chosen_rows = rows[examples[chosen]]
    groups = _nearest(view, vectors[examples[chosen]])
    return [
        StartAverage(
            image=int(row),
            share=float(weights[groups == k].sum() / weights.sum()),
            images=int(np.count_nonzero(weights[groups == k])),
            average=found[chosen[k]].average,
        )
        for k, row in enumerate(chosen_rows)
    ]


def widened(cluster: Cluster, images: int) -> Cluster:
    """Return a cluster that more images take part in, enough to offer parts of.

    An average is of about 50 images after one edit already, and parts of so few look all alike.

    Parameters
    ----------
    cluster
        The cluster.
    images
        How many the collection has.

    Examples
    --------
    >>> from explorer.edits import LikeImage
    >>> from explorer.session import Entry
    >>> started = Cluster().put(Entry(edit=LikeImage(id="e1", image="boot.jpg")))
    >>> widened(started, 10_000).count
    1250
    """
    edits = sum(edit.enabled and not isinstance(edit, ImageVerdict) for edit in cluster.edits)
    wide = max(cluster.count or 0, LEAST, images // NARROWING**edits)
    return dataclasses.replace(cluster, count=wide)


def _descriptors(view: View, rows: npt.NDArray[np.intp]) -> FloatArray:
    """Return the descriptors of some images (n, D), `rows` in rising order."""
    parts, start = [], 0
    for shard in view.shards("descriptor"):
        first, end = np.searchsorted(rows, (start, start + len(shard)))
        parts.append(shard[rows[first:end] - start].astype(np.float32))
        start += len(shard)
    return np.concatenate(parts)


def _nearest(view: View, examples: FloatArray) -> npt.NDArray[np.intp]:
    """Return for every image (N,) which of the examples (k, D) it is most like."""
    parts = [
        (shard.astype(np.float32) @ examples.T).argmax(axis=1)
        for shard in view.shards("descriptor")
    ]
    return np.concatenate(parts)


def _examples(similarity: FloatArray, masses: FloatArray, count: int) -> npt.NDArray[np.intp]:
    """Choose the images (count,) such that every image has one that it is like."""
    reached = np.full(len(similarity), -1, np.float32)
    chosen: list[int] = []
    for _ in range(count):
        gains = np.maximum(similarity, reached) @ masses
        gains[chosen] = -np.inf
        chosen.append(int(gains.argmax()))
        reached = np.maximum(reached, similarity[chosen[-1]])
    examples = np.array(chosen)
    for _ in range(ROUNDS):
        groups = similarity[examples].argmax(axis=0)
        for k in range(count):
            members = np.flatnonzero(groups == k)
            if len(members):
                inside = similarity[np.ix_(members, members)] @ masses[members]
                examples[k] = members[inside.argmax()]
    return examples


def _most_different(
    found: list[Exploration], shares: npt.NDArray[np.float64], unlike: FloatArray, count: int
) -> list[int]:
    """Choose averages that are sharp, of many images and unlike each other, the best first.

    They are unlike if both the averages differ in color and the examples (k, k) in descriptor.
    """
    tiny = np.stack([tiny_average(exploration.average) for exploration in found])
    apart = np.linalg.norm(tiny[:, None] - tiny, axis=-1) * unlike
    worth = np.array([exploration.sharpness for exploration in found]) * np.sqrt(shares)
    chosen = [int(worth.argmax())]
    while len(chosen) < count:
        merits = worth * apart[chosen].min(axis=0)
        merits[chosen] = -1
        chosen.append(int(merits.argmax()))
    return chosen


def example_rows(view: View, count: int) -> npt.NDArray[np.intp]:
    """Return the rows of images (count,) such that every image has one that it is like."""
    rows = np.arange(min(view.size, SAMPLE))
    vectors = _descriptors(view, rows)
    masses = np.full(len(rows), 1 / len(rows), np.float32)
    return rows[_examples(vectors @ vectors.T, masses, min(count, len(rows)))]


def tiny_average(average: ByteArray) -> FloatArray:
    """Return what an average looks like from afar, (3072,) float32: 32 x 32 pixels."""
    shrunk = cv2.resize(average, (TINY, TINY), interpolation=cv2.INTER_AREA)
    return np.asarray(shrunk, np.float32).ravel()
