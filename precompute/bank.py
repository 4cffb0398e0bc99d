"""A bank of patches of unrelated photographs, for modes by the letter of the thesis."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.arrays import FloatArray
from explorer.modes.patches import DRAWN, MEAN_SHARE
from precompute import natural_world

PATCHES = 100_000
BYTES = 512_000_000


class Bank:
    """Random patches of every size from a folder of photographs, in FAISS (on a GPU if any).

    Parameters
    ----------
    photos
        The folder.
    statistics
        Of the collection, whose HOG is compared.
    """

    def __init__(self, photos: Path, statistics: natural_world.Statistics) -> None:
        grids = natural_world.hog_grids(photos)
        white = natural_world.quantized(natural_world.whitened(grids, statistics), statistics)
        self._is_drawn = (white != 0).any(axis=-1)
        mean = MEAN_SHARE * statistics["hog_mean"] @ statistics["hog_whitening"]
        self._cells = white * np.float32(statistics["hog_scale"]) - np.float32(mean)
        self._indexes: dict[int, Any] = {}

    def prepare(self, side: int) -> None:
        """Make the index of one side; after that several threads may search it."""
        import faiss

        if side not in self._indexes:
            patches = self._patches(side)
            index: Any = faiss.IndexFlatIP(patches.shape[1])
            if faiss.get_num_gpus():
                index = faiss.index_cpu_to_all_gpus(index)
            index.add(patches)
            self._indexes[side] = index

    def nearest(self, side: int, queries: FloatArray, k: int) -> tuple[FloatArray, int]:
        """Return the similarities (S, k) of the k nearest patches, falling, and how many there are.

        See `explorer.modes.exact.Nearest`.
        """
        self.prepare(side)
        index = self._indexes[side]
        return index.search(queries, min(k, index.ntotal))[0], index.ntotal

    def _patches(self, side: int) -> FloatArray:
        """Draw at most 100,000 patches and 512 MB: unit vectors, none of them blank."""
        rng = np.random.default_rng(side)
        photos, height, width = self._cells.shape[:3]
        length = side * side * self._cells.shape[-1]
        wished = min(PATCHES, BYTES // (4 * length))
        found: list[npt.NDArray[np.float32]] = []
        for _ in range(max(1, round(wished / photos))):
            row = int(rng.integers(height - side + 1))
            column = int(rng.integers(width - side + 1))
            rows, columns = slice(row, row + side), slice(column, column + side)
            is_drawn = self._is_drawn[:, rows, columns].mean(axis=(1, 2)) >= DRAWN
            found.append(self._cells[is_drawn, rows, columns].reshape(-1, length))
        patches = np.concatenate(found)
        lengths = np.linalg.norm(patches, axis=1, keepdims=True)
        return np.asarray(patches / np.maximum(lengths, 1e-6), np.float32)
