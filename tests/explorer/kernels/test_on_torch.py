"""The torch twin gives the numbers of the numba kernels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.color import bin_weights
from explorer.histograms import color_histograms
from explorer.kernels import on_numba, on_torch
from explorer.matching import search_offsets

OFFSETS = search_offsets(80, 64)
SEARCH = OFFSETS, (OFFSETS**2).sum(axis=1).astype(np.float32) * 7.3
GRID = (10, 8)


def sharded(planes):
    """Planes of n images as read-only shards of 3 and n - 3."""
    parts = [np.ascontiguousarray(planes[..., :3]), np.ascontiguousarray(planes[..., 3:])]
    for part in parts:
        part.flags.writeable = False
    return parts


def random_cells(rng, m):
    return np.argwhere(rng.permuted(np.arange(80) < m).reshape(GRID)).astype(np.int32)


def assert_same(ours, theirs):
    for one, other in zip(ours, theirs, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)


@given(st.integers(0, 2**32 - 1), st.integers(1, 80), st.sampled_from([2, 256]))
@settings(max_examples=15, deadline=None)
def test_color_matches_are_equal_ties_included(seed, m, levels):
    rng = np.random.default_rng(seed)
    planes = sharded(rng.integers(0, levels, (*GRID, 7), np.uint8))
    cells = random_cells(rng, m)
    expected = on_numba.strongest(planes, cells, OFFSETS)
    assert_same(on_torch.strongest(planes, cells, OFFSETS), expected)
    running = on_torch.RunningSums(planes, OFFSETS)
    running.add(cells[: m // 2 + 1])
    assert_same(running.add(cells[m // 2 + 1 :]), expected)


@given(st.integers(0, 2**32 - 1), st.integers(1, 80))
@settings(max_examples=15, deadline=None)
def test_linear_matches_are_equal(seed, m):
    rng = np.random.default_rng(seed)
    planes = sharded(rng.integers(-31, 32, (12, *GRID, 7)).astype(np.int8))
    weights = rng.integers(-63, 64, (m, 12)).astype(np.int32)
    template = random_cells(rng, m), weights
    assert_same(
        on_torch.strongest_linear(planes, *template, SEARCH),
        on_numba.strongest_linear(planes, *template, SEARCH),
    )


def test_agreement_planes_are_equal():
    images = np.random.default_rng(0).integers(0, 256, (7, 80, 64, 3), np.uint8)
    shards = sharded(color_histograms(images).transpose(3, 1, 2, 0))
    weights = bin_weights((200, 30, 40))
    assert_same(on_torch.agreement(shards, weights), on_numba.agreement(shards, weights))


def test_palettes_are_equal():
    rng = np.random.default_rng(1)
    shards = sharded(rng.integers(0, 65, (64, *GRID, 7), np.uint8))
    cells, weights = random_cells(rng, 9), rng.random(7, np.float32)
    np.testing.assert_allclose(
        on_torch.bin_totals(shards, cells, weights), on_numba.bin_totals(shards, cells, weights)
    )


@pytest.mark.parametrize("share", [0.0, 0.4])
def test_averages_are_within_a_hundredth_of_a_grey_level(share):
    rng = np.random.default_rng(2)
    images = rng.integers(0, 256, (500, 8, 9, 3), np.uint8)
    weights = rng.random(500, np.float32)
    weights[rng.random(500) < share] = 0
    weights /= weights.sum()
    shards = [images[:3], images[3:]]
    ours, theirs = (k.weighted_sum(shards, weights) for k in (on_torch, on_numba))
    assert ours.shape == theirs.shape == (8, 9, 3)
    assert np.abs(ours - theirs).max() < 0.01


def test_candidates_score_the_same():
    rng = np.random.default_rng(3)
    rows = rng.integers(-127, 128, (12, *GRID, 31)).astype(np.int8)
    images = np.array([11, 2, 5], np.int32)
    found = rng.integers(0, len(OFFSETS), 3).astype(np.int32)
    cells, weights = random_cells(rng, 9), rng.normal(size=(9, 31)).astype(np.float32)
    call = [rows[:4], rows[4:]], (images, found), cells, weights, SEARCH
    best, place = on_torch.rerank(*call)
    expected, index = on_numba.rerank(*call)
    np.testing.assert_allclose(best, expected, rtol=1e-4)
    np.testing.assert_array_equal(place, index)
