"""What goes into a propagation, and what comes out of it."""

from dataclasses import dataclass

from explorer.alignment.maps import Maps
from explorer.arrays import FloatArray, IntArray


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
