"""`explorer.hog`: what the channels say about edges."""

import numpy as np
import pytest

from explorer.errors import ArrayError
from explorer.hog import hog
from explorer.reference import hog_reference


def test_every_channel_equals_the_float64_reference():
    rng = np.random.default_rng(0)
    smooth = rng.integers(0, 256, (3, 5, 6, 3)).repeat(8, axis=1).repeat(8, axis=2)
    noise = rng.integers(-30, 30, smooth.shape)
    images = (smooth + noise).clip(0, 255).astype(np.uint8)
    expected = np.stack([hog_reference(image) for image in images])
    np.testing.assert_allclose(hog(images), expected, atol=1e-5)


def test_sides_that_no_cell_divides_keep_whole_cells_only():
    image = np.random.default_rng(1).integers(0, 256, (1, 29, 21, 3), np.uint8)
    assert hog(image).shape == (1, 3, 2, 31)
    np.testing.assert_allclose(hog(image)[0], hog_reference(image[0]), atol=1e-5)


def test_a_flat_image_has_no_edges():
    assert not hog(np.full((1, 16, 16, 3), 200, np.uint8)).any()


def brighter_right(height=24, width=24):
    """One image that gets brighter to the right by one grey level a pixel."""
    return np.broadcast_to(np.arange(width)[None, None, :, None], (1, height, width, 3)).astype(
        np.uint8
    )


def test_direction_zero_points_to_the_brighter_right():
    cell = hog(brighter_right())[0, 1, 1]
    assert cell[:18].argmax() == 0
    assert cell[18:27].argmax() == 0


def test_a_ramp_inside_has_the_hand_computed_values():
    # Gradient 2 at each pixel, weights of the votes sum to 64: 128 in each inner cell of 5 x 5, so
    # every block's root is 256 and each of the four normalized votes is 0.5, cut at 0.2.
    cell = hog(brighter_right(40, 40))[0, 2, 2]
    assert cell[0] == pytest.approx(0.5 * 4 * 0.2)
    assert cell[18] == pytest.approx(0.5 * 4 * 0.2)
    np.testing.assert_allclose(cell[27:], 0.2357 * 0.2, rtol=1e-6)
    assert np.count_nonzero(cell) == 6


def test_y_points_down():
    down = hog(brighter_right().transpose(0, 2, 1, 3).copy())[0, 1, 1]
    assert set(down[:18].nonzero()[0]) == {4}  # 80 degrees: as near as 100, and first


def test_many_images_give_what_each_gives_alone():
    images = np.random.default_rng(2).integers(0, 256, (40, 16, 16, 3), np.uint8)
    alone = np.concatenate([hog(images[i : i + 1]) for i in range(len(images))])
    np.testing.assert_array_equal(hog(images), alone)


def test_an_image_smaller_than_a_cell_is_refused():
    with pytest.raises(ArrayError, match="at least 8 x 8 pixels, got 7 x 9"):
        hog(np.zeros((1, 7, 9, 3), np.uint8))


def test_floats_are_refused():
    with pytest.raises(ArrayError, match="uint8"):
        hog(np.zeros((1, 8, 8, 3), np.float32))
