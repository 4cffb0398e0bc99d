"""From a template's weights to terms that a kernel can add up in 16 bits."""

import numpy as np

from explorer.arrays import FloatArray, IntArray

PLANE_LIMIT = 31  # six bits: the greatest absolute value in the feature "hog_planes"
WEIGHT_LIMIT = 63
GROUP_LIMIT = 32767 // PLANE_LIMIT


def quantized(weights: FloatArray) -> tuple[IntArray, float]:
    """Round weights to integers within +-63.

    Parameters
    ----------
    weights : (m, C) float32

    Returns
    -------
    integers : (m, C) int32
    unit : float
        `integers * unit` is nearest to `weights`.

    Examples
    --------
    >>> quantized(np.array([[126.0, -4.0]], np.float32))
    (array([[63, -2]], dtype=int32), 2.0)
    """
    unit = float(np.abs(weights).max()) / WEIGHT_LIMIT or 1.0
    integers: IntArray = np.rint(weights / unit).astype(np.int32)
    return integers, unit


def grouped(cells: IntArray, weights: IntArray) -> tuple[IntArray, IntArray]:
    """List the terms of a template in groups whose sums fit 16 bits.

    Parameters
    ----------
    cells : (m, 2) int32
        (y, x).
    weights : (m, C) int32
        Within +-63.

    Returns
    -------
    terms : (T, 4) int32
        y, x, plane, weight of each weight that is not 0.
    groups : (G + 1,) int32
        Where each group starts and, last, where the last one ends. In a group the absolute weights
        sum to 1057 at most.
    """
    places, planes = np.nonzero(weights)
    values = weights[places, planes]
    groups, held = [0], 0
    for t, weight in enumerate(np.abs(values).tolist()):
        if held + weight > GROUP_LIMIT:
            groups.append(t)
            held = 0
        held += weight
    groups.append(len(values))
    terms = np.column_stack([cells[places], planes, values]).astype(np.int32)
    return np.ascontiguousarray(terms), np.array(groups, np.int32)
