"""`explorer.kernels.patch_match`, against distances written out in float64."""

import numpy as np
import pytest

from explorer.kernels.jit import read_only
from explorer.kernels.patch_match import cost_kernel, jump_kernel, scatter_kernel

HEIGHT, WIDTH, HALF = 9, 11, 1


def rows(values):
    padded = np.pad(values, ((HALF, HALF), (HALF, HALF), (0, 0)), mode="edge")
    return read_only(padded.reshape(len(padded), -1))


def positions():
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return np.stack([x, y], axis=-1)


@pytest.fixture
def pair():
    return np.random.default_rng(1).random((2, HEIGHT, WIDTH, 3)).astype(np.float32)


def all_costs(pair, expected, price):
    """The cost of each place (h, w) for each position (h, w)."""
    patches = [
        np.lib.stride_tricks.sliding_window_view(
            np.pad(one.astype(np.float64), ((HALF, HALF), (HALF, HALF), (0, 0)), mode="edge"),
            (2 * HALF + 1, 2 * HALF + 1),
            axis=(0, 1),
        )
        for one in pair
    ]
    apart = ((patches[0][:, :, None, None] - patches[1]) ** 2).sum(axis=4).mean(axis=(-2, -1))
    away = ((positions() - expected[:, :, None, None].astype(np.float64)) ** 2).sum(axis=-1)
    return apart + price * away


def searched(pair, seed=0, sweeps=40, price=0.0):
    maps = rows(pair[0]), rows(pair[1])
    start = read_only(positions().astype(np.float32)), np.float32(price)
    found = positions().astype(np.int32), np.empty((HEIGHT, WIDTH), np.float32)
    spare = tuple(map(np.empty_like, found))
    cost_kernel(maps, HALF, start, *found)
    for sweep in range(sweeps):
        for jump in (8, 4, 2, 1):
            jump_kernel(maps, HALF, start, jump, found, spare)
            found, spare = spare, found
        scatter_kernel(maps, HALF, start, (seed + sweep, 8), *found)
    return found


def test_cost_is_the_mean_distance_of_patches_and_the_price_of_the_way(pair):
    rng = np.random.default_rng(2)
    expected = rng.uniform(0, 9, (HEIGHT, WIDTH, 2)).astype(np.float32)
    field = rng.integers(0, (WIDTH, HEIGHT), (HEIGHT, WIDTH, 2)).astype(np.int32)
    costs = np.empty((HEIGHT, WIDTH), np.float32)
    start = read_only(expected), np.float32(0.1)
    cost_kernel((rows(pair[0]), rows(pair[1])), HALF, start, field, costs)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    wanted = all_costs(pair, expected, 0.1)[y, x, field[..., 1], field[..., 0]]
    assert np.allclose(costs, wanted, rtol=1e-4)


@pytest.mark.parametrize("price", [0.0, 0.05])
def test_long_search_finds_most_of_the_cheapest_places(pair, price):
    field, costs = searched(pair, price=price)
    # Of unrelated noise, the hardest there is: no place helps its neighbors.
    least = all_costs(pair, positions().astype(np.float32), price).min(axis=(2, 3))
    assert (costs > least - 1e-4).all()
    assert np.mean(costs < least + 1e-4) > 0.7
    assert field.min() >= 0
    assert (field.max(axis=(0, 1)) < (WIDTH, HEIGHT)).all()


def test_find_of_one_position_reaches_the_others_by_jumps(pair):
    """The other map is moved by (2, 1); only the position in the middle knows."""
    moved = np.roll(pair[0], (1, 2), axis=(0, 1))
    maps, start = (rows(pair[0]), rows(moved)), (positions().astype(np.float32), np.float32(0))
    found = positions().astype(np.int32), np.empty((HEIGHT, WIDTH), np.float32)
    found[0][4, 5] += (2, 1)
    spare = tuple(map(np.empty_like, found))
    cost_kernel(maps, HALF, (read_only(start[0]), start[1]), *found)
    for jump in (4, 2, 1, 2, 1, 1):
        jump_kernel(maps, HALF, (read_only(start[0]), start[1]), jump, found, spare)
        found, spare = spare, found
    moves = found[0] - positions()
    assert (moves[2:-3, 2:-4] == (2, 1)).all()


def test_same_seed_finds_the_same_places(pair):
    one, again, other = (searched(pair, seed, sweeps=1)[0] for seed in (3, 3, 4))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
