"""What tests of several packages share: a collection in memory."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from explorer.histograms import color_histograms
from explorer.hog import hog
from precompute import natural_world
from precompute.descriptors import describe

UNIT = np.float32(0.4 / 127)
WORLD = {name: array for name, array in natural_world.load().items() if name.startswith("world_")}


@dataclass
class MemoryView:
    """A collection of the given images in shards of two, its HOG not whitened."""

    images: np.ndarray
    names: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.size, self.height, self.width, _ = self.images.shape
        self.names = self.names or [f"{row}.jpg" for row in range(self.size)]
        parts = [self.images[start : start + 2] for start in range(0, self.size, 2)]
        features = [np.rint(hog(part) / UNIT).astype(np.int8) for part in parts]
        self._features = {
            "pixels": parts,
            "thumbs": [np.ascontiguousarray(part[:, ::2, ::2]) for part in parts],
            "color": [
                np.ascontiguousarray(color_histograms(part).transpose(3, 1, 2, 0)) for part in parts
            ],
            "hog": features,
            "descriptor": [describe(part) for part in parts],
            "hog_planes": [
                np.ascontiguousarray(np.clip(rows[..., :16] // 4, -31, 31).transpose(3, 1, 2, 0))
                for rows in features
            ],
        }
        self._statistics = WORLD | {
            "hog_mean": np.full(31, 0.05, np.float32),
            "hog_whitening": np.eye(31, dtype=np.float32),
            "hog_scale": np.array(UNIT),
            "hog_basis": np.eye(31, 16, dtype=np.float32),
            "hog_planes_scale": np.array(4 * UNIT),
        }

    def shards(self, feature):
        return self._features[feature]

    def statistics(self, name):
        return self._statistics[name]

    def image_id(self, name):
        return self.names.index(name) if name in self.names else None


@pytest.fixture(scope="session")
def memory_view():
    return MemoryView
