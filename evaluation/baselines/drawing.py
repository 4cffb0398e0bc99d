"""The averages of any method, drawn by one function, so that no method is drawn better."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from explorer.alignment.maps import NODE, Maps
from explorer.arrays import BoolArray, ByteArray, FloatArray
from explorer.view import View

BLOCK = 128
LEAST = 1e-6
BESIDE = 0.5


Rows: TypeAlias = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """An average.

    Attributes
    ----------
    average : (H, W, 3) float32, sRGB
        In [0, 1].
    valid : (H, W) float32
        The part of the weight that has a pixel there, in [0, 1]; 1 where no image is warped.
    """

    average: FloatArray
    valid: FloatArray

    @property
    def picture(self) -> ByteArray:
        """The average as (H, W, 3) uint8."""
        return np.rint(self.average * 255).astype(np.uint8)


def draw_average(view: View, weights: FloatArray, maps: Maps | None) -> Drawn:
    """Average the images that have weight, each warped if the maps say so.

    Parameters
    ----------
    view
        The collection.
    weights : (N,) float32
        How much each image counts, >= 0; one is > 0.
    maps
        How some of them are warped; pixels beside an image do not count.

    Returns
    -------
    Drawn
        A pixel beside all images is grey.
    """
    rows = np.flatnonzero(weights > 0)
    shares = (weights[rows] / weights[rows].sum(dtype=np.float64)).astype(np.float32)
    total = np.zeros((view.height, view.width, 3), np.float32)
    valid = np.zeros((view.height, view.width), np.float32)
    for start, (pixels, inside) in _blocks(view, rows, maps):
        part = shares[start : start + len(pixels)]
        covered = part[:, None, None] * inside
        valid += covered.sum(axis=0)
        total += np.einsum("nhw,nhwc->hwc", covered, pixels.astype(np.float32))
    average = np.where(valid[..., None] > LEAST, total / np.maximum(valid, LEAST)[..., None], 128)
    return Drawn(np.clip(average / np.float32(255), 0, 1), np.minimum(valid, 1))


def canvas_images(view: View, rows: Rows, maps: Maps | None) -> ByteArray:
    """Return some images as they lie on the canvas, (n, H, W, 3) uint8, the border repeated."""
    if not len(rows):
        return np.empty((0, view.height, view.width, 3), np.uint8)
    return np.concatenate([pixels for _, (pixels, _) in _blocks(view, rows, maps)])


def _blocks(
    view: View, rows: Rows, maps: Maps | None
) -> Iterator[tuple[int, tuple[ByteArray, BoolArray]]]:
    for start in range(0, len(rows), BLOCK):
        some = rows[start : start + BLOCK]
        yield start, _warped(gathered(view, some), some, maps)


def gathered(view: View, rows: Rows) -> ByteArray:
    """Return the pixels of some images, (n, H, W, 3) uint8, a copy in the order of `rows`."""
    shards = view.shards("pixels")
    starts = np.cumsum([0] + [len(shard) for shard in shards])
    pixels = np.empty((len(rows), view.height, view.width, 3), np.uint8)
    for shard, (first, end) in zip(shards, pairwise(starts), strict=True):
        places = np.flatnonzero((rows >= first) & (rows < end))
        pixels[places] = shard[rows[places] - first]
    return pixels


def _warped(pixels: ByteArray, rows: Rows, maps: Maps | None) -> tuple[ByteArray, BoolArray]:
    """Warp the images that the maps have; the second array says which pixels are of the image."""
    inside = np.ones(pixels.shape[:3], np.bool_)
    if maps is None or not len(maps.rows):
        return pixels, inside
    height, width = pixels.shape[1:3]
    places = np.minimum(np.searchsorted(maps.rows, rows), len(maps.rows) - 1)
    for k in np.flatnonzero(maps.rows[places] == rows):
        place = places[k]
        source = between_nodes(maps.nodes[place], height, width)
        image = pixels[k, :, ::-1] if maps.mirrored[place] else pixels[k]
        x, y = source[..., 0], source[..., 1]
        inside[k] = (x >= -BESIDE) & (x <= width - 1 + BESIDE)
        inside[k] &= (y >= -BESIDE) & (y <= height - 1 + BESIDE)
        pixels[k] = cv2.remap(
            np.ascontiguousarray(image),
            np.ascontiguousarray(x),
            np.ascontiguousarray(y),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
    return pixels, inside


def between_nodes(nodes: FloatArray, height: int, width: int) -> FloatArray:
    """Interpolate the nodes of one image (Y, X, 2) at every pixel: (H, W, 2) float32."""
    down, across = _steps(height, nodes.shape[0]), _steps(width, nodes.shape[1])
    return np.asarray(np.einsum("hy,yxc,wx->hwc", down, nodes, across, optimize=True))


def _steps(pixels: int, nodes: int) -> FloatArray:
    """Return how much each node counts for each pixel of a side, (pixels, nodes) float32."""
    places = np.arange(pixels, dtype=np.float32)[:, None] / NODE
    steps: FloatArray = 1 - np.abs(places - np.arange(nodes, dtype=np.float32))
    return steps.clip(0, None)
