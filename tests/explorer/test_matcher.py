"""`explorer.matcher`: an edit is matched once, and a growing one only where it is new."""

import dataclasses

import numpy as np
import pytest

from explorer import matcher as module
from explorer.edits import ColorStroke, LikeImage, ModePick, SketchStroke
from explorer.matcher import Matcher, match_key

RED, BLUE = (224, 32, 32), (32, 32, 224)
SIDE = 64


@pytest.fixture(scope="module")
def view(memory_view):
    """Six grey pictures with a square of 24 pixels: red or blue, at three places."""
    images = np.full((6, SIDE, SIDE, 3), 128, np.uint8)
    for row, image in enumerate(images):
        left = 12 + 8 * (row // 2)
        image[20:44, left : left + 24] = BLUE if row % 2 else RED
    return memory_view(images)


def stroke(*points, color=RED, **changes):
    fields = {"id": "c", "paths": (points or ((0.3, 0.5),),), "radius": 0.1, "color": color}
    return ColorStroke(**fields | changes)


def sketch(**changes):
    fields = {"id": "s", "paths": (((0.2, 0.3), (0.2, 0.7)),), "radius": 0.02}
    return SketchStroke(**fields | changes)


@pytest.mark.parametrize(
    "edit",
    [
        stroke(),
        sketch(),
        ModePick(id="m", image="0.jpg", center=(0.4, 0.5), size=0.5),
        LikeImage(id="l", image="0.jpg"),
    ],
    ids=lambda edit: edit.kind,
)
def test_edit_is_matched_once_whatever_its_id_strength_and_switch(view, edit):
    matches = Matcher(view)
    first = matches.match(edit)
    assert first.scores.shape == (6,)
    again = dataclasses.replace(edit, id="other", strength=-2.0, enabled=False)
    assert matches.match(again) is first


def test_another_color_is_another_match(view):
    matches = Matcher(view)
    red, blue = (matches.match(stroke(color=color)).scores for color in (RED, BLUE))
    assert red[0] > red[1]
    assert blue[0] < blue[1]


@pytest.mark.parametrize(
    "edit",
    [
        stroke((-1.5, -1.5)),
        sketch(paths=(((-1.5, -1.5), (-1.5, -1.4)),)),
        ModePick(id="m", image="gone.jpg", center=(0.4, 0.5), size=0.5),
        LikeImage(id="l", image="gone.jpg"),
    ],
    ids=["stroke", "sketch", "mode", "like"],
)
def test_edit_beside_the_canvas_or_of_no_image_has_no_match(view, edit):
    assert Matcher(view).match(edit) is None
    assert Matcher(view).match_live(edit) is None


def test_growing_stroke_matches_as_if_it_was_painted_at_once(view):
    matches = Matcher(view)
    matches.match_live(stroke((0.2, 0.5)))
    grown = matches.match_live(stroke((0.2, 0.5), (0.5, 0.5)))
    whole = Matcher(view).match(stroke((0.2, 0.5), (0.5, 0.5)))
    assert np.allclose(grown.scores, whole.scores)
    assert np.array_equal(grown.places, whole.places)


def test_stroke_in_another_color_does_not_grow_from_the_last_one(view):
    matches = Matcher(view)
    matches.match_live(stroke(color=BLUE))
    assert np.allclose(matches.match_live(stroke()).scores, Matcher(view).match(stroke()).scores)


def test_stroke_in_progress_is_not_kept(view):
    matches = Matcher(view)
    assert matches.match_live(stroke()) is not matches.match(stroke())


def test_places_are_looked_for_once_as_the_images_are_and_once_mirrored(view):
    matches = Matcher(view)
    edit = stroke()
    match = matches.match(edit)
    plain, mirrored = (matches.candidates(edit, match, is_mirrored=on) for on in (False, True))
    assert matches.candidates(edit, match, is_mirrored=False) is plain
    # The red square of the first image is at the left, mirrored 16 pixels further to the right.
    assert mirrored.places[0, 0, 0] - plain.places[0, 0, 0] == pytest.approx(16, abs=8)


def test_match_that_nobody_asked_for_the_longest_is_forgotten(view, monkeypatch):
    monkeypatch.setattr(module, "MATCHES_KEPT", 1)
    matches = Matcher(view)
    first = matches.match(stroke())
    matches.match(stroke(color=BLUE))
    assert matches.match(stroke()) is not first


def test_key_of_a_match_tells_apart_what_is_looked_for(view):
    assert match_key(stroke()) != match_key(stroke(radius=0.2))
    assert match_key(stroke()) == match_key(stroke(strength=0.5))
