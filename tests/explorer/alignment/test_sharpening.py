"""`explorer.alignment.sharpening`: what was sharpened is kept, and drawn in place of what was."""

import numpy as np
import pytest

from explorer.alignment import sharpening as module
from explorer.alignment.maps import Maps, grid_points
from explorer.alignment.sharpening import Members, Sharpener, heaviest, placed, seen
from explorer.edits import LikeImage, Sharpen
from explorer.session import Cluster, Entry

SIDE, IMAGES = 64, 5
GRID = grid_points(SIDE, SIDE)
WEIGHTS = np.array([0.1, 0.4, 0, 0.3, 0.2], np.float32)


@pytest.fixture(scope="module")
def view(memory_view):
    return memory_view(
        np.random.default_rng(0).integers(0, 256, (IMAGES, SIDE, SIDE, 3)).astype(np.uint8)
    )


def cluster(rounds=1):
    edits = LikeImage(id="l", image="0.jpg"), Sharpen(id="s", rounds=rounds)
    return Cluster(entries=tuple(Entry(edit=edit) for edit in edits))


@pytest.fixture
def moved(monkeypatch):
    """In place of congealing, all nodes go 3 pixels to the right."""
    monkeypatch.setattr(
        module, "congeal", lambda images, weights, nodes, rounds, **_: nodes + np.float32([3, 0])
    )


def test_heaviest_images_are_moved_in_rising_order():
    assert heaviest(WEIGHTS, 3).tolist() == [1, 3, 4]
    assert heaviest(WEIGHTS, 9).tolist() == [0, 1, 3, 4]  # those without weight never


def test_mirrored_images_are_seen_mirrored(view):
    rows = np.array([0, 3, 4], np.int32)
    pictures = seen(view, rows, np.array([False, True, False]))
    assert np.array_equal(pictures[0], view.images[0])
    assert np.array_equal(pictures[1], view.images[3][:, ::-1])


def test_images_without_a_map_stay_where_they_are(view):
    rows = np.array([1, 3], np.int32)
    known = Maps(rows=rows[1:], nodes=GRID[None] + np.float32(5), mirrored=np.array([True]))
    both = placed(view, known, rows)
    assert np.array_equal(both.nodes[0], GRID)
    assert np.array_equal(both.nodes[1], GRID + 5)
    assert both.mirrored.tolist() == [False, True]


def test_sharpened_images_take_the_place_of_those_before(view, moved):
    sharpener = Sharpener(view)
    rows = np.array([1, 3], np.int32)
    start = Maps(rows=rows, nodes=placed(view, None, rows).nodes, mirrored=np.array([True, False]))
    sharpener.sharpen(cluster(), Members(weights=WEIGHTS, maps=start))
    drawn = sharpener.applied(cluster(), None, np.array([1, 2], np.int32))
    assert np.allclose(drawn.nodes[0] - GRID, (3, 0), atol=1e-4)
    assert np.array_equal(drawn.nodes[1], GRID)  # it had no weight
    assert drawn.mirrored.tolist() == [True, False]


def test_other_rounds_are_another_sharpening(view, moved):
    sharpener = Sharpener(view)
    sharpener.sharpen(cluster(1), Members(weights=WEIGHTS, maps=None))
    assert sharpener.is_known(cluster(1))
    assert not sharpener.is_known(cluster(2))


def test_cluster_that_asks_for_no_sharpening_has_nothing_to_compute(view):
    assert Sharpener(view).is_known(Cluster())


def test_sharpened_maps_do_not_fold(view, monkeypatch):
    folded = np.zeros_like(GRID)
    monkeypatch.setattr(
        module, "congeal", lambda images, weights, nodes, rounds, **_: nodes * 0 + folded
    )
    sharpener = Sharpener(view)
    sharpener.sharpen(cluster(), Members(weights=WEIGHTS, maps=None))
    nodes = sharpener.applied(cluster(), None, np.array([1], np.int32)).nodes[0]
    right, down = np.diff(nodes, axis=1)[:-1], np.diff(nodes, axis=0)[:, :-1]
    assert (right[..., 0] * down[..., 1] - right[..., 1] * down[..., 0]).min() > 0


def test_what_another_one_sharpened_is_taken_over(view, moved):
    one, other = Sharpener(view), Sharpener(view)
    other.sharpen(cluster(), Members(weights=WEIGHTS, maps=None))
    one.adopt(other)
    assert one.is_known(cluster())
