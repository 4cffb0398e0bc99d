"""What a person put right in some images, as evidence for images that look the same there."""

import numpy as np

from explorer.arrays import BoolArray, DoubleArray, FloatArray
from explorer.keypoints.shapes import Complex

ALIKE = 0.35
"""Looks that correlate less have nothing to say about each other."""
FAR = 4.0
"""A point that was wrong by much more, in shrunk pixels, says something of its own image only: a
face that was not found at all must not move those that were."""
DOUBT = 0.25
"""How much "it was right before" counts beside the corrected images' weights."""


def moved_like(looks: FloatArray, errors: Complex, is_corrected: BoolArray) -> Complex:
    """Return by how much points should move, as those of corrected images that look alike did.

    Parameters
    ----------
    looks : (M, K, D) float32
        What is around each point.
    errors : (M, K) complex
        By how much a person moved it, where one did.
    is_corrected : (M, K) bool
        Where one did.

    Returns
    -------
    (M, K) complex
        Weighted means of the errors, drawn towards none; those of a corrected image that is
        far from all others do not reach beyond it.
    """
    moves = np.zeros(errors.shape, np.complex128)
    for keypoint in np.flatnonzero(is_corrected.any(axis=0)):
        told = np.flatnonzero(is_corrected[:, keypoint])
        away = np.abs(errors[told, keypoint])
        weights = _likeness(looks[:, keypoint], told) * np.exp(-np.square(away / FAR) / 2)
        total = weights.sum(axis=1)
        moves[:, keypoint] = weights @ errors[told, keypoint] / (total + DOUBT)
    return moves


def _likeness(looks: FloatArray, told: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> DoubleArray:
    """Return how alike looks (M, D) are to some of them, (M, n), from 0 to 1."""
    centered = looks - looks.mean(axis=0)
    unit = centered / np.maximum(np.linalg.norm(centered, axis=1, keepdims=True), 1e-6)
    correlation = (unit @ unit[told].T).astype(np.float64)
    return np.asarray(((correlation - ALIKE) / (1 - ALIKE)).clip(0, 1) ** 2)
