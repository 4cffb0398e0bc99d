"""Single images of a collection: as they are, and as they take part in an average."""

from typing import Literal, TypeAlias

import numpy as np

from explorer.alignment.warped import warp_image
from explorer.arrays import ByteArray
from explorer.engine import Exploration
from ui.computing.taking_part import is_mirrored, map_of
from ui.library import Library
from ui.rooms.hub import UnknownError

ImageSize: TypeAlias = Literal["thumb", "full"]

FEATURE_OF: dict[ImageSize, str] = {"thumb": "thumbs", "full": "pixels"}


def with_image(library: Library, image_id: int) -> Library:
    """Return the library if it has an image.

    Raises
    ------
    UnknownError
        If it has not.
    """
    if not 0 <= image_id < library.size:
        raise UnknownError(f"an image's id must be 0 to {library.size - 1}, got {image_id}")
    return library


def pixels_of(library: Library, image_id: int, size: ImageSize) -> ByteArray:
    """Return an image (h, w, 3) uint8 as it is."""
    pixels: ByteArray = library.rows(FEATURE_OF[size], [image_id])[0]
    return pixels


def as_it_takes_part(
    library: Library, exploration: Exploration, image_id: int, size: ImageSize
) -> ByteArray:
    """Return an image (h, w, 3) uint8 moved and mirrored as it is for the average, white beyond."""
    pixels = pixels_of(library, image_id, size)
    known = map_of(exploration, image_id)
    if known is not None:
        canvas = library.height, library.width
        return warp_image(pixels, known[0], is_mirrored=known[1], canvas=canvas)
    is_flipped = is_mirrored(exploration, image_id)
    return np.ascontiguousarray(pixels[:, ::-1]) if is_flipped else pixels
