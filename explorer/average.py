"""The weighted average of a collection's images.

Only images that have weight are read. Averages of warped images, where each pixel is the mean of
those that cover it, are in `explorer.alignment.warped`.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from explorer.arrays import ByteArray, FloatArray, check_array
from explorer.errors import ArrayError
from explorer.kernels import kernels
from explorer.view import View

LIVE_BYTES = 120_000_000


def weighted_average(shards: Sequence[ByteArray], weights: FloatArray) -> FloatArray:
    """Average images by weight.

    Parameters
    ----------
    shards : (n, H, W, 3) uint8 each, sRGB
        The images, N in all.
    weights : (N,) float32
        How much each counts, >= 0; at least one is > 0.

    Returns
    -------
    (H, W, 3) float32, sRGB
        In [0, 1].

    Raises
    ------
    ArrayError
        If `weights` has another shape or dtype, a negative or infinite one, or no positive one.

    References
    ----------
    .. [1] J.-Y. Zhu, Y. J. Lee, A. A. Efros, "AverageExplorer", ACM Trans. Graph. 33(4), 2014,
       Eq. 1.
    """
    shares = shares_of(weights, sum(map(len, shards))) / np.float32(255)
    return np.minimum(kernels().weighted_sum(shards, shares), np.float32(1))


def shares_of(weights: FloatArray, size: int) -> FloatArray:
    """Return what part of the average each of `size` images makes up, (N,) float32.

    Raises
    ------
    ArrayError
        As `weighted_average`.
    """
    check_array(weights, "weights", str(size))
    total = float(weights.sum(dtype=np.float64))
    if not (np.isfinite(total) and total > 0 and weights.min() >= 0):
        raise ArrayError(
            f"weights must be finite, >= 0 and one of them > 0, got a sum of {total:g} and a "
            f"smallest of {weights.min():g}: give every image 1 / N to see them all"
        )
    shares: FloatArray = (weights / total).astype(np.float32)
    return shares


def average_level(view: View, weights: FloatArray, *, live: bool) -> Literal["pixels", "thumbs"]:
    """Choose the feature to average, so that a frame stays in time while a person paints.

    Parameters
    ----------
    view
        The collection.
    weights : (N,) float32
        How much each image counts.
    live
        Whether a stroke is being painted. At rest every pixel counts.

    Returns
    -------
    str
        "thumbs" if `live` and the images with weight are more than 120 MB, which two cores read in
        about 10 ms; else "pixels".
    """
    needed = np.count_nonzero(weights) * view.height * view.width * 3
    return "thumbs" if live and needed > LIVE_BYTES else "pixels"
