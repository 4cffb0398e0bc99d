"""Pictures of any shape brought to one size."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

Fit: TypeAlias = Literal["stretch", "crop", "pad"]


def fitted(pixels: npt.NDArray[np.uint8], size: tuple[int, int], fit: Fit) -> npt.NDArray[np.uint8]:
    """Fit a picture to a size.

    Parameters
    ----------
    pixels : (h, w, C) uint8
        The picture.
    size
        (height, width) in pixels.
    fit
        "stretch" changes its shape, "crop" cuts the middle out, "pad" adds white at two sides.

    Returns
    -------
    (height, width, C) uint8
        The picture at that size.
    """
    taken, filled = _windows(pixels.shape[:2], size, fit)
    part = resized(pixels[taken.rows, taken.columns], filled.height, filled.width)
    if (filled.height, filled.width) == size:
        return part
    canvas = np.full((*size, *pixels.shape[2:]), 255, np.uint8)
    canvas[filled.rows, filled.columns] = part
    return canvas


@dataclass(frozen=True, slots=True)
class _Window:
    """A part of a picture, in pixels."""

    top: int
    left: int
    height: int
    width: int

    @property
    def rows(self) -> slice:
        return slice(self.top, self.top + self.height)

    @property
    def columns(self) -> slice:
        return slice(self.left, self.left + self.width)


def _windows(original: tuple[int, ...], size: tuple[int, int], fit: Fit) -> tuple[_Window, _Window]:
    """Return which part of the original is taken, and which part of the fitted picture it fills."""
    height, width = original
    whole, all_of_it = _Window(0, 0, height, width), _Window(0, 0, *size)
    ratios = size[0] / height, size[1] / width
    if fit == "crop":
        scale = max(ratios)
        rows, columns = (
            max(1, min(side, round(wanted / scale)))
            for side, wanted in zip((height, width), size, strict=True)
        )
        whole = _Window((height - rows) // 2, (width - columns) // 2, rows, columns)
    if fit == "pad":
        scale = min(ratios)
        rows, columns = (
            max(1, min(wanted, round(side * scale)))
            for side, wanted in zip((height, width), size, strict=True)
        )
        all_of_it = _Window((size[0] - rows) // 2, (size[1] - columns) // 2, rows, columns)
    return whole, all_of_it


def resized(pixels: npt.NDArray[np.uint8], height: int, width: int) -> npt.NDArray[np.uint8]:
    """Resize (h, w, …): a side that shrinks by the mean of the area, one that grows smoothly."""
    smaller = min(height, pixels.shape[0]), min(width, pixels.shape[1])
    array: npt.NDArray[Any] = np.ascontiguousarray(pixels)
    if smaller != array.shape[:2]:
        array = cv2.resize(array, smaller[::-1], interpolation=cv2.INTER_AREA)
    if smaller != (height, width):
        array = cv2.resize(array, (width, height), interpolation=cv2.INTER_CUBIC)
    return array.astype(np.uint8, copy=False)


def to_original(
    points: npt.NDArray[np.float32], original: tuple[int, int], size: tuple[int, int], fit: Fit
) -> npt.NDArray[np.float64]:
    """Return where points of a fitted picture lie in the original.

    Parameters
    ----------
    points : (..., 2)
        Pixels (x, y) of the fitted picture, the center of the first pixel at (0, 0).
    original, size
        (height, width) of the original and of the fitted picture, in pixels.
    fit
        How it was fitted.

    Returns
    -------
    (..., 2) float64
        Pixels (x, y) of the original.

    See Also
    --------
    from_original : The way back.
    """
    scale, shift = _scale_and_shift(original, size, fit)
    return np.asarray((points.astype(np.float64) + 0.5 - shift) / scale - 0.5)


def from_original(
    points: npt.NDArray[np.float64], original: tuple[int, int], size: tuple[int, int], fit: Fit
) -> npt.NDArray[np.float32]:
    """Return where points of the original lie in the fitted picture; see `to_original`."""
    scale, shift = _scale_and_shift(original, size, fit)
    return ((points + 0.5) * scale + shift - 0.5).astype(np.float32)


def _scale_and_shift(
    original: tuple[int, int], size: tuple[int, int], fit: Fit
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return how many pixels (x, y) one of the original becomes, and where its corner goes."""
    taken, filled = _windows(original, size, fit)
    scale = np.array([filled.width / taken.width, filled.height / taken.height])
    return scale, np.array([filled.left, filled.top]) - scale * [taken.left, taken.top]
