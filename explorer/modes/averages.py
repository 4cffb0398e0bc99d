"""The average patch of a mode: its matches laid over each other."""

import cv2
import numpy as np

from explorer.arrays import ByteArray, FloatArray
from explorer.modes.values import SpotModes
from explorer.view import View

MEMBERS = 50


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
    total, mass = np.zeros((side, side, 3)), 0.0
    shards = view.shards("pixels")
    starts = np.cumsum([0] + [len(shard) for shard in shards])
    for k in best:
        image = int(images[k])
        number = int(np.searchsorted(starts, image, side="right")) - 1
        dx, dy = modes.places[matches][k]
        reach = side * float(modes.scales[matches][k])
        center = (x + side / 2 + float(dx), y + side / 2 + float(dy))
        corner = [max(0, round(value - reach / 2)) for value in center]
        pixels = shards[number][image - starts[number]]
        patch = pixels[corner[1] : corner[1] + round(reach), corner[0] : corner[0] + round(reach)]
        if patch.shape[:2] != (side, side):
            patch = cv2.resize(patch, (side, side), interpolation=cv2.INTER_AREA)
        total += worth[k] * patch
        mass += worth[k]
    average: ByteArray = np.rint(total / max(mass, 1e-12)).astype(np.uint8)
    return average
