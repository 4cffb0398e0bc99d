"""Look closely at the best images: enlarged, so that cells of 8 pixels tell of small things."""

import numpy as np
import numpy.typing as npt

from explorer.candidates.picks import planes_of
from explorer.kernels.threads import blocks, for_each
from explorer.matching import CELL, Candidates
from explorer.modes.patches import SignedBytes
from explorer.view import View

BLOCK = 64


def fine_planes(view: View, rows: npt.NDArray[np.intp], fine: int) -> list[SignedBytes]:
    """Return the planes (16, Y, X, n) of images, enlarged `fine` times, 64 at a time."""
    shards = view.shards("pixels")
    starts = np.cumsum([0, *map(len, shards)])
    shard_of = np.searchsorted(starts, rows, side="right") - 1
    down, across = view.height // CELL * fine, view.width // CELL * fine

    def describe(some: slice) -> SignedBytes:
        import cv2

        large = [
            cv2.resize(
                shards[s][row - starts[s]], None, fx=fine, fy=fine, interpolation=cv2.INTER_CUBIC
            )
            for row, s in zip(rows[some], shard_of[some], strict=True)
        ]
        return planes_of(view, np.stack(large))[:, :down, :across]

    return for_each(describe, blocks(len(rows), BLOCK))


def replaced(coarse: Candidates, rows: npt.NDArray[np.intp], fine: Candidates) -> Candidates:
    """Return candidates with those of some images in place of the coarse ones.

    An image that was not looked at closely is not better than most of those that were.
    """
    ceiling = np.quantile(fine.scores[:, 0], 0.1)
    scores = np.minimum(coarse.scores, ceiling - (coarse.scores[:, :1] - coarse.scores))
    places, scales = coarse.places.copy(), coarse.scales.copy()
    scores[rows], places[rows], scales[rows] = fine.scores, fine.places, fine.scales
    return Candidates(scores=scores, places=places, scales=scales)
