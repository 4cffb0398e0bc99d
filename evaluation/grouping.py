"""k-means on the patches of a spot, as modes: what the modes found are compared with."""

from dataclasses import replace

import numpy as np

from explorer.arrays import FloatArray
from explorer.matching import CELL
from explorer.modes.patches import POOL, region_of, world_mean
from explorer.modes.search import best_windows, box_around, windows_of
from explorer.modes.spots import Spot
from explorer.modes.values import SpotModes
from explorer.view import View

ROUNDS = 25
LEAST = 1e-6


def descriptors(view: View, spot: Spot) -> FloatArray:
    """Return each image's patch at a spot as modes compare them: (N, D) float32, unit norm."""
    pool, mean = POOL[spot.side], world_mean(view)
    box, place = (spot.row, spot.column, spot.side, spot.side), (spot.row, spot.column)
    patches = []
    for shard in view.shards("hog_planes"):
        cells, inverse = region_of(shard, box, pool, mean).patches(place, spot.side // pool)
        patches.append((cells * inverse).T)
    return np.ascontiguousarray(np.concatenate(patches))


def cluster_patches(view: View, spot: Spot, k: int, seed: int = 0) -> SpotModes:
    """Group the patches of a spot by k-means.

    Parameters
    ----------
    view
        The collection.
    spot
        Where.
    k
        How many clusters; one that stays empty is left out.
    seed
        Of the first centroids.

    Returns
    -------
    SpotModes
        The clusters: the seed is the member nearest to the centroid, the matches are the members,
        nearest to the centroid first, each at the spot itself. `inliers` is 1.
    """
    import faiss

    patches = descriptors(view, spot)
    means = faiss.Kmeans(
        patches.shape[1],
        k,
        niter=ROUNDS,
        seed=seed,
        spherical=True,
        min_points_per_centroid=1,
        max_points_per_centroid=len(patches),
    )
    means.train(patches)
    near = patches @ np.asarray(means.centroids).T  # (N, k)
    labels = near.argmax(axis=1)
    used, best = np.unique(labels, return_inverse=True)
    scores = near.max(axis=1)
    images = np.lexsort((-scores, best))
    starts = np.searchsorted(best[images], np.arange(len(used) + 1))
    return SpotModes(
        spot=spot,
        seeds=images[starts[:-1]].astype(np.int32),
        inliers=np.ones(len(used), np.float32),
        starts=starts.astype(np.int32),
        images=images.astype(np.int32),
        scores=np.maximum(scores[images], LEAST),
        places=np.zeros((len(images), 2), np.int32),
        scales=np.ones(len(images), np.float32),
        best=best.astype(np.int32),
    )


def align_clusters(view: View, clusters: SpotModes) -> SpotModes:
    """Let the members of each cluster move to where they are most like its seed.

    Parameters
    ----------
    view
        The collection.
    clusters
        As `cluster_patches` returns them.

    Returns
    -------
    SpotModes
        The same clusters: each match is where, and as large as, a mode would be found in that
        image, the most like the seed first.
    """
    spot = clusters.spot
    windows = windows_of(spot, (view.height // CELL, view.width // CELL), is_priced=True)
    seeds = descriptors(view, spot)[clusters.seeds]
    box, pool, mean = box_around(windows), POOL[spot.side], world_mean(view)
    found = [
        best_windows(region_of(shard, box, pool, mean), windows, seeds)
        for shard in view.shards("hog_planes")
    ]
    scores = np.concatenate([scores for scores, _ in found], axis=1)
    index = np.concatenate([index for _, index in found], axis=1)
    cluster = np.repeat(np.arange(len(clusters)), np.diff(clusters.starts))
    order = np.lexsort((-scores[cluster, clusters.images], cluster))
    images = clusters.images[order]
    used = index[cluster, images]
    moves = np.array([window.move for window in windows]) * CELL
    return replace(
        clusters,
        images=images,
        scores=np.maximum(scores[cluster, images], LEAST),
        places=np.rint(moves[used]).astype(np.int32),
        scales=np.array([window.scale for window in windows], np.float32)[used],
    )
