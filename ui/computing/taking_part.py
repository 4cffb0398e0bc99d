"""How an image takes part in an average: where it is, moved, mirrored."""

import numpy as np

from explorer.alignment.maps import NODE, grid_points
from explorer.arrays import FloatArray
from explorer.engine import Exploration

LEAST_MOVE = 0.5
"""What is moved less, in pixels, is called where it was."""


def is_moved(exploration: Exploration, image_id: int) -> bool:
    """Return whether an image is moved by half a pixel or more for the average, mirroring apart."""
    known = map_of(exploration, image_id)
    if known is None:
        return False
    nodes, _ = known
    down, across = (NODE * (side - 1) + 1 for side in nodes.shape[:2])
    return bool(np.abs(nodes - grid_points(down, across)).max() >= LEAST_MOVE)


def is_mirrored(exploration: Exploration, image_id: int) -> bool:
    """Return whether an image takes part mirrored: by its map, as merged edits may differ."""
    known = map_of(exploration, image_id)
    return bool(exploration.mirrored[image_id]) if known is None else known[1]


def map_of(exploration: Exploration, image_id: int) -> tuple[FloatArray, bool] | None:
    """Return where an image's map points, (Y, X, 2) float32, and whether it is mirrored."""
    maps = exploration.maps
    if maps is None:
        return None
    place = int(np.searchsorted(maps.rows, image_id))
    if place == len(maps.rows) or maps.rows[place] != image_id:
        return None
    return maps.nodes[place], bool(maps.mirrored[place])
