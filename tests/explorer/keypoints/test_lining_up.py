"""`explorer.keypoints.lining_up`: images of known shifts, by each average and by all together."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.alignment.maps import Maps, grid_points
from explorer.errors import Cancelled
from explorer.keypoints.lining_up import by_all_averages, by_each_average, pooled, turned
from tests.evaluation.pictures import Pictures
from tests.explorer.correspondence.warped_pictures import SIDE, picture
from tests.explorer.keypoints.warped_collection import NOWHERE, POINTS, average, turned_over

FIRST, SECOND = np.int32([0, 1, 2, 3, 4, 5]), np.int32([6, 7, 8, 9, 10])
SHIFTS = np.random.default_rng(3).integers(-5, 6, (11, 2)).astype(np.float32)


def silent(share):
    assert 0 <= share <= 1


@pytest.fixture(scope="module")
def view():
    """One picture, shifted: (x, y) of it lies at (x + dx, y + dy)."""
    whole = np.rint(np.pad(picture(), ((6, 6), (6, 6), (0, 0)), mode="reflect") * 255)
    return Pictures(
        [whole[6 - y : 6 - y + SIDE, 6 - x : 6 - x + SIDE] for x, y in SHIFTS.astype(int)]
    )


@pytest.fixture(scope="module")
def averages(view):
    """Marks where the pictures are on average; the last keypoint is marked on the first alone."""
    first, second = (POINTS + SHIFTS[rows].mean(axis=0) for rows in (FIRST, SECOND))
    second[-1] = NOWHERE
    return [average(view, FIRST, first), average(view, SECOND, second)]


@pytest.fixture(scope="module")
def pool(view, averages):
    return pooled(view, averages, [FIRST, SECOND])


@pytest.fixture(scope="module")
def own(pool, averages):
    return by_each_average(pool, averages, silent)


def missed(points):
    return np.linalg.norm(points - (POINTS + SHIFTS[:, None]), axis=-1)


def test_images_come_average_by_average_with_their_weights(view, pool, averages):
    assert pool.rows.tolist() == list(range(11))
    assert pool.owners.tolist() == [0] * 6 + [1] * 5
    assert pool.weights[6] == averages[1].weights[6]
    np.testing.assert_array_equal(pool.images[7], view.pixels[7])


def test_images_that_take_part_mirrored_are_mirrored(view, averages):
    maps = turned_over([1, 4])
    maps = replace(maps, nodes=maps.nodes + np.float32([3, 0]))
    pool = pooled(view, [replace(averages[0], maps=maps)], [FIRST])
    assert pool.mirrored.tolist() == [False, True, False, False, True, False]
    np.testing.assert_array_equal(pool.images[4], view.pixels[4, :, ::-1])
    np.testing.assert_array_equal(pool.images[3], view.pixels[3])
    np.testing.assert_array_equal(pool.nodes[4], grid_points(SIDE, SIDE) + np.float32([3, 0]))


def test_an_image_may_help_two_averages(view, averages):
    pool = pooled(view, averages, [FIRST, np.int32([0, 7])])
    assert pool.rows.tolist() == [0, 1, 2, 3, 4, 5, 0, 7]
    np.testing.assert_array_equal(pool.images[0], pool.images[6])


def test_each_average_finds_its_marks_in_its_images(own):
    known = np.isfinite(own.warped).all(axis=-1)
    assert np.linalg.norm(SHIFTS - SHIFTS.mean(axis=0), axis=-1).mean() > 3  # left in place
    assert missed(own.warped)[known].mean() < 1
    for found in own.found:
        assert missed(found)[known].mean() < 1
    assert own.missed[known].mean() < 1


def test_what_an_average_does_not_mark_it_does_not_find(own):
    for found in (own.warped, *own.found):
        assert np.isfinite(found[:6]).all()
        assert np.isfinite(found[6:, :-1]).all()
        assert np.isnan(found[6:, -1]).all()
    assert np.isnan(own.missed[6:, -1]).all()


def test_known_maps_are_where_the_search_begins(view):
    """Shifts that no search would find, and of which the maps know."""
    view = Pictures([np.roll(image, 40, axis=1) for image in view.pixels[:6]])
    nodes = grid_points(SIDE, SIDE) + (SHIFTS[:6, None, None] + np.float32([40, 0]))
    maps = Maps(rows=FIRST, nodes=nodes, mirrored=np.zeros(6, bool))
    points = POINTS[POINTS[:, 0] < 40]
    one = average(view, FIRST, points, maps)
    found = by_each_average(pooled(view, [one], [FIRST]), [one], silent)
    wanted = points + SHIFTS[:6, None] + np.float32([40, 0])
    assert np.linalg.norm(found.warped - wanted, axis=-1).mean() < 1.5


def test_all_averages_together_find_every_mark(pool, averages, own):
    shared, nodes = by_all_averages(pool, averages, own.warped, silent)
    assert missed(shared).mean() < 1.5
    assert missed(shared)[6:, -1].mean() < 1.5  # what the second does not mark
    assert nodes.shape == pool.nodes.shape


def quarter_turned(points):
    """Where `np.rot90` brings points."""
    return np.stack([points[..., 1], SIDE - 1 - points[..., 0]], axis=-1)


def test_averages_that_show_a_thing_in_other_poses_are_brought_together(view, averages):
    """The second shows it lying on its side, and nothing but its marks says so."""
    pixels = view.pixels.copy()
    pixels[SECOND] = np.rot90(pixels[SECOND], axes=(1, 2))
    both = [averages[0], replace(averages[1], points=quarter_turned(averages[1].points))]
    pool = pooled(Pictures(pixels), both, [FIRST, SECOND])
    own = by_each_average(pool, both, silent)
    shared, _ = by_all_averages(pool, both, own.warped, silent)
    wanted = POINTS + SHIFTS[:, None]
    wanted[SECOND] = quarter_turned(wanted[SECOND])
    # Their frame lies between the two, where both are small and their borders in sight.
    assert np.linalg.norm(shared - wanted, axis=-1).mean() < 5


def test_a_mark_that_no_image_tells_of_lies_where_it_was_marked(view, averages, own):
    """The second average marks a keypoint, and has no images."""
    first = replace(averages[0], points=averages[0].points.copy())
    first.points[-1] = NOWHERE
    pool = pooled(view, [first, averages[0]], [FIRST, FIRST[:0]])
    warped = own.warped[:6].copy()
    warped[:, -1] = np.nan
    shared, _ = by_all_averages(pool, [first, averages[0]], warped, silent)
    assert missed(np.pad(shared, ((0, 5), (0, 0), (0, 0))))[:6, -1].mean() < 1.5


def test_one_image_stays_as_it_is(view, averages):
    one = replace(averages[0], members=FIRST[:1])
    pool = pooled(view, [one], [FIRST[:1]])
    own = by_each_average(pool, [one], silent)
    assert own.warped[0] == pytest.approx(one.points, abs=1e-4)
    assert by_all_averages(pool, [one], own.warped, silent)[0][0] == pytest.approx(
        one.points, abs=1e-3
    )


def test_images_without_weight_count_the_same(view, averages, own):
    without = replace(averages[0], weights=np.zeros_like(averages[0].weights))
    found = by_each_average(pooled(view, [without], [FIRST]), [without], silent)
    assert missed(np.pad(found.warped, ((0, 5), (0, 0), (0, 0))))[:6].mean() < 1


def test_progress_rises_to_one_and_may_stop_the_work(pool, averages, own):
    each, together = [], []
    by_each_average(pool, averages, each.append)
    by_all_averages(pool, averages, own.warped, together.append)
    for told in (each, together):
        assert told == sorted(told)
        assert told[-1] == pytest.approx(1)
        assert len(told) > 10

    def stop(share):
        if share > 0.3:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        by_each_average(pool, averages, stop)


def test_points_of_mirrored_images_are_mirrored_and_pairs_change_places():
    points = np.float32([[[10, 5, 0.1], [70, 6, 0.2], [40, 7, 0.3]]] * 2)
    there = turned(points, np.array([True, False]), 96, [(0, 1)])
    # Of 96 columns the first, 0, is the last, 95.
    wanted = np.float32([[25, 6, 0.2], [85, 5, 0.1], [55, 7, 0.3]])
    np.testing.assert_array_equal(there[0], wanted)
    np.testing.assert_array_equal(there[1], points[1])


def test_turned_twice_is_as_it_was():
    points = np.random.default_rng(0).uniform(0, 95, (4, 5, 3)).astype(np.float32)
    mirrored = np.array([True, False, True, True])
    pairs = [(0, 3), (1, 2)]
    once = turned(points, mirrored, 96, pairs)
    np.testing.assert_allclose(turned(once, mirrored, 96, pairs), points, atol=1e-4)
    assert np.abs(once[mirrored] - points[mirrored])[..., 0].min() > 0
