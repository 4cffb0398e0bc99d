"""`explorer.modes.groups`: seeds with their nearest patches, and which of them are different."""

import numpy as np
import pytest

from explorer.modes.groups import Groups, different, neighbors_of
from explorer.modes.search import Window


def windows(*moves):
    return [Window((0, 0), 4, 4, move, 1.0) for move in moves]


def test_group_is_the_nearest_images_with_their_places():
    scores = np.array([[0.1, 0.9, 0.5, 0.7]], np.float32)
    index = np.array([[0, 1, 0, 1]], np.uint16)
    groups = Groups.of((scores, index, windows((0, 0), (2, -1))), 3)
    assert groups.images.tolist() == [[1, 3, 2]]
    assert groups.scores == pytest.approx(np.array([[0.9, 0.7, 0.5]]))
    assert groups.moves.tolist() == [[[2, -1], [2, -1], [0, 0]]]


def groups(images, moves=None):
    images = np.array(images, np.int32)
    moves = np.zeros((*images.shape, 2), np.float32) if moves is None else np.array(moves)
    scores = np.linspace(0.9, 0.5, len(images), dtype=np.float32)[:, None]
    return Groups(images, scores.repeat(images.shape[1], axis=1), moves)


def test_group_like_a_better_one_is_dropped():
    found = groups([[1, 2, 3, 4], [1, 2, 8, 9], [5, 6, 7, 8]])  # two of four are over 30 %
    assert different(found, np.ones(3, np.float32), 4, 9).tolist() == [0, 2]


def test_groups_that_share_images_at_places_apart_are_different():
    """Squares of 4 cells that are 3 apart overlap by 4 of 28 cells, 14 %; 2 apart by 33 %."""
    apart, near = [[3, 0]] * 4, [[2, 0]] * 4
    images = [[1, 2, 3, 4]] * 2
    ones = np.ones(2, np.float32)
    assert different(groups(images, [[[0, 0]] * 4, apart]), ones, 4, 9).tolist() == [0, 1]
    assert different(groups(images, [[[0, 0]] * 4, near]), ones, 4, 9).tolist() == [0]


def test_group_up_to_the_threshold_is_dropped_and_the_rest_come_by_similarity_times_inliers():
    found = groups([[1, 2], [3, 4], [5, 6]])
    inliers = np.array([0.75, 0.8, 1], np.float32)  # 0.7 * 0.8 = 0.56, 0.5 * 1 = 0.5
    assert different(found, inliers, 4, 9).tolist() == [1, 2]


def test_no_more_groups_than_wished():
    assert len(different(groups([[1], [2], [3]]), np.ones(3, np.float32), 4, 2)) == 2


@pytest.mark.parametrize(("size", "k"), [(8, 5), (100, 25), (5000, 50)])
def test_small_collection_has_small_groups(size, k):
    assert neighbors_of(size) == k
