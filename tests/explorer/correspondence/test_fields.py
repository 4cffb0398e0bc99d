"""`explorer.correspondence.fields`: moves are composed, inverted and resized."""

import numpy as np

from explorer.alignment.maps import grid_points
from explorer.correspondence.fields import (
    at_pixels,
    composed,
    from_nodes,
    inverted,
    places,
    resized,
    sampled,
)
from tests.explorer.correspondence.warped_pictures import SIDE, waves


def test_y_points_down():
    assert places(2, 3)[1, 2].tolist() == [2, 1]


def test_values_beyond_the_border_are_those_of_the_border():
    values = np.arange(12, dtype=np.float32).reshape(2, 3, 2)
    assert sampled(values, np.float32([[[-5, 0], [9, 9], [0.5, 0]]]))[0].tolist() == [
        [0, 1],
        [10, 11],
        [1, 2],
    ]


def test_going_by_a_field_and_back_ends_where_it_began():
    there = waves()
    missed = composed(there, inverted(there, (SIDE, SIDE)))
    assert np.abs(missed[10:-10, 10:-10]).max() < 0.02


def test_moves_of_two_fields_add_up():
    one = np.full((4, 4, 2), 1, np.float32)
    assert (composed(one, 2 * one) == 3).all()


def test_field_of_half_the_stride_goes_twice_as_far():
    """Pixel 0 of the finer map is at -0.25, pixel 3 at 1.25 of the coarser."""
    coarse = np.float32([[[0, 0], [4, 0]]])
    fine = resized(coarse, (2, 4), 0.5)
    assert fine[0, :, 0].tolist() == [0, 2, 6, 8]


def test_nodes_say_moves_in_pixels_of_the_map():
    nodes = grid_points(32, 32) + np.float32([6, -2])
    assert np.allclose(from_nodes(nodes, (16, 16), 2), [3, -1])


def test_position_is_in_the_middle_of_its_pixels():
    """Position 1 of stride 4 covers pixels 4 to 7."""
    values = np.float32([[[0], [8]]])
    assert at_pixels(values, 4, np.float32([[[5.5, 0], [3.5, 0]]]))[0, :, 0].tolist() == [8, 4]
