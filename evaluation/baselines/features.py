"""Whole-image HOG beside a tiny colour picture: what the baselines see of an image.

Both parts are scaled to the same variance over the collection. Then the 512 directions of largest
variance are kept, which leaves the distances between groups as they are and makes each method
quick; `kept` tells how much of the variance they hold.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from evaluation.baselines.drawing import gathered
from explorer.arrays import ByteArray, FloatArray
from explorer.hog import CELL, hog
from explorer.view import View

DIRECTIONS = 512
FITTED = 1000
LEAST = 1e-6
BLOCK = 128


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """The images of a collection as vectors, and how to make such a vector of another picture.

    Attributes
    ----------
    vectors : (N, D) float32
        One an image.
    kept
        The part of the variance that they hold.
    """

    vectors: FloatArray
    kept: float
    _means: tuple[FloatArray, FloatArray]
    _scales: tuple[float, float]
    _directions: FloatArray

    @classmethod
    def of(cls, view: View, seed: int = 0) -> "Features":
        """Describe every image of a collection.

        Parameters
        ----------
        view
            The collection.
        seed
            Of the choice of the images that the directions are found with.
        """
        rng = np.random.default_rng(seed)
        sample = np.sort(rng.choice(view.size, min(FITTED, view.size), replace=False))
        raw = [parts(pixels) for pixels in _pixels(view, sample)]
        means, scales, columns = [], [], []
        for part in (np.concatenate([block[k] for block in raw]) for k in (0, 1)):
            means.append(part.mean(axis=0))
            scales.append(float(1 / np.sqrt(max(part.var(axis=0).sum(), 1e-12))))
            columns.append((part - means[-1]) * np.float32(scales[-1]))
        joined = np.concatenate(columns, axis=1)
        directions = _widest(joined)
        empty = np.empty((0, directions.shape[1]), np.float32)
        made = cls(empty, 0.0, (means[0], means[1]), (scales[0], scales[1]), directions)
        vectors = np.concatenate(
            [made.describe(pixels) for pixels in _pixels(view, np.arange(view.size))]
        )
        kept = float(vectors.var(axis=0).sum() / joined.var(axis=0).sum())
        return replace(made, vectors=vectors, kept=min(kept, 1.0))

    @property
    def typical_distance(self) -> float:
        """The root of the mean squared distance of two images."""
        return float(np.sqrt(2 * self.vectors.var(axis=0).sum()))

    def describe(self, pixels: ByteArray) -> FloatArray:
        """Return the vectors (n, D) float32 of pictures (n, H, W, 3) uint8 of the same size."""
        return self.project(*parts(pixels))

    def project(self, edges: FloatArray, colors: FloatArray) -> FloatArray:
        """Return the vectors (n, D) float32 of what `parts` returns."""
        columns = [
            (part - mean) * np.float32(scale)
            for part, mean, scale in zip((edges, colors), self._means, self._scales, strict=True)
        ]
        return np.asarray(np.concatenate(columns, axis=1) @ self._directions, np.float32)


def parts(pixels: ByteArray) -> tuple[FloatArray, FloatArray]:
    """Return HOG (n, Y * X * 31) and the pictures at an eighth (n, Y * X * 3) in [0, 1]."""
    height, width = pixels.shape[1] // CELL, pixels.shape[2] // CELL
    tiny = [cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA) for image in pixels]
    colors = np.stack(tiny).astype(np.float32) / np.float32(255)
    return hog(pixels).reshape(len(pixels), -1), colors.reshape(len(pixels), -1)


def _widest(vectors: FloatArray) -> FloatArray:
    """Return the directions of largest variance of centered vectors (n, D), (D, 512 at most).

    They are few and long, so their products with each other are taken apart, not those of the axes.
    """
    variances, which = np.linalg.eigh(vectors @ vectors.T)
    used = np.flatnonzero(variances > LEAST * variances[-1])[-DIRECTIONS:]
    found = vectors.T @ (which[:, used] / np.sqrt(variances[used]))
    return np.ascontiguousarray(found, np.float32)


def _pixels(view: View, rows: np.ndarray) -> Iterator[ByteArray]:
    for start in range(0, len(rows), BLOCK):
        yield gathered(view, rows[start : start + BLOCK])
