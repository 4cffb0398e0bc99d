"""The original photographs of a collection, read again at their own size."""

import io
import zipfile
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from index.collection import Original
from index.errors import CollectionError
from index.pictures import FORMATS, opaque, to_srgb, upright

PIXELS_LIMIT = 400_000_000


def read_original(original: Original) -> npt.NDArray[np.uint8]:
    """Read an original photograph, upright and in sRGB.

    Returns
    -------
    (h, w, 3) uint8
        At the size of the original.

    Raises
    ------
    CollectionError
        If the file is no longer there, or cannot be read as a picture.
    """
    where = f"{original.source}: {original.member}"
    try:
        if original.kind == "video":
            return _frame(original)
        content = _content(original)
    except (OSError, KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise CollectionError(f"{where} is no longer there ({error})") from error
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > PIXELS_LIMIT:
                raise CollectionError(f"{where} has more than {PIXELS_LIMIT} pixels")
            profile = image.info.get("icc_profile")
            return to_srgb(opaque(upright(image)), profile)
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise CollectionError(f"{where} is no picture any more ({error})") from error


def _content(original: Original) -> bytes:
    if original.kind == "zip":
        with zipfile.ZipFile(original.source) as archive:
            return archive.read(original.member)
    source = original.source
    folder = source.parent if original.kind == "table" else source
    return Path(folder, original.member).read_bytes()


def _frame(original: Original) -> npt.NDArray[np.uint8]:
    capture = cv2.VideoCapture(str(original.source))
    try:
        capture.set(cv2.CAP_PROP_POS_FRAMES, int(original.member))
        is_read, frame = capture.read()
    finally:
        capture.release()
    if not is_read:
        raise CollectionError(f"{original.source}: frame {original.member} cannot be read")
    return np.ascontiguousarray(frame[..., ::-1], np.uint8)
