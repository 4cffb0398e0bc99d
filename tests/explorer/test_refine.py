"""`explorer.refine`: places to the pixel."""

import cv2
import numpy as np
import pytest

from explorer.edits import ColorStroke, ModePick
from explorer.engine import Engine
from explorer.refine import REACH, Patch, patch_of, refined_places, softened
from explorer.session import Cluster, Entry

SIDE = 96
MIDDLE = Patch((47.0, 47.0), (20.0, 20.0))


def texture(side, seed=0, blur=2.0):
    noise = np.random.default_rng(seed).normal(size=(side, side, 3))
    smooth = cv2.GaussianBlur(noise, (0, 0), blur)
    return np.clip(128 + 120 * smooth / smooth.std(), 0, 255).astype(np.uint8)


def windows(shifts):
    """One texture, seen moved to the right and down by whole pixels."""
    large = texture(SIDE + 80)
    return np.stack([large[40 - y : 40 - y + SIDE, 40 - x : 40 - x + SIDE] for x, y in shifts])


def to_cells(shifts):
    return (np.round(np.array(shifts) / 8) * 8).astype(np.float32)


@pytest.fixture
def shifts():
    return np.random.default_rng(1).integers(-20, 21, (24, 2))


def test_places_found_on_cells_become_right_to_a_fraction_of_a_pixel(shifts):
    cells = to_cells(shifts)
    weights, scales = np.ones(24, np.float32), np.ones(24, np.float32)
    places = refined_places(softened(windows(shifts.tolist())), weights, MIDDLE, cells, scales)
    before, after = cells - shifts, places - shifts
    assert np.abs(before - before.mean(axis=0)).mean() > 1.5  # up to 4 px either way
    assert np.abs(after - after.mean(axis=0)).max() < 0.5


def test_the_average_place_stays(shifts):
    cells = to_cells(shifts)
    weights = np.random.default_rng(2).uniform(0.1, 1, 24).astype(np.float32)
    places = refined_places(softened(windows(shifts.tolist())), weights, MIDDLE, cells, np.ones(24))
    assert np.average(places, axis=0, weights=weights) == pytest.approx(
        np.average(cells, axis=0, weights=weights), abs=1e-3
    )


def test_of_an_image_that_shows_it_twice_as_large_the_move_is_twice_as_long():
    large = texture(SIDE + 80, blur=3.0)
    plain = large[40 : 40 + SIDE, 40 : 40 + SIDE]
    twice = cv2.resize(plain, (2 * SIDE, 2 * SIDE), interpolation=cv2.INTER_CUBIC)
    # Pixel p of the plain picture is 2 p + 0.5 of the larger: its middle (47, 47) is (94.5, 94.5).
    larger = twice[47 : 47 + SIDE, 47 : 47 + SIDE]  # the middle is at (47.5, 47.5)
    pictures = np.stack([*[plain] * 7, larger])
    places = np.zeros((8, 2), np.float32)
    places[7] = (6.5, 0.5)  # 6 pixels too far right, which is 3 of the edit's
    scales = np.array([1.0] * 7 + [2.0], np.float32)
    found = refined_places(softened(pictures), np.ones(8, np.float32), MIDDLE, places, scales)
    # It moves by 3 of its pixels, each 2 wide, to the left; all move 3 / 8 back, each its own.
    assert (found[7] - found[0]).tolist() == pytest.approx([6.5 - 6 + 3 / 8, 0.5], abs=0.4)


def test_an_image_that_shows_something_else_moves_by_little():
    pictures = np.concatenate([windows([(0, 0)] * 7), texture(SIDE, seed=5)[None]])
    places = np.zeros((8, 2), np.float32)
    found = refined_places(softened(pictures), np.ones(8, np.float32), MIDDLE, places, np.ones(8))
    assert np.abs(found).max() <= REACH + 1


@pytest.mark.parametrize("count", [0, 1])
def test_one_image_has_none_to_agree_with(count):
    places = np.full((count, 2), 8, np.float32)
    pictures = windows([(0, 0)] * count) if count else np.empty((0, SIDE, SIDE, 3), np.uint8)
    weights = np.ones(count, np.float32)
    assert np.array_equal(
        refined_places(softened(pictures), weights, MIDDLE, places, weights), places
    )


def test_images_without_weight_have_no_average_to_agree_with():
    places = np.full((3, 2), 8, np.float32)
    pictures = windows([(0, 0)] * 3)
    found = refined_places(softened(pictures), np.zeros(3, np.float32), MIDDLE, places, np.ones(3))
    assert np.array_equal(found, places)


def test_the_patch_of_an_edit_is_around_its_middle():
    pick = ModePick(id="a", image="0.png", center=(0.5, 0.25), size=0.25)
    assert patch_of(pick, 100, 200) == Patch((99.5, 24.5), (25.0, 25.0))
    stroke = ColorStroke(id="b", paths=(((0.25, 0.5), (0.75, 0.5)),), radius=0.05, color=(0, 0, 0))
    assert patch_of(stroke, 100, 200).extent == pytest.approx((60.0, 5.0))


def test_shifted_copies_are_placed_to_a_pixel_and_their_average_is_sharper(memory_view, shifts):
    pictures = windows([(0, 0), *shifts.tolist()])
    view = memory_view(pictures)
    pick = ModePick(id="pick", image="0.jpg", center=(0.5, 0.5), size=32 / SIDE)
    cluster = Cluster(entries=(Entry(edit=pick),), count=25)
    aligned = Engine(view).explore(cluster)
    reach = (np.abs(shifts) <= 16).all(axis=1)  # as far as a patch of 32 pixels is looked for
    away = aligned.places["pick"][1:] - aligned.places["pick"][0] - shifts
    assert np.hypot(*away[reach].T).max() <= 4
    unaligned = Engine(view).explore(Cluster(entries=cluster.entries, count=25, alignment="none"))
    assert aligned.sharpness > 1.2 * unaligned.sharpness
