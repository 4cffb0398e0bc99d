"""The modes at any spot: stored by a build, remembered, or mined now."""

from collections import OrderedDict
from collections.abc import Callable
from typing import TypeAlias

from explorer.modes.mining import MiningOptions, mine
from explorer.modes.spots import Spot
from explorer.modes.values import SpotModes
from explorer.view import FirstImages, View

SPOTS_KEPT = 512
COARSE_IMAGES = 1024
COARSE = MiningOptions(seeds=48)

Stored: TypeAlias = Callable[[Spot], SpotModes | None]


class ModeFinder:
    """Finds modes, and keeps what it has mined. For one thread at a time.

    Parameters
    ----------
    view
        The collection.
    stored
        Returns the modes of a spot that a build has stored, None where it has not.
    """

    def __init__(self, view: View, stored: Stored = lambda spot: None) -> None:
        self._view = view
        self._stored = stored
        self._mined: OrderedDict[Spot, SpotModes] = OrderedDict()

    def known(self, spot: Spot) -> SpotModes | None:
        """Return the modes of a spot if they need not be mined."""
        if spot in self._mined:
            self._mined.move_to_end(spot)
            return self._mined[spot]
        return self._stored(spot)

    def coarse(self, spot: Spot) -> SpotModes:
        """Return a first guess from a sample of the images, at once."""
        return mine(FirstImages(self._view, COARSE_IMAGES), spot, COARSE)

    def find(self, spot: Spot, is_cancelled: Callable[[], bool] = lambda: False) -> SpotModes:
        """Return the modes of a spot.

        Raises
        ------
        Cancelled
            If `is_cancelled` said True before they were found.
        """
        known = self.known(spot)
        if known is None:
            known = mine(self._view, spot, is_cancelled=is_cancelled)
            self._mined[spot] = known
            if len(self._mined) > SPOTS_KEPT:
                self._mined.popitem(last=False)
        return known
