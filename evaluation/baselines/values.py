"""What every method of clustering gives, ours and the baselines alike."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from explorer.alignment.maps import Maps
from explorer.arrays import FloatArray, IntArray

NOBODY = -1
"""Label of an image that no cluster has."""
MOST = 3000
"""Of more images than that, methods that take long see a part: the graph that spectral clustering
cuts is of so many, and congealing moves the heaviest, in all."""
Tell: TypeAlias = Callable[[int, int], None]
"""Is told how many of how many steps are done."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clustering:
    """K clusters of N images, each with an average.

    Attributes
    ----------
    name
        What people call the method.
    weights : (N, K) float32
        Each image's share of each average; every column sums to 1.
    labels : (N,) int32
        The one cluster that each image is of, or `NOBODY`.
    maps
        How the images of each cluster are warped for its average, None where they are not.
    """

    name: str
    weights: FloatArray
    labels: IntArray
    maps: tuple[Maps | None, ...]

    def __len__(self) -> int:
        return len(self.maps)

    def by_size(self) -> "Clustering":
        """Return the same clusters, those of more images first."""
        sizes = np.bincount(self.labels[self.labels >= 0], minlength=len(self))
        order = np.argsort(-sizes, kind="stable")
        places = np.argsort(order).astype(np.int32)
        labels = np.where(self.labels >= 0, places[self.labels], np.int32(NOBODY))
        return replace(
            self,
            weights=np.ascontiguousarray(self.weights[:, order]),
            labels=labels.astype(np.int32),
            maps=tuple(self.maps[k] for k in order),
        )


def columns_of(labels: IntArray, strengths: FloatArray, count: int) -> FloatArray:
    """Return the weights (N, K) of clusters that share no image.

    Parameters
    ----------
    labels : (N,) int32
        The cluster of each image, or `NOBODY`.
    strengths : (N,) float32
        How much each image counts in its cluster, >= 0; where nothing counts, all count alike.
    count
        How many clusters there are, K; each has an image.
    """
    weights = np.zeros((len(labels), count), np.float32)
    for k in range(count):
        members = np.flatnonzero(labels == k)
        strong = strengths[members] if strengths[members].any() else np.ones(len(members))
        weights[members, k] = strong / strong.sum()
    return weights
