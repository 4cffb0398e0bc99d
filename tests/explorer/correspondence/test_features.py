"""`explorer.correspondence.features`: edges and colors, not brightness."""

import numpy as np

from explorer.correspondence.features import feature_maps
from tests.explorer.correspondence.warped_pictures import SIDE, picture


def test_maps_have_a_pixel_for_each_started_square():
    maps = feature_maps(picture()[:90, :70], (8, 4, 1))
    assert [one.shape for one in maps] == [(12, 9, 10), (23, 18, 10), (90, 70, 10)]
    assert {one.dtype for one in maps} == {np.dtype(np.float32)}


def test_bytes_are_compared_as_shares():
    image = np.rint(picture() * 255).astype(np.uint8)
    one, other = feature_maps(image, [2])[0], feature_maps(image / np.float32(255), [2])[0]
    assert np.allclose(one, other, atol=1e-5)


def step(before, after):
    image = np.zeros((64, 64, 3), np.float32)
    image[:, :32], image[:, 32:] = before, after
    return feature_maps(image, [2])[0]


def test_edge_that_gets_brighter_rightward_is_of_the_first_direction():
    edges = step(0.2, 0.8)[16, 15:17, :8].mean(axis=0)
    assert edges.argmax() == 0
    assert edges[0] > 0.9 * edges.sum()


def test_edge_that_gets_darker_is_of_the_opposite_direction():
    assert step(0.8, 0.2)[16, 16, :8].argmax() == 4


def test_contrast_of_edges_matters_little():
    """Four times the contrast, less than one and a half times the feature."""
    strong, weak = step(0.1, 0.9)[16, 16, 0], step(0.3, 0.5)[16, 16, 0]
    assert weak < strong < 1.5 * weak


def test_faint_noise_is_not_amplified():
    """Noise of one grey level has less than half of the features that a strong edge has."""
    noise = np.random.default_rng(0).normal(0.5, 1 / 255, (64, 64, 3)).astype(np.float32)
    assert feature_maps(noise, [2])[0][..., :8].max() < 0.5 * step(0.1, 0.9)[..., :8].max()


def test_even_picture_has_no_features():
    assert np.abs(feature_maps(np.full((SIDE, SIDE, 3), 77, np.uint8), [4])[0]).max() < 1e-6


def test_color_tells_equally_bright_halves_apart():
    """Reddish left, greenish right: the first color axis is positive, then negative."""
    colors = step((0.75, 0.45, 0.5), (0.35, 0.62, 0.5))[16, :, 8]
    assert colors[14] > 0.05
    assert colors[17] < -0.05
