"""`evaluation.keypoint_errors`: distances, thresholds and shares, computed by hand."""

import numpy as np
import pytest

from evaluation.intervals import ratio_interval
from evaluation.keypoint_errors import coverage_curve, errors_of, figures_of
from evaluation.keypoint_truth import Truth
from explorer.keypoints.values import Proposals


def truth_of(points, sizes=20.0):
    points = np.float32(points)
    return Truth(
        keypoints=tuple(f"p{k}" for k in range(points.shape[1])),
        points=points,
        pairs=(),
        sizes=np.full(len(points), sizes),
        sized_by="what the test says",
        columns={},
    )


def proposals_of(points, confidence, rows=None):
    points = np.float32(points)
    rows = np.arange(len(points)) if rows is None else rows
    sure = np.broadcast_to(np.float32(confidence), points.shape[:2])
    return Proposals(rows=np.int32(rows), points=points, confidence=np.ascontiguousarray(sure))


EVERY = np.ones(2, bool)


@pytest.fixture
def two():
    """Two images of two points: off by 5, 1, 2 and 0 pixels, the surer the nearer."""
    truth = truth_of([[[0, 0], [10, 0]], [[0, 0], [10, 0]]])
    found = [[[3, 4], [10, 1]], [[0, 2], [10, 0]]]
    proposals = proposals_of(found, [[0.1, 0.8], [0.5, 0.9]])
    globally = errors_of(truth, proposals_of(np.full((2, 2, 2), [0, 8]), 1.0), EVERY)
    return errors_of(truth, proposals, EVERY), globally


def test_all_points_are_averaged(two):
    figures = figures_of(*two, 1.0)
    assert figures["error_px"] == pytest.approx((5 + 1 + 2 + 0) / 4)
    assert figures["error_over_eyes"] == pytest.approx(2 / 20)
    # Of the global average: 8 and the hypotenuse of 10 and 8, twice.
    assert figures["error_over_global"] == pytest.approx(8 / (2 * (8 + np.hypot(10, 8))))
    assert figures["pck_05"] == 2 / 4  # at most 1 pixel
    assert figures["pck_10"] == 3 / 4  # at most 2 pixels
    assert (figures["points_annotated"], figures["images_annotated"]) == (1, 1)


def test_the_threshold_lets_the_surest_points_through(two):
    assert two[0].threshold(0.75) == pytest.approx(0.5)
    figures = figures_of(*two, 0.75)
    assert figures["points_annotated"] == 3 / 4
    assert figures["error_px"] == pytest.approx((1 + 2 + 0) / 3)
    assert figures["pck_05"] == pytest.approx(2 / 3)
    # The same points from the global average, not the one that is left out.
    assert figures["error_over_global"] == pytest.approx(3 / (8 + 2 * np.hypot(10, 8)))


def test_an_image_is_annotated_if_half_of_its_points_are(two):
    assert figures_of(*two, 0.5)["images_annotated"] == 1  # one of two points of each
    assert figures_of(*two, 0.25)["images_annotated"] == 1 / 2


def test_a_share_that_is_no_binary_number_is_met_exactly():
    """In binary, 0.07 * 100 is a little more than 7."""
    truth = truth_of(np.zeros((100, 1, 2)))
    proposals = proposals_of(np.zeros((100, 1, 2)), np.linspace(0.01, 1, 100)[:, None])
    errors = errors_of(truth, proposals, np.ones(100, bool))
    assert errors.annotated(errors.threshold(0.07)).sum() == 7


def test_equal_confidences_are_annotated_together():
    truth = truth_of(np.zeros((4, 1, 2)))
    errors = errors_of(truth, proposals_of(np.ones((4, 1, 2)), 0.5), np.ones(4, bool))
    assert figures_of(errors, errors, 0.5)["points_annotated"] == 1


def test_what_is_not_proposed_is_not_annotated_but_counts():
    truth = truth_of(np.zeros((2, 2, 2)))
    proposals = proposals_of([[[3, 4], [np.nan, np.nan]]], [[1.0, 0.0]], rows=[1])
    errors = errors_of(truth, proposals, EVERY)
    figures = figures_of(errors, errors, 1.0)
    assert figures["points_annotated"] == 1 / 4
    assert figures["images_annotated"] == 1 / 2
    assert figures["error_px"] == 5


def test_what_has_no_truth_or_does_not_count_is_left_out():
    points = np.zeros((3, 2, 2))
    points[0, 1] = np.nan
    proposals = proposals_of(np.full((3, 2, 2), [0, 7]), 1.0)
    errors = errors_of(truth_of(points), proposals, np.array([True, False, True]))
    assert errors.known.sum() == 3
    assert figures_of(errors, errors, 1.0)["points_annotated"] == 1


def test_nothing_proposed_gives_no_error():
    truth = truth_of(np.zeros((2, 1, 2)))
    errors = errors_of(truth, proposals_of(np.full((2, 1, 2), np.nan), 0.0), EVERY)
    figures = figures_of(errors, errors, 0.9)
    assert figures["error_px"] is None
    assert figures["error_px_low"] is None
    assert figures["points_annotated"] == 0


def test_images_of_unknown_size_count_in_pixels_alone(two):
    errors, globally = two
    errors.sizes[0] = np.nan
    figures = figures_of(errors, globally, 1.0)
    assert figures["error_px"] == pytest.approx(2)
    assert figures["error_over_eyes"] == pytest.approx((2 + 0) / 2 / 20)


def test_the_curve_falls_with_the_coverage(two):
    curve = coverage_curve(*two, [0.25, 0.5, 0.75, 1.0])
    assert [row["error_px"] for row in curve] == pytest.approx([0, 0.5, 1, 2])
    assert [row["points_annotated"] for row in curve] == [0.25, 0.5, 0.75, 1.0]


def test_the_interval_of_a_ratio_holds_it_and_draws_whole_images():
    tops, bottoms = np.array([0.0, 8.0] * 50), np.array([1.0, 3.0] * 50)
    low, high = ratio_interval(tops, bottoms)
    assert 1.6 < low < 8 / 4 < high < 2.4
    assert ratio_interval(np.array([2.0, 0]), np.array([1.0, 0])) == (2, 2)
