"""`explorer.average` and `explorer.sharpness`."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.average import average_level, weighted_average
from explorer.errors import ArrayError
from explorer.reference import average_reference
from explorer.sharpness import sharpness


def random_images(n, seed=0, height=9, width=7):
    return np.random.default_rng(seed).integers(0, 256, (n, height, width, 3), np.uint8)


def ones(n):
    return np.ones(n, np.float32)


def test_the_average_is_weighted():
    images = np.zeros((2, 8, 8, 3), np.uint8)
    images[0], images[1] = (255, 0, 51), (0, 255, 51)
    average = weighted_average([images], np.array([3, 1], np.float32))
    np.testing.assert_allclose(average[2, 5], [0.75, 0.25, 0.2], rtol=1e-6)


@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_the_average_of_one_image_is_the_image(n, seed):
    images = random_images(n, seed)
    weights = np.zeros(n, np.float32)
    weights[seed % n] = 0.3
    average = weighted_average([images], weights)
    np.testing.assert_array_equal(np.rint(average * 255), images[seed % n])


def test_many_images_are_within_a_hundredth_of_a_grey_level():
    images = random_images(3000)
    weights = np.random.default_rng(1).random(3000, np.float32) ** 8
    weights[::3] = 0
    average = weighted_average([images[:1000], images[1000:1017], images[1017:]], weights)
    expected = average_reference(images, weights)
    assert np.abs(average - expected).max() * 255 < 0.01


def test_shards_make_no_difference():
    images, weights = random_images(30), np.linspace(0, 1, 30, dtype=np.float32)
    whole = weighted_average([images], weights)
    np.testing.assert_allclose(
        weighted_average([images[:11], images[11:]], weights), whole, rtol=1e-6
    )


def test_white_stays_within_one():
    white = np.full((1000, 8, 8, 3), 255, np.uint8)
    average = weighted_average([white], np.random.default_rng(0).random(1000, np.float32))
    assert average.max() <= 1
    np.testing.assert_allclose(average, 1, rtol=1e-6)


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan, np.inf])
def test_weights_that_average_nothing_are_refused(bad):
    with pytest.raises(ArrayError, match="finite, >= 0 and one of them > 0"):
        weighted_average([random_images(2)], np.array([0, bad], np.float32))


def test_weights_of_another_collection_are_refused():
    with pytest.raises(ArrayError, match=r"weights must be \(2\) float32, got \(3,\)"):
        weighted_average([random_images(2)], ones(3))


def test_thumbs_serve_only_while_painting_with_very_many_images():
    view = SimpleNamespace(height=200, width=200)
    many, few = ones(1001), ones(1000)  # of 120 kB each
    assert average_level(view, many, live=True) == "thumbs"
    assert average_level(view, few, live=True) == "pixels"
    assert average_level(view, many, live=False) == "pixels"


def test_sharpness_is_the_length_of_the_gradient():
    # 3 grey levels down and 4 to the right at each pixel.
    grey = (3 * np.arange(6)[:, None] + 4 * np.arange(5)[None]) / 255
    image = np.repeat(grey[..., None], 3, axis=-1).astype(np.float32)
    assert sharpness(image) == pytest.approx(5, rel=1e-5)


def test_sharpness_of_bytes_is_refused():
    with pytest.raises(ArrayError, match="float32"):
        sharpness(np.zeros((4, 4, 3), np.uint8))
