"""From the scores of the edits to each image's share of the average."""

from dataclasses import dataclass

import numpy as np

from explorer.arrays import FloatArray, IntArray, check_array
from explorer.session import WeightingName

BEST = 20
FIRST_COUNT = 100
NARROWING = 0.75
SMALLEST_COUNT = 40
FLOOR = 0.01


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightRule:
    """How scores become weights.

    Attributes
    ----------
    weighting
        "focus" or "paper".
    count
        How many images the average should effectively be made of; None narrows as edits are added.
    pinned, excluded : (k,) int32
        Images that weigh as much as the best, and images that weigh nothing.
    """

    weighting: WeightingName
    count: int | None
    pinned: IntArray
    excluded: IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weighting:
    """Each image's share of the average, and where it comes from.

    Attributes
    ----------
    weights : (N,) float32
        They sum to 1.
    scores : (N,) float32
        The combined score.
    contributions : (T, N) float32
        What each edit adds to the combined score.
    effective_images
        (sum w)^2 / sum w^2.
    """

    weights: FloatArray
    scores: FloatArray
    contributions: FloatArray
    effective_images: float


def weigh(scores: FloatArray, strengths: FloatArray, rule: WeightRule) -> Weighting:
    """Turn the scores of T edits into the weights of N images (first version: see the module)."""
    sizes = check_array(scores, "scores", "T N")
    check_array(strengths, "strengths", str(sizes["T"]))
    contributions = np.stack([_standard(row) for row in scores]) if len(scores) else scores
    contributions = contributions * strengths[:, None]
    combined = contributions.sum(axis=0, dtype=np.float32)
    usable = np.ones(sizes["N"], bool)
    usable[rule.excluded] = False
    if not usable.any():
        usable[:] = True
    weights = np.zeros(sizes["N"], np.float64)
    wished = rule.count or max(
        SMALLEST_COUNT, round(FIRST_COUNT * NARROWING ** (max(len(scores), 1) - 1))
    )
    weights[usable] = _focused(combined[usable].astype(np.float64), wished)
    pinned = [row for row in rule.pinned if usable[row]]
    weights[pinned] = weights.max()
    weights /= weights.sum()
    return Weighting(
        weights=weights.astype(np.float32),
        scores=combined,
        contributions=contributions,
        effective_images=float(1 / (weights**2).sum()),
    )


def _standard(scores: FloatArray) -> FloatArray:
    """Return scores with their median at 0 and the mean of the best 20 at 1, cut at 1."""
    best = min(BEST, len(scores))
    top = float(np.partition(scores, -best)[-best:].mean())
    middle = float(np.median(scores))
    if not top > middle:
        return np.zeros_like(scores)
    return np.clip((scores - middle) / (top - middle), -1, 1).astype(np.float32)


def _focused(scores: FloatArray, wished: int) -> FloatArray:
    if wished >= len(scores) or np.ptp(scores) == 0:
        return np.ones_like(scores)
    best = max(1, min(BEST, wished // 2, len(scores)))
    cut = np.minimum(scores, np.partition(scores, -best)[-best:].mean())
    cut -= cut.max()
    low, high = 0.0, 200.0
    for _ in range(40):
        middle = (low + high) / 2
        weights = np.exp(middle * cut)
        effective = weights.sum() ** 2 / (weights**2).sum()
        low, high = (middle, high) if effective > wished else (low, middle)
    weights = np.exp(high * cut)
    weights[weights < FLOOR * weights.max()] = 0
    return weights
