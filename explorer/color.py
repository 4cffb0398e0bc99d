"""The coloring brush: how much of a color each image shows under a stroke.

The collection keeps hard 4 x 4 x 4 histograms of its cells; the query is soft, so a color near the
border of a bin also asks for the neighbours. As a stroke has one color, the bins are first reduced
to one *agreement plane*: how much each cell shows the color, 0 to 255. A plane serves every stroke
of that color, wherever it is painted.
"""

from collections.abc import Sequence

import numpy as np

from explorer.arrays import BoolArray, ByteArray, FloatArray, IntArray, check_array
from explorer.edits import Rgb
from explorer.errors import EditError
from explorer.kernels import kernels
from explorer.matching import Match, places_of, search_offsets

SOFTNESS = 40.0
SMALLEST_WEIGHT = 0.02
UNIT = 1020  # weight 1: 1020 * 64 pixels, divided by 256, is 255
PALETTE_COLORS = 12

BIN_CENTERS = np.stack(np.meshgrid(*[np.arange(4) * 64 + 32] * 3, indexing="ij"), -1).reshape(64, 3)


def bin_weights(color: Rgb) -> IntArray:
    """Return how much a pixel of each bin agrees with a color.

    Parameters
    ----------
    color
        sRGB, 0 to 255.

    Returns
    -------
    (64,) int32
        A Gaussian of the distance to the bin's center, 40 levels wide, relative to the nearest bin:
        1020 there. Below 0.02 it is 0.
    """
    distances = ((BIN_CENTERS - np.asarray(color, np.float64)) ** 2).sum(axis=1)
    weights = np.exp(-(distances - distances.min()) / (2 * SOFTNESS**2))
    weights[weights < SMALLEST_WEIGHT] = 0
    scaled: IntArray = np.rint(weights * UNIT).astype(np.int32)
    return scaled


def agreement_planes(shards: Sequence[ByteArray], color: Rgb) -> tuple[ByteArray, ...]:
    """Return how much each cell shows a color.

    Parameters
    ----------
    shards : (64, Y, X, n) uint8 each
        The feature "color" of the collection.
    color
        sRGB, 0 to 255.

    Returns
    -------
    tuple of (Y, X, n) uint8
        255 where every pixel is of the color's own bin.
    """
    return tuple(kernels().agreement(shards, bin_weights(color)))


def match_color(planes: Sequence[ByteArray], cells: BoolArray, height: int, width: int) -> Match:
    """Score how much of its color each image shows under a stroke, at the best offset.

    Parameters
    ----------
    planes : (Y, X, n) uint8 each
        Agreement planes of the stroke's color.
    cells : (Y, X) bool
        What the stroke covers.
    height, width
        Of the images, in pixels.

    Returns
    -------
    Match
        Scores in [0, 1]: the mean agreement of the covered cells, where cells outside the image
        agree with nothing.

    Raises
    ------
    EditError
        If `cells` holds no cell.

    References
    ----------
    .. [1] J.-Y. Zhu, Y. J. Lee, A. A. Efros, "AverageExplorer", ACM Trans. Graph. 33(4), 2014. The
       histograms and the search within 64 pixels are theirs; the soft query is ours.
    """
    _check(cells)
    offsets = search_offsets(height, width)
    best, index = kernels().strongest(planes, _places(cells), offsets)
    return _match(best, index, offsets, cells)


class IncrementalColorMatch:
    """The match of a stroke that grows: each update adds only the cells that are new.

    Parameters
    ----------
    planes : (Y, X, n) uint8 each
        Agreement planes of the stroke's color.
    height, width
        Of the images, in pixels.
    """

    def __init__(self, planes: Sequence[ByteArray], height: int, width: int) -> None:
        self._planes = planes
        self._offsets = search_offsets(height, width)
        self._covered: BoolArray | None = None
        self._sums = kernels().RunningSums(planes, self._offsets)

    def update(self, cells: BoolArray) -> Match:
        """Return what `match_color` returns, sooner if `cells` holds those of the last update.

        Parameters
        ----------
        cells : (Y, X) bool
            What the stroke covers by now.

        Raises
        ------
        EditError
            If `cells` holds no cell.
        """
        _check(cells)
        if self._covered is None or (self._covered & ~cells).any():
            self._sums = kernels().RunningSums(self._planes, self._offsets)
            new = cells
        else:
            new = cells & ~self._covered
        best, index = self._sums.add(_places(new))
        self._covered = cells.copy()
        return _match(best, index, self._offsets, cells)


def palette(
    shards: Sequence[ByteArray], cells: BoolArray, weights: FloatArray | None = None
) -> list[tuple[Rgb, float]]:
    """Return the most common colors of the collection under a brush.

    Parameters
    ----------
    shards : (64, Y, X, n) uint8 each
        The feature "color" of the collection.
    cells : (Y, X) bool
        What the brush covers.
    weights : (N,) float32
        How much each image counts; without it all count the same.

    Returns
    -------
    list
        Up to 12 pairs of a bin's center and its share of the pixels, the largest share first.

    Raises
    ------
    EditError
        If `cells` holds no cell.
    """
    _check(cells)
    size = sum(shard.shape[-1] for shard in shards)
    counted = np.ones(size, np.float32) if weights is None else weights
    totals = kernels().bin_totals(shards, _places(cells), counted)
    total = float(totals.sum()) or 1.0
    order = np.argsort(-totals, kind="stable")[:PALETTE_COLORS]
    return [(_center(int(b)), float(totals[b]) / total) for b in order if totals[b] > 0]


def _check(cells: BoolArray) -> None:
    check_array(cells, "cells", "Y X", np.bool_)
    if not cells.any():
        raise EditError("a brush must cover a cell, this one covers none: use it on the canvas")


def _places(cells: BoolArray) -> IntArray:
    return np.argwhere(cells).astype(np.int32)


def _match(best: IntArray, index: IntArray, offsets: IntArray, cells: BoolArray) -> Match:
    scores = (best / (255.0 * np.count_nonzero(cells))).astype(np.float32)
    return Match(scores=scores, places=places_of(index, offsets))


def _center(color_bin: int) -> Rgb:
    red, green, blue = BIN_CENTERS[color_bin]
    return int(red), int(green), int(blue)
