"""From the scores of the edits to each image's share of the average.

"focus" makes the average of about as many images as wished, the best ones weighing most, whatever
the unit and the spread of the scores. "paper" is the nonlinearity of AverageExplorer, which after a
few edits still keeps most images.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.arrays import BoolArray, FloatArray, IntArray, check_array
from explorer.session import WeightingName

BEST = 20  # images that match well: K of the paper
LOWEST, HIGHEST = -1.0, 1.5  # one edit's standard scores are cut there
MOST, LEAST, NARROWING = 50, 25, 0.85
FLOOR = 0.01
SAME = 1e-6  # scores nearer to each other than this share of the greatest are the same
LEVELS = 1024
STEEPEST = 1e4
PUSH = 3.0
"""Of two clusters, one that fits an image better by 1 (as the best fit better than the median)
claims exp(3) = 20 times as much of it."""
TINY, LARGEST = 1e-6, 60.0

DoubleArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightRule:
    """How scores become weights.

    Attributes
    ----------
    weighting
        "focus" or "paper".
    count
        How many images the average should effectively be made of; None narrows as edits are added.
        "paper" decides for itself.
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
    """Turn the scores of T edits into the weights of N images.

    Parameters
    ----------
    scores : (T, N) float32
        How well each image matches each edit, in any unit.
    strengths : (T,) float32
        How much each edit counts; a negative one asks for less of it.
    rule
        How scores become weights.

    Returns
    -------
    Weighting
        With no edit, or none that tells images apart, all weigh the same.

    Raises
    ------
    ArrayError
        If an array has another shape or dtype.

    References
    ----------
    .. [1] J.-Y. Zhu, Y. J. Lee, A. A. Efros, "AverageExplorer", ACM Trans. Graph. 33(4), 2014. The
       sum of scores and "paper" are theirs, except that at least 20 images stay, that the threshold
       stops at 0.85 of the mean of the best 20 and the exponent at 2; "focus" is ours.
    """
    edits = check_array(scores, "scores", "T N")["T"]
    check_array(strengths, "strengths", str(edits))
    contributions = contributions_of(scores, strengths, rule.weighting)
    combined: FloatArray = contributions.sum(axis=0)
    weights = weights_of(combined, edits, rule)
    return Weighting(
        weights=weights,
        scores=combined,
        contributions=contributions,
        effective_images=effective_number(weights),
    )


def contributions_of(
    scores: FloatArray, strengths: FloatArray, weighting: WeightingName
) -> FloatArray:
    """Return what each edit adds to the combined score, (T, N) float32, on one scale.

    Parameters
    ----------
    scores : (T, N) float32
        How well each image matches each edit, in any unit.
    strengths : (T,) float32
        How much each edit counts.
    weighting
        "focus" puts the median at 0 and good images at 1, "paper" keeps scores of 0 and more.
    """
    on_one_scale = _standard if weighting == "focus" else _shares
    contributions = np.empty_like(scores)
    for row, strength, contribution in zip(scores, strengths, contributions, strict=True):
        np.multiply(on_one_scale(row), strength, out=contribution)
    return contributions


def weights_of(
    combined: FloatArray, edits: int, rule: WeightRule, shares: FloatArray | None = None
) -> FloatArray:
    """Return each image's share of one cluster's average.

    Parameters
    ----------
    combined : (N,) float32
        The combined score.
    edits
        How many edits it is of.
    rule
        How scores become weights.
    shares : (N,) float32
        Which part of each image other clusters leave to this one, in [0, 1]; without it all.

    Returns
    -------
    (N,) float32
        They sum to 1.
    """
    usable = _usable(combined, rule)
    left = np.ones(len(combined)) if shares is None else np.maximum(shares, TINY, dtype=np.float64)
    weights = np.zeros(len(combined))
    if rule.weighting == "focus" and (edits or rule.count):
        # As exp(PUSH * score) is what a cluster claims, a score falls by what others claim more.
        pushed = (combined + np.log(left) / PUSH).astype(np.float32)
        count = rule.count or automatic_count(edits, len(combined))
        weights[usable] = _focused(pushed[usable], count)
    elif rule.weighting == "focus":
        weights[usable] = left[usable]
    else:
        weights[usable] = _peaked(combined[usable].astype(np.float64), edits) * left[usable]
    weights[rule.pinned[usable[rule.pinned]]] = weights.max()
    normalized: FloatArray = (weights / weights.sum()).astype(np.float32)
    return normalized


def claims_of(combined: FloatArray, edits: int, rule: WeightRule) -> FloatArray:
    """Return how much a cluster wants each image: 1 where its edits say nothing.

    Parameters
    ----------
    combined : (N,) float32
        The combined score.
    edits
        How many edits it is of.
    rule
        How scores become weights.

    Returns
    -------
    (N,) float32
        "focus": exp(PUSH * score); "paper": its weight in units of 1 / N, at least a millionth.
        Nothing of what is excluded, and of what is pinned at least as much as of the best.
    """
    if rule.weighting == "focus":
        claims = np.exp(np.minimum(PUSH * combined.astype(np.float64), LARGEST))
    else:
        peaked = _peaked(combined.astype(np.float64), edits)
        claims = np.maximum(peaked / peaked.mean(), TINY)
    claims[rule.pinned] = max(float(claims.max()), 1.0) * 10
    claims[rule.excluded] = TINY
    result: FloatArray = claims.astype(np.float32)
    return result


def effective_number(weights: FloatArray) -> float:
    """Return (sum w)^2 / sum w^2: how many images carry the weight."""
    sums = weights.astype(np.float64)
    return float(sums.sum() ** 2 / (sums**2).sum())


def automatic_count(edits: int, images: int) -> int:
    """Return how many images an average is made of if nobody wishes otherwise.

    A tenth of the collection, within 20 and 50, after the first edit, and 15 % less with each
    more, down to 25. Of few images never more than half, so that an edit shows.

    Examples
    --------
    >>> [automatic_count(edits, 10_000) for edits in range(7)]
    [10000, 50, 42, 36, 31, 26, 25]
    >>> [automatic_count(1, images) for images in (1, 2, 5, 18, 60)]
    [1, 1, 2, 9, 20]
    """
    if not edits:
        return images
    first = min(MOST, max(BEST, images // 10), max(1, images // 2))
    return max(min(LEAST, first), round(first * NARROWING ** (edits - 1)))


def _usable(combined: FloatArray, rule: WeightRule) -> BoolArray:
    """Return which images may weigh anything: all but the excluded, or all if none were left."""
    usable = np.ones(len(combined), np.bool_)
    usable[rule.excluded] = False
    return usable if usable.any() else ~usable


def _best_mean(scores: npt.NDArray[np.floating]) -> float:
    best = min(BEST, len(scores))
    return float(np.partition(scores, -best)[-best:].mean())


def _standard(scores: FloatArray) -> FloatArray:
    """Return scores of which the median is 0 and the median of the best 20 is 1, within limits."""
    scale = standard_scale(scores)
    if scale is None:
        return np.zeros_like(scores)
    standard: FloatArray = (scores - np.float32(scale[0])) / np.float32(scale[1])
    return standard.clip(LOWEST, HIGHEST, out=standard)


def standard_scale(scores: FloatArray) -> tuple[float, float] | None:
    """Return what scores (N,) float32 are reduced by and divided by to be standard.

    Of standard scores the median is 0 and the median of the best 20 is 1. If that is one value,
    because fewer images than that match at all, the best is at 1; if most images are as good as
    the best, the worst is at -1. None if all are the same.
    """
    middle, good = len(scores) // 2, len(scores) - _half(BEST, len(scores))
    ordered = np.partition(scores, (middle, good))
    lowest, zero, highest = float(scores.min()), float(ordered[middle]), float(scores.max())
    spreads = (float(ordered[good]) - zero, highest - zero, zero - lowest)
    least = SAME * max(abs(lowest), abs(highest))
    spread = next((spread for spread in spreads if spread > least), None)
    return None if spread is None else (zero, spread)


def _half(best: int, images: int) -> int:
    """Return how many are the better half of the best, at least one."""
    return max(1, min(best, images) // 2)


def _shares(scores: FloatArray) -> FloatArray:
    """Return scores that are 0 or more: as they are, else from 0 to 1 for the mean of the best."""
    lowest = float(scores.min())
    spread = _best_mean(scores) - lowest
    if lowest >= 0 or not spread > 0:
        return scores.clip(0, None)
    shares: FloatArray = (scores - np.float32(lowest)) / np.float32(spread)
    return shares


def _focused(scores: FloatArray, count: int) -> DoubleArray:
    """Return exp(steepness * score) such that (sum w)^2 / sum w^2 is `count`.

    Scores are cut at the median of the best 20, so that one that stands far out does not take all.
    """
    good = len(scores) - _half(min(BEST, count), len(scores))
    cut = np.minimum(scores, np.partition(scores, good)[good])
    if not cut.min() < cut.max():
        cut = scores  # fewer images match than the median is taken of
    below = (cut.max() - cut).astype(np.float64)
    if count >= len(scores) or not below.any():
        return np.ones(len(scores))
    weights: DoubleArray = np.exp(-_steepness(below, count) * below)
    weights[weights < FLOOR] = 0
    return weights


def _steepness(below: DoubleArray, count: int) -> float:
    """Solve for the steepness by bisection, over how many images are how far below the best."""
    places = (below * ((LEVELS - 1) / below.max())).astype(np.int64)
    images = np.bincount(places, minlength=LEVELS)
    levels = np.bincount(places, below, minlength=LEVELS) / np.maximum(images, 1)
    low, high = 0.0, STEEPEST / float(below.max())
    for _ in range(40):
        middle = (low + high) / 2
        weights = np.exp(-middle * levels)
        weights[weights < FLOOR] = 0
        total, squares = images @ weights, images @ weights**2
        low, high = (middle, high) if total * total > count * squares else (low, middle)
    return high


def _peaked(scores: DoubleArray, edits: int) -> DoubleArray:
    """Return max(0, score - alpha * mean of the best 20) ^ gamma."""
    if not edits or not np.ptp(scores):
        return np.ones(len(scores))
    alpha, gamma = min(0.2 + 0.05 * edits, 0.85), min(0.1 * edits, 2.0)
    above_zero = scores - min(0.0, float(scores.min()))
    above = np.maximum(0.0, above_zero - alpha * _best_mean(above_zero))
    weights: DoubleArray = above**gamma
    best = np.argsort(-scores, kind="stable")[:BEST]
    weights[best] = np.maximum(weights[best], FLOOR * weights.max())
    return weights
