"""Where each pixel of the canvas comes from in each image, on a coarse grid of nodes."""

from dataclasses import dataclass

import numpy as np

from explorer.arrays import BoolArray, FloatArray, IntArray

NODE = 8
"""Pixels of the canvas from one node to the next."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Maps:
    """How some images are warped onto the canvas. M images, Y x X nodes.

    Attributes
    ----------
    rows : (M,) int32
        The images, ascending; all others stay as they are.
    nodes : (M, Y, X, 2) float32
        For the node at pixel (8 x, 8 y) of the canvas, the pixel (x, y) of the image that is drawn
        there; between nodes it is interpolated bilinearly. Of a mirrored image, the pixel of the
        mirrored image. Pixels outside the image are not drawn.
    mirrored : (M,) bool
        Which images are mirrored, left for right, before they are warped.
    """

    rows: IntArray
    nodes: FloatArray
    mirrored: BoolArray


def grid_points(height: int, width: int) -> FloatArray:
    """Return the pixel (x, y) of every node, (Y, X, 2) float32: up to or just past the last pixel.

    Examples
    --------
    >>> grid_points(200, 100).shape, grid_points(200, 100)[1, 2].tolist()
    ((26, 14, 2), [16.0, 8.0])
    """
    down, right = (-(-(side - 1) // NODE) + 1 for side in (height, width))
    y, x = np.mgrid[:down, :right].astype(np.float32) * NODE
    return np.stack([x, y], axis=-1)
