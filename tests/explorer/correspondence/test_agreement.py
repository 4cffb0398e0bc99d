"""`explorer.correspondence.agreement`: searches from several starts."""

import numpy as np
import pytest

from explorer.alignment.maps import grid_points
from explorer.alignment.points import warp_points
from explorer.correspondence.agreement import agreed
from explorer.correspondence.levels import COARSE_TO_FINE, REFINE
from explorer.errors import ArrayError
from tests.explorer.correspondence.warped_pictures import SIDE, moved, picture, waves

STILL = np.repeat(grid_points(SIDE, SIDE)[None], 2, axis=0)
POINTS = np.float32([[30, 40], [48, 48], [np.nan, np.nan], [60, 30]])


@pytest.fixture(scope="module")
def images():
    """The second one is another picture where the second point is."""
    both = np.repeat(moved(picture(), waves())[None], 2, axis=0)
    both[1, 26:74, 26:74] = picture(seed=9)[26:74, 26:74]
    return both


@pytest.fixture(scope="module")
def found(images):
    return agreed(picture(), images, POINTS, [(STILL, COARSE_TO_FINE), (STILL + 1, REFINE)])


def test_points_lie_where_the_picture_was_moved(found):
    marked = np.int64([0, 1, 3])
    x, y = POINTS[marked].astype(int).T
    missed = np.linalg.norm(found.points[0, marked] - POINTS[marked] - waves()[y, x], axis=1)
    assert missed.max() < 2
    assert np.linalg.norm(waves()[y, x], axis=1).max() > 3


def test_points_lie_where_the_map_draws_them(found):
    for nodes, points in zip(found.nodes, found.points, strict=True):
        assert np.allclose(warp_points(nodes, POINTS[:2]), points[:2], atol=1e-3)


def test_searches_disagree_where_there_is_nothing_to_find(found):
    assert found.spread[1, 1] > found.spread[0, 1]
    assert found.error[1, 1] > 3 * found.error[0, 1]
    assert found.doubt[1, 1] > found.doubt[0, 1]


def test_doubt_is_spread_and_half_the_error_and_twice_that_of_all(found):
    marked = np.int64([0, 1, 3])
    own = (found.spread + 0.5 * found.error)[:, marked]
    assert np.allclose(found.doubt[:, marked], own + 2 * own.mean(axis=0), atol=1e-5)


def test_what_is_not_marked_is_nowhere(found):
    for values in (found.points, found.spread, found.error, found.doubt):
        assert np.isnan(values[:, 2]).all()
        assert np.isfinite(values[:, 3]).all()


def test_one_search_agrees_with_itself_but_for_smoothing(images):
    one = agreed(picture(), images, POINTS, [(STILL, COARSE_TO_FINE)])
    assert one.spread[0, 0] < 0.5


def test_points_must_be_pairs(images):
    with pytest.raises(ArrayError, match="points must be"):
        agreed(picture(), images, POINTS[:, :1], [(STILL, REFINE)])
