"""What the fast paths must compute, in plain float64 NumPy: short, slow, and only for tests.

Each function says the same as its fast twin in as few steps as possible and shares no code with it.
"""

import numpy as np
import numpy.typing as npt

from explorer.arrays import ByteArray

DoubleArray = npt.NDArray[np.float64]


def hog_reference(image: ByteArray) -> DoubleArray:
    """Return the 31 channels of `explorer.hog.hog` for one image.

    Parameters
    ----------
    image : (H, W, 3) uint8, sRGB

    Returns
    -------
    (H // 8, W // 8, 31) float64
    """
    height, width = image.shape[:2]
    cells_y, cells_x = height // 8, width // 8
    padded = np.pad(image.astype(np.float64), ((1, 1), (1, 1), (0, 0)), mode="edge")
    dy = padded[2:, 1:-1] - padded[:-2, 1:-1]
    dx = padded[1:-1, 2:] - padded[1:-1, :-2]
    channel = (dy**2 + dx**2).argmax(axis=-1)[..., None]
    dy, dx = (np.take_along_axis(d, channel, axis=-1)[..., 0] for d in (dy, dx))

    # Vote for the nearest of 18 directions in the four nearest cells, by distance.
    angles = np.arange(9) * np.pi / 9
    dots = dx[..., None] * np.cos(angles) + dy[..., None] * np.sin(angles)
    line = np.abs(dots).round(9).argmax(axis=-1)
    direction = line + 9 * (np.take_along_axis(dots, line[..., None], axis=-1)[..., 0] < 0)
    votes = np.zeros((cells_y, cells_x, 18))
    centers_y, centers_x = np.arange(cells_y) * 8 + 3.5, np.arange(cells_x) * 8 + 3.5
    near_y = np.maximum(0, 1 - np.abs(centers_y[:, None] - np.arange(height)) / 8)
    near_x = np.maximum(0, 1 - np.abs(centers_x[:, None] - np.arange(width)) / 8)
    for o in range(18):
        votes[..., o] = near_y @ np.where(direction == o, np.hypot(dy, dx), 0) @ near_x.T

    # Normalize by each of the four blocks of 2 x 2 cells that hold the cell, and sum.
    both = votes[..., :9] + votes[..., 9:]
    energy = np.pad((both**2).sum(axis=-1), 1, mode="edge")
    blocks = energy[:-1, :-1] + energy[:-1, 1:] + energy[1:, :-1] + energy[1:, 1:]
    scales = 1 / np.sqrt(blocks + 65536)
    corners = [scales[:-1, :-1], scales[:-1, 1:], scales[1:, :-1], scales[1:, 1:]]
    signed = [np.minimum(votes * scale[..., None], 0.2) for scale in corners]
    unsigned = [np.minimum(both * scale[..., None], 0.2) for scale in corners]
    texture = [0.2357 * s.sum(axis=-1, keepdims=True) for s in signed]
    return np.concatenate([0.5 * np.sum(signed, 0), 0.5 * np.sum(unsigned, 0), *texture], axis=-1)


def agreement_reference(counts: ByteArray, color: tuple[int, int, int]) -> DoubleArray:
    """Return how much each cell shows a color, before it is rounded to a byte.

    Parameters
    ----------
    counts : (n, Y, X, 64) uint8
        Pixels of each cell by bin.
    color
        sRGB, 0 to 255.

    Returns
    -------
    (n, Y, X) float64
        In [0, 1].
    """
    centers = np.array([(r, g, b) for r in range(4) for g in range(4) for b in range(4)]) * 64 + 32
    weights = np.exp(-((centers - np.asarray(color, float)) ** 2).sum(axis=1) / (2 * 40.0**2))
    weights /= weights.max()
    return counts @ np.where(weights < 0.02, 0, weights) / 64


def match_reference(
    fields: DoubleArray,
    template: DoubleArray,
    offsets: npt.NDArray[np.int32],
    prices: DoubleArray | float = 0.0,
) -> tuple[DoubleArray, npt.NDArray[np.int64]]:
    """Return the greatest dot product of a template with fields over the offsets, and which it is.

    Parameters
    ----------
    fields : (n, Y, X, C) float64
        The images' features; outside the grid they are 0.
    template : (Y, X, C) float64
        What is looked for; 0 where a cell does not count.
    offsets : (P, 2) int
        (y, x) in cells.
    prices : (P,) float64
        What each offset costs.

    Returns
    -------
    best : (n,) float64
    index : (n,) int
        The first offset that has it.
    """
    height, width = template.shape[:2]
    sums = []
    for dy, dx in offsets:
        moved = np.zeros_like(template)
        for y in range(max(0, dy), min(height, height + dy)):
            for x in range(max(0, dx), min(width, width + dx)):
                moved[y, x] = template[y - dy, x - dx]
        sums.append((fields * moved).sum(axis=(1, 2, 3)))
    scores = np.array(sums) - np.broadcast_to(prices, len(offsets))[:, None]
    return scores.max(axis=0), scores.argmax(axis=0)


def average_reference(images: ByteArray, weights: npt.NDArray[np.float32]) -> DoubleArray:
    """Return sum_i w_i I_i / sum_i w_i of images (N, H, W, 3), in [0, 1]."""
    shares = weights.astype(np.float64) / weights.sum(dtype=np.float64)
    return np.tensordot(shares, images / 255.0, axes=1)
