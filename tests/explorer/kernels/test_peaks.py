"""The best places in every image: the kernels equal float64 sums and a plain search."""

import numpy as np
import pytest

from explorer.kernels import on_numba, on_torch
from explorer.kernels.peak_search import PeakSearch

GRID, CHANNELS = (9, 7), 5
BLANK = 3


def search_of(rng, *, sides=(0, 0), limit=31, **changes):
    """Two sizes of random templates over a rectangle of offsets that leaves the grid."""
    cells = tuple(rng.integers(0, 6, (m, 2)).astype(np.int32) for m in (4, 9))
    shape = (11, 8)
    maps = rng.uniform(0.5, 2, (2, 2, shape[0] * shape[1])).astype(np.float32)
    maps[1, :, ::13] = -np.inf
    fields = {
        "cells": cells,
        "weights": tuple(rng.integers(-63, 64, (len(c), CHANNELS)).astype(np.int32) for c in cells),
        "frames": np.array([(1, 2, side, 2) for side in sides], np.int32),
        "corner": (-5, -4),
        "shape": shape,
        "gains": maps[0],
        "biases": maps[1],
        "count": 5,
        "apart": 2,
        "plane_limit": limit,
    }
    return PeakSearch(**fields | changes)


def planes_of(rng, n, limit=31):
    return rng.integers(-limit, limit + 1, (CHANNELS, *GRID, n)).astype(np.int8)


def response(image, energy, search, s, p):
    """One response in float64, cell by cell."""
    if search.biases[s, p] == -np.inf:
        return -np.inf
    total = 0.0
    for cell, weights in zip(search.cells[s], search.weights[s], strict=True):
        y, x = cell + search.offsets[p]
        if 0 <= y < GRID[0] and 0 <= x < GRID[1]:
            total += float(image[:, y, x].astype(np.float64) @ weights)
    row, column, side, step = search.frames[s]
    if side:
        at = np.indices((side, side)).reshape(2, -1).T * step + (row, column) + search.offsets[p]
        inside = ((at >= 0) & (at < GRID)).all()
        squares = energy[tuple(at.T)] if inside else np.zeros(1)
        drawn = np.mean(squares != BLANK) >= 0.4
        total *= 1 / np.sqrt(max(squares.sum(), 1)) if inside and drawn else 0
    return total * float(search.gains[s, p]) + float(search.biases[s, p])


def expected_peaks(image, energy, search, first):
    offsets = search.offsets
    table = np.array(
        [[response(image, energy, search, s, p) for p in range(len(offsets))] for s in (0, 1)]
    )
    best, sizes = table.max(axis=0), table.argmax(axis=0)
    found = []
    taken = first
    for _ in range(search.count):
        if taken >= 0:
            best[np.abs(offsets - offsets[taken]).max(axis=1) <= search.apart] = -np.inf
        taken = int(best.argmax())
        is_none = best[taken] == -np.inf
        found.append((best[taken], -1 if is_none else taken, 0 if is_none else sizes[taken]))
    return zip(*found, strict=True)


def check(backend, planes, search, first, energies=None):
    cut = 2
    shards = [np.ascontiguousarray(planes[..., :cut]), np.ascontiguousarray(planes[..., cut:])]
    squares = (
        ()
        if energies is None
        else tuple(
            (np.ascontiguousarray(part), BLANK)
            for part in (energies[..., :cut], energies[..., cut:])
        )
    )
    scores, index, sizes = backend.peaks(shards, search, first, squares)
    for i in range(planes.shape[-1]):
        energy = None if energies is None else energies[..., i]
        wanted = expected_peaks(planes[..., i], energy, search, first[i])
        best, places, chosen = map(np.array, wanted)
        np.testing.assert_allclose(scores[i], best, rtol=1e-5, atol=1e-3)
        assert index[i].tolist() == places.tolist()
        assert sizes[i].tolist() == chosen.tolist()


@pytest.mark.parametrize("backend", [on_numba, on_torch])
@pytest.mark.parametrize("seed", range(3))
def test_peaks_are_the_greatest_responses_apart_from_each_other(backend, seed):
    rng = np.random.default_rng(seed)
    first = np.array([-1, 0, 40, 87, -1], np.int32)
    check(backend, planes_of(rng, 5), search_of(rng), first)


@pytest.mark.parametrize("backend", [on_numba, on_torch])
def test_responses_with_a_frame_are_cosines_and_blank_patches_have_none(backend):
    rng = np.random.default_rng(5)
    energies = rng.integers(0, 2, (*GRID, 4)).astype(np.int32) * 700 + BLANK
    search = search_of(rng, sides=(2, 3), limit=127)
    check(backend, planes_of(rng, 4, 127), search, np.full(4, -1, np.int32), energies)


@pytest.mark.parametrize("backend", [on_numba, on_torch])
def test_blank_patches_count_too_if_no_energy_is_that_of_a_blank_cell(backend):
    rng = np.random.default_rng(8)
    planes, energies = planes_of(rng, 3), np.full((*GRID, 3), BLANK, np.int32)
    search, none = search_of(rng, sides=(2, 2), count=1), np.full(3, -1, np.int32)
    refused, _, _ = backend.peaks([planes], search, none, [(energies, BLANK)])
    counted, index, sizes = backend.peaks([planes], search, none, [(energies, -1)])
    # Without a cosine only the greatest bias is left.
    assert refused == pytest.approx(np.full((3, 1), search.biases.max()))
    for i in range(3):
        s, p = sizes[i, 0], index[i, 0]
        cells = search.cells[s] + search.offsets[p]
        inside = ((cells >= 0) & (cells < GRID)).all(axis=1)
        values = planes[:, cells[inside, 0], cells[inside, 1], i].T.astype(float)
        cosine = (values * search.weights[s][inside]).sum() / np.sqrt(4 * BLANK)
        expected = cosine * search.gains[s, p] + search.biases[s, p]
        assert counted[i, 0] == pytest.approx(expected, rel=1e-5)
        assert counted[i, 0] > refused[i, 0]


@pytest.mark.parametrize("backend", [on_numba, on_torch])
def test_more_images_than_a_block_holds_are_each_looked_at(backend):
    rng = np.random.default_rng(6)
    planes, search = planes_of(rng, 130), search_of(rng)
    all_at_once = backend.peaks([planes], search, np.full(130, -1, np.int32))
    last = np.ascontiguousarray(planes[..., 128:])
    alone = backend.peaks([last], search, np.full(2, -1, np.int32))
    for whole, part in zip(all_at_once, alone, strict=True):
        np.testing.assert_array_equal(whole[128:], part)


@pytest.mark.parametrize("backend", [on_numba, on_torch])
def test_bytes_are_summed_without_overflow(backend):
    planes = np.full((1, *GRID, 3), 255, np.uint8)
    cells = np.argwhere(np.ones(GRID, bool)).astype(np.int32)
    many = np.concatenate([cells] * 5)  # 315 cells: 80,325 is beyond 16 bits
    search = search_of(
        np.random.default_rng(0),
        cells=(many,),
        weights=(np.ones((315, 1), np.int32),),
        frames=np.zeros((1, 4), np.int32),
        gains=np.ones((1, 88), np.float32),
        biases=np.zeros((1, 88), np.float32),
        limit=255,
    )
    scores, index, _ = backend.peaks([planes], search, np.full(3, -1, np.int32))
    assert scores[:, 0].tolist() == [315 * 255] * 3
    assert (search.offsets[index[:, 0]] == 0).all()


@pytest.mark.parametrize("backend", [on_numba, on_torch])
def test_scores_at_places_are_sums_over_the_cells_inside(backend):
    rng = np.random.default_rng(7)
    planes = planes_of(rng, 6, 127)
    rows = np.ascontiguousarray(planes.transpose(3, 1, 2, 0))
    cells = np.unique(rng.integers(0, 6, (7, 2)), axis=0).astype(np.int32)
    weights = rng.normal(size=(len(cells), CHANNELS)).astype(np.float32)
    images = np.array([5, 0, 3, 3], np.int32)
    offsets = np.array([(0, 0), (3, -4), (-2, 1), (8, 8)], np.int32)
    found = backend.scores_at([rows[:4], rows[4:]], images, offsets, (cells, weights))
    for value, image, offset in zip(found, images, offsets, strict=True):
        at = cells + offset
        inside = ((at >= 0) & (at < GRID)).all(axis=1)
        sums = rows[image][tuple(at[inside].T)].astype(np.float64) * weights[inside]
        assert value == pytest.approx(sums.sum(), rel=1e-4, abs=1e-2)
