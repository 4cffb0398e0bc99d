"""From a template's weights to terms that a kernel can add up in 16 bits."""

import numpy as np

from explorer.arrays import FloatArray, IntArray

PLANE_LIMIT = 31  # six bits: the greatest absolute value in the feature "hog_planes"
WEIGHT_LIMIT = 63
SHORT_LIMIT = 32767


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


def grouped(
    cells: IntArray, weights: IntArray, plane_limit: int = PLANE_LIMIT
) -> tuple[IntArray, IntArray]:
    """List the terms of a template in groups whose sums fit 16 bits.

    Parameters
    ----------
    cells : (m, 2) int32
        (y, x).
    weights : (m, C) int32
        Within +-63.
    plane_limit
        The greatest absolute value in the planes.

    Returns
    -------
    terms : (T, 4) int32
        y, x, plane, weight of each weight that is not 0.
    groups : (G + 1,) int32
        Where each group starts and, last, where the last one ends. In a group the absolute weights
        sum to 32767 / `plane_limit` at most.
    """
    places, planes = np.nonzero(weights)
    values = weights[places, planes]
    groups, held = [0], 0
    for t, weight in enumerate(np.abs(values).tolist()):
        if held + weight > SHORT_LIMIT // plane_limit:
            groups.append(t)
            held = 0
        held += weight
    groups.append(len(values))
    terms = np.column_stack([cells[places], planes, values]).astype(np.int32)
    return np.ascontiguousarray(terms), np.array(groups, np.int32)


def strongest(integers: IntArray, count: int) -> IntArray:
    """Return the weights with all but the `count` greatest, and those equal to the last, at 0."""
    sizes = np.sort(np.abs(integers), axis=None)
    if count >= sizes.size:
        return integers
    return np.where(np.abs(integers) >= sizes[-count], integers, 0).astype(np.int32)


def terms_of_sizes(
    cells: tuple[IntArray, ...], weights: tuple[IntArray, ...], plane_limit: int
) -> tuple[IntArray, IntArray, IntArray]:
    """List the terms of templates one after another.

    Parameters
    ----------
    cells, weights, plane_limit
        Of each size, as of `grouped`.

    Returns
    -------
    terms : (T, 4) int32
    groups : (G + 1,) int32
        As of `grouped`, of all sizes.
    starts : (S + 1,) int32
        Which groups each size has.
    """
    parts = [grouped(c, w, plane_limit) for c, w in zip(cells, weights, strict=True)]
    counts = np.cumsum([0, *(len(terms) for terms, _ in parts)])
    groups = [part[:-1] + begin for (_, part), begin in zip(parts, counts, strict=False)]
    starts = np.cumsum([0, *map(len, groups)])
    ends = np.concatenate([*groups, counts[-1:]])
    terms = np.concatenate([terms for terms, _ in parts])
    return terms, ends.astype(np.int32), starts.astype(np.int32)


def in_runs(cells: IntArray, weights: FloatArray) -> tuple[IntArray, FloatArray]:
    """Join cells side by side, so that a row of an image is read in one go.

    Parameters
    ----------
    cells : (m, 2) int32
        (y, x).
    weights : (m, C) float32

    Returns
    -------
    runs : (R, 4) int32
        y, first x, how many cells, and which of the ordered cells is the first.
    weights : (m * C,) float32
        Of the cells in that order.

    Examples
    --------
    >>> in_runs(np.array([[1, 5], [0, 2], [1, 4]], np.int32), np.zeros((3, 31), np.float32))[0]
    array([[0, 2, 1, 0],
           [1, 4, 2, 1]], dtype=int32)
    """
    order = np.lexsort((cells[:, 1], cells[:, 0]))
    ordered = cells[order]
    follows = (np.diff(ordered, axis=0) == (0, 1)).all(axis=1)
    starts = np.flatnonzero(np.concatenate([[True], ~follows]))
    lengths = np.diff(np.append(starts, len(cells)))
    runs = np.column_stack([ordered[starts], lengths, starts]).astype(np.int32)
    return runs, np.ascontiguousarray(weights[order]).reshape(-1)
