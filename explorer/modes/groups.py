"""Groups of patches: a seed with its nearest neighbours, and which groups are different."""

from dataclasses import dataclass

import numpy as np

from explorer.arrays import BoolArray, FloatArray, IntArray
from explorer.modes.matches import Found

NEIGHBORS = 50
THRESHOLD = 0.75
SHARED = 0.3
"""Groups that share this part of their members, or more, are the same. The thesis has 30 of 50,
with which many copies of the largest mode remain."""
OVERLAP = 0.25


@dataclass(frozen=True, slots=True)
class Groups:
    """S seeds, each with its k nearest patches, at most one an image.

    Attributes
    ----------
    images : (S, k) int32
        The members' images, nearest first.
    scores : (S, k) float32
        Similarities.
    moves : (S, k, 2) float32
        Where in the image, (x, y) in cells from the spot.
    """

    images: IntArray
    scores: FloatArray
    moves: FloatArray

    @classmethod
    def of(cls, found: Found, k: int) -> "Groups":
        """Take the k images in which each seed was found best."""
        scores, index, windows = found
        k = min(k, scores.shape[1])
        nearest = np.argpartition(-scores, k - 1, axis=1)[:, :k]
        order = np.argsort(-np.take_along_axis(scores, nearest, 1), axis=1, kind="stable")
        nearest = np.take_along_axis(nearest, order, 1)
        moves = np.array([window.move for window in windows], np.float32)
        return cls(
            images=nearest.astype(np.int32),
            scores=np.take_along_axis(scores, nearest, 1),
            moves=moves[np.take_along_axis(index, nearest, 1)],
        )

    def shared(self, one: int, others: list[int], side: int) -> IntArray:
        """Return how many members a group shares with each of others, (K,) int32.

        They share patches of an image that overlap by 25 %.
        """
        same = self.images[others][:, :, None] == self.images[one]  # (K, k, k)
        its = self.moves[one][same.argmax(axis=2)]
        is_shared = _overlaps(self.moves[others], its, side) & same.any(axis=2)
        return np.asarray(is_shared.sum(axis=1), np.int32)


def neighbors_of(size: int) -> int:
    """Return k, how many patches are a group: 50, fewer in a small collection of that size."""
    return min(NEIGHBORS, max(5, size // 4))


def different(
    groups: Groups, inliers: FloatArray, side: int, count: int, shared: float = SHARED
) -> IntArray:
    """Choose groups: discriminative ones, the best first, none like a better one.

    Parameters
    ----------
    groups
        Of S seeds.
    inliers : (S,) float32
        Their inlier scores; those up to 0.75 are dropped.
    side
        Of the patches, in cells.
    count
        How many to choose at most.
    shared
        Groups that share this part of their members, or more, are the same.

    Returns
    -------
    (K,) int32
        Numbers of the chosen seeds, by falling mean similarity times inlier score.
    """
    merits = groups.scores.mean(axis=1) * inliers
    most = shared * groups.images.shape[1]
    kept: list[int] = []
    for one in np.argsort(-merits, kind="stable"):
        if len(kept) == count:
            break
        if inliers[one] <= THRESHOLD:
            continue
        if not kept or (groups.shared(int(one), kept, side) < most).all():
            kept.append(int(one))
    return np.array(kept, np.int32)


def _overlaps(one: FloatArray, other: FloatArray, side: int) -> BoolArray:
    """Return whether squares of that side, moved so, overlap by more than 25 % of their union."""
    apart = np.maximum(side - np.abs(one - other), 0)
    common = apart[..., 0] * apart[..., 1]
    return np.asarray(common > OVERLAP * (2 * side * side - common))
