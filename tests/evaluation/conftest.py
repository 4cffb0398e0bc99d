"""Pictures of bars, which tests of the comparison of clusters share."""

import numpy as np
import pytest

from evaluation.baselines.features import Features
from tests.evaluation.pictures import Pictures, bar


@pytest.fixture(scope="module")
def bars():
    """Forty upright and lying bars in turn, and which are upright."""
    rng = np.random.default_rng(0)
    upright = np.arange(40) % 2 == 0
    return Pictures([bar("upright" if up else "lying", rng) for up in upright]), upright


@pytest.fixture(scope="module")
def described(bars):
    return Features.of(bars[0])
