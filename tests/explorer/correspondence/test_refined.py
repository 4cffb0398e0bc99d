"""`explorer.correspondence.refined`: dense fields become coarse maps."""

import numpy as np
import pytest

from explorer.alignment.maps import grid_points
from explorer.alignment.points import warp_points
from explorer.correspondence.levels import COARSE_TO_FINE
from explorer.correspondence.matching import Correspondence, correspond
from explorer.correspondence.refined import refined_nodes
from explorer.errors import ArrayError
from tests.explorer.correspondence.warped_pictures import SIDE, moved, picture, waves

STILL = grid_points(SIDE, SIDE)[None]


def field(forward, error=0.0):
    shape = forward.shape[:2]
    flat = np.full((1, *shape), error, np.float32)
    return Correspondence(
        stride=2, forward=forward[None], backward=-forward[None], error=flat, cost=flat
    )


def test_refined_map_draws_points_near_where_they_are():
    found = correspond(picture(), moved(picture(), waves())[None], STILL, levels=COARSE_TO_FINE)
    points = np.random.default_rng(0).uniform(16, 80, (40, 2)).astype(np.float32)
    x, y = points.astype(int).T
    wanted = points + waves()[y, x]
    missed = np.linalg.norm(warp_points(refined_nodes(found, STILL)[0], points) - wanted, axis=1)
    assert missed.mean() < 1.5
    assert np.linalg.norm(points - wanted, axis=1).mean() > 3


def test_even_move_moves_every_node_by_nearly_as_much():
    """The map so far counts 0.05 against 1, so 1 / 1.05 of the move is made."""
    forward = np.full((SIDE // 2, SIDE // 2, 2), 4.2, np.float32)
    assert np.allclose(refined_nodes(field(forward), STILL), STILL + 4, atol=1e-3)


def test_what_the_way_back_contradicts_moves_nothing():
    forward = np.full((SIDE // 2, SIDE // 2, 2), 4.2, np.float32)
    assert np.allclose(refined_nodes(field(forward, error=30), STILL), STILL, atol=1e-3)


def test_move_of_the_map_so_far_is_kept():
    """What is found is where to go from the average, not from the map so far."""
    forward = np.full((SIDE // 2, SIDE // 2, 2), 5, np.float32)
    nodes = STILL + np.float32(5)
    assert np.allclose(refined_nodes(field(forward), nodes), nodes, atol=1e-3)


def test_folded_field_gives_a_map_without_folds():
    y, x = np.mgrid[: SIDE // 2, : SIDE // 2].astype(np.float32)
    forward = np.stack([60 - 4 * x, 0 * y], axis=-1)  # left and right change places
    nodes = refined_nodes(field(forward), STILL)[0]
    right, down = nodes[:-1, 1:] - nodes[:-1, :-1], nodes[1:, :-1] - nodes[:-1, :-1]
    assert (right[..., 0] * down[..., 1] - right[..., 1] * down[..., 0]).min() > 0


def test_maps_must_be_as_many_as_the_images():
    forward = np.zeros((SIDE // 2, SIDE // 2, 2), np.float32)
    with pytest.raises(ArrayError, match="nodes must be"):
        refined_nodes(field(forward), np.repeat(STILL, 2, axis=0))
