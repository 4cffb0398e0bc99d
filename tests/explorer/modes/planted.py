"""A collection with planted patterns, described with the statistics that ship."""

import numpy as np

from explorer.hog import hog
from precompute import natural_world

SIDE, PATCH, CORNER = 96, 32, 32
STATISTICS = natural_world.load()


class PlantedView:
    """Pictures of one size in one shard: what mining reads of a collection."""

    height = width = SIDE

    def __init__(self, pictures):
        self.pictures = np.stack(pictures)
        self.size = len(pictures)
        white = natural_world.whitened(hog(self.pictures), STATISTICS)
        planes = natural_world.quantized_planes(white, STATISTICS)
        self._shards = {
            "pixels": [self.pictures],
            "hog": [natural_world.quantized(white, STATISTICS)],
            "hog_planes": [np.ascontiguousarray(planes.transpose(3, 1, 2, 0))],
        }

    def shards(self, feature):
        return self._shards[feature]

    def statistics(self, name):
        return STATISTICS[name]

    def image_id(self, name):
        return None


def noise(seed):
    """A picture with the spectrum of photographs, 1 / f, as no two of them are alike."""
    white = np.fft.fft2(np.random.default_rng(seed).normal(size=(SIDE, SIDE)))
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(SIDE), np.fft.fftfreq(SIDE)))
    pink = np.fft.ifft2(white / np.maximum(frequency, 1 / SIDE)).real
    levels = np.clip(128 + 45 * pink / pink.std(), 0, 255)
    return levels.astype(np.uint8)[..., None].repeat(3, axis=2)


def cross(seed, *, moved=(0, 0)):
    """Noise with a dark cross on white in the middle, moved by (x, y) pixels."""
    stamp = np.full((PATCH, PATCH, 3), 255, np.uint8)
    arm = slice(PATCH * 3 // 8, PATCH * 5 // 8)
    stamp[arm], stamp[:, arm] = 20, 20
    return _stamped(noise(seed), stamp, moved)


def ring(seed, *, moved=(0, 0)):
    """Noise with a light ring on black in the middle."""
    y, x = np.mgrid[:PATCH, :PATCH] - (PATCH - 1) / 2
    is_ring = np.abs(np.hypot(x, y) - PATCH * 0.32) < 3
    stamp = np.where(is_ring[..., None], 230, 0).astype(np.uint8).repeat(3, axis=2)
    return _stamped(noise(seed), stamp, moved)


def _stamped(picture, stamp, moved):
    start = CORNER - (len(stamp) - PATCH) // 2
    x, y = start + moved[0], start + moved[1]
    picture[y : y + len(stamp), x : x + len(stamp)] = stamp
    return picture
