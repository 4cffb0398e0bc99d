"""`explorer.support`: whether a collection has what edits ask for."""

import dataclasses

import numpy as np
import pytest

from explorer.brushes import covered_cells
from explorer.color import agreement_planes, match_color
from explorer.edits import ColorStroke, LikeImage, SketchStroke
from explorer.errors import ArrayError
from explorer.support import SupportMeter, words
from explorer.support_decoys import decoys_of

SIDE, SQUARE = 64, 16
RED, GREEN, BLUE = (224, 32, 32), (32, 224, 32), (32, 32, 224)
LEFT, RIGHT = (8, 24), (40, 24)


def pictures(count, *squares):
    """Grey pictures of some brightness, with squares of 16 pixels: (color, corner) each."""
    rng = np.random.default_rng(count)
    images = np.repeat(rng.integers(100, 156, (count, 1, 1, 1)), 3, axis=3)
    images = np.tile(images, (1, SIDE, SIDE, 1)).astype(np.uint8)
    for color, (x, y) in squares:
        images[:, y : y + SQUARE, x : x + SQUARE] = color
    return images


def stroke(color, corner, **changes):
    """A dot that covers the square at a corner."""
    middle = tuple((value + SQUARE / 2) / SIDE for value in corner)
    fields = {"id": f"{color}", "paths": ((middle,),), "radius": 0.1, "color": color}
    return ColorStroke(**fields | changes)


def support(view, *edits, with_places=True):
    matches = []
    for edit in edits:
        cells = covered_cells(edit.paths, edit.radius, (SIDE // 8, SIDE // 8), SIDE, SIDE)
        planes = agreement_planes(view.shards("color"), edit.color)
        matches.append(match_color(planes, cells, SIDE, SIDE))
    places = np.stack([match.places for match in matches]).astype(np.float32)
    scores = np.stack([match.scores for match in matches])
    return SupportMeter(view).of(edits, scores, places if with_places else None)


@pytest.fixture
def view(memory_view):
    """30 images with red left and blue right, 60 with nothing."""
    planted = pictures(30, (RED, LEFT), (BLUE, RIGHT))
    return memory_view(np.concatenate([planted, pictures(60)]))


def test_planted_mode_is_there_and_one_that_no_image_shows_is_not(view):
    planted = support(view, stroke(RED, LEFT), stroke(BLUE, RIGHT))
    absent = support(view, stroke(GREEN, LEFT), stroke(GREEN, RIGHT, id="other"))
    assert words(planted) == "there"
    assert words(absent) == "not there"


def test_images_without_the_mode_do_not_raise_its_support(view, memory_view):
    more = memory_view(np.concatenate([view.images, pictures(120)]))
    edits = stroke(GREEN, LEFT), stroke(BLUE, RIGHT)
    assert support(more, *edits) <= support(view, *edits) + 0.02


def test_two_things_in_different_images_have_less_support_than_in_the_same(memory_view, view):
    apart = [pictures(30, (RED, LEFT)), pictures(30, (BLUE, RIGHT)), pictures(30)]
    edits = stroke(RED, LEFT), stroke(BLUE, RIGHT)
    assert support(memory_view(np.concatenate(apart)), *edits) < support(view, *edits) - 0.1


def test_color_that_no_image_shows_is_absent_though_the_other_edit_is_there(view):
    assert support(view, stroke(RED, LEFT), stroke(GREEN, RIGHT)) < 0.1


def test_strength_does_not_matter(view):
    edits = [stroke(RED, LEFT), stroke(BLUE, RIGHT)]
    stronger = [dataclasses.replace(edits[0], strength=3.0), edits[1]]
    assert support(view, *edits) == support(view, *stronger)


def test_support_without_places_is_known_too(view):
    planted = support(view, stroke(RED, LEFT), with_places=False)
    assert planted > support(view, stroke(GREEN, LEFT), with_places=False) + 0.2


def test_nothing_asked_for_cannot_be_absent(view):
    scores = np.zeros((1, view.size), np.float32)
    meter = SupportMeter(view)
    assert meter.of([], np.empty((0, view.size), np.float32)) == 1
    assert meter.of([LikeImage(id="like", image="0.jpg")], scores) == 1
    assert meter.of([stroke(RED, LEFT, strength=-1.0)], scores) == 1


def test_scores_of_another_number_of_edits_are_refused(view):
    with pytest.raises(ArrayError, match="scores"):
        SupportMeter(view).of([stroke(RED, LEFT)], np.zeros((2, view.size), np.float32))


def test_decoys_of_a_sketch_are_the_sketch_turned_over_where_it_is():
    lines = (((0.2, 0.4), (0.6, 0.4), (0.6, 0.5)),)
    sketch = SketchStroke(id="s", paths=lines, radius=0.02)
    upside_down, turned = decoys_of(sketch, aspect=2.0)
    assert np.allclose(upside_down.paths[0], [(0.2, 0.5), (0.6, 0.5), (0.6, 0.4)])
    # 0.4 of the width is 0.8 of the height, 0.1 of the height 0.05 of the width.
    assert np.allclose(turned.paths[0], [(0.425, 0.05), (0.425, 0.85), (0.375, 0.85)])


def test_decoys_are_matched_once_for_a_sketch_of_any_strength(view, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "explorer.support.decoy_level", lambda view, stroke: asked.append(stroke) or (0.0, 1)
    )
    sketch = SketchStroke(id="s", paths=(((0.2, 0.4), (0.6, 0.4)),), radius=0.02)
    meter, scores = SupportMeter(view), np.ones((1, view.size), np.float32)
    meter.of([sketch], scores)
    meter.of([dataclasses.replace(sketch, strength=2.0, id="again")], scores)
    assert len(asked) == 1


def test_a_level_is_computed_anew_only_where_scores_or_what_is_left_out_change(view, monkeypatch):
    asked = []
    measure = SupportMeter.measure
    monkeypatch.setattr(
        SupportMeter, "measure", lambda meter, *args: asked.append(1) or measure(meter, *args)
    )
    meter, scores = SupportMeter(view), np.linspace(0, 1, view.size, dtype=np.float32)[None]
    places = np.zeros((1, view.size, 2), np.float32)
    edit = stroke(RED, LEFT)
    level = meter.of([edit], scores, places)
    assert meter.of([dataclasses.replace(edit, strength=2.5)], scores, places + 3) == level
    assert len(asked) == 1
    meter.of([edit], scores / 2, places)
    meter.of([edit], scores, places, [5])
    meter.of([dataclasses.replace(edit, color=BLUE)], scores, places)
    assert len(asked) == 4


def test_excluded_images_do_not_tell(view):
    edits = [stroke(RED, LEFT)]
    cells = covered_cells(edits[0].paths, 0.1, (SIDE // 8, SIDE // 8), SIDE, SIDE)
    match = match_color(agreement_planes(view.shards("color"), RED), cells, SIDE, SIDE)
    scores, places = match.scores[None], match.places[None].astype(np.float32)
    with_all = SupportMeter(view).of(edits, scores, places)
    without = SupportMeter(view).of(edits, scores, places, np.arange(30))
    assert with_all > 0.5
    assert without < 0.1
