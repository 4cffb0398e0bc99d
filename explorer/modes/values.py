"""The modes of one spot, as arrays."""

from dataclasses import dataclass

from explorer.arrays import FloatArray, IntArray
from explorer.modes.spots import Spot


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpotModes:
    """The discriminative local modes at one spot. K modes, M matches in all, N images.

    Attributes
    ----------
    spot
        Where.
    seeds : (K,) int32
        The image whose patch at the spot is the seed.
    inliers : (K,) float32
        Share of the collection among the seed's 50 nearest patches, the natural world being the
        rest: 0.5 is chance.
    starts : (K + 1,) int32
        The matches of mode k are those from `starts[k]` to `starts[k + 1]`, best first.
    images : (M,) int32
        The image of each match; a mode has at most one match in an image.
    scores : (M,) float32
        Similarity to the seed, less far from the spot and at another scale, in (0, 1].
    places : (M, 2) int32
        Middle of the match less the middle of the spot, (x, y) in pixels.
    scales : (M,) float32
        Side of the match over the side of the spot.
    best : (N,) int32
        For each image the mode that it shows best, -1 where it shows none.
    """

    spot: Spot
    seeds: IntArray
    inliers: FloatArray
    starts: IntArray
    images: IntArray
    scores: FloatArray
    places: IntArray
    scales: FloatArray
    best: IntArray

    def __len__(self) -> int:
        return len(self.seeds)


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedMode:
    """A mode in the order in which it is offered.

    Attributes
    ----------
    index
        Its place in `SpotModes`.
    merit
        Sum of weight times score over its matches, times the inlier score.
    share
        The part of the weight on images that show this mode best.
    images
        How many those are.
    """

    index: int
    merit: float
    share: float
    images: int
