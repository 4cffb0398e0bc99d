"""`explorer.edits`: what an edit may be."""

import pickle

import pytest

from explorer.edits import ColorStroke, ImageVerdict, LikeImage, ModePick, SketchStroke
from explorer.errors import EditError

LINE = (((0.25, 0.5), (0.75, 0.5)),)


def color(**changes):
    return ColorStroke(
        **{"id": "a", "paths": LINE, "radius": 0.05, "color": (200, 30, 40)} | changes
    )


def mode(**changes):
    return ModePick(**{"id": "m", "image": "a.jpg", "center": (0.5, 0.75), "size": 0.4} | changes)


def test_two_edits_with_the_same_fields_are_equal():
    assert color() == color()
    assert hash(color()) == hash(color())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"id": ""}, "id must have"),
        ({"paths": ()}, "at least one point"),
        ({"paths": (LINE[0], ())}, "at least one point"),
        ({"paths": (((float("nan"), 0.5),),)}, "finite"),
        ({"paths": (((0.5, 3.0),),)}, "finite canvas units"),
        ({"paths": (((0.5, 0.5),) * 20_001,)}, "thin it"),
        ({"radius": 0.0}, "radius"),
        ({"radius": float("nan")}, "radius"),
        ({"strength": 4.5}, "strength"),
        ({"strength": float("nan")}, "strength"),
        ({"color": (0, 0, 256)}, "color"),
    ],
)
def test_stroke_that_cannot_be_carried_out_is_refused(changes, message):
    with pytest.raises(EditError, match=message):
        color(**changes)


def test_sketch_is_checked_like_a_color_stroke():
    with pytest.raises(EditError, match="radius") as caught:
        SketchStroke(id="s", paths=LINE, radius=2.0)
    assert caught.value.edit_id == "s"


def test_verdict_needs_the_name_of_an_image():
    with pytest.raises(EditError, match="needs the image's name"):
        ImageVerdict(id="p", image="", verdict="pin")


def test_verdict_is_pin_or_exclude_and_nothing_else():
    with pytest.raises(EditError, match='must be "pin" or "exclude"'):
        ImageVerdict(id="p", image="a.jpg", verdict="like")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"id": ""}, "id must have"),
        ({"id": "m" * 65}, "id must have 1 to 64"),
        ({"image": ""}, "needs the image's name"),
        ({"center": (-0.01, 0.5)}, "center must be canvas units"),
        ({"center": (0.5, 1.01)}, "center must be canvas units"),
        ({"center": (float("nan"), 0.5)}, "center must be canvas units"),
        ({"size": 0.0}, "size must be in"),
        ({"size": 1.01}, "size must be in"),
        ({"size": float("nan")}, "size must be in"),
        ({"strength": -4.5}, "strength"),
        ({"strength": float("nan")}, "strength"),
    ],
)
def test_mode_that_cannot_be_looked_for_is_refused_with_its_id(changes, message):
    with pytest.raises(EditError, match=message):
        mode(**changes)


def test_mode_may_be_as_wide_as_the_canvas_and_lie_at_its_corner():
    assert mode(center=(1.0, 1.0), size=1.0).kind == "mode"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"id": ""}, "id must have"),
        ({"image": ""}, "needs the image's name"),
        ({"strength": 4.5}, "strength"),
    ],
)
def test_example_that_cannot_be_followed_is_refused(changes, message):
    with pytest.raises(EditError, match=message):
        LikeImage(**{"id": "l", "image": "a.jpg"} | changes)


def test_refused_example_names_the_edit():
    with pytest.raises(EditError) as caught:
        mode(size=2.0)
    assert caught.value.edit_id == "m"


def test_edit_error_survives_pickling():
    error = pickle.loads(pickle.dumps(EditError("no", edit_id="a")))  # noqa: S301
    assert str(error) == "no"
