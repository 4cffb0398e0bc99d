"""Where each place of an average lies in some images, and whether the way back agrees."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.arrays import FloatArray, check_array
from explorer.correspondence.features import feature_maps
from explorer.correspondence.fields import (
    at_pixels,
    composed,
    from_nodes,
    inverted,
    places,
    resized,
    sampled,
)
from explorer.correspondence.levels import REFINE, Level
from explorer.correspondence.stepping import advanced
from explorer.errors import ArrayError
from explorer.kernels.threads import for_each

Image = npt.NDArray[Any]
Field = tuple[FloatArray, FloatArray, FloatArray, FloatArray]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Correspondence:
    """Where the places of an average lie in M images, and the way back. Maps of h x w positions.

    Attributes
    ----------
    stride
        Pixels of the images from one position to the next: position x is pixel
        (x + 0.5) * stride - 0.5.
    forward : (M, h, w, 2) float32
        How far to go from each position of the average to its place in the image, (x, y) in
        pixels. Smooth.
    backward : (M, h, w, 2) float32
        Likewise from each position of the image to its place in the average. It is found without
        what is known of the way forward, but where both start.
    error : (M, h, w) float32
        How far from each position of the average one ends up by going forward and back, in pixels.
    cost : (M, h, w) float32
        How unlike the image the average is there, 1 being what unrelated places are like.
    """

    stride: int
    forward: FloatArray
    backward: FloatArray
    error: FloatArray
    cost: FloatArray

    def located(self, points: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Say where points of the average lie in each image.

        Parameters
        ----------
        points : (K, 2) or (M, K, 2) float32
            Pixels (x, y) of the average, the same for all images or not; NaN where there is none.

        Returns
        -------
        places : (M, K, 2) float32
            Pixels (x, y) of the images.
        errors : (M, K) float32
            How far from each point one ends up by going there and back, in pixels.
        costs : (M, K) float32
            How unlike the image the average is at the point.
        """
        count = len(self.forward)
        each = np.broadcast_to(points, (count, *points.shape[-2:])).astype(np.float32)
        at = np.where(np.isfinite(each), each, 0)
        moves, errors, costs = (
            _of_points(maps, self.stride, at) + 0 * each[..., :1]  # NaN where there is none
            for maps in (self.forward, self.error[..., None], self.cost[..., None])
        )
        return each + moves, errors[..., 0], costs[..., 0]


def correspond(
    average: Image,
    images: npt.NDArray[Any],
    nodes: FloatArray,
    *,
    levels: tuple[Level, ...] = REFINE,
    seed: int = 0,
) -> Correspondence:
    """Find what corresponds in an average and some images, both ways, from coarse to fine.

    Parameters
    ----------
    average : (H, W, 3) uint8, or float32 in [0, 1]
        An average, or an image.
    images : (M, H, W, 3) uint8, or float32 in [0, 1]
        Those that take part mirrored are mirrored already.
    nodes : (M, Y, X, 2) float32
        How the images are warped so far, as `Maps.nodes`, without folds.
    levels
        How to search, the coarsest first.
    seed
        Of what is random, which nothing is unless a level's search is "patches".

    Raises
    ------
    ArrayError
        If an array has another shape or dtype.

    References
    ----------
    .. [1] J. Liao, Y. Yao, L. Yuan, G. Hua, S. B. Kang, "Visual attribute transfer through deep
       image analogy", ACM Trans. Graph. 36(4), 2017. Both ways, from coarse to fine; the search of
       "patches". Features of edges and colors, and smooth fields, are ours.
    .. [2] C. Barnes, E. Shechtman, A. Finkelstein, D. B. Goldman, "PatchMatch", ACM Trans. Graph.
       28(3), 2009.
    .. [3] M. P. Heinrich, B. W. Papież, J. A. Schnabel, H. Handels, "Non-parametric discrete
       registration with convex optimisation", WBIR 2014. The rounds of "windows".
    """
    count = check_array(nodes, "nodes", "M Y X 2")["M"]
    if images.shape != (count, *average.shape):
        raise ArrayError(f"images must be {(count, *average.shape)}, got {images.shape}")
    strides = [level.stride for level in levels]
    template = feature_maps(average, strides)

    def found(k: int) -> Field:
        return _found(template, feature_maps(images[k], strides), nodes[k], levels, seed)

    fields = for_each(found, range(count))
    parts = [np.stack([field[part] for field in fields]) for part in range(4)]
    return Correspondence(
        stride=strides[-1], forward=parts[0], backward=parts[1], error=parts[2], cost=parts[3]
    )


def _found(
    template: list[FloatArray],
    image: list[FloatArray],
    nodes: FloatArray,
    levels: tuple[Level, ...],
    seed: int,
) -> Field:
    """Search on the canvas: the image as warped so far, from the average and to it."""
    there = back = np.zeros((1, 1, 2), np.float32)
    before = 1.0
    for one, whole, level in zip(template, image, levels, strict=True):
        shape = one.shape[:2]
        start = from_nodes(nodes, shape, level.stride)
        shown = sampled(whole, places(*shape) + start)
        there, back = (resized(field, shape, level.stride / before) for field in (there, back))
        there, cost = advanced(one, shown, there, level, seed)
        back, _ = advanced(shown, one, back, level, seed + 1)
        before = level.stride
    scale = np.float32(levels[-1].stride)
    missed = np.linalg.norm(composed(there, back), axis=-1)
    home = composed(inverted(start, shape), back)
    return composed(there, start) * scale, home * scale, missed * scale, cost


def _of_points(maps: FloatArray, stride: int, points: FloatArray) -> FloatArray:
    """Return values of maps (M, h, w, C) at points (M, K, 2) of the canvas."""
    return np.stack(
        [at_pixels(one, stride, at[None])[0] for one, at in zip(maps, points, strict=True)]
    )
