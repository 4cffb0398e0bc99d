"""What a drawing that nobody meant would score: the same lines turned over, in the same images."""

import dataclasses
from collections.abc import Iterator

import numpy as np

from explorer.arrays import FloatArray
from explorer.edits import Path, SketchStroke
from explorer.errors import EditError
from explorer.sketch import match_sketch
from explorer.view import FirstImages, View

BEST = 20
SAMPLE = 512
TURNS = (
    np.array([[-1.0, 0.0], [0.0, 1.0]]),
    np.array([[1.0, 0.0], [0.0, -1.0]]),
    np.array([[0.0, -1.0], [1.0, 0.0]]),
    np.array([[0.0, 1.0], [-1.0, 0.0]]),
)
"""Mirrored, upside down, a quarter turn to either side: acting on (x, y) in pixels."""


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
    sample = FirstImages(view, SAMPLE)
    levels = []
    for decoy in decoys_of(stroke, view.width / view.height):
        try:
            levels.append(best_mean(match_sketch(sample, decoy).scores))
        except EditError:
            continue
    return (float(np.mean(levels)), sample.size) if levels else None
