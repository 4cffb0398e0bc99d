"""`explorer.borders`: what HOG sees along drawn lines, if they are the border of something."""

import numpy as np
import pytest

from explorer.borders import MARGIN, border_of, border_votes, cells_outside, sides_of

CANVAS = (80, 80)  # height, width
BAR = (((0.4, 0.3), (0.4, 0.7)), ((0.6, 0.3), (0.6, 0.7)))


def border(*paths, radius=0.02):
    return border_of(paths, radius, *CANVAS)


def test_normals_point_away_from_the_middle():
    left, right = np.split(border(*BAR).normals, 2)
    np.testing.assert_allclose(left, np.broadcast_to([-1, 0], left.shape), atol=1e-12)
    np.testing.assert_allclose(right, np.broadcast_to([1, 0], right.shape), atol=1e-12)


def test_a_line_drawn_backward_is_the_same_line():
    forward, backward = border(*BAR), border(BAR[0][::-1], BAR[1])
    np.testing.assert_allclose(
        np.sort(forward.points, axis=0), np.sort(backward.points, axis=0), atol=1e-9
    )
    np.testing.assert_allclose(forward.normals, backward.normals, atol=1e-9)


def test_a_bar_darker_inside_votes_for_gradients_that_point_outward():
    # Direction 0 of HOG points to the right, 9 to the left: dark inside is lighter beyond.
    votes = border_votes(border(*BAR), (10, 10)).sum(axis=0)
    middle = 5 + MARGIN
    assert votes[:, middle + 1, 0].sum() > 100 * votes[:, middle + 1, 9].sum()
    assert votes[:, middle - 2, 9].sum() > 100 * votes[:, middle - 2, 0].sum()


def test_every_deformation_has_the_votes_of_every_sample():
    votes = border_votes(border(*BAR), (10, 10))
    np.testing.assert_allclose(votes.sum(axis=(1, 2, 3)), votes[0].sum(), rtol=1e-4)


def test_cells_outside_lie_beyond_the_lines_and_beyond_ends_that_meet():
    legs = border(((0.35, 0.2), (0.5, 0.7)), ((0.65, 0.2), (0.5, 0.7)))
    ys, xs = np.nonzero(cells_outside(legs, (10, 10)))
    inside = (xs == 5 + MARGIN) & (ys < 5 + MARGIN)
    assert ys.max() > 7 + MARGIN  # below where the legs meet
    assert not inside.any()
    assert ys.min() >= 3 + MARGIN  # not beside the open ends


def test_nothing_is_outside_of_a_straight_line():
    assert not cells_outside(border(((0.5, 0.2), (0.5, 0.8))), (10, 10)).any()


def test_a_straight_line_surrounds_nothing_and_a_bar_something():
    assert border(BAR[0]).enclosure == pytest.approx(0)
    assert border(*BAR).enclosure == pytest.approx(1)


def test_a_point_is_a_circle_of_the_brush():
    dot = border(((0.5, 0.5),), radius=0.1)
    np.testing.assert_allclose(np.linalg.norm(dot.points - 40, axis=1), 8, atol=0.1)


def test_a_wide_line_says_less_about_where_it_is():
    assert border(*BAR, radius=0.1).shift > border(*BAR, radius=0.01).shift


def test_sides_are_those_of_the_nearest_line():
    left, right = sides_of(border(*BAR), np.array([[5, 3], [5, 6]], np.int32))
    assert left != right
