"""Points that several searches agree about: each begins elsewhere, so each errs in its own way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.alignment.guard import unfolded
from explorer.alignment.points import warp_points
from explorer.arrays import BoolArray, FloatArray, check_array
from explorer.correspondence.levels import Level
from explorer.correspondence.matching import Correspondence, correspond
from explorer.correspondence.refined import refined_nodes

ERROR_COUNTS = 0.5
"""How much the way there and back counts beside the spread of the searches."""
POINT_COUNTS = 2.0
"""How much it counts that a point is hard to find in the other images too."""

Start = tuple[FloatArray, tuple[Level, ...]]
"""Nodes (M, Y, X, 2) and how to search from there; the images' own maps, or `grid_points` as is."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Agreement:
    """Where K points of an average lie in M images, by several searches.

    Attributes
    ----------
    points : (M, K, 2) float32
        Pixels (x, y) of the images; NaN where there is no point of the average.
    nodes : (M, Y, X, 2) float32
        The maps by which they lie there: the mean of those of the searches, without folds.
    spread : (M, K) float32
        How far apart the searches put the point: root mean square, in pixels.
    error : (M, K) float32
        How far one ends up by going there and back, the mean of the searches, in pixels.
    doubt : (M, K) float32
        Both together, and how doubtful the point is in the other images. It ranks points well, and
        grows with the error that is to be expected: on faces of 200 pixels that is about 2 less.
    """

    points: FloatArray
    nodes: FloatArray
    spread: FloatArray
    error: FloatArray
    doubt: FloatArray


def agreed(
    average: npt.NDArray[Any],
    images: npt.NDArray[Any],
    points: FloatArray,
    starts: Sequence[Start],
) -> Agreement:
    """Locate points of an average in images by searches from several starts.

    Parameters
    ----------
    average, images
        As for `correspond`.
    points : (K, 2) float32
        Pixels (x, y) of the average; NaN where there is none.
    starts
        At least one. A sharpened map serves twice: with `REFINE`, and with `COARSE_TO_FINE`, which
        leaves it where it is wrong. With no map, `COARSE_TO_FINE` from `grid_points` does.

    Raises
    ------
    ArrayError
        If an array has another shape or dtype.
    """
    check_array(points, "points", "K 2")
    is_there: BoolArray = np.asarray(np.isfinite(points).all(axis=1))
    marked = points[is_there]
    found = [(correspond(average, images, nodes, levels=levels), nodes) for nodes, levels in starts]
    maps = [refined_nodes(one, nodes) for one, nodes in found]
    tries = [one.located(marked)[0] for one, _ in found] + [_warped(one, marked) for one in maps]
    nodes = unfolded(np.mean(maps, axis=0, dtype=np.float32))
    spread, error = _spread(np.stack(tries)), _errors([one for one, _ in found], marked)
    doubt = spread + np.float32(ERROR_COUNTS) * error
    doubt = doubt + np.float32(POINT_COUNTS) * doubt.mean(axis=0, keepdims=True)
    return Agreement(
        points=_filled(_warped(nodes, marked), is_there),
        nodes=nodes,
        spread=_filled(spread, is_there),
        error=_filled(error, is_there),
        doubt=_filled(doubt, is_there),
    )


def _warped(nodes: FloatArray, points: FloatArray) -> FloatArray:
    return np.stack([warp_points(one, points) for one in nodes])


def _spread(tries: FloatArray) -> FloatArray:
    """Return the root mean square distance (M, K) of places (S, M, K, 2) from their mean."""
    away = np.square(tries - tries.mean(axis=0)).sum(axis=-1)
    return np.asarray(np.sqrt(away.mean(axis=0)), np.float32)


def _errors(found: list[Correspondence], points: FloatArray) -> FloatArray:
    return np.asarray(np.mean([one.located(points)[1] for one in found], axis=0), np.float32)


def _filled(values: FloatArray, is_there: BoolArray) -> FloatArray:
    """Return values of all points (M, K, ...), NaN where there is none."""
    every = np.full((len(values), len(is_there), *values.shape[2:]), np.nan, np.float32)
    every[:, is_there] = values
    return every
