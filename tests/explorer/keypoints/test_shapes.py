"""`explorer.keypoints.shapes`: poses, the mean of shapes, and what is likely."""

import numpy as np
import pytest

from explorer.alignment.edges import SHRUNK
from explorer.alignment.maps import grid_points
from explorer.keypoints.shapes import (
    Poses,
    ShapeModel,
    as_complex,
    as_points,
    common_shape,
    fitted_pose,
    fitted_poses,
    learned,
    onto,
)

TURN, SHIFT = 1.2 * np.exp(0.3j), 5 - 2j
SHAPE = np.array([0, 10, 10 + 4j, 3j])


def test_a_similarity_is_recovered():
    turn, shift = fitted_pose(SHAPE, TURN * SHAPE + SHIFT)
    assert turn == pytest.approx(TURN)
    assert shift == pytest.approx(SHIFT)


def test_the_fit_is_the_nearest_one():
    """Of residues that have no part along the points nor along all together, none is taken up."""
    square = np.array([1, 1j, -1, -1j])
    turn, shift = fitted_pose(square, square + np.array([0.5, -0.5, 0.5, -0.5]))
    assert turn == pytest.approx(1)
    assert shift == pytest.approx(0)


@pytest.mark.parametrize("side", ["source", "target"])
def test_points_that_are_nowhere_do_not_count(side):
    source, target = SHAPE.copy(), TURN * SHAPE + SHIFT
    (source if side == "source" else target)[1] = np.nan
    assert fitted_pose(source, target) == pytest.approx((TURN, SHIFT))


def test_one_point_gives_a_shift_and_none_leaves_all_in_place():
    one = np.array([2 + 3j, np.nan])
    assert fitted_pose(one, one + SHIFT) == pytest.approx((1, SHIFT))
    assert fitted_pose(one, np.array([np.nan, 1j])) == (1, 0)


def test_points_on_one_spot_give_a_shift():
    spot = np.full(3, 4 + 1j)
    assert fitted_pose(spot, SHAPE[:3]) == pytest.approx((1, SHAPE[:3].mean() - 4 - 1j))


def test_points_become_complex_numbers_and_back():
    points = np.float32([[[1, 2], [3, -4]]])
    assert as_complex(points).tolist() == [[1 + 2j, 3 - 4j]]
    np.testing.assert_array_equal(as_points(as_complex(points)), points)


def test_poses_lead_to_the_images_and_back():
    poses = Poses(turns=np.array([TURN, 2j]), shifts=np.array([SHIFT, 1]))
    there = poses.to_image(np.stack([SHAPE, SHAPE]))
    assert there[1] == pytest.approx(2j * SHAPE + 1)
    assert poses.to_common(there)[0] == pytest.approx(SHAPE)


def shrunk(pixels):
    """Places in pixels, (x, y), as complex shrunk pixels: each is the middle of two by two."""
    return (as_complex(pixels) - (0.5 + 0.5j)) / SHRUNK


def test_poses_are_those_of_the_maps():
    grid = grid_points(80, 96)
    turned = as_points(as_complex(grid) * TURN + SHIFT)
    nodes = np.stack([grid, turned, grid + np.float32([6, -4])])
    frame = np.array([10 + 10j, 30 + 20j])
    poses = fitted_poses(shrunk(nodes.reshape(3, -1, 2)), frame, nodes.shape[1:3])
    assert poses.turns == pytest.approx(np.array([1, TURN, 1]), abs=1e-6)
    assert poses.shifts[0] == pytest.approx(0, abs=1e-5)
    assert poses.shifts[2] == pytest.approx(3 - 2j, abs=1e-5)
    # Pixel 2 z + 0.5 (1 + i) of the frame comes from that pixel, turned and shifted.
    wanted = ((2 * frame + 0.5 + 0.5j) * TURN + SHIFT - 0.5 - 0.5j) / 2
    assert poses.to_image(np.stack([frame] * 3))[1] == pytest.approx(wanted, abs=1e-5)


def test_poses_are_those_around_the_points():
    """The left half of the picture moves by 8 pixels, where the points are."""
    nodes = grid_points(96, 160)[None].copy()
    nodes[:, :, :11] += np.float32([8, 0])
    frame = np.array([8 + 20j, 20 + 30j])
    poses = fitted_poses(shrunk(nodes.reshape(1, -1, 2)), frame, nodes.shape[1:3])
    assert poses.turns[0] == pytest.approx(1)
    assert poses.shifts[0] == pytest.approx(8 / SHRUNK)


def test_copies_that_are_turned_and_shifted_have_one_common_shape():
    copies = np.stack([SHAPE, TURN * SHAPE + SHIFT, SHAPE * np.exp(-0.3j) - 3])
    common = common_shape(copies)
    turn, shift = fitted_pose(SHAPE, common)
    assert turn * SHAPE + shift == pytest.approx(common, abs=1e-3)
    assert abs(turn) == pytest.approx(1.06, abs=0.1)  # it does not shrink to nothing


def test_the_common_shape_of_equal_shapes_is_where_they_are():
    assert common_shape(np.stack([SHAPE, SHAPE])) == pytest.approx(SHAPE)


def test_a_point_that_one_shape_has_is_where_the_others_put_that_shape():
    """The second is shifted; what only it has is shifted back with it."""
    first, second = SHAPE.copy(), SHAPE + 6
    first[3] = np.nan
    common = common_shape(np.stack([first, second]), rounds=60)
    turn, shift = fitted_pose(SHAPE, common)
    assert turn * SHAPE + shift == pytest.approx(common, abs=0.01)


def test_a_point_that_no_shape_has_is_nowhere():
    shapes = np.stack([SHAPE, SHAPE])
    shapes[:, 2] = np.nan
    assert np.isnan(common_shape(shapes)).tolist() == [False, False, True, False]


def test_whole_shapes_alone_are_brought_onto_a_frame():
    partly = SHAPE.copy()
    partly[0] = np.nan
    brought = onto(np.stack([TURN * SHAPE + SHIFT, partly]), SHAPE)
    assert brought.shape == (1, 4)
    assert brought[0] == pytest.approx(SHAPE)
    assert onto(partly[None], SHAPE).shape == (0, 4)


@pytest.fixture(scope="module")
def varied():
    """Shapes of which the last point alone varies, along x."""
    rng = np.random.default_rng(0)
    shapes = np.stack([SHAPE] * 60)
    shapes[:, 3] += rng.normal(0, 3, 60)
    return shapes


def test_what_is_seen_precisely_is_kept(varied):
    model = learned(varied, np.empty((0, 4), complex))
    seen = varied[:2] + 1j
    assert model.settled(seen, np.full((2, 4), 1e9)) == pytest.approx(seen, abs=1e-4)


def test_where_nothing_is_seen_the_mean_shape_is(varied):
    model = learned(varied, np.empty((0, 4), complex))
    far = varied[:2] + 50
    settled = model.settled(far, np.full((2, 4), 1e-9))
    assert settled == pytest.approx(np.stack([varied.mean(axis=0)] * 2), abs=1e-4)


def test_likely_differences_are_believed_and_others_are_not(varied):
    """A point that varies along x may be off along x; along y, and elsewhere, it is a mistake."""
    model = learned(varied, np.empty((0, 4), complex))
    mean = varied.mean(axis=0)
    seen = np.stack([mean, mean, mean])
    seen[0, 3] += 4
    seen[1, 3] += 4j
    seen[2, 1] += 4
    along, across, other = model.settled(seen, np.full((3, 4), 0.25))
    assert (along - mean)[3].real > 3
    assert (across - mean)[3].imag < 1
    assert (other - mean)[1].real < 1


def test_one_sight_is_weighed_by_its_precision():
    """One mode of variance 2 against a sight of variance 3: the rest has none to speak of."""
    model = ShapeModel(
        mean=np.zeros(2), modes=np.array([[1.0, 0.0]]), variances=np.array([2.0]), rest=1e-9
    )
    settled = model.settled(np.array([[5 + 5j]]), np.array([[1 / 3]]))
    # (1/3) * 5 / (1/3 + STIFFNESS / 2), STIFFNESS = 0.3
    assert settled[0, 0] == pytest.approx(5 / 3 / (1 / 3 + 0.15), abs=1e-6)


def test_marks_of_several_averages_tell_what_varies_too(varied):
    marks = np.stack([SHAPE] * 8)
    marks[:, 1] += np.linspace(-6, 6, 8) * 1j
    few, several = (learned(varied, marks[:count]) for count in (5, 8))
    mean = varied.mean(axis=0)
    seen = mean.copy()[None]
    seen[0, 1] += 4j
    precision = np.full((1, 4), 0.25)
    assert (few.settled(seen, precision) - mean)[0, 1].imag < 1
    assert (several.settled(seen, precision) - mean)[0, 1].imag > 3


def test_a_model_of_one_point_and_one_shape_is_none_the_worse():
    model = learned(np.array([[3 + 4j]]), np.empty((0, 1), complex))
    assert model.settled(np.array([[3 + 4j]]), np.ones((1, 1)))[0, 0] == pytest.approx(3 + 4j)
