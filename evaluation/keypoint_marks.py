"""What a simulated annotator marks on averages, and where rivals carry the marks.

The annotator sees what a person would: an average shows its images on each other, so a point of it
is marked where that point is, on the mean, in the images that weigh most.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.baselines.values import Clustering
from evaluation.keypoint_truth import Truth
from explorer.alignment.maps import Maps
from explorer.alignment.points import unwarp_points, warp_points
from explorer.alignment.sharpening import placed
from explorer.arrays import BoolArray, FloatArray, IntArray
from explorer.keypoints.lining_up import turned
from explorer.keypoints.values import MarkedAverage, Proposals
from explorer.view import View

MARKED_FROM = 10
"""How many images' true points make the marks of an average."""

Pairs = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Marked:
    """A clustering whose averages are marked.

    Attributes
    ----------
    clustering
        K clusters of N images.
    averages
        As `Propagator.propagate` wants them, one a cluster that has a mark.
    places
        The number of each average in the clustering.
    used : (N,) bool
        The images whose true points made the marks; they take no part in the errors.
    """

    clustering: Clustering
    averages: tuple[MarkedAverage, ...]
    places: tuple[int, ...]
    used: BoolArray


def mark(view: View, truth: Truth, clustering: Clustering, count: int = MARKED_FROM) -> Marked:
    """Mark every average of a clustering from its heaviest members.

    Parameters
    ----------
    view
        The collection.
    truth
        Its true points; only images that have some make marks.
    clustering
        The clusters. An image is a member of the one that its label says.
    count
        From how many members a mark is made, at most.
    """
    used = np.zeros(view.size, np.bool_)
    has_truth = truth.annotated
    averages, places = [], []
    for k, maps in enumerate(clustering.maps):
        weights = np.ascontiguousarray(clustering.weights[:, k])
        members = np.flatnonzero(clustering.labels == k).astype(np.int32)
        seen = members[(weights[members] > 0) & has_truth[members]]
        seen = np.sort(seen[np.argsort(-weights[seen], kind="stable")[:count]])
        used[seen] = True
        points = mean_points(on_canvas(view, truth.points[seen], maps, seen, truth.pairs))
        if np.isfinite(points).any():
            average = MarkedAverage(weights=weights, members=members, maps=maps, points=points)
            averages.append(average)
            places.append(k)
    return Marked(clustering=clustering, averages=tuple(averages), places=tuple(places), used=used)


def on_canvas(
    view: View, points: FloatArray, maps: Maps | None, rows: IntArray, pairs: Pairs
) -> FloatArray:
    """Return where points of some images are drawn on an average.

    Parameters
    ----------
    view
        The collection.
    points : (M, K, 2) float32
        Pixels (x, y) of the images, NaN where none.
    maps
        How the images of the average are moved.
    rows : (M,) int32
        The images, ascending.
    pairs
        Numbers of points that change places in a mirrored image.

    Returns
    -------
    (M, K, 2) float32
        Pixels (x, y) of the canvas, NaN where none.
    """
    there = placed(view, maps, rows)
    moved = np.full_like(points, np.nan)
    for k, own in enumerate(turned(points, there.mirrored, view.width, pairs)):
        known = np.isfinite(own).all(axis=-1)
        if known.any():
            moved[k, known] = unwarp_points(there.nodes[k], np.ascontiguousarray(own[known]))
    return moved


def in_images(
    view: View, points: FloatArray, maps: Maps | None, rows: IntArray, pairs: Pairs
) -> FloatArray:
    """Return where points (K, 2) of an average lie in some images (M,): pixels (M, K, 2) float32.

    The way back of `on_canvas`.
    """
    there = placed(view, maps, rows)
    moved = np.full((len(rows), *points.shape), np.nan, np.float32)
    for k, nodes in enumerate(there.nodes):
        known = np.isfinite(points).all(axis=-1)
        moved[k, known] = warp_points(nodes, np.ascontiguousarray(points[known]))
    return turned(moved, there.mirrored, view.width, pairs)


def carried(view: View, marked: Marked, confidence: FloatArray, pairs: Pairs) -> Proposals:
    """Carry marks to the members by the maps alone, as rivals do.

    Parameters
    ----------
    view
        The collection.
    marked
        The marks.
    confidence : (N,) float32
        How sure it is of each image, from 0 to 1.
    pairs
        Numbers of keypoints that change places in a mirrored image.
    """
    rows = np.concatenate([average.members for average in marked.averages])
    points = np.concatenate(
        [in_images(view, one.points, one.maps, one.members, pairs) for one in marked.averages]
    )
    order = np.argsort(rows, kind="stable")
    rows, points = rows[order].astype(np.int32), points[order]
    is_there = np.isfinite(points).all(axis=-1)
    sure = np.where(is_there, confidence[rows][:, None], 0).astype(np.float32)
    return Proposals(rows=rows, points=points, confidence=sure)


def mean_points(points: FloatArray) -> FloatArray:
    """Return the mean (K, 2) of the points (M, K, 2) that are there, NaN where none is."""
    known = np.isfinite(points).all(axis=-1, keepdims=True)
    count = known.sum(axis=0)
    total = np.where(known, points, 0).sum(axis=0, dtype=np.float64)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)
