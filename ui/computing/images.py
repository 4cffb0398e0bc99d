"""Pictures as files in memory, encoded for the wire; and how two of them differ."""

import base64
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from explorer.arrays import ByteArray, check_array

LIVE_QUALITY = 85
REST_QUALITY = 95
SMALL_QUALITY = 80
MIDDLE = 127.5


def encode_jpeg(image: ByteArray, *, quality: int = LIVE_QUALITY) -> bytes:
    """Encode a picture as JPEG; from `REST_QUALITY` on with full color resolution.

    Parameters
    ----------
    image : (H, W, 3) uint8, sRGB
        The picture.
    quality
        0 to 100.

    Raises
    ------
    ArrayError
        If the picture has another shape or dtype.
    """
    options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    if quality >= REST_QUALITY:
        options += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    return _encode(image, ".jpg", options)


def jpeg_text(image: ByteArray) -> str:
    """Return a small picture, (H, W, 3) uint8 sRGB, as base64 JPEG for an answer in JSON."""
    return base64.b64encode(encode_jpeg(image, quality=SMALL_QUALITY)).decode()


def encode_png(image: ByteArray) -> bytes:
    """Encode a picture as PNG.

    Parameters
    ----------
    image : (H, W, 3) uint8, sRGB
        The picture.

    Raises
    ------
    ArrayError
        If the picture has another shape or dtype.
    """
    return _encode(image, ".png", [])


def difference(first: ByteArray, second: ByteArray, gain: float = 1.0) -> ByteArray:
    """Return how one picture differs from another: mid grey where it does not.

    Parameters
    ----------
    first, second : (H, W, 3) uint8
        Two pictures.
    gain
        How much differences are exaggerated.

    Returns
    -------
    (H, W, 3) uint8
        `127.5 + gain * (first - second) / 2`, cut off at black and white.
    """
    apart = first.astype(np.float32) - second.astype(np.float32)
    shown: ByteArray = np.rint((MIDDLE + gain * apart / 2).clip(0, 255)).astype(np.uint8)
    return shown


def _encode(image: npt.NDArray[Any], suffix: str, options: list[int]) -> bytes:
    check_array(image, "image", "H W 3", np.uint8)
    _, encoded = cv2.imencode(suffix, cv2.cvtColor(image, cv2.COLOR_RGB2BGR), options)
    return encoded.tobytes()
