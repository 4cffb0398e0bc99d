"""`explorer.engine`: from edits to the average, end to end on small pictures."""

import dataclasses

import numpy as np
import pytest

from explorer.edits import ColorStroke, ImageVerdict, SketchStroke
from explorer.engine import Engine
from explorer.matcher import Matcher
from explorer.session import Cluster, Entry
from explorer.sketch import match_sketch

RED, WHITE, BLUE = (224, 32, 32), (255, 255, 255), (32, 32, 224)
SIDE = 64


def picture(color, x, y):
    """A white picture with a square of 24 pixels of the color, its corner at (x, y)."""
    image = np.full((SIDE, SIDE, 3), 255, np.uint8)
    image[y : y + 24, x : x + 24] = color
    return image


def cluster_of(*edits, **settings):
    return Cluster(entries=tuple(Entry(edit=edit) for edit in edits), **settings)


def red_stroke(**changes):
    """A dot in the middle of the canvas that covers the square of a picture at (16, 16)."""
    fields = {"id": "red", "paths": (((0.4375, 0.4375),),), "radius": 0.14, "color": RED}
    return ColorStroke(**fields | changes)


@pytest.fixture
def view(memory_view):
    """Three red squares, the last 8 pixels to the right and below; three blue; two white."""
    colored = [picture(RED, 16, 16), picture(RED, 16, 16), picture(RED, 24, 24)]
    colored += [picture(BLUE, 16, 16)] * 3 + [picture(WHITE, 0, 0)] * 2
    return memory_view(np.stack(colored))


def test_average_without_edits_is_the_mean_of_all_images(view):
    found = Engine(view).explore(Cluster())
    assert np.abs(found.average - view.images.mean(axis=0)).max() <= 0.5
    assert found.effective_images == pytest.approx(8)


def test_painting_red_brings_the_red_images_to_the_top(view):
    found = Engine(view).explore(cluster_of(red_stroke(), count=3))
    assert set(found.top[:3]) == {0, 1, 2}
    assert found.weights.sum() == pytest.approx(1)


def test_image_whose_square_lies_beside_the_stroke_is_found_where_it_is(view):
    found = Engine(view).explore(cluster_of(red_stroke()))
    assert found.places["red"][0].tolist() == [0, 0]
    assert found.places["red"][2].tolist() == [8, 8]


def test_less_of_a_color_puts_its_images_last(view):
    found = Engine(view).explore(cluster_of(red_stroke(strength=-1.0)))
    assert found.scores[:3].max() < found.scores[3:].min()


def test_contributions_of_the_edits_add_up_to_the_score(view):
    edits = red_stroke(), red_stroke(id="blue", color=BLUE, strength=0.5)
    found = Engine(view).explore(cluster_of(*edits))
    assert np.allclose(found.contributions["red"] + found.contributions["blue"], found.scores)


def test_disabled_edit_counts_for_nothing(view):
    engine = Engine(view)
    without = engine.explore(Cluster())
    disabled = engine.explore(cluster_of(red_stroke(enabled=False)))
    assert np.array_equal(without.weights, disabled.weights)
    assert not disabled.contributions


def test_stroke_in_progress_shows_what_it_will_show_when_it_is_done(view):
    engine = Engine(view)
    engine.explore(Cluster(), live=red_stroke(radius=0.05))
    live = engine.explore(Cluster(), live=red_stroke())
    done = engine.explore(cluster_of(red_stroke()))
    assert np.array_equal(live.weights, done.weights)
    assert np.array_equal(live.places["red"], done.places["red"])


def test_stroke_in_progress_stands_in_for_the_edit_of_its_id(view):
    engine = Engine(view)
    live = engine.explore(cluster_of(red_stroke()), live=red_stroke(color=BLUE))
    assert np.array_equal(live.scores, engine.explore(cluster_of(red_stroke(color=BLUE))).scores)


def test_excluded_image_weighs_nothing_and_a_pinned_one_as_much_as_the_best(view):
    out = ImageVerdict(id="out", image="0.jpg", verdict="exclude")
    pin = ImageVerdict(id="pin", image="7.jpg", verdict="pin")
    found = Engine(view).explore(cluster_of(red_stroke(), out, pin, count=3))
    assert found.weights[0] == 0
    assert found.weights[7] == found.weights.max()


def test_edits_that_cannot_count_are_named_and_the_others_count(view):
    beside = red_stroke(id="beside", paths=(((-0.9, -0.9),),))
    gone = ImageVerdict(id="gone", image="gone.jpg", verdict="pin")
    engine = Engine(view)
    found = engine.explore(cluster_of(beside, gone, red_stroke()))
    assert set(found.unplaced) == {"beside", "gone"}
    assert np.array_equal(found.scores, engine.explore(cluster_of(red_stroke())).scores)


def test_sketched_border_brings_the_images_that_have_it(view):
    square = ((0.25, 0.25), (0.625, 0.25), (0.625, 0.625), (0.25, 0.625), (0.25, 0.25))
    sketch = SketchStroke(id="s", paths=(square,), radius=0.01)
    found = Engine(view).explore(cluster_of(sketch))
    assert found.scores[:6].min() > found.scores[6:].max()


def test_edit_is_matched_once_whatever_its_strength(view, monkeypatch):
    engine = Engine(view)
    engine.explore(cluster_of(red_stroke()))
    monkeypatch.setattr(Matcher, "_match_anew", lambda *_: pytest.fail("matched again"))
    engine.explore(cluster_of(dataclasses.replace(red_stroke(), id="x", strength=2.0)))


def test_images_beyond_the_sample_get_the_middle_score_while_a_sketch_is_drawn(view, monkeypatch):
    monkeypatch.setattr("explorer.sketch.LIVE_IMAGES", 3)
    square = ((0.25, 0.25), (0.625, 0.25), (0.625, 0.625), (0.25, 0.625), (0.25, 0.25))
    sketch = SketchStroke(id="s", paths=(square,), radius=0.01)
    live = match_sketch(view, sketch, is_live=True)  # two shards of two images
    done = match_sketch(view, sketch)
    assert np.allclose(live.scores[:4], done.scores[:4], rtol=1e-5)
    assert (live.scores[4:] == np.median(live.scores[:4])).all()
