"""From the bytes of a file to pixels of the collection's size, or the reason why not."""

import io
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from index.fitting import Fit, fitted
from index.pictures import FORMATS, content_hash, opaque, to_srgb, upright
from precompute.no_images import reason_of
from precompute.sources import IMAGE_ENDINGS

SWAPPED_ORIENTATIONS = (5, 6, 7, 8)
ORIENTATION = 0x0112
NO_MEMORY = "decoding it needs more memory than a file may take"


@dataclass(frozen=True, slots=True)
class Target:
    """What pictures are decoded to.

    Attributes
    ----------
    height, width
        Size in pixels; 0 asks for the size of the original alone.
    fit
        How a picture of another shape is fitted.
    max_pixels
        Larger originals are refused before they are decoded.
    """

    height: int
    width: int
    fit: Fit
    max_pixels: int

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) in pixels."""
        return self.height, self.width


@dataclass(frozen=True)
class Picture:
    """A decoded picture.

    Attributes
    ----------
    height, width
        Size of the upright original.
    pixels : (H, W, 3) uint8, sRGB
        At the target's size; None if only the size was asked for.
    content
        Hash of the file's bytes.
    """

    height: int
    width: int
    pixels: npt.NDArray[np.uint8] | None = None
    content: str = ""


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a file is not used; `may_pass` if it is worth another try although it is the same."""

    reason: str
    may_pass: bool = False


def decode(content: bytes, name: str, target: Target) -> Picture | Unusable:
    """Decode a file.

    Parameters
    ----------
    content
        The file's bytes.
    name
        Its name, for the check of its ending.
    target
        What to decode to.

    Returns
    -------
    Picture or Unusable
        What data can cause is a value: any bytes at all give one or the other.
    """
    if not content:
        return Unusable("the file is empty")
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            reason = _reason(image, name, target.max_pixels)
            if reason:
                return Unusable(reason)
            height, width = upright_size(image)
            if not target.height:
                return Picture(height, width)
            pixels = _pixels(image, target)
    except UnidentifiedImageError:
        return Unusable(reason_of(content, name))
    except Image.DecompressionBombError as error:
        return Unusable(f"a decompression bomb: {error}")
    except MemoryError:
        return Unusable(NO_MEMORY, may_pass=True)
    except Exception as error:  # noqa: BLE001 - decoders raise anything on hostile bytes
        return Unusable(f"broken or truncated: {error or type(error).__name__}")
    return Picture(height, width, pixels, content_hash(content))


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Return (height, width) after the EXIF orientation, from the header alone."""
    width, height = image.size
    try:
        orientation = image.getexif().get(ORIENTATION, 1)
    except (ValueError, TypeError, KeyError, SyntaxError, OSError):
        orientation = 1
    return (width, height) if orientation in SWAPPED_ORIENTATIONS else (height, width)


def _reason(image: Image.Image, name: str, max_pixels: int) -> str:
    """Return why an image is refused before it is decoded, or ""."""
    kind = image.format or ""
    ending = PurePosixPath(name).suffix.lower()
    if ending and ending not in IMAGE_ENDINGS[kind]:
        usual = IMAGE_ENDINGS["JPEG" if kind == "MPO" else kind][0]
        return f"the name ends in {ending}, the content is {kind}: rename it to end in {usual}"
    if image.width * image.height > max_pixels:
        return (
            f"a decompression bomb: {image.width} x {image.height} pixels, "
            f"at most {max_pixels} are decoded"
        )
    frames = getattr(image, "n_frames", 1)
    if frames > 1 and kind != "MPO":
        what = "pages" if kind == "TIFF" else "frames"
        return f"animated or of several pages: it has {frames} {what}, a collection takes stills"
    return ""


def _pixels(image: Image.Image, target: Target) -> npt.NDArray[np.uint8]:
    profile = image.info.get("icc_profile")
    if image.format in ("JPEG", "MPO"):
        image.draft(None, _draft_size(image, target))
    plain = opaque(upright(image))
    if target.fit == "pad":  # white is no number that all modes share, so convert first
        return fitted(to_srgb(plain, profile), target.size, target.fit)
    small = Image.fromarray(fitted(np.asarray(plain), target.size, target.fit), mode=None)
    return to_srgb(_as_mode(small, plain.mode), profile)


def _as_mode(image: Image.Image, mode: str) -> Image.Image:
    """Give four channels back their meaning: arrays of ink are taken for transparency."""
    return image if image.mode == mode else Image.frombytes(mode, image.size, image.tobytes())


def _draft_size(image: Image.Image, target: Target) -> tuple[int, int]:
    """Return (width, height) that a JPEG decoder may stop at: still twice what is needed."""
    height, width = upright_size(image)
    ratios = target.height / height, target.width / width
    if target.fit != "stretch":
        ratios = (min(ratios) if target.fit == "pad" else max(ratios),) * 2
    wanted = max(1, int(2 * ratios[0] * height)), max(1, int(2 * ratios[1] * width))
    is_turned = (height, width) != (image.height, image.width)
    return wanted if is_turned else wanted[::-1]
