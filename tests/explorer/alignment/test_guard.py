"""`explorer.alignment.guard`: no map folds, and those that bear looking at are left alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.alignment.guard import unfolded
from explorer.alignment.maps import NODE, grid_points
from explorer.alignment.mls import mls_nodes
from explorer.alignment.points import warp_points
from explorer.errors import ArrayError

KINDS = ["similarity", "rigid", "affine"]


def areas(nodes):
    """Area of the image at all four corners of every cell (M, 4, Y - 1, X - 1), canvas = 1."""
    across = np.diff(nodes.astype(float), axis=2) / NODE
    down = np.diff(nodes.astype(float), axis=1) / NODE
    corners = []
    for a in (across[:, :-1], across[:, 1:]):
        for b in (down[:, :, :-1], down[:, :, 1:]):
            corners.append(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])
    return np.stack(corners, axis=1)


@given(st.integers(0, 2**32 - 1), st.integers(2, 8), st.sampled_from(KINDS), st.floats(1, 80))
@settings(max_examples=40, deadline=None)
def test_no_map_folds_after_it(seed, points, kind, spread):
    rng = np.random.default_rng(seed)
    targets = rng.uniform(0, 160, (points, 2)).astype(np.float32)
    sources = (targets + rng.normal(scale=spread, size=(6, points, 2))).astype(np.float32)
    mended = unfolded(mls_nodes(targets, sources, kind, 160, 120))
    found = areas(mended)
    assert found.min() > 0
    spans = found.max(axis=(1, 2, 3)) / found.min(axis=(1, 2, 3))
    assert spans.max() < 5 / 0.2 * 1.001


def test_a_gentle_map_is_left_as_it_is():
    nodes = mls_nodes(
        np.array([[20, 20], [100, 60]], np.float32),
        np.array([[[23, 18], [98, 66]]], np.float32),
        "similarity",
        120,
        120,
    )
    np.testing.assert_array_equal(unfolded(nodes), nodes)


def test_only_the_image_that_folds_changes():
    nodes = np.repeat(grid_points(80, 80)[None], 3, axis=0)
    nodes[1, 5, 5] += 3 * NODE  # passes its neighbors
    mended = unfolded(nodes)
    changed = (mended != nodes).any(axis=(1, 2, 3))
    assert changed.tolist() == [False, True, False]
    assert areas(nodes).min() < 0 < areas(mended).min()


def test_a_slight_fold_is_blended_by_a_quarter():
    nodes = grid_points(80, 80)[None].copy()
    # A tenth is left of the cell beyond. A quarter less of the move leaves 0.325, more than 0.2.
    nodes[0, 3, 3, 0] += 0.9 * NODE
    moved = unfolded(nodes)[0, 3, 3, 0] - 3 * NODE
    assert moved == pytest.approx(0.75 * 0.9 * NODE, rel=0.02)


def test_points_that_change_sides_keep_their_middle():
    targets = np.array([[40, 60], [80, 60], [60, 100]], np.float32)
    sources = np.array([[[80, 60], [40, 60], [60, 100]]], np.float32)  # left and right swapped
    nodes = mls_nodes(targets, sources, "affine", 120, 120)
    assert areas(nodes).max() < 0
    middle = targets.mean(axis=0)
    mended = unfolded(nodes, center=tuple(middle.tolist()))[0]
    assert areas(mended[None]).min() > 0
    np.testing.assert_allclose(warp_points(mended, middle[None])[0], middle, atol=1e-3)


def test_a_map_to_a_point_gets_an_area():
    nodes = np.full((1, 11, 11, 2), 30, np.float32)
    mended = unfolded(nodes)
    # Half of the way to a scale of 1 / 4 is enough: 1 / 8^2 is more than 0.2 / 4^2.
    np.testing.assert_allclose(areas(mended), 1 / 64, rtol=1e-3)
    np.testing.assert_allclose(mended[0, 5, 5], [30, 30], atol=1e-4)


def test_no_image_is_fine():
    assert unfolded(np.empty((0, 4, 4, 2), np.float32)).shape == (0, 4, 4, 2)


def test_other_arrays_are_refused():
    with pytest.raises(ArrayError, match="nodes must be"):
        unfolded(np.zeros((1, 4, 4, 3), np.float32))
