"""`explorer.modes.search`: the best place and scale of a template in each image."""

import numpy as np
import pytest

from explorer.modes.patches import POOL, Region, as_bytes, region_of, resized_templates
from explorer.modes.search import (
    best_windows,
    box_around,
    products,
    windows_of,
)
from explorer.modes.spots import Spot

SPOT, GRID = Spot(4, 3, 3), (12, 12)


def region(cells):
    """The cells (Y, X, 16, n) as if they had been pooled, none of them blank."""
    energies = (cells.astype(np.int32) ** 2).sum(axis=2, dtype=np.int32)
    return Region((0, 0), 1, cells.astype(np.int8), energies, blank=-1)


@pytest.fixture
def cells():
    return np.random.default_rng(0).integers(-40, 41, (*GRID, 16, 3))


@pytest.fixture
def template():
    return np.random.default_rng(1).normal(size=(1, 4 * 4 * 16)).astype(np.float32)


def planted(cells, template, place, side, image):
    """Put the template, at a size, into one image."""
    vector = as_bytes(resized_templates(template, side))[0]
    rows, columns = slice(place[0], place[0] + side), slice(place[1], place[1] + side)
    cells[rows, columns, :, image] = vector.reshape(side, side, 16)


@pytest.mark.parametrize(
    ("place", "side", "move"),
    [
        ((3, 3), 4, (0, 0)),
        ((1, 5), 4, (2, -2)),
        ((3, 2), 5, (-0.5, 0.5)),
        ((4, 4), 3, (0.5, 0.5)),
    ],
)
def test_planted_template_is_found_where_it_is_and_at_its_scale(cells, template, place, side, move):
    planted(cells, template, place, side, image=1)
    windows = windows_of(SPOT, GRID, is_priced=True)
    scores, index = best_windows(region(cells), windows, template)
    found = windows[index[0, 1]]
    assert (found.place, found.side, found.move) == (place, side, move)
    assert found.scale == side / 4
    assert scores[0].argmax() == 1


def test_score_is_the_cosine_of_the_template_and_the_patch(cells, template):
    windows = windows_of(SPOT, GRID, is_priced=False)
    scores, index = best_windows(region(cells), windows, template)
    for image in range(3):
        y, x = windows[index[0, image]].place
        patch = cells[y : y + 4, x : x + 4, :, image].ravel().astype(np.float64)
        cosine = patch @ template[0] / np.linalg.norm(patch) / np.linalg.norm(template[0])
        assert scores[0, image] == pytest.approx(cosine, abs=2e-3)


def test_windows_reach_half_a_side_and_the_nearest_comes_first():
    windows = windows_of(Spot(6, 3, 3), GRID, is_priced=False)
    moves = [window.move for window in windows]
    assert moves[0] == (0, 0)
    assert {x for x, _ in moves} == {-3, -2, -1, 0, 1, 2, 3}
    assert box_around(windows) == (0, 0, 12, 12)


def test_windows_end_at_the_border_of_the_image():
    windows = windows_of(Spot(4, 0, 8), GRID, is_priced=False)
    assert {window.place for window in windows} == {(y, x) for y in (0, 1, 2) for x in (6, 7, 8)}


def test_products_of_bytes_are_exact():
    rng = np.random.default_rng(2)
    queries = rng.integers(-127, 128, (3, 784)).astype(np.int8)
    patches = rng.integers(-127, 128, (784, 5)).astype(np.int8)
    assert (products(queries, patches) == queries.astype(int) @ patches.astype(int)).all()


@pytest.mark.parametrize("pool", sorted(set(POOL.values())))
def test_pooled_cell_is_the_mean_of_its_cells_less_the_mean_of_the_world(pool):
    rng = np.random.default_rng(3)
    planes = rng.integers(-31, 32, (16, 12, 12, 2)).astype(np.int8)
    mean = rng.normal(size=16).astype(np.float32)
    pooled = region_of(planes, (2, 3, 9, 8), pool, mean)
    scale = {1: 2, 2: 4, 4: 4}[pool]
    for y, x in ((0, 0), (9 - pool, 8 - pool)):
        rows, columns = slice(2 + y, 2 + y + pool), slice(3 + x, 3 + x + pool)
        expected = scale * (planes[:, rows, columns].mean(axis=(1, 2)) - mean[:, None])
        assert pooled.cells[y, x] == pytest.approx(np.clip(expected, -127, 127), abs=0.501)


def test_patch_with_few_drawn_cells_is_like_nothing():
    planes = np.zeros((16, 12, 12, 2), np.int8)
    planes[:, 4:6, 4:7, 0] = 9  # 6 of 16 cells, 37 %
    planes[:, 4:6, 4:8, 1] = 9  # 8 of 16
    pooled = region_of(planes, (4, 4, 4, 4), 1, np.ones(16, np.float32))
    _, inverse = pooled.patches((4, 4), 4)
    assert inverse[0] == 0
    assert inverse[1] > 0
