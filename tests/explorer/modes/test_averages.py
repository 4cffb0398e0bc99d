"""`explorer.modes.averages`: the matches of a mode laid over each other."""

import numpy as np
import pytest

from explorer.modes.averages import average_patch
from explorer.modes.spots import Spot
from explorer.modes.values import SpotModes
from tests.explorer.modes.planted import PlantedView

SPOT = Spot(4, 4, 4)


@pytest.fixture
def view():
    """Pictures of one grey each, but for a square of 32 pixels that is moved in the second."""
    pictures = np.zeros((3, 96, 96, 3), np.uint8)
    pictures[0, 32:64, 32:64] = 200
    pictures[1, 24:56, 40:72] = 100
    pictures[2] = 50
    return PlantedView(pictures)


def one_mode(images, places, scores, scales=None):
    count = len(images)
    return SpotModes(
        spot=SPOT,
        seeds=np.array([0], np.int32),
        inliers=np.ones(1, np.float32),
        starts=np.array([0, count], np.int32),
        images=np.array(images, np.int32),
        scores=np.array(scores, np.float32),
        places=np.array(places, np.int32),
        scales=np.array(scales or [1] * count, np.float32),
        best=np.zeros(3, np.int32),
    )


def test_matches_are_cut_out_where_they_matched(view):
    modes = one_mode([0, 1], [[0, 0], [8, -8]], [1, 1])
    patch = average_patch(view, modes, 0, np.array([0.5, 0.5, 0], np.float32))
    assert patch.shape == (32, 32, 3)
    assert (patch == 150).all()  # (200 + 100) / 2 everywhere, as both squares fill their patch


def test_matches_count_by_weight_times_score(view):
    modes = one_mode([0, 1], [[0, 0], [8, -8]], [1, 0.5])
    patch = average_patch(view, modes, 0, np.array([0.25, 0.5, 0.25], np.float32))
    assert (patch == 150).all()  # 0.25 * 1 and 0.5 * 0.5: the same


def test_match_at_another_scale_fills_the_patch(view):
    modes = one_mode([0], [[0, 0]], [1], [0.5])
    patch = average_patch(view, modes, 0, np.full(3, 1 / 3, np.float32))
    assert patch.shape == (32, 32, 3)
    assert (patch == 200).all()
