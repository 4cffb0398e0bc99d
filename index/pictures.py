"""From an opened image file to upright sRGB pixels.

The build and the full-resolution export read pictures with the same functions, so both show the
same colors the same way up.
"""

import hashlib
import io
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms, ImageOps

FORMATS = ("AVIF", "BMP", "GIF", "JPEG", "JPEG2000", "PNG", "PPM", "TIFF", "WEBP")
"""Formats that are read; none of them can run a program or open another file. JPEG includes MPO."""

PLAIN_MODES = ("L", "RGB", "CMYK")


def content_hash(content: bytes) -> str:
    """Return a hash of a file's bytes, by which a collection knows what it was built from."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def upright(image: Image.Image) -> Image.Image:
    """Turn the image as its EXIF orientation says; a broken orientation leaves it as it is."""
    try:
        return ImageOps.exif_transpose(image)
    except (ValueError, TypeError, KeyError, SyntaxError, OSError):
        return image


def opaque(image: Image.Image) -> Image.Image:
    """Reduce any mode to L, RGB or CMYK of 8 bits; transparent places become white."""
    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(_eight_bits(np.asarray(image)))
    if image.mode == "1":
        return image.convert("L")
    if image.has_transparency_data:
        colors = image.convert("RGBA")
        white = Image.new("RGBA", colors.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, colors).convert("RGB")
    return image if image.mode in PLAIN_MODES else image.convert("RGB")


def to_srgb(image: Image.Image, profile: bytes | None) -> npt.NDArray[np.uint8]:
    """Convert an opaque image to sRGB.

    Parameters
    ----------
    image
        Of mode L, RGB or CMYK.
    profile
        Its ICC profile. One that is broken or does not fit the mode is ignored.

    Returns
    -------
    (H, W, 3) uint8
        sRGB.
    """
    transform = _transform(profile, image.mode) if profile else None
    converted = image.convert("RGB") if transform is None else transform.apply(image)
    return np.asarray(converted)


def _eight_bits(values: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Scale 16-bit integers by their range; floats are taken as 0 to 1 unless they exceed it."""
    if np.issubdtype(values.dtype, np.floating):
        unit = 1.0 if np.nanmax(values, initial=0) <= 1 else 255.0
    else:
        unit = 255.0 if values.max(initial=0) <= 255 and values.itemsize > 2 else 65535.0
    scaled = np.nan_to_num(values.astype(np.float64) * (255 / unit))
    return np.clip(np.rint(scaled), 0, 255).astype(np.uint8)


@lru_cache(maxsize=32)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Return the transform to sRGB, or None if there is nothing to do or it cannot be made."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        description = ImageCms.getProfileDescription(source).lower()
        if description.startswith("srgb") and "linear" not in description:
            return None
        return ImageCms.buildTransform(
            source,
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
