"""Where averages can be trusted, as the page shows it; what was computed last is kept."""

import cv2
import numpy as np

from explorer.arrays import ByteArray, FloatArray
from explorer.engine import Exploration
from explorer.keypoints.trust import trust_of
from ui.library import Library

KEPT = 16
MUSH, SHARP = 0.15, 0.5
"""Trust at which the average is hidden as far as it is, and at which it is shown as it is."""
SHADE = (24, 26, 44)
"""Color that lies over what is not to be trusted, sRGB."""
DARKEST = 0.75
"""How much of the average it hides where there is no trust at all."""


class Trusts:
    """Computes where averages can be trusted, once for each average at rest."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[Exploration, FloatArray]] = {}

    def of(
        self, library: Library, collection: str, cluster: str, exploration: Exploration
    ) -> FloatArray:
        """Return the trust (H, W) of a cluster of a collection, from 0 to 1."""
        key = collection, cluster
        known = self._kept.pop(key, None)
        if known is None or known[0] is not exploration:
            known = exploration, trust_of(library, exploration)
        self._kept[key] = known
        while len(self._kept) > KEPT:
            self._kept.pop(next(iter(self._kept)), None)
        return known[1]


def overlay(trust: FloatArray) -> bytes:
    """Return a PNG to lay over an average: clear where it is sharp, dark where it is mush."""
    picture: ByteArray = np.empty((*trust.shape, 4), np.uint8)
    picture[..., :3] = SHADE[::-1]
    clear = ((trust - MUSH) / (SHARP - MUSH)).clip(0, 1)
    picture[..., 3] = np.rint(255 * DARKEST * (1 - clear * clear * (3 - 2 * clear)))
    return cv2.imencode(".png", picture)[1].tobytes()


def trust_at(trust: FloatArray, x: float, y: float) -> float:
    """Return the trust at a place of the canvas, in canvas units."""
    height, width = trust.shape
    row, column = min(int(y * height), height - 1), min(int(x * width), width - 1)
    return round(float(trust[row, column]), 3)
