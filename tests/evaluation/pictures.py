"""Small pictures that tests of the comparison of clusters share."""

import cv2
import numpy as np

from evaluation.baselines.values import Clustering
from explorer.alignment.maps import Maps, grid_points

SIDE = 64


class Pictures:
    """A view of pictures in memory, in two shards."""

    def __init__(self, pictures):
        self.pixels = np.stack(pictures).astype(np.uint8)
        self.size, self.height, self.width = self.pixels.shape[:3]

    def shards(self, feature):
        assert feature == "pixels"
        return [self.pixels[: self.size // 2], self.pixels[self.size // 2 :]]


def bar(angle, rng, shift=(0, 0)):
    """A dark bar on paper with a little noise, upright or lying."""
    image = np.full((SIDE, SIDE, 3), 230.0)
    half = (18, 5) if angle == "upright" else (5, 18)
    y, x = 32 + shift[0], 32 + shift[1]
    image[y - half[0] : y + half[0], x - half[1] : x + half[1]] = 40
    return np.clip(image + rng.normal(0, 6, image.shape), 0, 255).astype(np.uint8)


def texture(seed, size=SIDE):
    noise = np.random.default_rng(seed).normal(size=(size, size, 1))
    soft = cv2.GaussianBlur(noise, (0, 0), 2)[..., None]
    return np.clip(128 + 300 * np.repeat(soft, 3, axis=2), 0, 255).astype(np.uint8)


def shifted_maps(rows, shifts):
    """Maps that draw at (x, y) what the image has at (x + dx, y + dy)."""
    grid = grid_points(SIDE, SIDE)
    nodes = np.stack([grid + np.float32(shift) for shift in shifts])
    return Maps(rows=np.int32(rows), nodes=nodes, mirrored=np.zeros(len(rows), bool))


def one_cluster(size, maps=None):
    return Clustering(
        name="one",
        weights=np.full((size, 1), 1 / size, np.float32),
        labels=np.zeros(size, np.int32),
        maps=(maps,),
    )
