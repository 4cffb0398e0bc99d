"""Clusters side by side: each image is shared out among them, so they push each other apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.arrays import DoubleArray, FloatArray

WELL = 0.4
"""An image fits a cluster well if it fits its edits this well on average: 0 is the median image,
1 the best twenty."""
SAME = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Claim:
    """What one cluster wants of each of N images.

    Attributes
    ----------
    claims : (N,) float32
        > 0; 1 where its edits say nothing.
    fits : (N,) float32 or None
        How well each image fits its edits on average, 1 as the best do; None without edits, when
        any image may be its.
    """

    claims: FloatArray
    fits: FloatArray | None


def shares_of(claims: Sequence[FloatArray]) -> FloatArray:
    """Share every image out among clusters in proportion to their claims.

    Parameters
    ----------
    claims : (N,) float32 each
        Of C clusters, > 0.

    Returns
    -------
    (C, N) float32
        The shares of an image sum to 1.

    References
    ----------
    .. [1] J.-Y. Zhu, Y. J. Lee, A. A. Efros, "AverageExplorer", ACM Trans. Graph. 33(4), 2014: the
       weights of an image over all clusters sum to 1. That a share is of a claim that grows with
       the exponent of the score, and multiplies the cluster's own weight instead of taking its
       place, is ours: else an image that nobody wants much weighs as much as the best.
    """
    stacked = np.stack(claims).astype(np.float64)
    shares: FloatArray = (stacked / stacked.sum(axis=0)).astype(np.float32)
    return shares


def parts_of(claims: Sequence[Claim]) -> tuple[DoubleArray, float]:
    """Return which part of the collection belongs to each cluster, and what no cluster explains.

    An image belongs to the cluster that claims most of it, if it fits its edits well; else to those
    without edits, if there are any, else to none.

    Parameters
    ----------
    claims
        Of C clusters.

    Returns
    -------
    parts : (C,) float64
    rest : float
        With the parts it sums to 1.
    """
    stacked = np.stack([claim.claims for claim in claims])  # (C, N)
    # Clusters that are copies of each other share what they both claim.
    most = stacked >= stacked.max(axis=0) * (1 - SAME)
    fitting = np.stack(
        [np.ones(len(c.claims), np.bool_) if c.fits is None else c.fits >= WELL for c in claims]
    )
    owned = most & fitting
    unowned = ~owned.any(axis=0)
    empty = np.array([claim.fits is None for claim in claims])
    owned |= empty[:, None] & unowned
    portions = owned / np.maximum(owned.sum(axis=0), 1)
    return portions.mean(axis=1), float(1 - owned.any(axis=0).mean())


def unexplained(claims: Sequence[Claim], size: int) -> FloatArray:
    """Return how little any cluster with edits explains each image.

    Parameters
    ----------
    claims
        Of the clusters.
    size
        How many images there are, N.

    Returns
    -------
    (N,) float32
        1 less how well the image fits the cluster that it fits best: 0 or less of images that fit
        as the best do, 1 of those that fit like the median image, more of those that fit worse. 1
        of all if no cluster has edits.
    """
    fits = [claim.fits for claim in claims if claim.fits is not None]
    if not fits:
        return np.ones(size, np.float32)
    missing: FloatArray = (1 - np.max(fits, axis=0)).astype(np.float32)
    return missing
