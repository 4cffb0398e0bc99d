"""What a stroke finds in every image: how well it matches, and where it matches best."""

from dataclasses import dataclass

import numpy as np

from explorer.arrays import FloatArray, IntArray

CELL = 8
REACH = 64
REACH_SHARE = 0.3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Match:
    """One stroke's match with every image.

    Attributes
    ----------
    scores : (N,) float32
        How well each image matches at its best place.
    places : (N, 2) int32
        That place: (x, y) offset in pixels from where the stroke was painted.
    """

    scores: FloatArray
    places: IntArray


def search_offsets(height: int, width: int) -> IntArray:
    """Return where a stroke is looked for, around where it was painted.

    Parameters
    ----------
    height, width
        Of the images, in pixels.

    Returns
    -------
    (P, 2) int32
        (y, x) in cells, up to 64 pixels or 0.3 of that side, the smallest displacement first, so
        that the first of equal maxima is the nearest.
    """
    down, right = (int(min(REACH, REACH_SHARE * side) // CELL) for side in (height, width))
    steps = np.mgrid[-down : down + 1, -right : right + 1].reshape(2, -1).T.astype(np.int32)
    order = np.lexsort((steps[:, 1], steps[:, 0], (steps**2).sum(axis=1)))
    return np.ascontiguousarray(steps[order])


def places_of(indices: IntArray, offsets: IntArray) -> IntArray:
    """Return the offsets at `indices` (N,) as (x, y) in pixels, (N, 2) int32."""
    return np.ascontiguousarray(offsets[indices][:, ::-1]) * np.int32(CELL)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates:
    """The M best places of one edit in every image, the best first.

    Attributes
    ----------
    scores : (N, M) float32
        How well the image matches there, in the unit of `Match.scores`; -inf where an image has
        fewer places.
    places : (N, M, 2) float32
        (x, y) offset in pixels of the middle of the edit from where it was painted. In an image
        that is looked at mirrored, from left to right of what one sees.
    scales : (N, M) float32
        The size there in sizes of the edit.
    """

    scores: FloatArray
    places: FloatArray
    scales: FloatArray

    @classmethod
    def of(cls, match: Match) -> "Candidates":
        """Return the one place of each image that a match knows."""
        return cls(
            scores=match.scores[:, None],
            places=match.places[:, None].astype(np.float32),
            scales=np.ones((len(match.scores), 1), np.float32),
        )
