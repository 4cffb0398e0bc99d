"""The average patch of a mode: its matches laid over each other."""

import cv2
import numpy as np

from explorer.arrays import ByteArray, FloatArray
from explorer.kernels import kernels
from explorer.modes.values import SpotModes
from explorer.view import View

MEMBERS = 50
AREA = cv2.INTER_AREA


def average_patch(view: View, modes: SpotModes, index: int, weights: FloatArray) -> ByteArray:
    """Return the average of the best matches of a mode, each cut out where it matched.

    Parameters
    ----------
    view
        The collection.
    modes, index
        The mode.
    weights : (N,) float32
        Each image's share of the average.

    Returns
    -------
    (S, S, 3) uint8, sRGB
        S is the side of the spot in pixels.
    """
    x, y, side, _ = modes.spot.box
    matches = slice(modes.starts[index], modes.starts[index + 1])
    images, scores = modes.images[matches], modes.scores[matches]
    worth = weights[images] * scores
    best = np.argsort(-worth, kind="stable")[:MEMBERS]
    shards = view.shards("pixels")
    starts = np.cumsum([0] + [len(shard) for shard in shards])
    numbers = np.searchsorted(starts, images[best], side="right") - 1
    rows = images[best] - starts[numbers]
    lengths = np.rint(side * modes.scales[matches][best]).astype(int)
    middles = np.array([x, y]) + side / 2 + modes.places[matches][best]
    corners = np.maximum(np.rint(middles - lengths[:, None] / 2), 0).astype(int)
    cuts = zip(numbers.tolist(), rows.tolist(), lengths.tolist(), corners.tolist(), strict=True)
    patches = np.empty((len(best), side, side, 3), np.uint8)
    for patch, (number, row, length, (left, top)) in zip(patches, cuts, strict=True):
        cut = shards[number][row, top : top + length, left : left + length]
        fits = cut.shape == patch.shape
        patch[:] = cut if fits else cv2.resize(cut, (side, side), interpolation=AREA)
    shares = (worth[best] / max(float(worth[best].sum()), 1e-12)).astype(np.float32)
    return np.rint(kernels().weighted_sum([patches], shares)).astype(np.uint8)
