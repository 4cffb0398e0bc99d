"""How seldom an unrelated photograph shows a mode as well as the best images of a collection do."""

import dataclasses

import numpy as np

from explorer.arrays import FloatArray
from explorer.edits import ModePick
from explorer.modes.mining import Miner
from explorer.modes.spots import spot_at
from explorer.modes.world import Projected
from explorer.view import View

MOST = 6.0
"""What is rarer than one in a million is not told apart: the natural world is a model."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Natural:
    """What the natural world has to say of one mode.

    Attributes
    ----------
    patch
        How alike one patch of it is, a single query.
    windows
        How many patches of an image are compared.
    """

    patch: Projected
    windows: int

    @classmethod
    def of(cls, view: View, pick: ModePick) -> "Natural | None":
        """Return what is known of a pick; None if the collection lacks its image."""
        row = view.image_id(pick.image)
        if row is None:
            return None
        spot = spot_at(pick.center, pick.size * view.width, view.height, view.width)
        return cls(*Miner(view).natural(spot, row))

    def rarity(self, scores: FloatArray) -> float:
        """Return how rare scores (K,) float32 are: the mean of -log10 of their chances.

        The chance of a score is that the best patch of an unrelated photograph is more alike, if
        patches were independent. Scores count less far away and natural patches do not, so that a
        score is rather rarer than told.
        """
        one = np.zeros(len(scores), np.int64)
        patches = Projected(self.patch.means[one], self.patch.deviations[one], self.patch.shares)
        of_patch = np.clip(patches.above(scores.astype(np.float32)), 0, 1 - 1e-12)
        of_image = -np.expm1(self.windows * np.log1p(-of_patch))
        return float(-np.log10(np.clip(of_image, 10**-MOST, 1)).mean())
