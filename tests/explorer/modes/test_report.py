"""`explorer.modes.report`: what the modes of a place say about an average."""

from types import SimpleNamespace

import numpy as np
import pytest

from explorer.errors import ArrayError
from explorer.modes.report import mode_report
from explorer.modes.spots import Spot
from explorer.modes.values import SpotModes

SPOT = Spot(4, 2, 1)  # 32 pixels a side, its corner at (8, 16)
IMAGES = 8


@pytest.fixture
def view(memory_view):
    """Eight plain images, image i of level 20 i."""
    levels = 20 * np.arange(IMAGES, dtype=np.uint8)
    return memory_view(np.full((IMAGES, 64, 64, 3), levels[:, None, None, None]))


def hand_made(**changes):
    """Two modes: images 0 to 3 show the first, 4 and 5 the second, 6 and 7 none."""
    fields = {
        "spot": SPOT,
        "seeds": np.int32([0, 4]),
        "inliers": np.float32([0.8, 0.9]),
        "starts": np.int32([0, 4, 6]),
        "images": np.int32([0, 1, 2, 3, 4, 5]),
        "scores": np.float32([1, 0.8, 0.6, 0.4, 1, 0.5]),
        "places": np.int32([[0, 0], [32, -8], [-16, 40], [0, 0], [0, 0], [0, 0]]),
        "scales": np.float32([1, 1, 1, 1, 1.25, 1]),
        "best": np.int32([0, 0, 0, 0, 1, 1, -1, -1]),
    }
    return SpotModes(**fields | changes)


def reported(view, weights=None, count=10, **changes):
    finder = SimpleNamespace(find=lambda spot: hand_made(**changes))
    weights = np.full(IMAGES, 1 / IMAGES) if weights is None else np.array(weights)
    return mode_report(view, finder, SPOT, weights.astype(np.float32), count)


def test_shares_are_those_of_the_weight_and_the_rest_shows_none(view):
    report = reported(view)
    assert [mode.ranked.share for mode in report.modes] == [0.5, 0.25]
    assert [mode.ranked.images for mode in report.modes] == [4, 2]
    assert (report.others, report.none) == (0, pytest.approx(0.25))


def test_weights_of_other_edits_turn_the_order_round(view):
    report = reported(view, [0.1, 0, 0, 0, 0.3, 0.5, 0.1, 0])
    assert [mode.seed for mode in report.modes] == [4, 0]
    assert [mode.ranked.share for mode in report.modes] == pytest.approx([0.8, 0.1])
    assert report.none == pytest.approx(0.1)


def test_merit_is_weight_times_score_times_inlier_score(view):
    first, second = reported(view).modes
    assert first.ranked.merit == pytest.approx((1 + 0.8 + 0.6 + 0.4) / 8 * 0.8)
    assert second.ranked.merit == pytest.approx((1 + 0.5) / 8 * 0.9)


def test_mode_that_no_image_of_the_average_shows_best_is_left_out(view):
    best = np.int32([0, 0, 0, 0, 1, 1, 0, -1])
    report = reported(view, [0, 0, 0, 0, 0.5, 0.5, 0, 0], count=1, best=best)
    assert [mode.seed for mode in report.modes] == [4]
    assert (report.others, report.none) == (0, 0)


def test_no_more_modes_are_reported_than_wished(view):
    report = reported(view, count=1)
    assert [mode.seed for mode in report.modes] == [0]
    assert (report.others, report.none) == pytest.approx((0.25, 0.25))


def test_place_without_modes_reports_none(view):
    none = {name: getattr(hand_made(), name)[:0] for name in ("seeds", "inliers", "images",
            "scores", "places", "scales")}  # fmt: skip
    report = reported(view, starts=np.int32([0]), best=np.full(IMAGES, -1, np.int32), **none)
    assert (report.modes, report.others, report.none) == ((), 0, 1)


def test_examples_are_the_three_of_largest_weight_times_score(view):
    weights = [0.1, 0.2, 0.1, 0.3, 0.2, 0.1, 0, 0]  # times score: 0.1, 0.16, 0.06, 0.12
    first = next(mode for mode in reported(view, weights).modes if mode.seed == 0)
    assert [example.image for example in first.examples] == [1, 3, 0]
    assert [example.score for example in first.examples] == pytest.approx([0.8, 0.4, 1])
    assert [example.weight for example in first.examples] == pytest.approx([0.2, 0.3, 0.1])


def test_examples_show_this_mode_best_if_there_are_enough(view):
    best = np.int32([1, 0, 0, 1, 1, 1, -1, -1])  # 0 and 3 show the second mode better
    first = next(mode for mode in reported(view, best=best).modes if mode.seed == 0)
    assert [example.image for example in first.examples] == [1, 2, 0]


def test_example_that_shows_another_mode_better_is_better_than_none(view):
    best = np.int32([0, 0, 0, 1, 1, 1, -1, -1])
    report = reported(view, [0.5, 0, 0, 0.2, 0.2, 0.1, 0, 0], best=best)
    first = next(mode for mode in report.modes if mode.seed == 0)
    assert [example.image for example in first.examples] == [0, 3]


def test_image_that_weighs_nothing_is_no_example(view):
    first, *_ = reported(view, [0.5, 0, 0, 0, 0, 0.25, 0.25, 0]).modes
    assert [example.image for example in first.examples] == [0]


def test_box_of_an_example_is_where_it_matched_cut_at_the_border(view):
    first, second = reported(view).modes
    boxes = {example.image: example.box for example in (*first.examples, *second.examples)}
    assert boxes[0] == (8, 16, 32, 32)
    assert boxes[1] == (8 + 32, 16 - 8, 64 - 40, 32)  # 8 pixels beyond the right
    assert boxes[2] == (0, 16 + 40, 32 - 8, 64 - 56)  # 8 pixels beyond the left, 24 below
    assert boxes[4] == (8 - 4, 16 - 4, 40, 40)  # a quarter larger, around the same middle


def test_patch_of_an_example_is_its_image_at_the_size_of_the_spot(view):
    for mode in reported(view).modes:
        for example in mode.examples:
            assert example.patch.shape == (32, 32, 3)
            assert (example.patch == 20 * example.image).all()


def test_average_of_a_mode_weighs_its_images_by_weight_times_score(view):
    first = reported(view).modes[0]
    level = (0 * 1 + 20 * 0.8 + 40 * 0.6 + 60 * 0.4) / (1 + 0.8 + 0.6 + 0.4)
    assert np.abs(first.average - level).max() <= 0.5
    assert first.inlier == pytest.approx(0.8)


def test_weights_of_another_collection_are_refused(view):
    with pytest.raises(ArrayError, match="weights"):
        reported(view, [0.5, 0.5])
