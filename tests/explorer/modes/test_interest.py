"""`explorer.modes.interest`: where there is most to explore."""

import dataclasses

import numpy as np
import pytest

from explorer.errors import ArrayError, Cancelled
from explorer.matching import CELL
from explorer.modes.interest import best_spots, dim_blank, interest_map, interest_of, lazy_step
from explorer.modes.spots import Spot
from explorer.modes.values import SpotModes

IMAGES, SIDE, CELLS = 60, 4, 20
SIZE = CELLS * CELL
PLANTED = (3, 12)
"""First row and column of the patch with many modes."""


def modes_at(spot, count=1, *, inlier=1.0, shown=1.0):
    """Modes of equal shares among the images that show any."""
    best = np.arange(IMAGES, dtype=np.int32) % max(count, 1)
    best[round(shown * IMAGES) :] = -1
    empty = np.zeros(0, np.int32)
    return SpotModes(
        spot=spot,
        seeds=np.arange(count, dtype=np.int32),
        inliers=np.full(count, inlier, np.float32),
        starts=np.zeros(count + 1, np.int32),
        images=empty,
        scores=empty.astype(np.float32),
        places=empty.reshape(0, 2),
        scales=empty.astype(np.float32),
        best=best,
    )


def planted(spot):
    """Ten modes near the planted patch, elsewhere one."""
    off = max(abs(spot.row - PLANTED[0]), abs(spot.column - PLANTED[1]))
    return modes_at(spot, 10 if off <= 1 else 1)


@pytest.mark.parametrize("count", [1, 4, 10])
def test_equal_modes_that_all_images_show_count_each_as_one(count):
    assert interest_of(modes_at(Spot(4, 0, 0), count)) == pytest.approx(count)


def test_one_great_mode_and_a_few_small_ones_count_less_than_equal_ones():
    modes = modes_at(Spot(4, 0, 0), 4)
    skewed = dataclasses.replace(modes, best=np.where(modes.best > 1, 0, modes.best))
    assert 1 < interest_of(skewed) < interest_of(modes)


@pytest.mark.parametrize(("inlier", "worth"), [(1, 1), (0.75, 0.5), (0.5, 0), (0.2, 0)])
def test_modes_that_the_natural_world_shows_as_often_count_nothing(inlier, worth):
    assert interest_of(modes_at(Spot(4, 0, 0), 4, inlier=inlier)) == pytest.approx(4 * worth)


def test_modes_that_half_of_the_images_show_count_a_quarter():
    assert interest_of(modes_at(Spot(4, 0, 0), 4, shown=0.5)) == pytest.approx(4 / 4, rel=0.05)


def test_a_spot_without_modes_is_of_no_interest():
    assert interest_of(modes_at(Spot(4, 0, 0), 0, shown=0)) == 0


@pytest.mark.parametrize("step", [1, 2, 3])
def test_the_map_is_brightest_where_modes_were_planted(step):
    interest = interest_map(planted, SIZE, SIZE, SIDE, step=step)
    row, column = np.unravel_index(interest.argmax(), interest.shape)
    middle = np.array(PLANTED) + (SIDE - 1) / 2
    assert np.abs((row, column) - middle).max() <= SIDE / 2
    assert interest.shape == (CELLS, CELLS)
    assert interest.max() == 1


def test_the_map_is_dark_where_no_patch_reaches_the_planted_modes():
    interest = interest_map(planted, SIZE, SIZE, SIDE)
    far = np.ones(interest.shape, bool)
    far[PLANTED[0] - 1 : PLANTED[0] + SIDE + 1, PLANTED[1] - 1 : PLANTED[1] + SIDE + 1] = False
    assert interest[far].max() == 0


def test_a_sparse_map_looks_at_few_spots_and_covers_every_cell():
    asked = []
    interest_map(lambda spot: asked.append(spot) or modes_at(spot), 160, 160, 6, step=4)
    covered = np.zeros((CELLS, CELLS), bool)
    for spot in asked:
        covered[spot.row : spot.row + 6, spot.column : spot.column + 6] = True
    assert covered.all()
    assert len(asked) == 5 * 5


@pytest.mark.parametrize("side", [4, 6, 10, 16])
@pytest.mark.parametrize("size", [(200, 200), (120, 320), (1000, 128)])
def test_a_lazy_map_mines_few_spots_as_far_as_they_cover_the_image(size, side):
    if side * CELL > min(size):
        pytest.skip("the patch does not fit")
    step, asked = lazy_step(*size, side), []
    interest_map(lambda spot: asked.append(spot) or modes_at(spot), *size, side, step=step)
    assert len(asked) <= 49 or step == side


def test_a_map_of_which_every_place_is_the_same_is_dark():
    assert not interest_map(modes_at, SIZE, SIZE, SIDE).any()


def test_a_sparse_map_of_a_slope_is_that_of_all_its_spots():
    def slope(spot):
        return modes_at(spot, 8, inlier=0.5 + spot.row / 40)

    sparse, full = (interest_map(slope, SIZE, SIZE, SIDE, step=step) for step in (4, 1))
    np.testing.assert_allclose(sparse, full, atol=1e-6)


def test_a_map_is_dark_where_the_images_are_blank(memory_view):
    images = np.full((4, SIZE, SIZE, 3), 255, np.uint8)
    half = SIZE // 2
    images[:, :, :half] = np.random.default_rng(0).integers(0, 255, (4, SIZE, half, 3), np.uint8)
    interest = np.random.default_rng(1).random((CELLS, CELLS)).astype(np.float32)
    dimmed = dim_blank(interest, memory_view(images))
    assert dimmed[:, CELLS // 2 + 1 :].max() == 0
    assert dimmed[:, : CELLS // 2].max() == 1


def test_a_map_can_be_cancelled():
    asked = []

    def is_cancelled():
        return len(asked) == 3

    with pytest.raises(Cancelled):
        interest_map(
            lambda spot: asked.append(spot) or modes_at(spot),
            *(SIZE, SIZE, SIDE),
            is_cancelled=is_cancelled,
        )
    assert len(asked) == 3


@pytest.mark.parametrize(("side", "step"), [(CELLS + 1, 1), (0, 1), (4, 0)])
def test_a_patch_that_does_not_fit_is_refused(side, step):
    with pytest.raises(ArrayError, match="side must be 1 to 20"):
        interest_map(modes_at, SIZE, SIZE, side, step=step)


def test_the_best_spot_is_the_planted_one():
    interest = interest_map(planted, SIZE, SIZE, SIDE)
    assert best_spots(interest, SIDE)[0] == Spot(SIDE, *PLANTED)


def test_best_spots_come_by_falling_interest_and_do_not_overlap():
    interest = np.zeros((CELLS, CELLS), np.float32)
    for row, column, height in [(2, 2, 0.5), (2, 4, 0.45), (10, 12, 1.0)]:
        interest[row : row + 2, column : column + 2] = height
    first, second, *rest = best_spots(interest, 2, count=4)
    assert (first, second) == (Spot(2, 10, 12), Spot(2, 2, 2))
    for other in rest:
        assert max(abs(other.row - 2), abs(other.column - 2)) >= 2


def test_a_dark_map_has_no_best_spot():
    assert best_spots(np.zeros((CELLS, CELLS), np.float32), SIDE) == []


def test_a_map_smaller_than_a_patch_has_no_spot_to_return():
    with pytest.raises(ArrayError, match="side must be 1 to 3"):
        best_spots(np.zeros((3, 9), np.float32), 4)
