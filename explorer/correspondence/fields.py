"""Fields of moves: where each pixel of one map lies in another, as offsets (x, y) in its pixels."""

import numpy as np

from explorer.alignment.maps import NODE
from explorer.arrays import FloatArray

INVERSIONS = 20
"""Steps of the inversion of a field. Each divides the error by 1 / (1 - the field's slope)."""


def places(height: int, width: int) -> FloatArray:
    """Return the pixel (x, y) of each position, (h, w, 2) float32."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    return np.stack([x, y], axis=-1)


def sampled(values: FloatArray, at: FloatArray) -> FloatArray:
    """Return values (h, w, C) at pixels `at` (h', w', 2); beyond the border, its value."""
    import cv2

    x, y = np.ascontiguousarray(at[..., 0]), np.ascontiguousarray(at[..., 1])
    parts = [
        cv2.remap(
            np.ascontiguousarray(values[..., start : start + 4]),
            x,
            y,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ).reshape(*x.shape, -1)
        for start in range(0, values.shape[-1], 4)
    ]
    return np.concatenate(parts, axis=-1)


def composed(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return the moves of going by `first` (h, w, 2) and from there by `second` (H, W, 2)."""
    return first + sampled(second, places(*first.shape[:2]) + first)


def inverted(field: FloatArray, shape: tuple[int, int]) -> FloatArray:
    """Return the moves back, (H, W, 2), of a field (h, w, 2) that does not fold.

    Beyond what the field reaches, those of its border go on.
    """
    at = places(*shape)
    back = np.zeros((*shape, 2), np.float32)
    for _ in range(INVERSIONS):
        back = -sampled(field, at + back)
    return back


def resized(field: FloatArray, shape: tuple[int, int], ratio: float) -> FloatArray:
    """Return moves on a map (h, w) of which each pixel is `ratio` pixels of `field`'s."""
    at = (places(*shape) + np.float32(0.5)) * np.float32(ratio) - np.float32(0.5)
    moves: FloatArray = sampled(field, at) / np.float32(ratio)
    return moves


def from_nodes(nodes: FloatArray, shape: tuple[int, int], stride: int) -> FloatArray:
    """Return the moves (h, w, 2) of a map of nodes (Y, X, 2), in pixels of `stride` pixels."""
    middle = np.float32((stride - 1) / 2)
    at = places(*shape) * np.float32(stride) + middle
    there = sampled(nodes, at / np.float32(NODE))
    return np.asarray((there - at) / np.float32(stride), np.float32)


def at_pixels(values: FloatArray, stride: int, points: FloatArray) -> FloatArray:
    """Return values (h, w, C) of positions a stride apart at pixels (..., 2) of the image."""
    return sampled(values, (points + np.float32(0.5)) / np.float32(stride) - np.float32(0.5))
