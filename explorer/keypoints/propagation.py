"""From keypoints on averages to keypoints on their images: proposals, each with a confidence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from explorer.alignment.maps import Maps
from explorer.alignment.points import mirrored_points, warp_points
from explorer.alignment.sharpening import placed
from explorer.arrays import FloatArray, IntArray
from explorer.view import View


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MarkedAverage:
    """An average with keypoints on it. N images, K keypoints.

    Attributes
    ----------
    weights : (N,) float32
        Each image's share of the average.
    members : (M,) int32
        The images that belong to it rather than to another average, ascending.
    maps
        How its images are moved, None if they are not.
    points : (K, 2) float32
        Pixels (x, y) of the canvas, NaN where a keypoint is not marked.
    """

    weights: FloatArray
    members: IntArray
    maps: Maps | None
    points: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proposals:
    """Keypoints of some images. M images, K keypoints.

    Attributes
    ----------
    rows : (M,) int32
        The images, ascending.
    points : (M, K, 2) float32
        Pixels (x, y) of the collection's image as it is (not mirrored); NaN where there is none.
    confidence : (M, K) float32
        From 0 to 1; 0 where there is no point.
    """

    rows: IntArray
    points: FloatArray
    confidence: FloatArray


class Propagator:
    """Carries keypoints from averages to images. For one thread at a time.

    Parameters
    ----------
    view
        The collection.
    """

    def __init__(self, view: View) -> None:
        self._view = view

    def propagate(
        self,
        averages: Sequence[MarkedAverage],
        *,
        corrected: Mapping[int, FloatArray] | None = None,
        pairs: Sequence[tuple[int, int]] = (),
        progress: Callable[[float], None] = lambda share: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Proposals:
        """Propose the keypoints of every member of some averages.

        Parameters
        ----------
        averages
            With the same K keypoints; what is marked on one helps the others' images too.
        corrected
            By image: points (K, 2) float32 that a person has put right, as in `Proposals.points`,
            NaN where none; images near it are proposed anew.
        pairs
            Numbers of keypoints that change places in a mirrored image.
        progress
            Told how much is done, from 0 to 1.
        is_cancelled
            Asked now and then whether to stop.

        Raises
        ------
        Cancelled
            If `is_cancelled` said True.
        """
        order = np.concatenate([average.members for average in averages])
        points = np.concatenate([self._carried(average) for average in averages])
        ranks = np.argsort(order, kind="stable")
        confidence = np.isfinite(points).all(axis=-1).astype(np.float32) / 2
        return Proposals(
            rows=order[ranks].astype(np.int32), points=points[ranks], confidence=confidence[ranks]
        )

    def _carried(self, average: MarkedAverage) -> FloatArray:
        maps = placed(self._view, average.maps, average.members)
        carried = [warp_points(nodes, average.points) for nodes in maps.nodes]
        points = np.array(carried, np.float32).reshape(len(carried), len(average.points), 2)
        flipped = mirrored_points(points, self._view.width)
        return np.where(maps.mirrored[:, None, None], flipped, points)
