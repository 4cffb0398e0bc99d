"""`explorer.modes.world`: how often the natural world shows a patch like this."""

from statistics import NormalDist

import numpy as np
import pytest

from explorer.modes.world import World

LENGTH = 6


@pytest.fixture
def world():
    """Two Gaussians: one around 0.5 of the first axis, one wider around 0."""
    centers = np.zeros((2, LENGTH), np.float32)
    centers[0, 0] = 0.5
    residual = np.eye(LENGTH, dtype=np.float32) * 0.01
    shares, spreads = np.array([0.25, 0.75], np.float32), np.array([1, 4], np.float32)
    return World(centers, shares, spreads, residual)


@pytest.fixture
def query():
    return np.eye(1, LENGTH, dtype=np.float32)


@pytest.mark.parametrize("level", [-0.2, 0.3, 0.5, 0.8])
def test_share_above_a_level_is_that_of_the_mixture(world, query, level):
    above = world.projected(query).above(np.array([level], np.float32))
    expected = 0.25 * (1 - NormalDist(0.5, 0.1).cdf(level)) + 0.75 * (
        1 - NormalDist(0, 0.2).cdf(level)
    )
    assert above[0] == pytest.approx(expected, abs=1e-5)


def test_level_is_the_one_that_only_a_share_exceeds(world, query):
    projected = world.projected(query)
    level = projected.levels(0.05)
    assert projected.above(level)[0] == pytest.approx(0.05, abs=1e-3)


def test_inlier_score_is_the_share_of_the_collection_among_the_nearest(world, query):
    """Of 1,000 patches of the world 1000 * above(level) are nearer than the m-th of 10."""
    projected = world.projected(query)
    best = np.linspace(0.9, 0.45, 10, dtype=np.float32)[None]
    rivals = [int(1000 * projected.above(level)[0]) for level in best.T]
    expected = sum(m + rival <= 10 for m, rival in enumerate(rivals, start=1)) / 10
    assert 0 < expected < 1
    assert projected.inliers(best, 1000)[0] == pytest.approx(expected)


def test_inlier_score_is_one_where_nothing_else_is_as_near_and_none_where_all_is(world, query):
    projected = world.projected(query)
    assert projected.inliers(np.full((1, 10), 0.99, np.float32), 1000)[0] == 1
    assert projected.inliers(np.full((1, 10), -0.5, np.float32), 1000)[0] == 0
