"""Edges of each direction, in proportion to all edges nearby: what images are lined up by."""

import numpy as np

from explorer.arrays import ByteArray, FloatArray

DIRECTIONS = 8
SHRUNK = 2
"""Images are compared at half their size."""
SOFT = 0.8
"""Standard deviation of the blur before edges are looked for, in pixels."""
NEARBY = 6.0
"""Standard deviation of the neighborhood in proportion to which edges are, in shrunk pixels."""
FAINT = 1.5
"""Edges of so many grey levels a pixel are too faint to be amplified."""


def edge_maps(image: ByteArray) -> FloatArray:
    """Return how much edge of each of 8 directions an image (H, W, 3) has, (h, w, 8), shrunk."""
    import cv2

    grey = cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_RGB2GRAY).astype(np.float32)
    size = (grey.shape[1] // SHRUNK, grey.shape[0] // SHRUNK)
    return np.asarray(cv2.resize(directed_edges(grey), size, interpolation=cv2.INTER_AREA))


def directed_edges(grey: FloatArray) -> FloatArray:
    """Return how much edge of each of 8 directions there is, (H, W, 8), in grey levels a pixel."""
    import cv2

    soft = blurred(grey, SOFT)
    right = np.asarray(cv2.Sobel(soft, cv2.CV_32F, 1, 0, scale=1 / 8))
    down = np.asarray(cv2.Sobel(soft, cv2.CV_32F, 0, 1, scale=1 / 8))
    turn = (np.arctan2(down, right) % (2 * np.pi)) * (DIRECTIONS / (2 * np.pi))
    lower = np.floor(turn)
    length, share = np.hypot(right, down), turn - lower
    edges = np.zeros((*grey.shape, DIRECTIONS), np.float32)
    rows, columns = np.ogrid[: grey.shape[0], : grey.shape[1]]
    first = lower.astype(np.int32) % DIRECTIONS
    edges[rows, columns, first] = length * (1 - share)
    edges[rows, columns, (first + 1) % DIRECTIONS] = length * share
    return edges


def smeared_edges(edges: FloatArray, smeared: float, around: float = NEARBY) -> FloatArray:
    """Return smeared edges in proportion to all edges nearby."""
    smear = blurred(edges, smeared)
    length: FloatArray = np.sqrt(np.einsum("yxc,yxc->yx", smear, smear))
    nearby = blurred(length, around)
    features: FloatArray = smear / (nearby + np.float32(FAINT))[..., None]
    return features


def blurred(values: FloatArray, deviation: float) -> FloatArray:
    """Return values (h, w) or (h, w, C) blurred by a Gaussian."""
    import cv2

    return np.asarray(cv2.GaussianBlur(values, (0, 0), deviation))


def sampled(values: FloatArray, places: FloatArray) -> FloatArray:
    """Return values (h, w, C) at places (h, w, 2) between pixels; beyond the border, its value."""
    import cv2

    x, y = np.ascontiguousarray(places[..., 0]), np.ascontiguousarray(places[..., 1])
    parts = [
        cv2.remap(
            np.ascontiguousarray(values[..., start : start + 4]),
            x,
            y,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        for start in range(0, values.shape[-1], 4)
    ]
    return np.concatenate(parts, axis=-1)
