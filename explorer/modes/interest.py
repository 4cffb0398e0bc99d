"""Where the explorer brush is worth its while: a map over the average, made of the modes."""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from explorer.arrays import FloatArray, check_array
from explorer.errors import ArrayError, Cancelled
from explorer.matching import CELL
from explorer.modes.spots import Spot
from explorer.modes.values import SpotModes

LAZY_SPOTS = 49
"""So many spots are mined for a map where no build has stored them: about ten seconds."""
DULL = 0.1
"""Share of the cells that the map calls of no interest."""
CHANCE = 0.5


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

    A cell has the mean interest of the patches over it, those around it counting most; it is
    stretched so that the tenth of the cells with the least is at 0 and the greatest is at 1.

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
    total, mass = np.zeros(grid), np.zeros(grid)
    window = _window(side)
    for spot in _sparse_spots(grid, side, min(step, side)):
        if is_cancelled():
            raise Cancelled
        place = np.s_[spot.row : spot.row + side, spot.column : spot.column + side]
        total[place] += window * interest_of(modes_of(spot))
        mass[place] += window
    mean = total / mass
    low, high = np.quantile(mean, DULL), mean.max()
    if not high > low:
        return np.zeros(grid, np.float32)
    stretched: FloatArray = np.clip((mean - low) / (high - low), 0, 1).astype(np.float32)
    return stretched


def lazy_step(height: int, width: int, side: int) -> int:
    """Return the step at which few enough spots have to be mined, at most `side`.

    Examples
    --------
    >>> [lazy_step(height, 200, 6) for height in (64, 200)]
    [2, 4]
    """
    grid = height // CELL, width // CELL
    steps = range(1, side)
    few = (s for s in steps if len(list(_sparse_spots(grid, side, s))) <= LAZY_SPOTS)
    return next(few, side)


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


def _sparse_spots(grid: tuple[int, int], side: int, step: int) -> Iterator[Spot]:
    """Return spots `step` cells apart or less, those at all borders among them."""
    rows, columns = (
        np.linspace(0, cells - side, -((side - cells) // step) + 1).round().astype(int).tolist()
        for cells in grid
    )
    return (Spot(side, row, column) for row in rows for column in columns)


def _window(side: int) -> npt.NDArray[np.float64]:
    """Return a weight for each cell of a patch, most in the middle (side, side)."""
    tent = 1.0 - abs(np.arange(side) - (side - 1) / 2) / ((side + 1) / 2)
    return np.outer(tent, tent)
