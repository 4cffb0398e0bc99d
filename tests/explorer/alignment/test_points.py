"""`explorer.alignment.points`: from the canvas to an image and back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.alignment.guard import unfolded
from explorer.alignment.maps import grid_points
from explorer.alignment.mls import mls_nodes
from explorer.alignment.points import mirrored_points, unwarp_points, warp_points
from explorer.errors import ArrayError


def test_a_place_between_nodes_is_their_mean_by_distance():
    nodes = np.zeros((2, 2, 2), np.float32)
    nodes[0, 1], nodes[1, 0], nodes[1, 1] = (10, 0), (0, 20), (10, 30)
    # A quarter to the right and half down: 0.25 * 10 and 0.5 * 20 + 0.125 * 10.
    np.testing.assert_allclose(warp_points(nodes, np.array([[2, 4]], np.float32)), [[2.5, 11.25]])


def test_a_moved_map_goes_on_beyond_its_nodes():
    nodes = grid_points(40, 40) + np.float32([3, -5])
    far = np.array([[-7, 4], [60, 55]], np.float32)
    np.testing.assert_allclose(warp_points(nodes, far), far + [3, -5], atol=1e-4)
    np.testing.assert_allclose(unwarp_points(nodes, far), far - [3, -5], atol=1e-4)


@given(st.integers(0, 2**32 - 1), st.sampled_from(["similarity", "rigid", "affine"]))
@settings(max_examples=30, deadline=None)
def test_there_and_back_is_the_same_place(seed, kind):
    rng = np.random.default_rng(seed)
    targets = rng.uniform(10, 150, (4, 2)).astype(np.float32)
    sources = (targets + rng.normal(scale=8, size=(1, 4, 2))).astype(np.float32)
    nodes = unfolded(mls_nodes(targets, sources, kind, 160, 160))[0]
    places = rng.uniform(0, 159, (20, 2)).astype(np.float32)
    np.testing.assert_allclose(unwarp_points(nodes, warp_points(nodes, places)), places, atol=0.02)


def test_a_point_that_is_nowhere_stays_nowhere():
    nodes = np.zeros((7, 9, 2), np.float32)
    points = np.array([[np.nan, np.nan], [3, 4]], np.float32)
    assert np.isnan(warp_points(nodes, points)).all(axis=1).tolist() == [True, False]
    back = unwarp_points(grid_points(40, 40), points)
    assert np.isnan(back).all(axis=1).tolist() == [True, False]


def test_a_place_that_is_drawn_nowhere_is_nan():
    nodes = grid_points(40, 40).copy()
    nodes[..., 0] = 12  # all columns show the same one
    assert np.isnan(unwarp_points(nodes, np.array([[30, 20]], np.float32))).all()


def test_mirrored_twice_is_the_same_and_the_first_column_is_the_last():
    points = np.array([[0, 3], [49, 7]], np.float32)
    np.testing.assert_array_equal(mirrored_points(points, 50), [[49, 3], [0, 7]])
    np.testing.assert_array_equal(mirrored_points(mirrored_points(points, 50), 50), points)


@pytest.mark.parametrize("way", [warp_points, unwarp_points])
def test_other_arrays_are_refused(way):
    with pytest.raises(ArrayError, match="points must be"):
        way(grid_points(40, 40), np.zeros(2, np.float32))
    with pytest.raises(ArrayError, match="nodes must be"):
        way(grid_points(40, 40)[0], np.zeros((1, 2), np.float32))
