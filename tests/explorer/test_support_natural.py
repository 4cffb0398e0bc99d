"""`explorer.support_natural`: how seldom unrelated photographs show a mode."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from explorer.edits import ModePick
from explorer.modes.world import Projected
from explorer.support_natural import MOST, Natural


def natural(windows):
    """The similarity of one patch is normal, with mean 0.1 and deviation 0.2."""
    one = np.ones((1, 1), np.float32)
    return Natural(Projected(0.1 * one, 0.2 * one, np.ones(1, np.float32)), windows)


def test_rarity_is_the_mean_logarithm_of_the_chance_of_the_best_of_all_windows():
    scores = np.array([0.3, 0.5], np.float32)
    chances = [1 - NormalDist(0.1, 0.2).cdf(float(score)) ** 9 for score in scores]
    expected = -sum(math.log10(chance) for chance in chances) / 2
    assert natural(9).rarity(scores) == pytest.approx(expected, rel=1e-4)


def test_more_windows_make_the_same_score_less_rare():
    scores = np.array([0.6], np.float32)
    assert natural(1).rarity(scores) > natural(50).rarity(scores) > 0


def test_rarity_has_limits():
    assert natural(4).rarity(np.array([5.0], np.float32)) == MOST
    assert natural(4).rarity(np.array([-5.0], np.float32)) == pytest.approx(0, abs=1e-9)


def test_nothing_is_known_of_a_pick_in_an_image_that_is_not_there(memory_view):
    view = memory_view(np.zeros((2, 64, 64, 3), np.uint8))
    pick = ModePick(id="m", image="elsewhere.jpg", center=(0.5, 0.5), size=0.3)
    assert Natural.of(view, pick) is None
