"""`explorer.kernels.windows`, against sums written out in float64."""

import numpy as np
import pytest

from explorer.kernels.jit import read_only
from explorer.kernels.windows import between_kernel, nearest_kernel, window_kernel


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def expected_costs(one, other, half, reach):
    height, width = one.shape[1:]
    result = []
    for down in range(2 * reach + 1):
        for right in range(2 * reach + 1):
            there = other[:, down : down + height, right : right + width]
            apart = ((one - there) ** 2).sum(axis=0)
            padded = np.pad(apart, half, mode="edge")
            side = 2 * half + 1
            windows = np.lib.stride_tricks.sliding_window_view(padded, (side, side))
            result.append(windows.mean(axis=(2, 3)))
    return np.stack(result)


@pytest.mark.parametrize(("half", "reach"), [(0, 0), (1, 2), (3, 1)])
def test_costs_are_mean_distances_of_patches(rng, half, reach):
    one = rng.random((3, 6, 7)).astype(np.float32)
    other = rng.random((3, 6 + 2 * reach, 7 + 2 * reach)).astype(np.float32)
    costs = np.empty(((2 * reach + 1) ** 2, 6, 7), np.float32)
    window_kernel(read_only(one), read_only(other), half, costs)
    doubles = (array.astype(np.float64) for array in (one, other))
    assert np.allclose(costs, expected_costs(*doubles, half, reach), atol=1e-5)


@pytest.mark.parametrize("price", [0.0, 0.05])
def test_cheapest_offset_is_found(rng, price):
    costs = rng.random((25, 4, 5)).astype(np.float32)
    around = rng.normal(size=(2, 4, 5)).astype(np.float32)
    moves, least = np.empty_like(around), np.empty((4, 5), np.float32)
    nearest_kernel(read_only(costs), read_only(around), price, moves, least)
    y, x = (axis.ravel()[:, None, None] - 2 for axis in np.mgrid[:5, :5])
    priced = costs + price * ((x - around[0]) ** 2 + (y - around[1]) ** 2)
    best = priced.argmin(axis=0)
    assert np.array_equal(moves, [best % 5 - 2, best // 5 - 2])
    assert np.allclose(least, priced.min(axis=0), atol=1e-5)


def test_first_of_equal_offsets_is_taken():
    moves, least = np.empty((2, 1, 1), np.float32), np.empty((1, 1), np.float32)
    still = read_only(np.zeros((2, 1, 1), np.float32))
    nearest_kernel(read_only(np.ones((9, 1, 1), np.float32)), still, 0.0, moves, least)
    assert moves.ravel().tolist() == [-1, -1]


def parabolas(x, y):
    """Costs of a window of 5 x 5 offsets that are least at (x, y)."""
    down, right = np.mgrid[-2:3, -2:3]
    costs = 1 + (right - x) ** 2 + 3 * (down - y) ** 2
    return read_only(costs.reshape(25, 1, 1).astype(np.float32))


def test_offset_moves_to_the_bottom_of_the_parabola():
    moves = np.float32([1, -1]).reshape(2, 1, 1)
    between_kernel(parabolas(0.75, -1.25), moves)
    assert moves.ravel().tolist() == [0.75, -1.25]


def test_offset_at_the_border_of_the_window_stays():
    moves = np.float32([2, 0]).reshape(2, 1, 1)
    between_kernel(parabolas(1.75, 0.25), moves)
    assert moves.ravel().tolist() == [2, 0.25]


def test_offset_that_is_not_the_cheapest_stays():
    moves = np.float32([0, 0]).reshape(2, 1, 1)
    between_kernel(parabolas(1.75, 1.75), moves)
    assert moves.ravel().tolist() == [0, 0]


def test_offset_of_equal_patches_stays():
    """No cost at all: what is beside it says nothing, a parabola would go 1 / 6 to the right."""
    costs = np.full((9, 1, 1), 1, np.float32)
    costs[4], costs[3] = 0, 2
    moves = np.zeros((2, 1, 1), np.float32)
    between_kernel(read_only(costs), moves)
    assert not moves.any()
