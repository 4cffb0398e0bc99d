"""`explorer.alignment.congealing`: images are moved until they agree with each other."""

import numpy as np
import pytest

from explorer.alignment.congealing import congeal
from explorer.alignment.maps import Maps, grid_points
from explorer.alignment.warped import warped_average
from explorer.errors import ArrayError, Cancelled
from explorer.sharpness import sharpness

SIDE = 96


def shifted_pictures(shifts):
    """One picture of smooth blobs, moved by (x, y) pixels."""
    rng = np.random.default_rng(3)
    y, x = np.mgrid[:SIDE, :SIDE]
    spots = rng.uniform(20, 76, (6, 2))
    images = []
    for right, down in shifts:
        grey = np.full((SIDE, SIDE), 60.0)
        for row, column in spots:
            away = (x - right - column) ** 2 + (y - down - row) ** 2
            grey += 90 * np.exp(-away / (2 * 4.0**2))
        images.append(np.clip(grey, 0, 255).astype(np.uint8))
    return np.repeat(np.stack(images)[..., None], 3, axis=-1)


def congealed(images, rounds=5, **callbacks):
    nodes = np.repeat(grid_points(SIDE, SIDE)[None], len(images), axis=0)
    weights = np.ones(len(images), np.float32)
    return congeal(images, weights, nodes, rounds, **callbacks)


@pytest.fixture(scope="module")
def shifts():
    return np.random.default_rng(1).integers(-5, 6, (12, 2))


@pytest.fixture(scope="module")
def found(shifts):
    return congealed(shifted_pictures(shifts))


def test_shifted_pictures_are_moved_back_onto_each_other(shifts, found):
    middle = found[:, 4:9, 4:9] - grid_points(SIDE, SIDE)[4:9, 4:9]
    moves = middle.mean(axis=(1, 2))
    expected = shifts - shifts.mean(axis=0)  # the average itself stays where it is
    assert np.abs(moves - moves.mean(axis=0) - expected).max() < 1.5


def test_average_gets_sharper(shifts, found):
    images = shifted_pictures(shifts)
    weights = np.ones(len(images), np.float32)
    rows = np.arange(len(images), dtype=np.int32)
    still = np.zeros(len(rows), np.bool_)
    before = images.mean(axis=0).astype(np.float32) / 255
    after = warped_average([images], weights, Maps(rows=rows, nodes=found, mirrored=still))
    assert sharpness(after) > 1.3 * sharpness(before)


def test_pictures_that_agree_stay_where_they_are():
    nodes = congealed(shifted_pictures(np.zeros((5, 2), np.int64)), rounds=2)
    assert np.abs(nodes - grid_points(SIDE, SIDE)).max() < 0.1


def test_pictures_without_any_edge_stay_where_they_are():
    even = np.full((3, SIDE, SIDE, 3), 90, np.uint8)
    even[1] = 30
    assert np.allclose(congealed(even, 1), grid_points(SIDE, SIDE), atol=1e-3)


def test_images_and_weights_must_be_as_many():
    pictures = shifted_pictures([(0, 0)] * 3)
    nodes = np.repeat(grid_points(SIDE, SIDE)[None], 3, axis=0)
    with pytest.raises(ArrayError, match="weights must be"):
        congeal(pictures, np.ones(2, np.float32), nodes, 1)


def test_brightness_of_a_picture_does_not_matter():
    images = shifted_pictures([(0, 0), (4, 0), (0, 0), (4, 0)])
    dark = (images * np.array([1, 0.5, 1, 0.5])[:, None, None, None]).astype(np.uint8)
    apart = congealed(dark, rounds=3)[:, 5:8, 5:8].mean(axis=(1, 2))
    assert apart[1, 0] - apart[0, 0] == pytest.approx(4, abs=1)


def test_average_stays_where_it_was():
    """The first picture alone is heavy; the weighted mean of all moves is still none."""
    images = shifted_pictures([(0, 0), (4, 0), (4, 2)])
    nodes = np.repeat(grid_points(SIDE, SIDE)[None], 3, axis=0)
    weights = np.array([0.6, 0.2, 0.2], np.float32)
    moves = congeal(images, weights, nodes, 3) - nodes
    mean = np.tensordot(weights, moves, axes=1)[4:9, 4:9]
    assert np.abs(mean).max() < 0.3


def test_heavy_image_is_moved_less_than_a_light_one():
    images = shifted_pictures([(0, 0), (4, 0)])
    nodes = np.repeat(grid_points(SIDE, SIDE)[None], 2, axis=0)
    weights = np.array([0.9, 0.1], np.float32)
    moves = (congeal(images, weights, nodes, 3) - nodes)[:, 4:9, 4:9, 0].mean(axis=(1, 2))
    assert abs(moves[0]) < 0.5 * abs(moves[1])


def test_progress_rises_to_one():
    shares = []
    congealed(shifted_pictures([(0, 0), (1, 0)]), rounds=2, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_cancelled_congealing_stops():
    with pytest.raises(Cancelled):
        congealed(shifted_pictures([(0, 0), (1, 0)]), is_cancelled=lambda: True)
