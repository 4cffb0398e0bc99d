"""The map of where to look, as the page shows it: made once a collection, by the modes worker."""

from concurrent.futures import Future

import cv2
import numpy as np

from explorer.arrays import FloatArray, check_array
from explorer.matching import CELL
from explorer.modes.finder import ModeFinder
from explorer.modes.interest import dim_blank, interest_map, lazy_step
from ui.library import Library
from ui.rooms.hub import Hub

HUE = (255, 122, 0)
"""sRGB of the map: an orange, which is seldom what an average is of."""

STRONGEST = 192
"""Alpha of the greatest interest, of 255: the average still shows through."""


class InterestMaps:
    """The maps that somebody has asked for.

    Parameters
    ----------
    hub
        Whose collections they are of.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._maps: dict[tuple[str, int], Future[FloatArray]] = {}

    def ask(self, collection: str, side: int) -> "Future[FloatArray]":
        """Return the map (Y, X) of a collection for patches of that side in cells.

        Raises
        ------
        UnknownError
            If there is no such collection.
        """
        room = self._hub.room(collection)
        library, collection = room.library, room.seat  # all rooms of a collection have one map
        key = (collection, side)
        known = self._maps.get(key)
        if known is None or known.cancelled() or (known.done() and known.exception()):
            known = self._hub.modes.ask(collection, lambda finder: map_of(finder, library, side))
            self._maps[key] = known
        return known


def map_of(finder: ModeFinder, library: Library, side: int) -> FloatArray:
    """Return the map (Y, X): of every spot if a build has stored them, else of guesses at some."""
    height, width = library.height, library.width
    if library.modes_at(side, 0, 0) is not None:
        return dim_blank(interest_map(finder.find, height, width, side), library)
    step = lazy_step(height, width, side)
    return dim_blank(interest_map(finder.coarse, height, width, side, step=step), library)


def encode_interest(interest: FloatArray, height: int, width: int) -> bytes:
    """Encode a map as a PNG of one hue, the more opaque the more there is to explore.

    Parameters
    ----------
    interest : (Y, X) float32
        In [0, 1].
    height, width
        Of the picture, in pixels.

    Raises
    ------
    ArrayError
        If the map has another shape or dtype.
    """
    check_array(interest, "interest", "Y X")
    picture = np.empty((height, width, 4), np.uint8)
    picture[..., :3] = HUE[::-1]
    rows, columns = interest.shape
    opaque = cv2.resize(interest, (columns * CELL, rows * CELL), interpolation=cv2.INTER_LINEAR)
    beyond = ((0, max(0, height - rows * CELL)), (0, max(0, width - columns * CELL)))
    opaque = np.pad(opaque, beyond, mode="edge")[:height, :width]
    picture[..., 3] = np.rint(STRONGEST * np.clip(opaque, 0, 1))
    _, encoded = cv2.imencode(".png", picture)
    return encoded.tobytes()
