"""The natural visual world as the explorer brush needs it: how often it shows a patch like this.

Photographs of it do not ship, statistics of its patches do: a mixture of Gaussians in the space of
unit patches, one a side. It answers what a bank of n random patches would: how many are nearer than
that. Ours; the paper compares with patches of random Flickr images.
"""

from dataclasses import dataclass

import numpy as np

from explorer.arrays import DoubleArray, FloatArray
from explorer.kernels.patches import tails_kernel
from explorer.view import View

STEPS = 16


@dataclass(frozen=True, slots=True)
class World:
    """A mixture of G Gaussians over unit patches of d numbers.

    Attributes
    ----------
    centers : (G, d) float32
        Their means.
    shares : (G,) float32
        How much of the world each is; they sum to 1.
    spreads : (G,) float32
        Each one's variance, relative to `residual`.
    residual : (d, d) float32
        Covariance within the Gaussians, their mean.
    """

    centers: FloatArray
    shares: FloatArray
    spreads: FloatArray
    residual: FloatArray

    @classmethod
    def of(cls, view: View, side: int) -> "World":
        """Return the natural world's patches of one side, from the statistics of a collection."""
        names = ("centers", "shares", "spreads", "residual")
        arrays = [view.statistics(f"world_{name}_{side}").astype(np.float32) for name in names]
        return cls(*arrays)

    def projected(self, queries: FloatArray) -> "Projected":
        """Return the distribution of the similarity to each of the unit vectors (S, d)."""
        within = np.einsum("sd,sd->s", queries @ self.residual, queries)
        means = queries @ self.centers.T
        deviations = np.sqrt(np.maximum(within[:, None] * self.spreads, 1e-8))
        return Projected(means, deviations.astype(np.float32), self.shares)


@dataclass(frozen=True, slots=True)
class Projected:
    """How similar the natural world is to each of S queries: mixtures of G normal distributions."""

    means: FloatArray
    deviations: FloatArray
    shares: FloatArray

    def above(self, levels: FloatArray) -> DoubleArray:
        """Return the share of the natural world that is more similar than `levels` (S,)."""
        shares = np.empty(len(levels))
        tails_kernel(  # type: ignore[no-untyped-call]
            self.means, self.deviations, self.shares, levels.astype(np.float32), shares
        )
        return shares

    def inliers(self, best: FloatArray, candidates: int) -> FloatArray:
        """Return the share of the collection among the k nearest patches.

        Parameters
        ----------
        best : (S, k) float32
            The greatest similarities of the collection, one an image, falling.
        candidates
            How many patches of the collection were compared; as many of the natural world are, so
            that chance is one half.

        Returns
        -------
        (S,) float32
            In [0, 1].
        """
        queries, k = np.arange(len(best)), best.shape[1]
        fewest, most = np.zeros(len(best), int), np.full(len(best), k)
        while (fewest < most).any():
            middle = (fewest + most + 1) // 2
            level = best[queries, np.maximum(middle - 1, 0)]
            fits = middle + np.floor(candidates * self.above(level)) <= k
            fewest = np.where(fits, middle, fewest)
            most = np.where(fits, most, np.minimum(middle - 1, most))
            most = np.maximum(most, fewest)
        return np.asarray(fewest / k, np.float32)

    def levels(self, share: float) -> FloatArray:
        """Return the similarity that only `share` of the natural world exceeds, (S,) float32."""
        low, high = np.zeros(len(self.means), np.float32), np.ones(len(self.means), np.float32)
        for _ in range(STEPS):
            middle = ((low + high) / 2).astype(np.float32)
            is_common = self.above(middle) > share
            low, high = np.where(is_common, middle, low), np.where(is_common, high, middle)
        return np.asarray(high, np.float32)
