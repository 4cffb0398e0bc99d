"""`explorer.keypoints.experts`: a pattern that was planted beside where it was thought to be."""

import numpy as np
import pytest

from explorer.alignment.edges import SHRUNK
from explorer.keypoints.experts import AROUND, NEAR, features_of, look
from explorer.keypoints.shapes import Poses

COUNT, SIDE, ARM = 60, 100, 9
PLACE, NOWHERE = 20 + 22j, 34 + 34j
"""In shrunk pixels: where the pattern is thought to be, and where only noise is."""


def planted(rng, at):
    """Noise with a cross, uint8; its middle is between the pixels 2 x and 2 x + 1."""
    pixels = rng.normal(128, 6, (SIDE, SIDE, 1)) + np.zeros(3)
    x, y = int(SHRUNK * at.real), int(SHRUNK * at.imag)
    pixels[y - ARM : y + ARM + 2, x - 2 : x + 4] = 30
    pixels[y - 2 : y + 4, x - ARM : x + ARM + 2] = 220
    return np.clip(pixels, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def offsets():
    """Whole shrunk pixels, up to three each way."""
    rng = np.random.default_rng(0)
    offsets = rng.integers(-3, 4, COUNT) + 1j * rng.integers(-3, 4, COUNT)
    offsets[:2] = 2, 2j
    return offsets - 0


@pytest.fixture(scope="module")
def features(offsets):
    rng = np.random.default_rng(1)
    return features_of(np.stack([planted(rng, PLACE + offset) for offset in offsets]))


def still(count=COUNT):
    return Poses(turns=np.ones(count, complex), shifts=np.zeros(count, complex))


@pytest.fixture(scope="module")
def sight(features):
    return look(features, still(), np.array([[PLACE, NOWHERE]] * COUNT))


def test_the_pattern_is_found_in_most_images(sight, offsets):
    """What all have in common is known up to the mean offset: nobody says where the middle is."""
    missed = (sight.offsets[:, 0] - offsets) - (sight.offsets[:, 0] - offsets).mean()
    assert np.abs(missed).mean() < 0.5
    assert np.abs(offsets - offsets.mean()).mean() > 2


def test_what_the_images_have_in_common_does_not_drift(sight, offsets):
    assert abs((sight.offsets[:, 0] - offsets).mean()) < 0.75


def test_where_there_is_no_pattern_the_expert_says_that_it_is_unsure(sight):
    assert np.median(sight.variances[:, 1]) > 1.5 * np.median(sight.variances[:, 0])
    assert np.median(sight.variances[:, 0]) < NEAR**2 / 4
    # Of no answer at all what remains is that points are near: a Gaussian of that width.
    assert sight.variances[:, 1].max() < 2 * NEAR**2


def test_images_that_are_turned_are_looked_at_upright(features, offsets, sight):
    """A frame of twice the size, shifted: offsets are twice as long in it."""
    poses = Poses(turns=np.full(COUNT, 0.5 + 0j), shifts=np.full(COUNT, 4 - 2j))
    shapes = (np.array([[PLACE]] * COUNT) - (4 - 2j)) / 0.5
    found = look(features, poses, shapes)
    missed = found.offsets[:, 0] - 2 * sight.offsets[:, 0]
    assert np.abs(missed - missed.mean()).mean() < 1.25  # of four or more


def test_a_quarter_turn_turns_the_offsets():
    rng = np.random.default_rng(2)
    offsets = rng.integers(-3, 4, COUNT) + 1j * rng.integers(-3, 4, COUNT)
    images = np.stack([planted(rng, PLACE + offset) for offset in offsets])
    center = (SIDE / SHRUNK - 1) / 2
    turned = features_of(np.ascontiguousarray(np.rot90(images, axes=(1, 2))))
    # rot90 takes (x, y) to (y, side - 1 - x): z to -i z, but for a shift.
    poses = Poses(
        turns=np.full(COUNT, -1j), shifts=np.full(COUNT, (1 + 1j) * center - (center - 1j * center))
    )
    there = look(turned, poses, np.array([[PLACE]] * COUNT)).offsets[:, 0]
    missed = (there - offsets) - (there - offsets).mean()
    # Edges turn as well, and each image by as much: that is learned.
    assert np.abs(missed).mean() < 0.5


def test_progress_rises_to_one(features):
    told = []
    look(features, still(), np.array([[PLACE, NOWHERE, PLACE]] * COUNT), told.append)
    assert sorted(told) == pytest.approx([1 / 3, 2 / 3, 1])


def test_looks_are_alike_where_images_are(sight):
    """Of images whose patterns are equally far away, more than of others."""
    looks = sight.looks[:, 0] - sight.looks[:, 0].mean(axis=0)
    alike = looks @ looks.T / np.outer(*[np.linalg.norm(looks, axis=1)] * 2)
    apart = np.abs(sight.offsets[:, None, 0] - sight.offsets[None, :, 0])
    others = ~np.eye(COUNT, dtype=bool)
    assert alike[(apart < 0.5) & others].mean() > alike[apart > 3].mean() + 0.5


def test_even_images_are_left_where_they_are():
    even = features_of(np.full((30, SIDE, SIDE, 3), 90, np.uint8))
    found = look(even, still(30), np.array([[PLACE]] * 30))
    assert np.abs(found.offsets).max() < 0.01
    assert np.isfinite(found.variances).all()
    assert found.variances.min() > 0.5 * min(NEAR, AROUND) ** 2
