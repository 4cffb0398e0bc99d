"""`explorer.color`: how much of a color images show under a stroke, and where."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from explorer.color import (
    IncrementalColorMatch,
    agreement_planes,
    bin_weights,
    match_color,
    palette,
)
from explorer.errors import EditError
from explorer.histograms import color_histograms
from explorer.matching import search_offsets
from explorer.reference import agreement_reference, match_reference

RED, BLUE = (224, 32, 32), (32, 32, 224)  # both the center of a bin
SIDE = 80


def shards_of(images):
    """The feature "color" of images, in two shards."""
    counts = color_histograms(images).transpose(3, 1, 2, 0)
    return [np.ascontiguousarray(part) for part in np.array_split(counts, 2, axis=-1)]


def squares(*corners, side=16):
    """Blue images, each with a red square whose corner is at (x, y)."""
    images = np.full((len(corners), SIDE, SIDE, 3), BLUE, np.uint8)
    for image, (x, y) in zip(images, corners, strict=True):
        image[y : y + side, x : x + side] = RED
    return images


def cells_at(*places):
    cells = np.zeros((SIDE // 8, SIDE // 8), bool)
    for y, x in places:
        cells[y, x] = True
    return cells


def random_planes(seed, n=5, grid=10):
    return np.random.default_rng(seed).integers(0, 256, (grid, grid, n), np.uint8)


def test_the_bin_of_the_color_weighs_most_and_its_neighbour_by_the_gaussian():
    weights = bin_weights(RED)
    assert weights[48] == 1020  # r = 3, g = b = 0
    # One bin off is 64 levels: exp(-64^2 / (2 * 40^2)) = 0.278; two channels off: its square.
    assert weights[32] == weights[49] == round(1020 * np.exp(-(64**2) / 3200))
    assert weights[33] == round(1020 * np.exp(-2 * 64**2 / 3200))
    assert weights[3] == 0  # blue


def test_a_color_between_two_bins_asks_for_both():
    weights = bin_weights((192, 32, 32))
    assert weights[48] == weights[32] == 1020


def test_a_cell_of_the_color_agrees_fully_and_a_far_one_not_at_all():
    plane = agreement_planes(shards_of(squares((0, 0), (8, 8))), RED)[0]
    assert plane[0, 0, 0] == 255
    assert plane[5, 5, 0] == 0


def test_planes_equal_the_float64_reference_to_half_a_step():
    images = np.random.default_rng(0).integers(0, 256, (6, 24, 16, 3), np.uint8)
    planes = np.concatenate(agreement_planes(shards_of(images), (90, 140, 70)), axis=-1)
    expected = agreement_reference(color_histograms(images), (90, 140, 70))
    np.testing.assert_allclose(planes.transpose(2, 0, 1) / 255, expected, atol=1 / 255)


def test_the_match_tells_where_the_color_is_as_x_and_y():
    # Painted at the cells (4, 4) to (5, 5), that is at pixel 32; shown 16 right and 8 up of it.
    planes = agreement_planes(shards_of(squares((48, 24), (32, 32))), RED)
    match = match_color(planes, cells_at((4, 4), (4, 5), (5, 4), (5, 5)), SIDE, SIDE)
    assert match.scores.tolist() == [1, 1]
    assert match.places.tolist() == [[16, -8], [0, 0]]


def test_half_of_the_color_scores_a_half():
    planes = agreement_planes(shards_of(squares((32, 32), (0, 0), side=8)), RED)
    match = match_color(planes, cells_at((4, 4), (4, 5)), SIDE, SIDE)
    assert match.scores[0] == pytest.approx(0.5)


def test_of_equal_places_the_nearest_is_taken():
    planes = [np.full((10, 10, 3), 255, np.uint8)]
    match = match_color(planes, cells_at((3, 3)), SIDE, SIDE)
    assert not match.places.any()


def test_cells_outside_the_image_agree_with_nothing():
    # The color fills the corner cell only; a stroke of two cells can have one of them outside.
    planes = agreement_planes(shards_of(squares((72, 0), (72, 0), side=8)), RED)
    match = match_color(planes, cells_at((0, 8), (0, 9)), SIDE, SIDE)
    assert match.scores[0] == pytest.approx(0.5)


def test_a_place_farther_than_the_search_is_not_found():
    # 0.3 of 80 pixels is 24: three cells.
    planes = agreement_planes(shards_of(squares((64, 0), (24, 0), side=8)), RED)
    match = match_color(planes, cells_at((0, 0)), SIDE, SIDE)
    assert match.scores.tolist() == [0, 1]


@given(st.integers(0, 2**32 - 1), st.floats(0.02, 1))
@example(seed=1_791_423_388, share=0.03125)
@settings(max_examples=20, deadline=None)
def test_direct_match_equals_the_float64_reference(seed, share):
    rng = np.random.default_rng(seed)
    plane = random_planes(seed)
    cells = rng.random((10, 10)) < share
    cells[0, 0] = True
    match = match_color([plane[..., :2], plane[..., 2:]], cells, SIDE, SIDE)
    # Whole numbers, so that equal sums are equal and the first place is the first.
    fields, offsets = plane.transpose(2, 0, 1)[..., None].astype(float), search_offsets(SIDE, SIDE)
    best, index = match_reference(fields, cells[..., None], offsets)
    np.testing.assert_allclose(match.scores, best / 255 / np.count_nonzero(cells), rtol=1e-6)
    np.testing.assert_array_equal(match.places, offsets[index][:, ::-1] * 8)


@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
@settings(max_examples=20, deadline=None)
def test_a_growing_stroke_matches_as_if_painted_at_once(seed, steps):
    order = np.random.default_rng(seed).permutation(400)
    planes = [random_planes(seed, grid=20), random_planes(seed + 1, grid=20)]
    live = IncrementalColorMatch(planes, 160, 160)
    for step in range(1, steps + 1):
        cells = np.zeros(400, bool)
        cells[order[: step * 60]] = True  # past 257 cells the sums no longer fit 16 bits
        cells = cells.reshape(20, 20)
        now, direct = live.update(cells), match_color(planes, cells, 160, 160)
        np.testing.assert_array_equal(now.scores, direct.scores)
        np.testing.assert_array_equal(now.places, direct.places)


def test_a_stroke_that_lost_cells_starts_anew():
    planes = [random_planes(3)]
    live = IncrementalColorMatch(planes, SIDE, SIDE)
    live.update(cells_at((4, 4), (5, 5)))
    moved = cells_at((5, 5), (6, 6))
    direct = match_color(planes, moved, SIDE, SIDE)
    np.testing.assert_array_equal(live.update(moved).scores, direct.scores)


def test_a_match_under_no_cell_is_refused():
    with pytest.raises(EditError, match="must cover a cell"):
        match_color([random_planes(0)], cells_at(), SIDE, SIDE)


def test_the_palette_holds_the_colors_under_the_brush_by_share():
    shards = shards_of(squares((32, 32), (32, 32), (0, 0), (0, 0)))
    found = palette(shards, cells_at((4, 4), (0, 9)))
    assert [color for color, _ in found] == [BLUE, RED]
    assert [share for _, share in found] == [0.75, 0.25]


def test_the_palette_follows_the_weights():
    shards = shards_of(squares((32, 32), (0, 0)))
    found = palette(shards, cells_at((4, 4)), np.array([3, 1], np.float32))
    assert found == [(RED, 0.75), (BLUE, 0.25)]


def test_a_palette_under_no_cell_is_refused():
    with pytest.raises(EditError, match="must cover a cell"):
        palette(shards_of(squares((0, 0), (0, 0))), cells_at())


def test_offsets_reach_64_pixels_or_three_tenths_of_the_side():
    offsets = search_offsets(256, 200)
    assert offsets[0].tolist() == [0, 0]
    assert np.abs(offsets).max(axis=0).tolist() == [8, 7]
    assert len(offsets) == 17 * 15
    assert (np.diff((offsets**2).sum(axis=1)) >= 0).all()
