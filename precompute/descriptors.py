"""A whole image in one vector: its edges on a coarse grid beside a tiny picture of it."""

import cv2
import numpy as np
import numpy.typing as npt

from explorer.hog import hog

GRID = 4
TINY = 8
EDGE_SHARE = 0.6
"""Share of the edges in the similarity; the rest is the picture's."""


def describe(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float16]:
    """Describe whole images.

    Parameters
    ----------
    images : (n, H, W, 3) uint8, sRGB
        The images.

    Returns
    -------
    (n, 4 * 4 * 31 + 8 * 8 * 3) float16
        Unit vectors; the inner product is the weighted mean of the similarities of the edges and of
        the colors.
    """
    edges = [_shrunk(cells, GRID).ravel() for cells in hog(images)]
    colors = [_shrunk(image.astype(np.float32), TINY).ravel() - 127.5 for image in images]
    joined = [
        np.sqrt(EDGE_SHARE) * _unit(np.stack(edges)),
        np.sqrt(1 - EDGE_SHARE) * _unit(np.stack(colors)),
    ]
    return _unit(np.concatenate(joined, axis=1)).astype(np.float16)


def _shrunk(array: npt.NDArray[np.float32], side: int) -> npt.NDArray[np.float32]:
    """Shrink (y, x, c) to (side, side, c) by the mean of the area."""
    size = (side, side)
    height, width, channels = array.shape
    if min(height, width) < side:
        size = (min(side, width), min(side, height))
    planes = [
        cv2.resize(np.ascontiguousarray(array[..., channel]), size, interpolation=cv2.INTER_AREA)
        for channel in range(channels)
    ]
    shrunk = np.stack(planes, axis=-1)
    if shrunk.shape[:2] != (side, side):
        shrunk = np.stack([cv2.resize(plane, (side, side)) for plane in planes], axis=-1)
    return np.asarray(shrunk, np.float32)


def _unit(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units: npt.NDArray[np.float32] = vectors / np.maximum(lengths, 1e-6)
    return units
