"""Where the explorer brush is worth its while: a map over the average, made of the modes."""

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from explorer.arrays import FloatArray, check_array
from explorer.errors import ArrayError, Cancelled
from explorer.matching import CELL
from explorer.modes.spots import Spot
from explorer.modes.values import SpotModes
from explorer.view import FirstImages, View

LAZY_SPOTS = 49
"""So many spots are mined for a map where no build has stored them: about ten seconds."""
DULL = 0.1
"""Share of the cells that the map calls of no interest."""
CHANCE = 0.5
DETAIL_IMAGES = 256
SAME = 1e-6  # values nearer to each other than this share of the greatest are the same

DoubleArray = npt.NDArray[np.float64]


def interest_of(modes: SpotModes) -> float:
    """Return how much there is to explore at a spot, from 0 to the number of modes.

    The product of how many modes there are, exp(entropy) of their shares of the images; of how
    discriminative they are, the mean of (inlier score - 0.5) / 0.5, by share; and of the squared
    share of the images that show any: a spot of which most show nothing is of little use. The
    formula is ours.
    """
    shows = modes.best >= 0
    if not shows.any():
        return 0.0
    shares = np.bincount(modes.best[shows], minlength=len(modes)) / np.count_nonzero(shows)
    present = shares[shares > 0]
    effective = np.exp(-(present * np.log(present)).sum())
    above = np.clip((modes.inliers - CHANCE) / (1 - CHANCE), 0, 1)
    return float(effective * (shares @ above) * shows.mean() ** 2)


def interest_map(
    modes_of: Callable[[Spot], SpotModes],
    height: int,
    width: int,
    side: int,
    *,
    step: int = 1,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> FloatArray:
    """Map where many distinct, discriminative modes are.

    A cell has the mean interest of the patches over it, those around it counting most; between the
    patches that are looked at it is interpolated. The map is stretched so that the tenth of the
    cells with the least is at 0 and the greatest is at 1.

    Parameters
    ----------
    modes_of
        Returns the modes of a spot. Where all are stored: `finder.find`; else `finder.coarse`, with
        the step of `lazy_step`.
    height, width
        Of the images, in pixels.
    side
        Of the patches, in cells.
    step
        Every how many cells a patch is looked at, >= 1; at most `side` counts.
    is_cancelled
        Asked before every spot.

    Returns
    -------
    (Y, X) float32
        For each cell, in [0, 1]; all 0 if one is like the other.

    Raises
    ------
    ArrayError
        If no patch of that side fits, or the step is below 1.
    Cancelled
        If `is_cancelled` said True.
    """
    grid = height // CELL, width // CELL
    if not (1 <= side <= min(grid) and step >= 1):
        raise ArrayError(
            f"side must be 1 to {min(grid)} cells and step at least 1, got {side} and {step}"
        )
    rows, columns = (_places(cells - side, min(step, side)) for cells in grid)
    found = np.zeros((len(rows), len(columns)))
    for y, x in np.ndindex(found.shape):
        if is_cancelled():
            raise Cancelled
        found[y, x] = interest_of(modes_of(Spot(side, rows[y], columns[x])))
    return _stretched(_spread(_filled(found, rows, columns), side))


def dim_blank(interest: FloatArray, view: View) -> FloatArray:
    """Dim a map where the images are blank: modes of an edge at a patch's rim lie at that rim.

    Parameters
    ----------
    interest : (Y, X) float32
        A map by `interest_map`.
    view
        The collection.

    Returns
    -------
    (Y, X) float32
        In [0, 1]: times the square root of the mean gradient of some images, stretched again.
    """
    sizes = check_array(interest, "interest", "Y X")
    shards = FirstImages(view, DETAIL_IMAGES).shards("thumbs")
    greys = np.concatenate([shard[:DETAIL_IMAGES] for shard in shards])[:DETAIL_IMAGES].mean(
        axis=-1
    )
    slopes = np.hypot(*np.gradient(greys, axis=(1, 2))).mean(axis=0)
    detail = cv2.resize(slopes, (sizes["X"], sizes["Y"]), interpolation=cv2.INTER_AREA)
    return _stretched(interest * np.sqrt(detail))


def lazy_step(height: int, width: int, side: int) -> int:
    """Return the step at which few enough spots have to be mined, at most `side`.

    Examples
    --------
    >>> [lazy_step(height, 200, 6) for height in (64, 200)]
    [2, 4]
    """
    ends = height // CELL - side, width // CELL - side
    for step in range(1, side):
        if np.prod([len(_places(end, step)) for end in ends]) <= LAZY_SPOTS:
            return step
    return side


def best_spots(interest: FloatArray, side: int, count: int = 3) -> list[Spot]:
    """Return where to begin: the peaks of a map, best first, no two of which overlap.

    Parameters
    ----------
    interest : (Y, X) float32
        A map by `interest_map`.
    side
        Of the patches, in cells.
    count
        How many at most; fewer if there is no more room, or no more interest.

    Raises
    ------
    ArrayError
        If the map has another shape or dtype, or is smaller than a patch.
    """
    sizes = check_array(interest, "interest", "Y X")
    if not 1 <= side <= min(sizes.values()):
        raise ArrayError(f"side must be 1 to {min(sizes.values())} cells, got {side}")
    windows = np.lib.stride_tricks.sliding_window_view(interest, (side, side))
    peaks = np.einsum("yxij,ij->yx", windows, _window(side))
    rows, columns = np.indices(peaks.shape)
    spots: list[Spot] = []
    while len(spots) < count and peaks.max() > 0:
        row, column = (int(k) for k in np.unravel_index(peaks.argmax(), peaks.shape))
        spots.append(Spot(side, row, column))
        peaks[np.maximum(abs(rows - row), abs(columns - column)) < side] = 0
    return spots


def _places(end: int, step: int) -> list[int]:
    """Return places from 0 to `end`, `step` apart or less."""
    return [round(place) for place in np.linspace(0, end, -(-end // step) + 1).tolist()]


def _filled(found: DoubleArray, rows: list[int], columns: list[int]) -> DoubleArray:
    """Interpolate between the spots that were looked at: a value for every spot."""
    every_row, every_column = np.arange(rows[-1] + 1), np.arange(columns[-1] + 1)
    wide = np.stack([np.interp(every_column, columns, line) for line in found])
    return np.stack([np.interp(every_row, rows, line) for line in wide.T], axis=1)


def _spread(values: DoubleArray, side: int) -> DoubleArray:
    """Give each cell the mean of the spots over it."""
    grid = values.shape[0] + side - 1, values.shape[1] + side - 1
    total, mass = np.zeros(grid), np.zeros(grid)
    window = _window(side)
    for row, column in np.ndindex(values.shape):
        place = np.s_[row : row + side, column : column + side]
        total[place] += window * values[row, column]
        mass[place] += window
    return total / mass


def _stretched(values: DoubleArray) -> FloatArray:
    low, high = np.quantile(values, DULL), values.max()
    if not high - low > SAME * abs(high):
        return np.zeros(values.shape, np.float32)
    stretched: FloatArray = np.clip((values - low) / (high - low), 0, 1).astype(np.float32)
    return stretched


def _window(side: int) -> DoubleArray:
    """Return a weight for each cell of a patch, most in the middle (side, side)."""
    tent = 1.0 - abs(np.arange(side) - (side - 1) / 2) / ((side + 1) / 2)
    return np.outer(tent, tent)
