"""Pictures of any shape brought to one size."""

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
    height, width = pixels.shape[:2]
    if fit == "stretch":
        return resized(pixels, *size)
    ratios = size[0] / height, size[1] / width
    if fit == "crop":
        scale = max(ratios)
        rows, columns = (
            max(1, min(side, round(wanted / scale)))
            for side, wanted in zip((height, width), size, strict=True)
        )
        top, left = (height - rows) // 2, (width - columns) // 2
        return resized(pixels[top : top + rows, left : left + columns], *size)
    scale = min(ratios)
    rows, columns = (
        max(1, min(wanted, round(side * scale)))
        for side, wanted in zip((height, width), size, strict=True)
    )
    top, left = (size[0] - rows) // 2, (size[1] - columns) // 2
    canvas = np.full((*size, *pixels.shape[2:]), 255, np.uint8)
    canvas[top : top + rows, left : left + columns] = resized(pixels, rows, columns)
    return canvas


def resized(pixels: npt.NDArray[np.uint8], height: int, width: int) -> npt.NDArray[np.uint8]:
    """Resize (h, w, …): a side that shrinks by the mean of the area, one that grows smoothly."""
    smaller = min(height, pixels.shape[0]), min(width, pixels.shape[1])
    array: npt.NDArray[Any] = np.ascontiguousarray(pixels)
    if smaller != array.shape[:2]:
        array = cv2.resize(array, smaller[::-1], interpolation=cv2.INTER_AREA)
    if smaller != (height, width):
        array = cv2.resize(array, (width, height), interpolation=cv2.INTER_CUBIC)
    return array.astype(np.uint8, copy=False)
