"""Histograms of oriented gradients, 31 channels a cell of 8 x 8 pixels.

The same function serves the collection and the query, so both agree. The channels are 18 signed
directions, 9 unsigned ones and 4 sums that tell how much texture there is.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from explorer.arrays import ByteArray, FloatArray, check_array
from explorer.errors import ArrayError

CELL = 8
CHANNELS = 31
BLOCK = 16


def hog(images: ByteArray) -> FloatArray:
    """Describe each cell of each image by the directions of its edges.

    Parameters
    ----------
    images : (n, H, W, 3) uint8, sRGB
        At least one cell high and wide.

    Returns
    -------
    (n, H // 8, W // 8, 31) float32
        The whole grid. Beyond the image's border its outermost pixels and cells are repeated.

    Raises
    ------
    ArrayError
        If `images` has another shape or dtype, or is smaller than a cell.

    References
    ----------
    .. [1] P. F. Felzenszwalb, R. B. Girshick, D. McAllester, D. Ramanan, "Object detection with
       discriminatively trained part-based models", IEEE TPAMI 32(9), 2010. The 31 channels are
       theirs; they leave the outermost cells away, which we keep. To a block's energy they add
       1e-4, we 256^2 grey levels: an edge of 11 levels is halved, so grain is not taken for edges.
    """
    # Imported here: an engine that only averages need not load the compiler.
    from explorer.kernels.cells import hog_kernel
    from explorer.kernels.jit import read_only
    from explorer.kernels.threads import blocks, for_each

    rows, columns = grid_of(images)
    features = np.empty((len(images), rows, columns, CHANNELS), np.float32)
    pixels = read_only(images)
    directions, lengths = (read_only(table) for table in gradient_tables())
    for_each(
        lambda block: hog_kernel(pixels[block], directions, lengths, features[block]),
        blocks(len(images), BLOCK),
    )
    return features


def grid_of(images: ByteArray) -> tuple[int, int]:
    """Return how many cells an image has, down and across, or raise `ArrayError`."""
    sizes = check_array(images, "images", "N H W 3", np.uint8)
    if min(sizes["H"], sizes["W"]) < CELL:
        raise ArrayError(
            f"images must be at least {CELL} x {CELL} pixels, got {sizes['H']} x {sizes['W']}"
        )
    return sizes["H"] // CELL, sizes["W"] // CELL


@cache
def gradient_tables() -> tuple[npt.NDArray[np.uint8], FloatArray]:
    """Return direction and length of every gradient of bytes.

    Returns
    -------
    directions : (511, 511) uint8
        At [dy + 255, dx + 255] the nearest of 18 directions, 20 degrees apart, 0 to the right and
        4.5 downward. Of two as near, the one first in 0, 9, 1, 10, 2, ...
    lengths : (511, 511) float32
        The gradient's length in grey levels for two pixels.
    """
    steps = np.arange(-255.0, 256.0)
    angles = np.arange(9) * np.pi / 9
    dots = steps[:, None, None] * np.sin(angles) + steps[None, :, None] * np.cos(angles)
    # Rounded, so that a tie is a tie: a straight down gradient is as near to 80 as to 100 degrees.
    line = np.abs(dots).round(9).argmax(axis=-1)
    along = np.take_along_axis(dots, line[..., None], axis=-1)[..., 0]
    directions = np.where(along < 0, line + 9, line).astype(np.uint8)
    return directions, np.hypot(steps[:, None], steps).astype(np.float32)
