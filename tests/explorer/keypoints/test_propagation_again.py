"""`explorer.keypoints.propagation`: what is done only once."""

import numpy as np
import pytest

from explorer.keypoints import propagation
from explorer.keypoints.propagation import Propagator
from tests.explorer.keypoints.warped_collection import average, collection


@pytest.fixture
def lined_up(monkeypatch):
    """How often images were lined up."""
    done = []

    def counted(*arguments):
        done.append(1)
        return by_each_average(*arguments)

    by_each_average = propagation.by_each_average
    monkeypatch.setattr(propagation, "by_each_average", counted)
    return done


def test_corrections_are_answered_without_lining_images_up_again(lined_up):
    view, truth = collection(3)
    propagator, marked = Propagator(view), [average(view, range(3))]
    propagator.propagate(marked)
    again = propagator.propagate(marked, corrected={1: truth[1]})
    assert len(lined_up) == 1
    assert again.points[1] == pytest.approx(truth[1])


def test_other_marks_are_propagated_anew(lined_up):
    view, truth = collection(3)
    propagator = Propagator(view)
    first = propagator.propagate([average(view, range(3))])
    moved = propagator.propagate([average(view, range(3), truth.mean(axis=0) + np.float32(5))])
    assert len(lined_up) == 2
    assert np.abs(moved.points - first.points).max() > 1
