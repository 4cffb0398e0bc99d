"""From the similarity of modes to images to the matches that are kept."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from explorer.arrays import FloatArray, IntArray
from explorer.modes.search import Window, pixel_moves
from explorer.modes.spots import Spot
from explorer.modes.values import SpotModes

Found: TypeAlias = tuple[FloatArray, npt.NDArray[np.uint16], list[Window]]
"""Scores (S, N), the number of the window that each is of (S, N), and the windows."""


def matched(
    spot: Spot, seeds: tuple[IntArray, FloatArray], found: Found, levels: FloatArray, count: int
) -> SpotModes:
    """Keep the matches of K modes in N images.

    Parameters
    ----------
    spot
        Where the modes are.
    seeds
        (K,) int32 their images, and (K,) float32 the inlier scores.
    found
        Where they were found.
    levels : (K,) float32
        A match has a greater score.
    count
        How many matches of a mode are kept at most.
    """
    scores, index, windows = found
    size = scores.shape[1]
    matches = [
        _best_above(of_mode, level, count) for of_mode, level in zip(scores, levels, strict=True)
    ]
    modes = np.repeat(np.arange(len(scores)), [len(images) for images in matches])
    images = np.concatenate([*matches, np.empty(0, np.int32)]).astype(np.int32)
    used = index[modes, images]
    best = np.full(size, -1, np.int32)
    if len(scores):
        similar = np.where(scores > levels[:, None], scores, -1)
        best = np.where(similar.max(axis=0) > 0, similar.argmax(axis=0), -1).astype(np.int32)
    return SpotModes(
        spot=spot,
        seeds=seeds[0],
        inliers=seeds[1],
        starts=np.cumsum([0, *map(len, matches)], dtype=np.int32),
        images=images,
        scores=np.clip(scores[modes, images], 0, 1),
        places=pixel_moves(windows)[used],
        scales=np.array([window.scale for window in windows], np.float32)[used],
        best=best,
    )


def _best_above(scores: FloatArray, level: float, count: int) -> IntArray:
    """Return the images with scores above a level, best first, at most `count`."""
    found = np.flatnonzero(scores > level)
    order = np.argsort(-scores[found], kind="stable")[:count]
    return found[order].astype(np.int32)
