"""What a drawing that nobody meant would score: the same lines turned over, in the same images."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.arrays import FloatArray
from explorer.edits import Path, SketchStroke
from explorer.errors import EditError
from explorer.sketch import match_sketch
from explorer.view import View

BEST = 20
SAMPLE = 256
PLANES = ("color", "hog_planes")
TURNS = (
    np.array([[1.0, 0.0], [0.0, -1.0]]),
    np.array([[0.0, -1.0], [1.0, 0.0]]),
)
"""Upside down and a quarter turn: acting on (x, y) in pixels."""


@dataclass(frozen=True, slots=True)
class _Start:
    """The first images of a view, a part of its first shard; their order is pseudo-random."""

    view: View

    @property
    def size(self) -> int:
        return min(SAMPLE, len(self.view.shards("pixels")[0]))

    @property
    def height(self) -> int:
        return self.view.height

    @property
    def width(self) -> int:
        return self.view.width

    def shards(self, feature: str) -> Sequence[npt.NDArray[Any]]:
        shard = self.view.shards(feature)[0]
        if feature in PLANES:
            return [np.ascontiguousarray(shard[..., : self.size])]
        return [shard[: self.size]]

    def statistics(self, name: str) -> npt.NDArray[Any]:
        return self.view.statistics(name)

    def image_id(self, name: str) -> int | None:
        row = self.view.image_id(name)
        return row if row is not None and row < self.size else None


def best_mean(scores: FloatArray) -> float:
    """Return the mean of the best 20 scores, or of all if there are fewer."""
    count = min(BEST, len(scores))
    return float(np.partition(scores, -count)[-count:].mean())


def decoys_of(stroke: SketchStroke, aspect: float) -> Iterator[SketchStroke]:
    """Yield the sketch turned over around its middle.

    Parameters
    ----------
    stroke
        The sketch.
    aspect
        Width over height of the images: canvas units are not square.
    """
    points = np.concatenate([np.array(path, np.float64) for path in stroke.paths])
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    square = np.array([aspect, 1.0])
    for turn in TURNS:
        paths: tuple[Path, ...] = tuple(
            tuple(
                (float(x), float(y))
                for x, y in ((np.array(path) - middle) * square) @ turn.T / square + middle
            )
            for path in stroke.paths
        )
        yield dataclasses.replace(stroke, paths=paths)


def decoy_level(view: View, stroke: SketchStroke) -> tuple[float, int] | None:
    """Return what the decoys of a sketch score in their best images.

    Returns
    -------
    tuple or None
        The mean over the decoys of the mean of their best 20 scores, and among how many images, the
        first of the collection; None if no decoy lies on the canvas.
    """
    sample = _Start(view)
    levels = []
    for decoy in decoys_of(stroke, view.width / view.height):
        try:
            levels.append(best_mean(match_sketch(sample, decoy).scores))
        except EditError:
            continue
    return (float(np.mean(levels)), sample.size) if levels else None
