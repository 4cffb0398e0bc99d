"""From what was measured about edits to a level of support: a logistic model with few numbers."""

import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Measures: TypeAlias = Mapping[str, float]

BIAS = 0.214
WEIGHTS: Mapping[str, tuple[float, float]] = {
    "color level": (0.212, 2.02),
    "color moved": (-2.39, 0.419),
    "kept": (0.598, -0.376),
    "mode moved": (-3.67, 0.126),
    "mode rare": (0.43, 2.93),
    "sketch level": (0.0415, 6.63),
    "sketch moved": (-3.88, 0.18),
    "sketch over": (0.0898, 1.55),
    "together": (1.2, 0.182),
}
"""Of each measure: what a step of it counts, and its usual value, which tells nothing.

Fitted by logistic regression in 2026 with `evaluation.support` on shoes, motorbikes and cats: 700
times one to three edits, what is there (the present and the planted ones by half) against the
foreign ones and, by half, the chimeras, as many of either. No measure may count against its sense
(a better match never lowers the level), and the squares of the standardized weights cost 0.01. How
common a match is, the median of the scores, was left out: a mode of twenty images is there too.
Tried and not worth it, held out: how alike the best images are beyond what was asked for (better
than chance by itself, nothing beside how far they moved), the edit that fares worst in place of the
sum, how far edits of an image moved apart, and the level of a mode in place of its rarity.
"""


def level_of(measures: Sequence[tuple[str, Measures]], common: Measures) -> float:
    """Return the support.

    Parameters
    ----------
    measures
        Of each edit: its kind, and its measures by name; nan where nothing is known. "seen", in
        [0, 1], lowers the level by itself: what no image shows is absent, however it moved.
    common
        The measures of the edits together.
    """
    parts = summed(measures, common)
    evidence = BIAS + sum(WEIGHTS[name][0] * part for name, part in parts.items())
    seen = min((of_edit.get("seen", 1.0) for _, of_edit in measures), default=1.0)
    return seen / (1 + math.exp(-evidence))


def summed(measures: Sequence[tuple[str, Measures]], common: Measures) -> dict[str, float]:
    """Return how far each measure is from its usual value, summed over the edits of its kind.

    The sum is divided by the root of their number: edits of one image do not tell independently.
    """
    parts = dict.fromkeys(WEIGHTS, 0.0)
    for kind, of_edit in measures:
        for name, value in of_edit.items():
            _add(parts, f"{kind} {name}", value, math.sqrt(len(measures)))
    for name, value in common.items():
        _add(parts, name, value, 1.0)
    return parts


def _add(parts: dict[str, float], name: str, value: float, root: float) -> None:
    if name in WEIGHTS and not math.isnan(value):
        parts[name] += (value - WEIGHTS[name][1]) / root
