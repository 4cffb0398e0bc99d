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
    scales = 1 / np.sqrt(blocks + 1e-4)
    corners = [scales[:-1, :-1], scales[:-1, 1:], scales[1:, :-1], scales[1:, 1:]]
    signed = [np.minimum(votes * scale[..., None], 0.2) for scale in corners]
    unsigned = [np.minimum(both * scale[..., None], 0.2) for scale in corners]
    texture = [0.2357 * s.sum(axis=-1, keepdims=True) for s in signed]
    return np.concatenate([0.5 * np.sum(signed, 0), 0.5 * np.sum(unsigned, 0), *texture], axis=-1)
