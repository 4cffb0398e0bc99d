"""Linear templates: the kernels equal float64 sums."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.kernels import on_numba
from explorer.kernels.terms import PLANE_LIMIT, SHORT_LIMIT, grouped, quantized
from explorer.matching import search_offsets
from explorer.reference import match_reference

OFFSETS = search_offsets(80, 64)
PRICES = (OFFSETS**2).sum(axis=1).astype(np.float32) * 100
SEARCH = OFFSETS, PRICES
GRID = (10, 8)


def random_planes(rng, n, channels=12, limit=31):
    return rng.integers(-limit, limit + 1, (channels, *GRID, n)).astype(np.int8)


def random_template(rng, m, channels=12):
    cells = np.argwhere(rng.permuted(np.arange(80) < m).reshape(GRID)).astype(np.int32)
    return cells, rng.integers(-63, 64, (m, channels)).astype(np.int32)


def by_float64(planes, cells, weights, search=SEARCH):
    whole = np.zeros((*GRID, weights.shape[1]))
    whole[tuple(cells.T)] = weights
    return match_reference(planes.transpose(3, 1, 2, 0).astype(np.float64), whole, *search)


@given(st.integers(0, 2**32 - 1), st.integers(1, 80))
@settings(max_examples=15, deadline=None)
def test_sums_are_exact_and_their_place_is_the_first(seed, m):
    rng = np.random.default_rng(seed)
    planes, template = random_planes(rng, 5), random_template(rng, m)
    shards = [np.ascontiguousarray(planes[..., :2]), np.ascontiguousarray(planes[..., 2:])]
    best, place = on_numba.strongest_linear(shards, *template, SEARCH)
    expected, index = by_float64(planes, *template)
    np.testing.assert_array_equal(best, expected)
    np.testing.assert_array_equal(place, index)


def test_the_greatest_weights_and_values_do_not_overflow():
    planes = np.full((12, *GRID, 3), -31, np.int8)
    cells, weights = random_template(np.random.default_rng(0), 80)
    best, place = on_numba.strongest_linear([planes], cells, np.full_like(weights, -63), SEARCH)
    assert best.tolist() == [80 * 12 * 63 * 31] * 3
    assert not place.any()


def test_where_every_sum_is_negative_the_least_is_found():
    # Only cell (4, 4) asks for nothing of plane 0; an image that is 1 everywhere but in cell
    # (5, 3) offends least there: one cell down and one to the left.
    planes = np.ones((12, *GRID, 1), np.int8)
    planes[0, 5, 3] = 0
    cells, weights = np.array([[4, 4]], np.int32), np.eye(1, 12, dtype=np.int32) * -5
    near = OFFSETS[:9]  # the cell itself and its eight neighbours
    best, place = on_numba.strongest_linear([planes], cells, weights, (near, PRICES[:9] * 0))
    assert best.tolist() == [0]
    assert near[place[0]].tolist() == [1, -1]


def test_candidates_are_scored_again_within_a_cell_of_their_place():
    rng = np.random.default_rng(2)
    planes = random_planes(rng, 30, channels=31, limit=127)
    cells, weights = random_template(rng, 9, channels=31)
    rows = np.ascontiguousarray(planes.transpose(3, 1, 2, 0))
    images = np.array([29, 3, 11, 4], np.int32)
    found = rng.integers(0, len(OFFSETS), 4).astype(np.int32)
    best, place = on_numba.rerank(
        [rows[:7], rows[7:]], (images, found), cells, weights.astype(np.float32), SEARCH
    )
    for k in range(4):
        near = np.abs(OFFSETS - OFFSETS[found[k]]).max(axis=1) <= 1
        image = planes[..., images[k : k + 1]]
        expected, index = by_float64(image, cells, weights, (OFFSETS[near], PRICES[near]))
        np.testing.assert_allclose(best[k], expected[0], rtol=1e-5)
        assert OFFSETS[place[k]].tolist() == OFFSETS[near][index[0]].tolist()


def test_no_group_can_leave_16_bits():
    cells, weights = random_template(np.random.default_rng(3), 40)
    terms, groups = grouped(cells, weights)
    sums = np.add.reduceat(np.abs(terms[:, 3]), groups[:-1])
    assert sums.max() * PLANE_LIMIT <= SHORT_LIMIT
    assert sums.sum() == np.abs(weights).sum()


def test_rounded_weights_are_within_half_a_unit():
    weights = np.random.default_rng(5).normal(size=(7, 12)).astype(np.float32)
    integers, unit = quantized(weights)
    assert np.abs(integers).max() == 63
    assert np.abs(integers * unit - weights).max() <= unit / 2 * 1.001


def test_weights_of_nothing_stay_nothing():
    integers, unit = quantized(np.zeros((2, 12), np.float32))
    assert not integers.any()
    assert unit == 1
