"""Whether the images that answer edits show one thing there, and more so than any images do."""

import dataclasses
from collections import OrderedDict
from collections.abc import Hashable, Sequence

import numpy as np

from explorer.alignment.sharpening import seen
from explorer.arrays import BoolArray, ByteArray, FloatArray, IntArray
from explorer.matcher import PlacedEdit
from explorer.refine import Patch, patch_of
from explorer.view import View

SAMPLE = 40
"""Images that any others are compared with, the first: the order is pseudo-random."""
SIDE = 24
LEAST = 12.0
"""Half the width and height of what is compared is at least as much, in pixels."""
USUAL_KEPT = 256


class Agreement:
    """Tells how alike the best images are, beyond what edits ask for. For one thread at a time.

    A color or a line is found somewhere by chance in other images each; if what was painted is
    there, the images share more than that. What a collection of aligned images shares anyhow does
    not count: as much is taken away as its first images agree.

    Parameters
    ----------
    view
        The collection.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._usual: OrderedDict[Hashable, float] = OrderedDict()

    def of(
        self, edits: Sequence[PlacedEdit], places: FloatArray, rows: IntArray, mirrored: BoolArray
    ) -> dict[str, float]:
        """Return how much more alike images are than others, in correlations.

        Parameters
        ----------
        edits
            T edits.
        places : (T, K, 2) float32
            Where each image shows them, (x, y) offset in pixels.
        rows : (K,) int32
            The images, by rising row.
        mirrored : (K,) bool
            Which of them are seen as in a mirror.

        Returns
        -------
        dict
            "alike": where the edits are, their mean; "whole": as a whole, moved as the edits are on
            average. Empty if there are fewer than two images.
        """
        if len(rows) < 2 or self._view.size < 2:
            return {}
        height, width = self._view.height, self._view.width
        pictures = seen(self._view, rows, mirrored)
        alike = []
        for edit, moves in zip(edits, places, strict=True):
            patch = patch_of(edit, height, width)
            alike.append(likeness(_cuts(pictures, patch, moves)) - self._usual_of(patch))
        whole = Patch((width / 2, height / 2), (width / 2, height / 2))
        found = likeness(_cuts(pictures, whole, places.mean(axis=0))) - self._usual_of(whole)
        return {"alike": float(np.mean(alike)), "whole": found}

    def _usual_of(self, patch: Patch) -> float:
        """Return how alike the first images are at a patch of the canvas."""
        key = dataclasses.astuple(patch)
        if key not in self._usual:
            rows = np.arange(min(SAMPLE, self._view.size), dtype=np.int32)
            pictures = seen(self._view, rows, np.zeros(len(rows), np.bool_))
            nowhere = np.zeros((len(rows), 2), np.float32)
            self._usual[key] = likeness(_cuts(pictures, patch, nowhere))
            if len(self._usual) > USUAL_KEPT:
                self._usual.popitem(last=False)
        self._usual.move_to_end(key)
        return self._usual[key]


def likeness(cuts: FloatArray) -> float:
    """Return the mean correlation of pictures (K, d), of all pairs of different ones."""
    centered = cuts - cuts.mean(axis=1, keepdims=True)
    unit = centered / np.maximum(np.linalg.norm(centered, axis=1, keepdims=True), 1e-6)
    own = float((unit**2).sum())
    return (float((unit.sum(axis=0) ** 2).sum()) - own) / (len(cuts) * (len(cuts) - 1))


def _cuts(pictures: ByteArray, patch: Patch, moves: FloatArray) -> FloatArray:
    """Return what each picture shows at a patch that moved, (K, SIDE^2), in grey levels."""
    import cv2

    height, width = pictures.shape[1:3]
    half = np.maximum(patch.extent, LEAST)
    cuts = np.empty((len(pictures), SIDE * SIDE), np.float32)
    for picture, move, cut in zip(pictures, moves, cuts, strict=True):
        x, y = np.asarray(patch.center) + move
        columns = np.arange(round(x - half[0]), round(x + half[0])).clip(0, width - 1)
        lines = np.arange(round(y - half[1]), round(y + half[1])).clip(0, height - 1)
        part = np.ascontiguousarray(picture[np.ix_(lines, columns)])
        gray = cv2.cvtColor(part, cv2.COLOR_RGB2GRAY).astype(np.float32)
        cut[:] = cv2.resize(gray, (SIDE, SIDE), interpolation=cv2.INTER_AREA).reshape(-1)
    return cuts
