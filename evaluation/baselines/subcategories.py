"""Discriminative sub-categories: groups that a linear classifier each tells from unrelated images.

The negatives are photographs, or, where there are none, decoys drawn from what the project ships of
the natural world: cells with the mean and the covariance of its gradients, and soft colors.
"""

from pathlib import Path

import cv2
import numpy as np

from evaluation.baselines.features import Features
from evaluation.baselines.partitions import k_means
from evaluation.baselines.values import Clustering, columns_of
from explorer.arrays import DoubleArray, FloatArray, IntArray
from explorer.hog import CELL, CHANNELS
from explorer.view import View
from precompute.decode import Picture, Target, decode
from precompute.errors import BuildError
from precompute.listing import list_source
from precompute.natural_world import load

NAME = "sub-categories"
ROUNDS, COST, KEPT = 12, 0.1, 0.02
DECOYS = 500
PIXELS_MAX = 89_478_485
PATCH = 1.0  # cells: how far the gradients of neighboring cells are alike
GREY, CONTRAST, TINT = 0.45, 0.2, 0.06


def sub_categories(
    vectors: FloatArray, negatives: FloatArray, clusters: int, seed: int = 0
) -> Clustering:
    """Group images such that each group is set apart from the negatives.

    Parameters
    ----------
    vectors : (N, D) float32
        The images.
    negatives : (n, D) float32
        Unrelated images.
    clusters
        How many groups.
    seed
        Of the k-means that it begins with.

    Returns
    -------
    Clustering
        Each member weighs as much as its classifier's score, 0 for the lowest of its group.

    References
    ----------
    .. [1] M. Hoai, A. Zisserman, "Discriminative sub-categorization", CVPR 2013. The alternation of
       linear SVMs and assignments is theirs. That scores are standardized over all images before
       they compete (theirs balances by a constraint), and that a group keeps at least 2 % of the
       images, are ours.
    """
    labels = k_means(vectors, clusters, seed).labels
    count = int(labels.max()) + 1
    scores = np.zeros((len(vectors), count), np.float32)
    for _ in range(ROUNDS):
        for k in range(count):
            scores[:, k] = _scores(vectors, vectors[labels == k], negatives)
        assigned = _assigned(scores)
        if (assigned == labels).all():
            break
        labels = assigned
    own = scores[np.arange(len(labels)), labels]
    strengths = np.empty_like(own)
    for k in range(count):
        strengths[labels == k] = own[labels == k] - own[labels == k].min()
    return Clustering(
        name=NAME,
        weights=columns_of(labels, strengths, count),
        labels=labels,
        maps=(None,) * count,
    ).by_size()


def negative_vectors(view: View, features: Features, photos: Path | None, seed: int) -> FloatArray:
    """Return the vectors (n, D) of unrelated photographs in a folder, or of decoys.

    Raises
    ------
    BuildError
        If the folder cannot be read.
    """
    if photos is None:
        return features.project(*decoys(view.height, view.width, DECOYS, seed))
    listing = list_source(photos, fps=1.0)
    target = Target(view.height, view.width, "crop", PIXELS_MAX)
    vectors = []
    for candidate in listing.candidates:
        content = (Path(listing.source.path) / candidate.member).read_bytes()
        picture = decode(content, candidate.name, target)
        if isinstance(picture, Picture) and picture.pixels is not None:
            vectors.append(features.describe(picture.pixels[None]))
    if not vectors:
        raise BuildError(f"the negatives must be photographs, {photos} has none that can be used")
    return np.concatenate(vectors)


def decoys(height: int, width: int, count: int, seed: int) -> tuple[FloatArray, FloatArray]:
    """Draw what `features.parts` would return of unrelated photographs.

    Parameters
    ----------
    height, width
        Size of the pictures, in pixels.
    count
        How many.
    seed
        Of the random draw.

    Returns
    -------
    edges : (count, Y * X * 31) float32
        HOG, >= 0, of the natural world's mean and covariance a cell.
    colors : (count, Y * X * 3) float32
        Soft colors in [0, 1].
    """
    rng = np.random.default_rng(seed)
    statistics = load()
    root = np.linalg.cholesky(statistics["hog_covariance"] + 1e-6 * np.eye(CHANNELS))
    grid = height // CELL, width // CELL
    spread = max(grid) / 4
    edges, colors = [], []
    for _ in range(count):
        noise = _soft(rng.normal(size=(*grid, CHANNELS)), PATCH)
        edges.append(np.maximum(noise @ root.T + statistics["hog_mean"], 0).ravel())
        grey, tint = (_soft(rng.normal(size=(*grid, n)), spread) for n in (1, 3))
        colors.append(np.clip(GREY + CONTRAST * grey + TINT * tint, 0, 1).ravel())
    return np.stack(edges).astype(np.float32), np.stack(colors).astype(np.float32)


def _soft(noise: DoubleArray, radius: float) -> DoubleArray:
    """Blur noise (Y, X, C), and give it a variance of 1 again, over many draws."""
    blurred = np.atleast_3d(cv2.GaussianBlur(noise, (0, 0), radius))
    side = 2 * int(4 * radius) + 1
    kernel = cv2.getGaussianKernel(side, radius)
    return np.asarray(blurred / (kernel**2).sum())


def _scores(vectors: FloatArray, members: FloatArray, negatives: FloatArray) -> FloatArray:
    """Train the classifier of a group; return each image's score, standardized."""
    from sklearn.svm import LinearSVC

    learned = LinearSVC(C=COST, class_weight="balanced", random_state=0)
    truth = np.repeat([1, 0], [len(members), len(negatives)])
    learned.fit(np.concatenate([members, negatives]), truth)
    found = learned.decision_function(vectors)
    return np.asarray((found - found.mean()) / max(found.std(), 1e-9), np.float32)


def _assigned(scores: FloatArray) -> IntArray:
    """Return the group of each image: the best one, but no group falls below its least size."""
    labels: IntArray = scores.argmax(axis=1).astype(np.int32)
    least = max(1, round(KEPT * len(scores)))
    for k in range(scores.shape[1]):
        missing = least - np.count_nonzero(labels == k)
        if missing > 0:
            others = np.argsort(-np.where(labels == k, -np.inf, scores[:, k]), kind="stable")
            labels[others[:missing]] = k
    return labels
