"""`evaluation.strokes`: strokes cut from an image, as if somebody had painted what it shows."""

import numpy as np
import pytest

from evaluation.strokes import cut_color, cut_sketch, pick_region

WHOLE = (0, 64, 0, 64)


def square(color=(200, 30, 40)):
    """A square of 32 pixels in the middle of white paper of 64."""
    image = np.full((64, 64, 3), 255, np.uint8)
    image[16:48, 16:48] = color
    return image


def test_the_color_is_that_of_the_thing_and_not_of_its_background():
    stroke = cut_color(square(), WHOLE)
    assert stroke.color == (200, 30, 40)


def test_the_color_is_painted_on_the_cells_that_show_it():
    painted = {point for path in cut_color(square(), WHOLE).paths for point in path}
    assert painted == {((x + 0.5) / 8, (y + 0.5) / 8) for x in range(2, 6) for y in range(2, 6)}


def test_a_region_of_background_alone_is_painted_in_its_color():
    assert cut_color(square(), (0, 8, 0, 8)).color == (255, 255, 255)


def test_the_sketch_runs_along_the_edges():
    stroke = cut_sketch(square(), WHOLE)
    points = np.array([point for path in stroke.paths for point in path]) * 64
    from_border = np.abs(np.abs(points - 32).max(axis=1) - 16)
    assert from_border.max() < 3
    assert np.ptp(points, axis=0) == pytest.approx([32, 32], abs=4)


def test_a_line_is_followed_and_not_cut_into_pixels():
    assert len(cut_sketch(square(), WHOLE).paths) <= 2


def test_a_flat_region_has_no_sketch_and_a_flat_image_no_region():
    flat = np.full((64, 64, 3), 90, np.uint8)
    assert cut_sketch(flat, WHOLE) is None
    assert pick_region(flat, np.random.default_rng(0)) is None


def test_regions_hold_an_edge():
    rng = np.random.default_rng(0)
    for _ in range(20):
        top, bottom, left, right = pick_region(square(), rng)
        assert np.ptp(square()[top:bottom, left:right]) > 0
