"""How sharp an average is: the one definition that the page and the evaluation share."""

import numpy as np

from explorer.arrays import FloatArray, check_array


def sharpness(average: FloatArray) -> float:
    """Return the mean length of the gradient, in grey levels a pixel.

    Parameters
    ----------
    average : (H, W, 3) float32, sRGB
        In [0, 1], at least 2 x 2.

    Returns
    -------
    float
        Of the mean of the three channels, by central differences; one-sided at the border.

    Examples
    --------
    >>> ramp = np.broadcast_to(np.arange(5, dtype=np.float32)[:, None, None] / 255, (5, 4, 3))
    >>> round(sharpness(ramp), 3)
    1.0
    """
    check_array(average, "average", "H W 3")
    down, right = np.gradient(average.mean(axis=-1) * np.float32(255))
    return float(np.hypot(down, right).mean())
