"""Color histograms of the cells of 8 x 8 pixels: 4 x 4 x 4 equal boxes of sRGB."""

import numpy as np

from explorer.arrays import ByteArray
from explorer.hog import grid_of

BINS = 64
BLOCK = 32


def color_histograms(images: ByteArray) -> ByteArray:
    """Count the pixels of each cell by color.

    Parameters
    ----------
    images : (n, H, W, 3) uint8, sRGB
        At least one cell high and wide.

    Returns
    -------
    (n, H // 8, W // 8, 64) uint8
        Pixels in bin 16 r + 4 g + b, where r, g and b are the channels' upper two bits. A cell's
        counts sum to 64.

    Raises
    ------
    ArrayError
        If `images` has another shape or dtype, or is smaller than a cell.

    Examples
    --------
    >>> red = np.full((1, 8, 8, 3), (255, 0, 0), np.uint8)
    >>> color_histograms(red)[0, 0, 0].nonzero()[0]
    array([48])
    """
    from explorer.kernels.cells import histogram_kernel
    from explorer.kernels.jit import read_only
    from explorer.kernels.threads import blocks, for_each

    counts = np.zeros((len(images), *grid_of(images), BINS), np.uint8)
    pixels = read_only(images)
    for_each(
        lambda block: histogram_kernel(pixels[block], counts[block]), blocks(len(images), BLOCK)
    )
    return counts
