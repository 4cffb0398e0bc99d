"""From what was measured about edits to a level of support: a logistic model with few numbers."""

import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Measures: TypeAlias = Mapping[str, float]

BIAS = -0.0306
WEIGHTS: Mapping[str, tuple[float, float]] = {
    "color level": (0.27, 2.35),
    "color size": (0.091, 1.93),
    "kept": (0.0981, -0.402),
    "mode level": (5.52, 0.455),
    "mode moved": (-3.73, 0.122),
    "sketch level": (0.0266, 5.43),
    "sketch moved": (-1.33, 0.267),
    "sketch over": (0.146, 0.811),
    "together": (0.563, 0.0856),
}
"""Of each measure: what a step of it counts, and its usual value, which tells nothing."""


def level_of(measures: Sequence[tuple[str, Measures]], common: Measures) -> float:
    """Return the support.

    Parameters
    ----------
    measures
        Of each edit: its kind, and its measures by name; nan where nothing is known.
    common
        The measures of the edits together.
    """
    parts = summed(measures, common)
    return 1 / (1 + math.exp(-BIAS - sum(WEIGHTS[name][0] * part for name, part in parts.items())))


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
