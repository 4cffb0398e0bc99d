"""Single images of a collection: as they are, and as they take part in an average."""

from typing import Literal, TypeAlias

import numpy as np

from explorer.alignment.maps import NODE, grid_points
from explorer.alignment.warped import warp_image
from explorer.arrays import ByteArray, FloatArray
from explorer.engine import Exploration
from ui.hub import UnknownError
from ui.library import Library

ImageSize: TypeAlias = Literal["thumb", "full"]

LEAST_MOVE = 0.5
"""What is moved less, in pixels, is called where it was."""

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


def is_moved(exploration: Exploration, image_id: int) -> bool:
    """Return whether an image is moved by half a pixel or more for the average, mirroring apart."""
    known = _map_of(exploration, image_id)
    if known is None:
        return False
    nodes, _ = known
    down, across = (NODE * (side - 1) + 1 for side in nodes.shape[:2])
    return bool(np.abs(nodes - grid_points(down, across)).max() >= LEAST_MOVE)


def is_mirrored(exploration: Exploration, image_id: int) -> bool:
    """Return whether an image takes part mirrored: by its map, as merged edits may differ."""
    known = _map_of(exploration, image_id)
    return bool(exploration.mirrored[image_id]) if known is None else known[1]


def as_it_takes_part(
    library: Library, exploration: Exploration, image_id: int, size: ImageSize
) -> ByteArray:
    """Return an image (h, w, 3) uint8 moved and mirrored as it is for the average, white beyond."""
    pixels = pixels_of(library, image_id, size)
    known = _map_of(exploration, image_id)
    if known is not None:
        canvas = library.height, library.width
        return warp_image(pixels, known[0], is_mirrored=known[1], canvas=canvas)
    is_flipped = is_mirrored(exploration, image_id)
    return np.ascontiguousarray(pixels[:, ::-1]) if is_flipped else pixels


def _map_of(exploration: Exploration, image_id: int) -> tuple[FloatArray, bool] | None:
    """Return where an image's map points, (Y, X, 2) float32, and whether it is mirrored."""
    maps = exploration.maps
    if maps is None:
        return None
    place = int(np.searchsorted(maps.rows, image_id))
    if place == len(maps.rows) or maps.rows[place] != image_id:
        return None
    return maps.nodes[place], bool(maps.mirrored[place])
