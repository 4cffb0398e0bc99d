"""What the maps and the drawing must compute, in plain float64: short, slow, and only for tests."""

import numpy as np

from explorer.alignment.mls import Kind
from explorer.arrays import ByteArray, DoubleArray


def mls_reference(
    targets: DoubleArray, sources: DoubleArray, kind: Kind, at: DoubleArray
) -> DoubleArray:
    """Return where one pixel `at` (2,) of the canvas lies in an image, by the formulas of [1]_.

    Parameters
    ----------
    targets, sources : (K, 2) float64
        Control points (x, y) of the canvas and of the image; at least two, for an affine map three
        that do not lie on a line.
    kind
        "similarity", "rigid" or "affine".
    at : (2,) float64
        No control point: there, the answer is its source.

    References
    ----------
    .. [1] S. Schaefer, T. McPhail, J. Warren, "Image Deformation Using Moving Least Squares",
       ACM Trans. Graph. 25(3), 2006, Eqs. 5 to 8, with alpha = 1.
    """
    weights = 1 / ((targets - at) ** 2).sum(axis=1)
    from_middle = (weights[:, None] * targets).sum(axis=0) / weights.sum()
    to_middle = (weights[:, None] * sources).sum(axis=0) / weights.sum()
    p, q, arm = targets - from_middle, sources - to_middle, at - from_middle
    if kind == "affine":
        moments = sum(w * np.outer(one, one) for w, one in zip(weights, p, strict=True))
        mixed = sum(w * np.outer(a, b) for w, a, b in zip(weights, p, q, strict=True))
        return np.asarray(arm @ np.linalg.inv(moments) @ mixed + to_middle)
    turned = np.zeros(2)
    for w, one, other in zip(weights, p, q, strict=True):
        rows = np.stack([one, -_across(one)])
        columns = np.stack([arm, -_across(arm)]).T
        turned += other @ (w * rows @ columns)
    if kind == "rigid":
        return np.asarray(np.linalg.norm(arm) * turned / np.linalg.norm(turned) + to_middle)
    return np.asarray(turned / (weights * (p**2).sum(axis=1)).sum() + to_middle)


def _across(vector: DoubleArray) -> DoubleArray:
    return np.array([-vector[1], vector[0]])


def places_reference(nodes: DoubleArray, height: int, width: int, spacing: float) -> DoubleArray:
    """Return the place (H, W, 2) of every pixel, from nodes (Y, X, 2) so many pixels apart."""
    rows = [
        [_bilinear(nodes, x / spacing, y / spacing) for x in range(width)] for y in range(height)
    ]
    return np.array(rows)


def warp_reference(image: ByteArray, places: DoubleArray) -> tuple[DoubleArray, DoubleArray]:
    """Draw one image pixel by pixel.

    Parameters
    ----------
    image : (H, W, 3) uint8
    places : (h, w, 2) float64
        For each pixel of the canvas, the pixel (x, y) of the image.

    Returns
    -------
    drawn : (h, w, 3) float64
        In [0, 255], 0 where the image does not reach.
    cover : (h, w) float64
        1 where the image reaches: to half a pixel beyond the centers of its outermost pixels.
    """
    (height, width), values = image.shape[:2], image.astype(np.float64)
    drawn, cover = np.zeros((*places.shape[:2], 3)), np.zeros(places.shape[:2])
    for row, column in np.ndindex(*places.shape[:2]):
        x, y = places[row, column]
        if -0.5 <= x <= width - 0.5 and -0.5 <= y <= height - 0.5:
            cover[row, column] = 1
            drawn[row, column] = _bilinear(values, x, y)
    return drawn, cover


def _bilinear(values: DoubleArray, x: float, y: float) -> DoubleArray:
    """Return values (Y, X, C) at a place; the nearest ones where it is outside."""
    rows, columns = values.shape[:2]
    x, y = min(max(x, 0), columns - 1), min(max(y, 0), rows - 1)
    left, top = min(int(x), columns - 2), min(int(y), rows - 2)
    right_share, low_share = x - left, y - top
    upper = (1 - right_share) * values[top, left] + right_share * values[top, left + 1]
    lower = (1 - right_share) * values[top + 1, left] + right_share * values[top + 1, left + 1]
    return np.asarray((1 - low_share) * upper + low_share * lower)
