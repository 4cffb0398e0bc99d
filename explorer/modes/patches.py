"""Patches as vectors: pooled cells of the planes of whitened HOG, less a part of their mean.

A patch of 32, 48, 80 or 128 pixels is a grid of 4 x 4, 6 x 6, 5 x 5 or 4 x 4 pooled cells, 16
numbers each. A quarter of what every photograph has is taken away, so that the cosine of two
patches says how alike they are in what is special about them.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from explorer.arrays import FloatArray, IntArray
from explorer.kernels.jit import read_only
from explorer.kernels.patches import gather_kernel, lookup_table, pooled_kernel
from explorer.view import View

POOL = {4: 1, 6: 1, 10: 2, 16: 4}
"""Cells of a side that are averaged into one, by the side of the patch in cells."""
SCALE = {1: 2.0, 2: 4.0, 4: 4.0}
"""How many steps of 8 bits one step of the planes becomes, by the pool."""

MEAN_SHARE = 0.25
"""How much of the mean of the natural world is taken from a patch. All of it tells garments apart
(labels of the nearest 20 of random patches: 27 % the same instead of 22 %), none of it mouths (48 %
of the variance of their opening instead of 41 %), people with glasses, and shoes."""
DRAWN = 0.4
"""A patch of which a smaller share of the cells has an edge is blank: it is like nothing."""

SignedBytes = npt.NDArray[np.int8]


def world_mean(view: View) -> FloatArray:
    """Return (16,) what is taken from the planes: a share of their mean in the natural world."""
    mean = MEAN_SHARE * view.statistics("hog_mean") @ view.statistics("hog_whitening")
    planes = mean @ view.statistics("hog_basis")
    return np.asarray(planes / view.statistics("hog_planes_scale"), np.float32)


@dataclass(frozen=True, slots=True)
class Region:
    """The pooled cells of n images around a spot.

    Attributes
    ----------
    corner
        (row, column) in the image of the first cell.
    pool
        Cells along a side that are averaged.
    cells : (R, Q, 16, n) int8
        Pooled cells at every place, so that neighbours overlap.
    energies : (R, Q, n) int32
        Sums of their squares.
    blank
        The energy of a cell without any edge.
    """

    corner: tuple[int, int]
    pool: int
    cells: SignedBytes
    energies: IntArray
    blank: int

    def patches(self, place: tuple[int, int], side: int) -> tuple[SignedBytes, FloatArray]:
        """Return each image's patch of side x side pooled cells that begins at `place`.

        Returns
        -------
        patches : (side * side * 16, n) int8
        inverse : (n,) float32
            One over their lengths; 0 for patches most of whose cells have no edge.
        """
        n = self.cells.shape[-1]
        patches = np.empty((side * side * self.cells.shape[2], n), np.int8)
        inverse = np.empty(n, np.float32)
        start = (place[0] - self.corner[0], place[1] - self.corner[1])
        least = int(np.ceil(DRAWN * side * side))
        shape = (side, self.pool, least, self.blank)
        gather_kernel(  # type: ignore[no-untyped-call]
            self.cells, self.energies, start, shape, patches, inverse
        )
        return patches, inverse


def region_of(
    planes: SignedBytes, box: tuple[int, int, int, int], pool: int, mean: FloatArray
) -> Region:
    """Pool the cells of a box.

    Parameters
    ----------
    planes : (16, Y, X, n) int8
        `hog_planes` of a shard.
    box
        (row, column, rows, columns) of cells.
    pool
        Cells along a side that are averaged.
    mean : (16,) float32
        As of `world_mean`.
    """
    row, column, rows, columns = box
    shape = (rows - pool + 1, columns - pool + 1)
    cells = np.empty((*shape, planes.shape[0], planes.shape[-1]), np.int8)
    energies = np.empty((*shape, planes.shape[-1]), np.int32)
    table = lookup_table(mean, pool, SCALE[pool])
    pooled_kernel(  # type: ignore[no-untyped-call]
        read_only(planes), (row, column), pool, read_only(table), cells, energies
    )
    blank = (table[:, table.shape[1] // 2].astype(np.int32) ** 2).sum()
    return Region((row, column), pool, cells, energies, int(blank))


def resized_templates(templates: FloatArray, side: int) -> FloatArray:
    """Stretch templates to another number of cells: an approximation of the patch at another scale.

    Features of nearby scales are nearly a resampling of each other (Dollar et al., "Fast Feature
    Pyramids for Object Detection", PAMI 2014).

    Parameters
    ----------
    templates : (K, g * g * 16) float32
        Patches as vectors.
    side
        Cells along a side that are wished for.

    Returns
    -------
    (K, side * side * 16) float32
    """
    count = len(templates)
    grid = round(np.sqrt(templates.shape[1] / 16))
    maps = templates.reshape(count, grid, grid, 16)
    resized = [
        cv2.resize(one, (side, side), interpolation=cv2.INTER_LINEAR).reshape(-1) for one in maps
    ]
    return np.stack(resized).astype(np.float32)


def as_bytes(vectors: FloatArray) -> tuple[SignedBytes, FloatArray]:
    """Return vectors (K, d) as int8 that use the whole range, and one over their lengths (K,)."""
    most = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-6)
    quantized = np.rint(vectors * (127 / most)).astype(np.int8)
    lengths = np.linalg.norm(quantized.astype(np.float32), axis=1)
    return quantized, (1 / np.maximum(lengths, 1e-6)).astype(np.float32)
