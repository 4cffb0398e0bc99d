"""Pictures moved by a known smooth field."""

import cv2
import numpy as np

from explorer.correspondence.fields import inverted, places, sampled

SIDE = 96


def picture(seed=0):
    """Colored blobs of several sizes, as photographs have them, float32 in [0, 1]."""
    rng = np.random.default_rng(seed)
    total = np.zeros((SIDE, SIDE, 3))
    for size in (1.5, 3, 6, 12):
        blobs = cv2.GaussianBlur(rng.normal(size=(SIDE, SIDE, 3)), (0, 0), size)
        total += blobs / blobs.std()
    return np.clip(0.5 + 0.12 * total, 0, 1).astype(np.float32)


def waves(most=4.0):
    """A field (h, w, 2) that goes up to `most` pixels each way and does not fold."""
    at = places(SIDE, SIDE)
    x, y = at[..., 0] / SIDE * 2 * np.pi, at[..., 1] / SIDE * 2 * np.pi
    return (most * np.stack([np.sin(y), np.cos(x + y / 2)], axis=-1)).astype(np.float32)


def moved(image, field):
    """The picture that has at p + field(p) what `image` has at p."""
    back = inverted(field, (SIDE, SIDE))
    return sampled(image, places(SIDE, SIDE) + back)
