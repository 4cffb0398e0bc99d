"""How far proposed keypoints are from true ones.

What is reported of a method, at a threshold of its confidence:

images_annotated
    Share of the counted images that have at least half of their true points annotated.
points_annotated
    Share of all true points of the counted images that are annotated.
error_px
    Mean distance of the annotated points, in pixels of the collection's images.
error_over_global
    Mean distance of the annotated points over that of the same points from the global average.
error_over_eyes
    Mean distance of the annotated points, each over a length of its image: the distance of the
    outer corners of the eyes where there are 68 points, else the longer side of the box of the
    image's true points.
pck_05, pck_10
    Share of the annotated points that are off by at most 0.05 and 0.10 of that length.

Counted are the images of the subset that have true points, but not those from whose points the
method's own annotator made the marks. So each method is counted on images a little different from
the others'; `error_common_px` is the error on those that no method's annotator used. The threshold
is the highest one at which the share of points that was asked for is annotated, of the counted ones
of that method. A method whose confidences are few may annotate more than was asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.intervals import ratio_interval
from evaluation.keypoint_truth import Truth
from explorer.arrays import BoolArray, DoubleArray
from explorer.keypoints.values import Proposals

COVERAGES = (0.5, 0.6, 0.71, 0.8, 0.9, 1.0)
CLOSE = (0.05, 0.10)
HALF = 0.5

Figures = dict[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Errors:
    """One method's errors. N images, K keypoints.

    Attributes
    ----------
    distances : (N, K) float64
        From the true point, in pixels; NaN where there is no true point or none is proposed.
    confidence : (N, K) float64
        -1 where `distances` is NaN.
    known : (N, K) bool
        True points of the images that count.
    sizes : (N,) float64
        What errors are divided by, in pixels.
    """

    distances: DoubleArray
    confidence: DoubleArray
    known: BoolArray
    sizes: DoubleArray

    def threshold(self, coverage: float) -> float:
        """Return the highest confidence at which that share of the points is annotated.

        If there are not as many, it is the lowest confidence of any.
        """
        ranked = -np.sort(-self.confidence[self.known])
        proposed = int((ranked >= 0).sum())
        if not proposed:
            return 1.0
        # A share such as 0.9 of 10 points must be 9 of them, not 10 for the sake of rounding.
        wanted = int(np.ceil(coverage * len(ranked) - 1e-9))
        return float(ranked[min(max(wanted, 1), proposed) - 1])

    def annotated(self, threshold: float) -> BoolArray:
        """Return which points that count are annotated, (N, K) bool."""
        return np.asarray(self.known & (self.confidence >= max(threshold, 0.0)))


def errors_of(truth: Truth, proposals: Proposals, counted: BoolArray) -> Errors:
    """Compare proposals with the truth.

    Parameters
    ----------
    truth
        The true points, K of them.
    proposals
        Of any of the images, with the same K keypoints.
    counted : (N,) bool
        The images that count.
    """
    distances = np.full(truth.points.shape[:2], np.nan)
    apart = proposals.points.astype(np.float64) - truth.points[proposals.rows]
    distances[proposals.rows] = np.linalg.norm(apart, axis=-1)
    confidence = np.full_like(distances, -1.0)
    confidence[proposals.rows] = proposals.confidence
    confidence[~np.isfinite(distances)] = -1.0
    return Errors(
        distances=distances,
        confidence=confidence,
        known=truth.known & counted[:, None],
        sizes=truth.sizes,
    )


def figures_of(errors: Errors, globally: Errors, coverage: float, seed: int = 0) -> Figures:
    """Return what is reported of a method, each with `_low` and `_high` of a bootstrap over images.

    Parameters
    ----------
    errors
        Of the method.
    globally
        Of the global average.
    coverage
        What share of the points should be annotated, in (0, 1].
    seed
        Of the bootstrap.

    Returns
    -------
    dict
        Named as in the module, and "threshold"; None where there is nothing to measure.
    """
    threshold = errors.threshold(coverage)
    ratios = _ratios(errors, globally, errors.annotated(threshold))
    found: Figures = {}
    for name, (tops, bottoms) in ratios.items():
        total = float(bottoms.sum())
        found[name] = float(tops.sum()) / total if total > 0 else None
        low, high = ratio_interval(tops, bottoms, seed) if total > 0 else (None, None)
        found |= {f"{name}_low": low, f"{name}_high": high}
    return found | {"threshold": threshold}


def coverage_curve(
    errors: Errors, globally: Errors, coverages: Sequence[float] = COVERAGES
) -> list[Figures]:
    """Return the errors at several coverages: "coverage", what came of it, and the errors."""
    curve = []
    for coverage in coverages:
        ratios = _ratios(errors, globally, errors.annotated(errors.threshold(coverage)))
        row: Figures = {"coverage": coverage}
        for name in ("points_annotated", "error_px", "error_over_global", "error_over_eyes"):
            tops, bottoms = ratios[name]
            row[name] = float(tops.sum() / bottoms.sum()) if bottoms.sum() > 0 else None
        curve.append(row)
    return curve


def _ratios(
    errors: Errors, globally: Errors, annotated: BoolArray
) -> dict[str, tuple[DoubleArray, DoubleArray]]:
    """Return sums over each image that counts, of which a figure is the ratio: (n,) and (n,)."""
    counted = np.flatnonzero(errors.known.any(axis=1))
    known, chosen = errors.known[counted], annotated[counted]
    off = np.where(chosen, errors.distances[counted], 0.0)
    there, points = chosen.sum(axis=1).astype(np.float64), known.sum(axis=1).astype(np.float64)
    rest = globally.distances[counted]
    shared = chosen & globally.known[counted] & np.isfinite(rest)
    is_sized = np.isfinite(errors.sizes[counted])[:, None]
    relative = np.where(is_sized, off / errors.sizes[counted][:, None], 0.0)
    sized = (chosen & is_sized).sum(axis=1).astype(np.float64)
    ratios = {
        "images_annotated": ((there >= HALF * points).astype(np.float64), np.ones(len(counted))),
        "points_annotated": (there, points),
        "error_px": (off.sum(axis=1), there),
        "error_over_global": (
            np.where(shared, off, 0.0).sum(axis=1),
            np.where(shared, rest, 0.0).sum(axis=1),
        ),
        "error_over_eyes": (relative.sum(axis=1), sized),
    }
    for share in CLOSE:
        hits = (chosen & is_sized & (relative <= share)).sum(axis=1).astype(np.float64)
        ratios[f"pck_{round(100 * share):02}"] = hits, sized
    return ratios
