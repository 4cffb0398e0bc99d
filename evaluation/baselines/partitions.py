"""The global mean, k-means and spectral clustering, by scikit-learn."""

import warnings

import numpy as np
import numpy.typing as npt

from evaluation.baselines.values import MOST, Clustering, columns_of
from explorer.arrays import FloatArray, IntArray

STARTS = 5
NEIGHBORS = 15


def global_mean(images: int) -> Clustering:
    """Return one cluster of all images."""
    weights = np.full((images, 1), 1 / images, np.float32)
    labels = np.zeros(images, np.int32)
    return Clustering(name="global mean", weights=weights, labels=labels, maps=(None,))


def k_means(vectors: FloatArray, clusters: int, seed: int = 0) -> Clustering:
    """Group vectors (N, D) around K means, the best of five starts."""
    from sklearn.cluster import KMeans

    found = KMeans(clusters, n_init=STARTS, random_state=seed).fit(vectors)
    return _weighted("k-means", vectors, found.labels_)


def spectral(vectors: FloatArray, clusters: int, seed: int = 0) -> Clustering:
    """Cut the graph of nearest neighbors of vectors (N, D) into K parts.

    Of more than `MOST` images a sample is cut, and every other image is put where most of
    its neighbors in the sample are.
    """
    from sklearn.cluster import SpectralClustering
    from sklearn.neighbors import KNeighborsClassifier

    size, rng = len(vectors), np.random.default_rng(seed)
    sample = np.sort(rng.choice(size, min(size, MOST), replace=False))
    near = min(NEIGHBORS, len(sample) - 1)
    method = SpectralClustering(
        clusters, affinity="nearest_neighbors", n_neighbors=near, random_state=seed
    )
    with warnings.catch_warnings():
        # Copies of an image are a part of the graph of their own; the cut takes that as it comes.
        warnings.simplefilter("ignore", UserWarning)
        labels = method.fit(vectors[sample]).labels_
    if len(sample) < size:
        labels = KNeighborsClassifier(near).fit(vectors[sample], labels).predict(vectors)
    return _weighted("spectral", vectors, labels)


def _weighted(name: str, vectors: FloatArray, found: npt.NDArray[np.integer]) -> Clustering:
    """Weigh each member by its total affinity to the others of its cluster.

    References
    ----------
    .. [1] J.-Y. Zhu, Y. J. Lee, A. A. Efros, "AverageExplorer", ACM Trans. Graph. 33(4), 2014. The
       weights of these baselines are theirs; the affinity, exp(-d^2 / s^2) with s^2 the mean
       squared distance of two images, is ours, since they name none.
    """
    used, places = np.unique(found, return_inverse=True)
    labels: IntArray = places.astype(np.int32)
    spread = 2 * float(vectors.var(axis=0).sum())
    strengths = np.empty(len(vectors), np.float32)
    for k in range(len(used)):
        members = np.flatnonzero(labels == k)
        strengths[members] = _affinities(vectors[members], max(spread, 1e-12))
    weights = columns_of(labels, strengths, len(used))
    maps = (None,) * len(used)
    return Clustering(name=name, weights=weights, labels=labels, maps=maps).by_size()


def _affinities(vectors: FloatArray, spread: float) -> FloatArray:
    """Return for each vector (n, D) its total affinity to all, (n,)."""
    from sklearn.metrics.pairwise import euclidean_distances

    sums = [
        np.exp(-euclidean_distances(vectors[start : start + 1024], vectors, squared=True) / spread)
        for start in range(0, len(vectors), 1024)
    ]
    return np.concatenate([block.sum(axis=1) for block in sums]).astype(np.float32)
