"""`explorer.support_agreement`: whether images show one thing where edits are."""

import numpy as np
import pytest

from explorer.edits import ColorStroke
from explorer.support_agreement import Agreement, likeness

SIDE, HALF = 64, 12


def noise(count, seed):
    return np.random.default_rng(seed).integers(0, 256, (count, SIDE, SIDE, 3)).astype(np.uint8)


@pytest.fixture
def images():
    """60 pictures of noise; the last 20 have one pattern at an offset of 10, 0 from the middle."""
    pictures = noise(60, 0)
    side = slice(SIDE // 2 - HALF, SIDE // 2 + HALF)
    pictures[40:, side, SIDE // 2 - HALF + 10 : SIDE // 2 + HALF + 10] = noise(1, 1)[0, side, side]
    return pictures


def stroke():
    middle = SIDE / 2 / SIDE
    return ColorStroke(id="c", paths=(((middle, middle),),), radius=0.1, color=(200, 0, 0))


def found(view, rows, move):
    places = np.tile(np.array(move, np.float32), (1, len(rows), 1))
    turned = np.zeros(len(rows), np.bool_)
    return Agreement(view).of([stroke()], places, np.asarray(rows, np.int32), turned)


def test_images_with_the_same_pattern_are_more_alike_at_its_place_than_any_are(memory_view, images):
    view = memory_view(images)
    assert found(view, range(40, 60), (10, 0))["alike"] > 0.95
    assert abs(found(view, range(40, 60), (-10, 5))["alike"]) < 0.3
    assert abs(found(view, range(20), (10, 0))["alike"]) < 0.1


def test_what_all_images_share_is_no_agreement(memory_view, images):
    same = memory_view(np.repeat(images[:1], 50, axis=0))
    assert found(same, range(20), (0, 0))["alike"] == pytest.approx(0, abs=1e-5)


def test_mirrored_images_are_compared_as_they_are_seen(memory_view, images):
    images[50:] = images[50:, :, ::-1]
    view = memory_view(images)
    rows, turned = np.arange(40, 60, dtype=np.int32), np.arange(20) >= 10
    places = np.tile(np.array((10, 0), np.float32), (1, 20, 1))
    assert Agreement(view).of([stroke()], places, rows, turned)["alike"] > 0.95
    assert Agreement(view).of([stroke()], places, rows, np.zeros(20, np.bool_))["alike"] < 0.6


def test_a_single_image_has_nothing_to_agree_with(memory_view, images):
    assert found(memory_view(images), [3], (0, 0)) == {}


def test_likeness_is_the_mean_correlation_of_pairs():
    cuts = np.random.default_rng(0).normal(size=(6, 50)).astype(np.float32)
    correlations = np.corrcoef(cuts.astype(np.float64))
    expected = correlations[np.triu_indices(6, 1)].mean()
    assert likeness(cuts) == pytest.approx(expected, abs=1e-6)
