"""`explorer.keypoints.propagation`: from marks to points on pictures of known warps."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.errors import Cancelled
from explorer.keypoints import propagation
from explorer.keypoints.experts import Sight
from explorer.keypoints.propagation import Propagator
from tests.explorer.correspondence.warped_pictures import picture
from tests.explorer.keypoints.warped_collection import (
    NOWHERE,
    PAIRS,
    Pictures,
    average,
    collection,
    errors,
    mirrored,
    turned_over,
    warped,
)

COUNT = 42
MIRRORED, STRANGE = [23, 27, 31, 36], [3, 12, 30, 38]
FIRST, SECOND = np.arange(20), np.arange(20, COUNT)
UNMARKED, ON_FIRST = 7, 6
MARKED = [0, 1, 2, 3, 4, 5]
"""By both averages; one keypoint is marked on the first alone, one nowhere."""


@pytest.fixture(scope="module")
def truth_and_view():
    """Warped copies of a picture, some mirrored; and a few pictures of something else."""
    pairs = [warped(picture(9 if row in STRANGE else 0), row) for row in range(COUNT)]
    pairs = [mirrored(*pair) if row in MIRRORED else pair for row, pair in enumerate(pairs)]
    return np.stack([points for _, points in pairs]), Pictures([pixels for pixels, _ in pairs])


@pytest.fixture(scope="module")
def truth(truth_and_view):
    return truth_and_view[0]


@pytest.fixture(scope="module")
def view(truth_and_view):
    return truth_and_view[1]


@pytest.fixture(scope="module")
def averages(truth, view):
    """Marked where the points are on average, of the images that are not mirrored."""
    marks = []
    for members in (FIRST, SECOND):
        points = truth[np.setdiff1d(members, MIRRORED)].mean(axis=0)
        points[UNMARKED] = NOWHERE
        marks.append(points)
    marks[1][ON_FIRST] = NOWHERE
    maps = turned_over(MIRRORED)
    return [average(view, FIRST, marks[0]), average(view, SECOND, marks[1], maps)]


@pytest.fixture(scope="module")
def told():
    return []


@pytest.fixture(scope="module")
def found(view, averages, told):
    return Propagator(view).propagate(averages, pairs=PAIRS, progress=told.append)


@pytest.fixture(scope="module")
def usual():
    return np.setdiff1d(np.arange(COUNT), STRANGE)


@pytest.fixture(scope="module")
def plain():
    """Warped copies of a picture, the places of their first points, and one average."""
    view, truth = collection(26)
    truth = truth[:, :5]
    return view, truth, average(view, range(26), truth.mean(axis=0))


def test_every_member_has_proposals(found):
    assert found.rows.tolist() == list(range(COUNT))
    assert found.points.shape == (COUNT, 8, 2)
    assert (found.points.dtype, found.confidence.dtype) == (np.float32, np.float32)


def test_points_are_where_the_warps_put_them(found, truth, averages, usual):
    """Far nearer than the marks themselves; those of mirrored images with their pairs."""
    plain = np.setdiff1d(usual, MIRRORED)
    left = np.linalg.norm(truth - averages[0].points, axis=-1)[plain][:, MARKED].mean()
    assert left > 3.5
    assert errors(found, truth)[plain][:, MARKED].mean() < 0.4 * left
    assert errors(found, truth)[MIRRORED][:, MARKED].mean() < 0.4 * left


def test_what_one_average_marks_is_found_in_the_images_of_the_other(found, truth):
    others = np.setdiff1d(SECOND, [*STRANGE, *MIRRORED])
    assert errors(found, truth)[others, ON_FIRST].mean() < 2


def test_what_no_average_marks_is_nowhere(found):
    assert np.isnan(found.points[:, UNMARKED]).all()
    assert (found.confidence[:, UNMARKED] == 0).all()
    assert np.isfinite(np.delete(found.points, UNMARKED, axis=1)).all()


def test_confidence_is_a_share_and_lower_for_pictures_of_something_else(found, usual):
    sure = found.confidence[:, MARKED]
    assert ((sure > 0) & (sure <= 1)).all()
    assert sure[STRANGE].mean() < sure[usual].mean() - 0.05


def test_confidence_ranks_points_by_their_errors(found, truth):
    """Of equal ranks Spearman's coefficient would be 1, of unrelated ones 0."""
    sure, missed = found.confidence[:, MARKED].ravel(), errors(found, truth)[:, MARKED].ravel()
    ranks = [values.argsort().argsort() for values in (-sure, missed)]
    assert np.corrcoef(*ranks)[0, 1] > 0.3
    assert len(np.unique(sure)) > 0.9 * sure.size


def test_of_few_images_too_those_of_something_else_are_less_sure(truth, view):
    """Too few for experts: what tells is how the searches differ, and the way there and back."""
    one = average(view, range(14), truth[:14].mean(axis=0)[MARKED])
    sure = Propagator(view).propagate([one]).confidence
    assert sure[[3, 12]].mean() < np.delete(sure, [3, 12], axis=0).mean() - 0.05


def test_progress_rises_to_one(found, told):
    assert told == sorted(told)
    assert (told[0] > 0, told[-1]) == (True, 1)
    assert len(told) > 20


def test_the_same_again_is_the_same(plain):
    view, _, one = plain
    first, second = (Propagator(view).propagate([one]) for _ in range(2))
    np.testing.assert_array_equal(first.points, second.points)
    np.testing.assert_array_equal(first.confidence, second.confidence)


def test_it_stops_when_told_to(plain):
    view, _, one = plain
    told = []
    with pytest.raises(Cancelled, match="cancelled"):
        Propagator(view).propagate([one], progress=told.append, is_cancelled=lambda: len(told) >= 3)
    assert len(told) == 3


@pytest.mark.parametrize("count", [1, 2])
def test_few_keypoints_are_enough(plain, count):
    view, truth, one = plain
    few = replace(one, points=one.points[1 : 1 + count])
    found = Propagator(view).propagate([few])
    left = np.linalg.norm(truth - truth.mean(axis=0), axis=-1)[:, 1 : 1 + count].mean()
    assert errors(found, truth[:, 1 : 1 + count]).mean() < 0.5 * left


@pytest.mark.parametrize("count", [1, 3])
def test_few_images_are_enough(plain, count):
    view, truth, _ = plain
    points = truth[:count].mean(axis=0)
    found = Propagator(view).propagate([average(view, range(count), points)])
    left = np.linalg.norm(truth[:count] - points, axis=-1).mean()
    assert errors(found, truth).mean() <= 0.4 * left + 0.01
    assert ((found.confidence > 0) & (found.confidence < 1)).all()


def test_an_average_without_members_helps_and_gets_no_proposals(plain):
    """It alone has the marks; what it helps with belongs to the other."""
    view, truth, one = plain
    helping = replace(one, members=one.members[:0])
    asked = replace(one, points=np.full_like(one.points, np.nan), members=one.members[21:])
    found = Propagator(view).propagate([asked, helping])
    assert [len(rows) for rows in propagation._turns([asked, helping])[0]] == [5, 26]
    assert found.rows.tolist() == [21, 22, 23, 24, 25]
    assert errors(found, truth).mean() < 1.75


def test_an_image_has_the_points_of_its_own_average_where_it_helps_another(plain):
    """The other one shows it mirrored, which it is not."""
    view, truth, one = plain
    one = replace(one, members=one.members[:10])
    wrong = replace(one, members=one.members[:0], maps=turned_over(range(10)))
    found = Propagator(view).propagate([one, wrong])
    assert errors(found, truth).mean() < 6  # mirrored points would be some 30 pixels away


def test_nothing_asked_is_nothing_proposed(plain):
    view, _, one = plain
    found = Propagator(view).propagate([replace(one, members=one.members[:0])])
    assert found.points.shape == (0, 5, 2)
    unmarked = replace(one, points=np.full_like(one.points, np.nan))
    found = Propagator(view).propagate([unmarked])
    assert np.isnan(found.points).all()
    assert not found.confidence.any()


def test_more_images_than_can_be_done_together_are_done_by_turns(plain, monkeypatch):
    monkeypatch.setattr(propagation, "TOGETHER", 12)
    view, truth, one = plain
    other = replace(one, members=one.members[20:])
    told = []
    both = [replace(one, members=one.members[:20]), other]
    turns = propagation._turns(both)
    assert len(turns) == 3  # a quarter of 12 may help, one of each average: ten are asked for
    assert max(sum(map(len, turn)) for turn in turns) <= 12
    found = Propagator(view).propagate(both, progress=told.append)
    assert found.rows.tolist() == list(range(26))
    assert errors(found, truth).mean() < 2
    assert told == sorted(told)


def test_points_go_where_experts_are_sure_to_see_them(plain, monkeypatch):
    """Seen 2 shrunk pixels to the right and 1 below: those are 4 and 2 pixels."""
    view, truth, _ = plain
    three = average(view, range(3), truth[:3].mean(axis=0))
    before = Propagator(view).propagate([three])

    def sure(features, poses, shapes, told):
        offsets = np.zeros(shapes.shape, complex)
        offsets[:, 0] = (2 + 1j) / poses.turns
        looks = np.zeros((*shapes.shape, 4), np.float32)
        return Sight(offsets=offsets, variances=np.full(shapes.shape, 1e-9), looks=looks)

    monkeypatch.setattr(propagation, "FEW", 3)
    monkeypatch.setattr(propagation, "look", sure)
    moved = Propagator(view).propagate([three]).points - before.points
    assert moved[:, 0] == pytest.approx(np.float32([[4, 2]] * 3), abs=0.01)
    assert moved[:, 1:] == pytest.approx(0, abs=0.01)


@pytest.fixture(scope="module")
def spotted():
    """Pictures of which every other one has a spot, and there the first point lies beside it."""
    pairs = [warped(picture(), row) for row in range(30)]
    truth = np.stack([points[:3] for _, points in pairs])
    pixels = np.stack([pixels for pixels, _ in pairs])
    marks = truth.mean(axis=0)
    for row in range(0, 30, 2):
        x, y = np.rint(truth[row, 0]).astype(int)
        pixels[row, y - 6 : y + 7, x - 6 : x + 7] = 0
        truth[row, 0] += [5, 0]
    return Pictures(list(pixels)), truth, marks


def test_corrections_are_kept_and_help_images_that_look_alike(spotted):
    view, truth, marks = spotted
    one = average(view, range(30), marks)
    corrected = {row: np.full((3, 2), np.nan, np.float32) for row in (0, 2, 4)}
    for row in corrected:
        corrected[row][0] = truth[row, 0]
    propagator = Propagator(view)
    before = propagator.propagate([one])
    after = propagator.propagate([one], corrected=corrected)
    np.testing.assert_allclose(after.points[[0, 2, 4], 0], truth[[0, 2, 4], 0], atol=1e-4)
    assert (after.confidence[[0, 2, 4], 0] == 1).all()
    alike, others = np.arange(6, 30, 2), np.arange(1, 30, 2)
    assert errors(after, truth)[alike, 0].mean() < errors(before, truth)[alike, 0].mean() - 1.5
    moved = np.linalg.norm(after.points - before.points, axis=-1)
    assert moved[others, 0].mean() < 0.5
    assert moved[:, 1:].max() < 0.01
    np.testing.assert_array_equal(before.points, propagator.propagate([one]).points)


def test_corrections_of_a_mirrored_image_are_kept(plain):
    view, truth, one = plain
    maps = turned_over(range(3))
    three = replace(average(view, range(3), one.points), maps=maps)
    corrected = {1: truth[1]}
    found = Propagator(view).propagate([three], corrected=corrected, pairs=PAIRS)
    np.testing.assert_allclose(found.points[1], truth[1], atol=1e-3)
    assert (found.confidence[1] == 1).all()
    assert (found.confidence[0] < 1).all()
