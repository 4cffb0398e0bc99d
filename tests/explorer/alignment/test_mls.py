"""`explorer.alignment.mls`: every control point lands, and the map is the one of the paper."""

import numpy as np
import pytest

from explorer.alignment.maps import NODE, grid_points
from explorer.alignment.mls import mls_nodes
from explorer.alignment.points import warp_points
from explorer.alignment.reference import mls_reference
from explorer.errors import ArrayError

KINDS = ["similarity", "rigid", "affine"]
TARGETS = np.array([[20.3, 40.9], [100.6, 99.1], [150.2, 30.7], [61, 141.5]], np.float32)


def scattered(images=5, spread=12.0, seed=0):
    """Sources around the targets, as matches are."""
    moves = np.random.default_rng(seed).normal(scale=spread, size=(images, *TARGETS.shape))
    return (TARGETS + moves).astype(np.float32)


def beside(targets, shape):
    """Nodes (Y, X) at a corner of a cell with a control point: those that are moved to land."""
    found = np.zeros(shape, bool)
    for x, y in np.floor(targets / NODE).astype(int):
        found[y : y + 2, x : x + 2] = True
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_nodes_are_those_of_the_paper(kind):
    sources = scattered()
    nodes = mls_nodes(TARGETS, sources, kind, 200, 168)
    grid = grid_points(200, 168).astype(float)
    moved = beside(TARGETS, grid.shape[:2])
    for m, y, x in np.ndindex(nodes.shape[:3]):
        if not moved[y, x]:
            exact = mls_reference(TARGETS.astype(float), sources[m].astype(float), kind, grid[y, x])
            assert np.abs(nodes[m, y, x] - exact).max() < 1e-3


@pytest.mark.parametrize("kind", KINDS)
def test_control_points_land_between_nodes_too(kind):
    sources = scattered(spread=20)
    for nodes, expected in zip(mls_nodes(TARGETS, sources, kind, 200, 200), sources, strict=True):
        np.testing.assert_allclose(warp_points(nodes, TARGETS), expected, atol=1e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_landing_moves_no_node_by_more_than_a_pixel_or_two(kind):
    sources = scattered(images=50)
    nodes = mls_nodes(TARGETS, sources, kind, 200, 200)
    grid = grid_points(200, 200).astype(float)
    for m, (y, x) in enumerate(np.argwhere(beside(TARGETS, grid.shape[:2]))[:50]):
        exact = mls_reference(TARGETS.astype(float), sources[m].astype(float), kind, grid[y, x])
        assert np.abs(nodes[m, y, x] - exact).max() < 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_control_point_on_a_node_lands(kind):
    targets = np.array([[16, 24], [80, 40], [48, 96]], np.float32)
    sources = targets[None] + np.array([[3, -4], [-6, 1], [2, 7]], np.float32)
    nodes = mls_nodes(targets, sources, kind, 120, 120)
    np.testing.assert_allclose(nodes[0, 3, 2], [19, 20], atol=1e-4)
    np.testing.assert_allclose(nodes[0, 5, 10], [74, 41], atol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_no_point_leaves_the_image_and_one_moves_it(kind):
    none = mls_nodes(TARGETS[:0], scattered()[:, :0], kind, 64, 40)
    np.testing.assert_array_equal(none, np.repeat(grid_points(64, 40)[None], 5, axis=0))
    one = mls_nodes(TARGETS[:1], TARGETS[None, :1] + np.float32([[5, -3]]), kind, 64, 40)
    np.testing.assert_allclose(one[0], grid_points(64, 40) + [5, -3], atol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_a_turn_is_recovered_by_every_kind(kind):
    turn = np.array([[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]])
    sources = (TARGETS @ turn.T + [7, -20]).astype(np.float32)[None]
    nodes = mls_nodes(TARGETS, sources, kind, 200, 200)
    np.testing.assert_allclose(nodes[0], grid_points(200, 200) @ turn.T + [7, -20], atol=1e-3)


def test_similarity_recovers_a_change_of_size_and_rigid_keeps_lengths():
    sources = ((TARGETS - 100) * 1.5 + 90).astype(np.float32)[None]
    similar, rigid = (mls_nodes(TARGETS, sources, kind, 200, 200)[0] for kind in KINDS[:2])
    np.testing.assert_allclose(similar, (grid_points(200, 200) - 100) * 1.5 + 90, atol=1e-3)
    # Beside a control point a rigid map steps along a node's side as far as the canvas does.
    x, y = np.floor(TARGETS[1] / NODE).astype(int)
    step = np.linalg.norm(rigid[y + 1, x + 1] - rigid[y, x])
    assert step == pytest.approx(np.sqrt(2) * NODE, rel=0.1)


def test_affine_recovers_a_shear():
    shear = np.array([[1.2, 0.3], [-0.1, 0.8]])
    sources = (TARGETS @ shear.T + [4, 5]).astype(np.float32)[None]
    nodes = mls_nodes(TARGETS, sources, "affine", 200, 200)
    np.testing.assert_allclose(nodes[0], grid_points(200, 200) @ shear.T + [4, 5], atol=1e-3)


@pytest.mark.parametrize("points", [2, 3])
def test_affine_of_points_on_a_line_is_a_similarity(points):
    targets = np.array([[30, 30], [90, 91], [150, 150]], np.float32)[:points]
    sources = targets[None] + np.random.default_rng(0).normal(size=(4, points, 2)) * 8
    maps = [mls_nodes(targets, np.float32(sources), kind, 180, 180) for kind in KINDS]
    np.testing.assert_array_equal(maps[2], maps[0])


def test_points_that_nearly_touch_count_as_their_mean():
    targets = np.array([[40, 40], [46, 40], [120, 80]], np.float32)  # the first two 6 px apart
    sources = np.array([[[30, 50], [60, 30], [110, 90]]], np.float32)
    merged = mls_nodes(
        np.array([[43, 40], [120, 80]], np.float32),
        np.array([[[45, 40], [110, 90]]], np.float32),
        "similarity",
        160,
        160,
    )
    np.testing.assert_allclose(
        mls_nodes(targets, sources, "similarity", 160, 160), merged, atol=1e-4
    )


def test_means_that_nearly_touch_are_merged_in_turn():
    targets = np.array([[40, 40], [46, 40], [50, 41], [120, 80]], np.float32)
    moves = np.array([[6, 0], [-6, 3], [9, 0], [0, 0]], np.float32)
    nodes = mls_nodes(targets, (targets + moves)[None], "similarity", 160, 160)[0]
    mean = targets[:3].mean(axis=0, keepdims=True)
    np.testing.assert_allclose(warp_points(nodes, mean) - mean, [[3, 1]], atol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_points_beyond_the_canvas_are_borne(kind):
    sources = scattered()
    nodes = mls_nodes(TARGETS, sources, kind, 60, 70)  # three of four targets are beyond it
    assert np.isfinite(nodes).all()


def test_places_that_are_not_finite_are_refused():
    sources = scattered()
    sources[2, 1, 0] = np.nan
    with pytest.raises(ArrayError, match="must be finite: leave out points that have no place"):
        mls_nodes(TARGETS, sources, "similarity", 200, 200)


def test_other_shapes_are_refused():
    with pytest.raises(ArrayError, match="sources must be"):
        mls_nodes(TARGETS, scattered()[:, :3], "similarity", 200, 200)
    with pytest.raises(ArrayError, match="targets must be"):
        mls_nodes(TARGETS[0], scattered(), "similarity", 200, 200)
