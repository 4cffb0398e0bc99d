"""What is compared: edges of each direction and colors, in proportion to what is nearby."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.alignment.edges import blurred, directed_edges, smeared_edges
from explorer.arrays import FloatArray
from explorer.errors import ArrayError

SMEARED = 1.0
"""Standard deviation of the smear of edges and colors, in pixels of the map."""
NEARBY = 3.0
"""Standard deviation of the neighborhood in proportion to which edges are, likewise."""
PALE = 5.0
"""Differences of color of so much in Lab are too small to be amplified."""
COLORFUL = 0.3
"""How much the two axes of color count; lightness does not, as edges tell of it already."""


def feature_maps(image: npt.NDArray[Any], strides: Sequence[int]) -> list[FloatArray]:
    """Return what is compared of an image, at some strides.

    Parameters
    ----------
    image : (H, W, 3) uint8, or float32 in [0, 1]
        A photograph or an average.
    strides
        Pixels of the image a pixel of each map.

    Returns
    -------
    list of (ceil(H / stride), ceil(W / stride), 10) float32
        How much edge of each of 8 signed directions there is, in proportion to all edges nearby,
        and how the color differs from that nearby. Pixel x of a map is around pixel
        (x + 0.5) * stride - 0.5 of the image.

    Raises
    ------
    ArrayError
        If the image has another shape or dtype.
    """
    import cv2

    lab: FloatArray = np.asarray(cv2.cvtColor(_checked(image), cv2.COLOR_RGB2LAB), np.float32)
    edges = directed_edges(lab[..., 0] * np.float32(2.55))
    return [
        np.concatenate(
            [
                smeared_edges(_shrunk(edges, stride), SMEARED, NEARBY),
                _contrasts(_shrunk(lab, stride)),
            ],
            axis=-1,
        )
        for stride in strides
    ]


def _checked(image: npt.NDArray[Any]) -> FloatArray:
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype not in (np.uint8, np.float32):
        raise ArrayError(
            f"image must be (H, W, 3) uint8 or float32, got {image.shape} {image.dtype}"
        )
    image = np.ascontiguousarray(image)
    return image.astype(np.float32) / np.float32(255) if image.dtype == np.uint8 else image


def _shrunk(values: FloatArray, stride: int) -> FloatArray:
    """Return means of squares of `stride` pixels; the last ones repeat the border."""
    import cv2

    height, width = values.shape[:2]
    down, right = -height % stride, -width % stride
    whole = np.pad(values, ((0, down), (0, right), (0, 0)), mode="edge")
    size = whole.shape[1] // stride, whole.shape[0] // stride
    return np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA))


def _contrasts(lab: FloatArray) -> FloatArray:
    small = blurred(lab, SMEARED)
    apart = small - blurred(small, 2 * NEARBY)
    spread = np.sqrt(blurred(np.einsum("yxc,yxc->yx", apart, apart), 2 * NEARBY))
    contrasts: FloatArray = apart / (spread + np.float32(PALE))[..., None]
    return contrasts[..., 1:] * np.float32(COLORFUL)
