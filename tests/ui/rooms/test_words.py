"""`ui.rooms.words`: what the timeline says of each operation, with the names that things had."""

import dataclasses

import pytest

from explorer.edits import ColorStroke, ImageVerdict, LikeImage, Sharpen, SketchStroke
from tests.ui.room_log import add, after, by, layer, merge, move, put, remove, schema
from ui.rooms.room import carry_out
from ui.rooms.words import words_of
from ui.rooms.words_of_edits import color_word
from ui.wire.board import OnAverage, OnImage, PutClaim, PutComment, PutSnapshot, PutVote
from ui.wire.operations import (
    Clear,
    FromCluster,
    FromEdits,
    FromImages,
    PutLayer,
    PutMark,
    PutReview,
    Redo,
    RemoveEdit,
    RemoveLayer,
    ReplaceSession,
    SetCluster,
    SetSchema,
    Undo,
)

PATHS = (((0.5, 0.5), (0.6, 0.6)),)
RED = ColorStroke(id="s1", paths=PATHS, radius=0.1, color=(200, 30, 40))
LINE = SketchStroke(id="l1", paths=PATHS, radius=0.01)


def said(operation, *earlier, author="ann"):
    """What is said of an operation that follows others of the same author."""
    before = after(*earlier, author=author)
    then, _ = carry_out(before, by(author, operation))
    return words_of(operation, before.session, then.session)


def settings(**fields):
    plain = {"cluster": "main", "name": "Average", "weighting": "focus", "count": None}
    return SetCluster(**(plain | fields))


@pytest.mark.parametrize(
    ("color", "word"),
    [
        ((255, 0, 0), "red"),
        ((255, 150, 160), "pink"),
        ((0, 120, 0), "green"),
        ((0, 0, 90), "dark blue"),
        ((128, 128, 128), "grey"),
        ((0, 0, 0), "black"),
        ((120, 70, 20), "brown"),
        ((255, 255, 0), "yellow"),
    ],
)
def test_color_has_the_name_that_people_give_it(color, word):
    assert color_word(color) == word


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (RED, "painted a red stroke in Average"),
        (dataclasses.replace(RED, strength=-1), "asked for less of a red stroke in Average"),
        (LINE, "drew a line in Average"),
        (ImageVerdict(id="v", image="a/b.jpg", verdict="pin"), "pinned b.jpg in Average"),
        (ImageVerdict(id="v", image="b.jpg", verdict="exclude"), "excluded b.jpg from Average"),
        (LikeImage(id="k", image="b.jpg"), "asked for images like b.jpg in Average"),
        (Sharpen(id="z"), "sharpened Average"),
    ],
)
def test_new_edit_is_called_what_was_done(edit, words):
    assert said(put(edit)) == words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"enabled": False}, "switched a red stroke in Average off"),
        ({"strength": 2.0}, "set a red stroke in Average to strength 2"),
        ({"paths": (((0.1, 0.1),),)}, "moved a red stroke in Average"),
        ({"color": (0, 0, 200)}, "made a red stroke in Average blue"),
        ({"radius": 0.2, "strength": 0.5}, "changed a red stroke in Average"),
    ],
)
def test_changed_edit_is_told_by_its_change(change, words):
    assert said(put(dataclasses.replace(RED, **change)), put(RED)) == words


def test_cluster_is_called_as_it_was_called_then():
    renamed = settings(name="Boots")
    assert said(renamed) == "renamed Average to Boots"
    assert said(put(RED), renamed) == "painted a red stroke in Boots"
    assert said(RemoveEdit(cluster="main", edit_id="s1"), put(RED), renamed) == (
        "took a red stroke out of Boots"
    )
    assert said(Clear(cluster="main"), renamed) == "cleared Boots"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"count": 20}, "made Average of 20 images"),
        ({"mirror": True}, "let images of Average be mirrored"),
        ({"alignment": "none"}, "changed the alignment of Average"),
        ({"mirror": True, "name": "B"}, "changed the settings of Average"),
    ],
)
def test_settings_are_told_by_what_differs(fields, words):
    assert said(settings(**fields)) == words


def test_clusters_come_and_go_by_name():
    assert said(add("flat")) == "began Flat"
    assert said(add("flat", source=FromCluster(cluster="main"))) == "copied Average as Flat"
    assert said(add("flat", source=FromImages(images=("a", "b")))) == "began Flat from 2 images"
    assert said(add("flat", source=FromEdits(edits=(RED,)))) == "began Flat from a red stroke"
    assert said(move("flat", 0), add("flat")) == "moved Flat to place 1"
    assert said(remove("flat"), add("flat")) == "removed Flat"
    assert said(merge("main", "flat"), put(RED), add("flat"), put(LINE, "flat")) == (
        "merged Average and Flat into Both"
    )


def test_keypoint_is_called_by_its_name():
    face = SetSchema(schema_=schema("eye", "nose"))
    points = layer("l", {"a/b.png": ["eye", "nose"]})
    assert said(face) == "set 2 keypoints of “object”"
    mark = PutMark(cluster="main", keypoint="eye", at=(0.5, 0.5))
    assert said(mark, face) == "placed “Eye” on Average"
    assert said(PutLayer(layer=points), face) == "corrected 2 points of b.png"
    assert said(RemoveLayer(layer_id="l"), face, PutLayer(layer=points)) == "took 2 points back"
    assert said(PutReview(image="a/b.png")) == "reviewed b.png"
    assert said(Undo(), face, mark) == "undid “Eye”"


def test_undo_tells_what_it_undid():
    assert said(Undo(), put(RED)) == "undid a red stroke in Average"
    assert said(Redo(), put(RED), Undo()) == "redid a red stroke in Average"
    assert said(Undo(), add("flat")) == "undid Flat"
    assert said(Undo(), add("flat"), remove("flat")) == "undid Flat"
    assert said(Undo(), settings(name="B")) == "undid the settings of Average"
    assert said(Undo(), add("flat"), move("flat", 0)) == "undid the order of the averages"


def test_session_is_opened_and_a_branch_published():
    session = after(put(RED)).session
    assert said(ReplaceSession(session=session)) == "opened a session"
    assert said(ReplaceSession(session=session, title="Try")) == "published “Try”"
    assert said(ReplaceSession(session=session, restores=0)) == "restored step 0"


def test_what_is_said_on_the_board_is_quoted():
    here = OnAverage(cluster="main", at=(0.5, 0.5))
    asked = PutComment(id="c1", place=here, text="Is this\na heel?")
    assert said(asked) == "commented on Average: “Is this a heel?”"
    answer = PutComment(id="c2", place=here, text="Yes", reply_to="c1")
    assert said(answer, asked) == "answered: “Yes”"
    on_image = PutComment(id="c1", place=OnImage(image="a/b.png"), text="Blurred")
    assert said(on_image) == "commented on b.png: “Blurred”"
    assert said(PutVote(image="a/b.png", value=-1)) == "voted against b.png"
    assert said(PutClaim(images=("a", "b"))) == "claimed 2 images"
    assert said(PutSnapshot(id="n", name="Lunch")) == "kept this as “Lunch”"


def test_long_text_is_cut_off():
    comment = PutComment(id="c", place=OnImage(image="i"), text="x" * 41)
    assert said(comment) == f"commented on i: “{'x' * 39}…”"
