"""`explorer.start`: very different averages to begin with."""

from dataclasses import dataclass

import numpy as np
import pytest

from explorer.errors import ArrayError
from explorer.start import start_averages

COLORS = np.array([(220, 30, 30), (30, 220, 30), (30, 30, 220), (220, 220, 30)], np.uint8)
MEMBERS = 30


@dataclass
class Shown:
    """What `start_averages` reads of an exploration."""

    average: np.ndarray
    sharpness: float


class GroupedView:
    """Images of four colors in turn, whose descriptors say which, in shards of fifty."""

    height, width = 32, 32

    def __init__(self):
        self.groups = np.tile(np.arange(len(COLORS)), MEMBERS)
        self.size = len(self.groups)
        noise = np.random.default_rng(0).normal(0, 0.1, (self.size, 16))
        vectors = np.eye(16)[self.groups] + noise
        self.vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)
        self.explored = []

    def shards(self, feature):
        assert feature == "descriptor"
        return [self.vectors[start : start + 50] for start in range(0, self.size, 50)]

    def explore(self, row):
        self.explored.append(row)
        average = np.broadcast_to(COLORS[self.groups[row]], (32, 32, 3))
        return Shown(np.ascontiguousarray(average), sharpness=1.0)


@pytest.fixture
def view():
    return GroupedView()


def uniform(view):
    return np.full(view.size, 1 / view.size, np.float32)


def test_each_planted_group_is_offered_once(view):
    offers = start_averages(view, view.explore, uniform(view), 4)
    assert {view.groups[offer.image] for offer in offers} == {0, 1, 2, 3}


def test_an_offer_says_how_much_of_the_collection_is_like_it(view):
    offers = start_averages(view, view.explore, uniform(view), 4)
    assert [offer.images for offer in offers] == [MEMBERS] * 4
    assert [offer.share for offer in offers] == pytest.approx([0.25] * 4)


def test_the_offered_average_is_the_one_that_was_explored(view):
    for offer in start_averages(view, view.explore, uniform(view), 4):
        np.testing.assert_array_equal(offer.average[0, 0], COLORS[view.groups[offer.image]])


def test_only_images_that_carry_weight_are_offered(view):
    weights = np.where(view.groups == 2, np.float32(1 / MEMBERS), np.float32(0))
    offers = start_averages(view, view.explore, weights, 4)
    assert {view.groups[row] for row in view.explored} == {2}
    assert sum(offer.images for offer in offers) == MEMBERS
    assert sum(offer.share for offer in offers) == pytest.approx(1)


def test_the_heavier_of_two_groups_comes_first(view):
    weights = np.where(view.groups == 3, 6, np.where(view.groups == 1, 1, 0)).astype(np.float32)
    offers = start_averages(view, view.explore, weights / weights.sum(), 2)
    assert view.groups[offers[0].image] == 3
    assert offers[0].share == pytest.approx(6 / 7)


def test_the_sharper_of_two_groups_comes_first(view):
    def explore(row):
        shown = view.explore(row)
        shown.sharpness = 5.0 if view.groups[row] == 2 else 1.0
        return shown

    offers = start_averages(view, explore, uniform(view), 4)
    assert view.groups[offers[0].image] == 2


def test_the_same_question_has_the_same_answer(view):
    first, second = (start_averages(view, view.explore, uniform(view), 4) for _ in range(2))
    assert [offer.image for offer in first] == [offer.image for offer in second]


def test_no_more_is_offered_than_images_carry_weight(view):
    weights = np.zeros(view.size, np.float32)
    weights[[3, 60]] = 0.5
    offers = start_averages(view, view.explore, weights, 8)
    assert {offer.image for offer in offers} == {3, 60}


def test_weights_of_another_collection_are_refused(view):
    with pytest.raises(ArrayError, match="weights must be"):
        start_averages(view, view.explore, np.ones(3, np.float32))
