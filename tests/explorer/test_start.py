"""`explorer.start`: very different averages to begin with."""

import dataclasses
from dataclasses import dataclass

import numpy as np
import pytest

from explorer.edits import ImageVerdict, LikeImage
from explorer.engine import Engine
from explorer.errors import ArrayError
from explorer.session import Cluster, Entry
from explorer.start import LEAST, NARROWING, start_averages, widened

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


def liked(count):
    entries = [Entry(edit=LikeImage(id=f"e{k}", image="a.jpg")) for k in range(count)]
    return Cluster(entries=tuple(entries))


def test_each_edit_leaves_an_eighth_of_the_images_to_offer_parts_of():
    images = 100_000
    counts = [widened(liked(edits), images).count for edits in range(6)]
    assert counts == [max(LEAST, images // NARROWING**edits) for edits in range(6)]
    assert counts[0] == images
    assert counts[-1] == LEAST


def test_an_edit_that_is_off_and_a_verdict_do_not_narrow_the_offers():
    off = LikeImage(id="off", image="a.jpg", enabled=False)
    verdict = ImageVerdict(id="out", image="b.jpg", verdict="exclude")
    cluster = Cluster(entries=(Entry(edit=off), Entry(edit=verdict)))
    assert widened(cluster, 1000).count == 1000


def test_offers_are_parts_of_no_fewer_images_than_were_wished():
    wished = dataclasses.replace(liked(3), count=700)
    assert widened(wished, 1000).count == 700


def test_what_is_clicked_is_what_is_got(memory_view):
    images = np.repeat(COLORS, 8, axis=0)[:, None, None] * np.ones((1, 32, 32, 1), np.uint8)
    view = memory_view(images)
    colors = images[:, 0, 0].astype(np.float32) - 127.5
    units = colors / np.linalg.norm(colors, axis=1, keepdims=True)
    view._features["descriptor"] = list(units.astype(np.float16).reshape(-1, 2, 3))
    engine, cluster = Engine(view), Cluster()

    def like(row):
        return LikeImage(id="start", image=view.names[row])

    offers = start_averages(
        view,
        lambda row: engine.explore(cluster, live=like(row)),
        engine.explore(cluster).weights,
        4,
    )
    assert {offer.image // 8 for offer in offers} == {0, 1, 2, 3}
    for offer in offers:
        committed = engine.explore(cluster.put(Entry(edit=like(offer.image))))
        np.testing.assert_array_equal(offer.average, committed.average)
