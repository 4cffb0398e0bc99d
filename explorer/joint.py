"""Where each image shows what a cluster's edits ask for, all edits at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.arrays import BoolArray, FloatArray
from explorer.edits import Point, Reach
from explorer.matching import Candidates


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sought:
    """One edit and the places where images may show it.

    Attributes
    ----------
    center
        The middle of the edit, (x, y) in pixels of the canvas.
    reach
        "near" or "anywhere", as the edit says.
    candidates
        The places in the images as they are.
    mirrored
        The places in the images seen mirrored; None if the cluster does not look there.
    """

    center: Point
    reach: Reach
    candidates: Candidates
    mirrored: Candidates | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Placement:
    """The place of every edit in every image. T edits, N images.

    Attributes
    ----------
    scores : (T, N) float32
        How well the image matches the edit at its place.
    places : (T, N, 2) float32
        That place: (x, y) offset in pixels from where the edit is; of a mirrored image, in what
        one sees.
    scales : (T, N) float32
        The size there in sizes of the edit.
    mirrored : (N,) bool
        Which images fit better mirrored.
    """

    scores: FloatArray
    places: FloatArray
    scales: FloatArray
    mirrored: BoolArray


def place_edits(sought: Sequence[Sought], size: int) -> Placement:
    """Choose the place of every edit in each of `size` images."""
    best = [edit.candidates for edit in sought]
    return Placement(
        scores=np.stack([c.scores[:, 0] for c in best])
        if best
        else np.empty((0, size), np.float32),
        places=np.stack([c.places[:, 0] for c in best])
        if best
        else np.empty((0, size, 2), np.float32),
        scales=np.stack([c.scales[:, 0] for c in best])
        if best
        else np.empty((0, size), np.float32),
        mirrored=np.zeros(size, np.bool_),
    )
