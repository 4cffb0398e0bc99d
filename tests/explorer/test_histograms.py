"""`explorer.histograms`: colors counted by cell."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.errors import ArrayError
from explorer.histograms import color_histograms


def test_bins_are_counted_where_the_pixels_are():
    image = np.zeros((1, 16, 24, 3), np.uint8)  # black: bin 0
    image[0, 8:, 16:] = (255, 128, 64)  # bin 16 * 3 + 4 * 2 + 1
    image[0, 0, 9] = (63, 64, 0)  # one pixel in bin 4
    counts = color_histograms(image)
    assert counts[0, 1, 2, 57] == 64
    assert counts[0, 0, 1, 4] == 1
    assert counts[0, 0, 1, 0] == 63
    assert (counts.sum(axis=-1) == 64).all()


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_counts_equal_a_count_by_numpy(seed):
    image = np.random.default_rng(seed).integers(0, 256, (1, 8, 8, 3), np.uint8)
    bins = (image.astype(int) // 64) @ [16, 4, 1]
    np.testing.assert_array_equal(
        color_histograms(image)[0, 0, 0], np.bincount(bins.ravel(), minlength=64)
    )


def test_pixels_beyond_the_last_whole_cell_are_left_out():
    assert color_histograms(np.zeros((2, 17, 8, 3), np.uint8)).shape == (2, 2, 1, 64)


def test_a_single_image_without_its_axis_is_refused():
    with pytest.raises(ArrayError, match=r"\(N, H, W, 3\) uint8"):
        color_histograms(np.zeros((8, 8, 3), np.uint8))
