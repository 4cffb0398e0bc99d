"""How sharp, how different and how telling the averages of a clustering are.

Every method is measured by the same rules, on averages drawn by the same function:

sharpness
    Mean length of the gradient of an average, in grey levels a pixel, as the page shows it, but of
    averages of one and the same number of images, since an average of few is sharper
    than one of many whatever the method: the images that weigh most in it, each as much as the
    others (of equal weights the first rows, which are random). A cluster of fewer members takes
    in, unwarped, what is most like its average. Pixels beside a warped image count as flat.
drawn
    The same of the averages as the method draws them, however many images each is made of.
kept
    How much of their gradients those images share: the root of the mean product of the gradients
    of the averages of two halves of them, over the root of the mean square of the images' own. 1
    if they are one image; 0 if they have nothing in common, where `sharpness` still counts what
    their sum leaves of each. Who merely chooses pictures of high contrast gains nothing by it.
coverage
    Share of the images that the averages explain: more like one of them than the median image is
    like the global mean. Likeness is the correlation of an image, warped where the method warps it
    for that average, with the average, both at a quarter of the size. The global mean has a half.
assigned
    Share of the images that weigh anything in any average.
variety
    Mean distance of two averages of the same number of images, in HOG and tiny colour, over the
    mean distance of two images: 1 if they are as different as images are.
nmi, purity
    Agreement of the clusters with labels: mutual information over the mean of both entropies, and
    the share of the images whose label is the most frequent one of their cluster.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from evaluation.baselines.drawing import Drawn, Rows, canvas_images, draw_average, gathered
from evaluation.baselines.features import Features
from evaluation.baselines.values import Clustering
from explorer.alignment.maps import Maps
from explorer.arrays import ByteArray, DoubleArray, FloatArray
from explorer.sharpness import sharpness
from explorer.view import View

QUARTER = 4
LEAST = 1e-12
BLOCK = 128

Labels = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Averages:
    """The averages of a clustering, as it draws them and of equally many images.

    Attributes
    ----------
    drawn
        By the method's own weights.
    equal
        Of one number of images.
    halves
        Of every other of those images, by falling weight, and of the rest.
    members : (K, count) integers
        The images of `equal`.
    likeness : (N, K) float32
        The correlation of every image with each of `drawn`, in [-1, 1].
    """

    drawn: tuple[Drawn, ...]
    equal: tuple[Drawn, ...]
    halves: tuple[tuple[Drawn, Drawn], ...]
    members: npt.NDArray[np.intp]
    likeness: FloatArray


class Likeness:
    """How like an average the images of a collection are.

    Parameters
    ----------
    view
        The collection; every image is kept at a quarter of its size.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        # Half precision changes a correlation by less than 1e-4.
        self._plain = [
            _small(gathered(view, rows)).astype(np.float16) for rows in _parts(np.arange(view.size))
        ]

    def to(self, average: ByteArray, maps: Maps | None) -> FloatArray:
        """Return the correlation of every image, warped by its map, with an average, (N,)."""
        target = _small(average[None])[0]
        found = np.concatenate([block.astype(np.float32) @ target for block in self._plain])
        for rows in _parts(maps.rows) if maps is not None else ():
            found[rows] = _small(canvas_images(self._view, rows, maps)) @ target
        return found


def draw_averages(
    view: View, clustering: Clustering, count: int, likeness: Likeness | None = None
) -> Averages:
    """Draw each average twice: by its weights, and of `count` images (all, if there are fewer).

    Parameters
    ----------
    view
        The collection.
    clustering
        The clusters.
    count
        Of how many images the averages are that are compared.
    likeness
        Of the same collection, which then need not be read again.
    """
    likeness = likeness or Likeness(view)
    drawn, equal, halves, members, like = [], [], [], [], []
    for k, maps in enumerate(clustering.maps):
        weights = clustering.weights[:, k]
        drawn.append(draw_average(view, weights, maps))
        like.append(likeness.to(drawn[-1].picture, maps))
        used = np.lexsort((np.where(weights > 0, 0, -like[-1]), -weights))[:count]
        members.append(used)
        equal.append(_even_average(view, used, maps))
        halves.append((_even_average(view, used[::2], maps), _even_average(view, used[1::2], maps)))
    return Averages(
        drawn=tuple(drawn),
        equal=tuple(equal),
        halves=tuple(halves),
        members=np.stack(members),
        likeness=np.stack(like, axis=1),
    )


def _even_average(view: View, rows: npt.NDArray[np.intp], maps: Maps | None) -> Drawn:
    weights = np.zeros(view.size, np.float32)
    weights[rows] = 1 / len(rows)
    return draw_average(view, weights, maps)


def effective_images(weights: FloatArray) -> float:
    """Return (sum w)^2 / sum w^2.

    Examples
    --------
    >>> effective_images(np.array([0.5, 0.5, 0], np.float32))
    2.0
    """
    exact = weights.astype(np.float64)
    return float(exact.sum() ** 2 / (exact**2).sum())


def sharpness_on_canvas(drawn: Drawn) -> float:
    """Return the mean length of the gradient, where pixels beside the images count as flat."""
    if drawn.valid.min() > 1 - 1e-4:
        return sharpness(drawn.average)
    down, right = np.gradient(drawn.average.mean(axis=-1) * np.float32(255))
    return float((np.hypot(down, right) * drawn.valid).mean())


def shared_gradients(view: View, averages: Averages) -> DoubleArray:
    """Return what part of their gradients the images of each average share, (K,) in [0, 1]."""
    rows = np.unique(averages.members)
    squares = [
        float((_gradient(image / np.float32(255)) ** 2).mean()) for image in gathered(view, rows)
    ]
    own = np.array(squares)[np.searchsorted(rows, averages.members)].mean(axis=1)
    common = np.array(
        [
            (_gradient(one.average) * _gradient(two.average) * one.valid * two.valid).mean()
            for one, two in averages.halves
        ]
    )
    squared = np.clip(common / np.maximum(own, LEAST), 0, 1)
    return np.asarray(np.sqrt(squared), np.float64)


def _gradient(picture: FloatArray) -> FloatArray:
    """Return the gradient of a picture's grey levels, (2, H, W): down and right."""
    return np.stack(np.gradient(picture.mean(axis=-1))).astype(np.float32)


def explained(likeness: FloatArray, globally: FloatArray) -> DoubleArray:
    """Return 1 for each image that an average explains, else 0, (N,) float64.

    Parameters
    ----------
    likeness : (N, K) float32
        With each average of a method.
    globally : (N, 1) float32
        With the global mean.
    """
    return np.asarray(likeness.max(axis=1) > np.median(globally), np.float64)


def varieties(features: Features, drawn: Sequence[Drawn]) -> DoubleArray:
    """Return the mean distance of each average to the others, (K,); 1 is that of two images."""
    vectors = features.describe(np.stack([average.picture for average in drawn]))
    if len(vectors) < 2:
        return np.zeros(len(vectors))
    apart = np.linalg.norm(vectors[:, None] - vectors, axis=-1).sum(axis=1) / (len(vectors) - 1)
    return np.asarray(apart / features.typical_distance, np.float64)


def agreement(labels: Labels, clusters: npt.NDArray[np.integer]) -> dict[str, float]:
    """Return "nmi" and "purity" of clusters (n,) with labels (n,).

    Examples
    --------
    >>> agreement(np.array(["a", "a", "b", "b"]), np.array([0, 0, 1, 1]))
    {'nmi': 1.0, 'purity': 1.0}
    """
    from sklearn.metrics import normalized_mutual_info_score
    from sklearn.metrics.cluster import contingency_matrix

    table = contingency_matrix(labels, clusters)
    found = float(normalized_mutual_info_score(labels, clusters))
    return {"nmi": found, "purity": float(table.max(axis=0).sum() / len(labels))}


def _parts(rows: Rows) -> list[Rows]:
    return [rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK)]


def _small(pictures: ByteArray) -> FloatArray:
    """Return pictures at a quarter of their size as unit vectors of mean 0, (n, D) float32."""
    height, width = (max(1, side // QUARTER) for side in pictures.shape[1:3])
    small = [cv2.resize(one, (width, height), interpolation=cv2.INTER_AREA) for one in pictures]
    vectors = np.stack(small).reshape(len(small), -1).astype(np.float32)
    vectors -= vectors.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-6), np.float32)
