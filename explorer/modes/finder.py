"""The modes at any spot: stored by a build, remembered, or mined now."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy.typing as npt

from explorer.modes.mining import COARSE, Miner
from explorer.modes.spots import Spot
from explorer.modes.values import SpotModes
from explorer.view import FirstImages, View

SPOTS_KEPT = 512
COARSE_IMAGES = 1024

Stored: TypeAlias = Callable[[int, int, int], Mapping[str, npt.NDArray[Any]] | None]


class ModeFinder:
    """Finds modes, and keeps what it has mined. For one thread at a time.

    Parameters
    ----------
    view
        The collection.
    stored
        Returns the modes that a build has stored for a spot (side, row, column), as arrays named as
        the fields of `SpotModes`, None where it has not: `modes_at` of a collection.
    """

    def __init__(self, view: View, stored: Stored = lambda side, row, column: None) -> None:
        self._view = view
        self._stored = stored
        self._miner = Miner(view)
        self._coarse = Miner(FirstImages(view, COARSE_IMAGES), COARSE)
        self._mined: OrderedDict[Spot, SpotModes] = OrderedDict()

    def known(self, spot: Spot) -> SpotModes | None:
        """Return the modes of a spot if they need not be mined."""
        if spot in self._mined:
            self._mined.move_to_end(spot)
            return self._mined[spot]
        stored = self._stored(spot.side, spot.row, spot.column)
        return SpotModes(spot=spot, **stored) if stored else None

    def coarse(self, spot: Spot) -> SpotModes:
        """Return a first guess from a sample of the images, at once."""
        return self._coarse.mine(spot)

    def find(self, spot: Spot, is_cancelled: Callable[[], bool] = lambda: False) -> SpotModes:
        """Return the modes of a spot.

        Raises
        ------
        Cancelled
            If `is_cancelled` said True before they were found.
        """
        known = self.known(spot)
        if known is None:
            known = self._miner.mine(spot, is_cancelled)
            self._mined[spot] = known
            if len(self._mined) > SPOTS_KEPT:
                self._mined.popitem(last=False)
        return known
