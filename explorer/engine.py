"""From a cluster's edits to its average: the composition of match, weights and average."""

from collections.abc import Mapping
from dataclasses import dataclass

from explorer.arrays import ByteArray, FloatArray, IntArray
from explorer.edits import EditId


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    """What a cluster's edits say about the collection. N images, M the highest-weighted of them.

    Attributes
    ----------
    weights : (N,) float32
        Each image's share of the average; they sum to 1.
    scores : (N,) float32
        The combined score of all edits.
    contributions
        For each edit's id, (N,) float32: how much it adds to the combined score.
    places
        For each stroke's id, (N, 2) int32: where it matched best, as (x, y) offset in pixels from
        where it was painted.
    top : (M,) int32
        Images by falling weight.
    average : (H, W, 3) uint8
        The weighted average, sRGB; at the thumbnails' size while a stroke is live and very many
        images have weight.
    effective_images
        (sum w)^2 / sum w^2: how many images the average is effectively made of.
    sharpness
        Mean gradient magnitude of the average, in grey levels a pixel.
    """

    weights: FloatArray
    scores: FloatArray
    contributions: Mapping[EditId, FloatArray]
    places: Mapping[EditId, IntArray]
    top: IntArray
    average: ByteArray
    effective_images: float
    sharpness: float
