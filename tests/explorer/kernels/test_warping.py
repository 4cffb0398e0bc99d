"""`warped_sum`, on both backends: equal to float64 pixel by pixel, and to each other."""

import numpy as np
import pytest

from explorer.alignment.maps import NODE, grid_points
from explorer.alignment.reference import places_reference, warp_reference
from explorer.kernels import on_numba, on_torch

HEIGHT, WIDTH = 30, 41
BACKENDS = pytest.mark.parametrize("backend", [on_numba, on_torch], ids=["numba", "torch"])


def axis(pixels):
    at = np.arange(pixels) / NODE
    before = np.minimum(at.astype(np.int32), -(-(pixels - 1) // NODE) - 1)
    return before, (at - before).astype(np.float32)


AXES = axis(HEIGHT), axis(WIDTH)


def images(n, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, HEIGHT, WIDTH, 3), np.uint8)


def wobbly(n, spread=2.0, seed=0):
    """Maps that reach a little beyond the image, in no even way."""
    grid = grid_points(HEIGHT, WIDTH)
    moves = np.random.default_rng(seed).normal(scale=spread, size=(n, *grid.shape))
    return (grid + moves).astype(np.float32)


@BACKENDS
def test_each_pixel_is_that_of_the_reference(backend):
    shard, nodes = images(3), wobbly(2)
    weights = np.array([0.25, 0.5], np.float32)
    rows = np.array([0, 2], np.int32)
    found, cover = backend.warped_sum([shard], weights, (rows, nodes), AXES)
    places = [places_reference(one.astype(float), HEIGHT, WIDTH, NODE) for one in nodes]
    exact = [warp_reference(image, at) for image, at in zip(shard[rows], places, strict=True)]
    drawn, covers = zip(*exact, strict=True)
    expected = np.tensordot(weights, np.array(drawn), axes=1)
    # Places count to 1 / 256 of a pixel: at most 1 / 512 off both ways, at slopes up to 255.
    agree = np.abs(cover - np.tensordot(weights, np.array(covers), axes=1)) < 1e-6
    assert agree.mean() > 0.995
    assert np.abs(found - expected)[agree].max() < 2 * 255 / 512 * weights.sum()
    assert np.abs(found - expected)[agree].mean() < 0.12


def test_both_backends_agree():
    shards, nodes = [images(5), images(40, seed=1)], wobbly(30)
    weights = np.random.default_rng(2).random(30, np.float32) / 15
    rows = np.sort(np.random.default_rng(3).choice(45, 30, replace=False)).astype(np.int32)
    (ours, cover), (theirs, other) = (
        backend.warped_sum(shards, weights, (rows, nodes), AXES) for backend in (on_numba, on_torch)
    )
    assert np.abs(ours - theirs).mean() < 0.01
    assert np.abs(cover - other).max() < 0.15  # at a border both ways of rounding are right


@BACKENDS
def test_the_last_pixel_of_the_last_image_is_read(backend):
    shard = np.zeros((2, HEIGHT, WIDTH, 3), np.uint8)
    shard[-1, -1, -1] = (10, 20, 30)
    maps = np.array([1], np.int32), grid_points(HEIGHT, WIDTH)[None]
    found, cover = backend.warped_sum([shard], np.ones(1, np.float32), maps, AXES)
    np.testing.assert_allclose(found[-1, -1], [10, 20, 30], atol=1e-3)
    np.testing.assert_array_equal(cover, 1)


@BACKENDS
def test_no_image_gives_zeros(backend):
    maps = np.empty(0, np.int32), np.empty((0, *grid_points(HEIGHT, WIDTH).shape), np.float32)
    found, cover = backend.warped_sum([images(2)], np.empty(0, np.float32), maps, AXES)
    assert found.shape == (HEIGHT, WIDTH, 3)
    assert not found.any()
    assert not cover.any()


@BACKENDS
def test_places_far_outside_are_borne(backend):
    maps = np.zeros(1, np.int32), np.full((1, *grid_points(HEIGHT, WIDTH).shape), 3e30, np.float32)
    found, cover = backend.warped_sum([images(1)], np.ones(1, np.float32), maps, AXES)
    assert not found.any()
    assert not cover.any()
