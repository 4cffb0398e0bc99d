"""`explorer.correspondence.matching`: pictures that were moved by a known field."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.alignment.maps import grid_points
from explorer.correspondence.levels import COARSE_TO_FINE, PATCH_MATCH, REFINE
from explorer.correspondence.matching import correspond
from explorer.errors import ArrayError
from explorer.kernels import threads
from tests.explorer.correspondence.warped_pictures import SIDE, moved, picture, waves

INNER = slice(6, -6)
SEARCHES = [COARSE_TO_FINE, PATCH_MATCH]
STILL = grid_points(SIDE, SIDE)[None]


def at_positions(field, stride=2):
    """A field of pixels at the middle of each square of 2 x 2 pixels."""
    height, width = field.shape[:2]
    return field.reshape(height // stride, stride, width // stride, stride, 2).mean(axis=(1, 3))


def end_point_error(found, wanted):
    return np.linalg.norm(found - at_positions(wanted), axis=-1)[INNER, INNER]


@pytest.fixture(scope="module", params=SEARCHES, ids=["windows", "patches"])
def waved(request):
    image = moved(picture(), waves())
    return correspond(picture(), image[None], STILL, levels=request.param)


def test_smooth_move_is_found_to_less_than_a_pixel(waved):
    assert end_point_error(waved.forward[0], waves()).mean() < 1
    assert np.abs(waves()).mean() > 2  # without a search the error is more than that


def test_way_back_ends_where_it_began(waved):
    assert waved.error[0][INNER, INNER].mean() < 1


def test_backward_field_leads_from_the_image_to_the_average(waved):
    """A picture moved by 6 pixels: back is exactly the other way."""
    still = np.broadcast_to(np.float32([6, -4]), (SIDE, SIDE, 2))
    image = moved(picture(), still)
    found = correspond(picture(), image[None], STILL, levels=COARSE_TO_FINE)
    assert end_point_error(found.backward[0], -still).mean() < 1


@pytest.mark.parametrize("levels", SEARCHES)
def test_equal_pictures_stay_where_they_are(levels):
    found = correspond(picture(), picture()[None], STILL, levels=levels)
    assert not found.forward.any()
    assert not found.backward.any()
    assert not found.error.any()


@pytest.mark.parametrize("levels", SEARCHES)
def test_even_pictures_stay_where_they_are(levels):
    even = np.full((SIDE, SIDE, 3), 90, np.uint8)
    found = correspond(even, even[None] // 2, STILL, levels=levels)
    assert np.abs(found.forward).max() < 0.01


def test_way_back_misses_where_something_else_stands_before():
    """Of the occluded square nothing can be found: the ways there and back are unrelated."""
    image = moved(picture(), waves())
    image[30:66, 30:66] = picture(seed=5)[30:66, 30:66]
    found = correspond(picture(), image[None], STILL, levels=COARSE_TO_FINE)
    hidden = np.zeros((SIDE // 2, SIDE // 2), bool)
    hidden[18:30, 18:30] = True
    beside = np.zeros_like(hidden)
    beside[6:-6, 6:-6] = True
    beside[10:38, 10:38] = False
    assert np.median(found.error[0][hidden]) > 5 * np.median(found.error[0][beside])
    assert np.median(found.cost[0][hidden]) > 2 * np.median(found.cost[0][beside])


def test_another_seed_changes_little_and_the_same_nothing():
    image = moved(picture(), waves())[None]
    one, again = (correspond(picture(), image, STILL, levels=PATCH_MATCH) for _ in range(2))
    other = correspond(picture(), image, STILL, levels=PATCH_MATCH, seed=7)
    assert np.array_equal(one.forward, again.forward)
    assert 0 < np.abs(other.forward - one.forward).mean() < 0.5


def test_number_of_threads_changes_nothing(monkeypatch):
    images = np.stack([moved(picture(), waves(most)) for most in (1, 2, 4)])
    nodes = np.repeat(STILL, 3, axis=0)
    many = correspond(picture(), images, nodes)
    monkeypatch.setattr(threads, "core_count", lambda: 1)
    one = correspond(picture(), images, nodes)
    assert np.array_equal(many.forward, one.forward)
    assert np.array_equal(many.error, one.error)


def test_search_goes_on_from_the_map_so_far():
    """20 pixels are beyond what a refinement reaches, but 2 from 18 are not."""
    still = np.broadcast_to(np.float32([20, 0]), (SIDE, SIDE, 2))
    image = moved(picture(), still)[None]
    found = correspond(picture(), image, STILL + np.float32([18, 0]), levels=REFINE)
    error = end_point_error(found.forward[0], still)
    assert error[:, :-12].mean() < 0.5  # what is right of that is not in the image


def test_points_are_located_in_pixels_of_each_image():
    shifts = np.float32([[3, 1], [-2, 0]])
    images = np.stack(
        [moved(picture(), np.broadcast_to(shift, (SIDE, SIDE, 2))) for shift in shifts]
    )
    found = correspond(picture(), images, np.repeat(STILL, 2, axis=0), levels=COARSE_TO_FINE)
    points = np.float32([[40, 50], [60.5, 30.25], [np.nan, np.nan]])
    at, errors, costs = found.located(points)
    assert np.abs(at[:, :2] - (points[:2] + shifts[:, None])).max() < 0.7
    assert errors[:, :2].max() < 1
    assert costs[:, :2].max() < 0.5
    assert np.isnan(at[:, 2]).all()
    assert np.isnan(errors[:, 2]).all()


def test_error_is_that_of_the_positions_in_pixels():
    """At stride 4 the field is still in pixels: of 4.9 at most, about one and a half are missed."""
    image = moved(picture(), waves())
    coarse = replace(COARSE_TO_FINE[1], stride=4)
    found = correspond(picture(), image[None], STILL, levels=(COARSE_TO_FINE[0], coarse))
    assert found.stride == 4
    assert found.forward.shape == (1, SIDE // 4, SIDE // 4, 2)
    missed = np.linalg.norm(found.forward[0] - at_positions(waves(), 4), axis=-1)
    assert missed[3:-3, 3:-3].mean() < 2


def test_images_and_average_must_have_one_size():
    with pytest.raises(ArrayError, match="images must be"):
        correspond(picture(), picture()[None, 1:], STILL)


def test_images_must_have_colors():
    with pytest.raises(ArrayError, match="image must be"):
        correspond(picture()[..., 0], picture()[None, ..., 0], STILL)
