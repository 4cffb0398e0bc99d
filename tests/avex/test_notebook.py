"""`avex.Session`: the engine in a notebook."""

import cv2
import numpy as np
import pytest

import avex
from avex.sessions import load_session

RED = (200, 30, 40)
MIDDLE = [(0.4, 0.5), (0.6, 0.5)]


@pytest.fixture
def session(collection):
    return avex.Session(collection)


def test_painting_puts_what_is_painted_on_top(session):
    session.paint(RED, MIDDLE, radius=0.15)
    assert all(image.name.startswith("red") for image in session.top(8))


def test_average_shows_itself_as_png(session):
    shown = cv2.imdecode(np.frombuffer(session._repr_png_(), np.uint8), cv2.IMREAD_COLOR)
    assert (shown[..., ::-1] == session.average).all()


def test_undo_and_redo_go_back_and_forth(session):
    plain = session.average
    painted = session.paint(RED, MIDDLE).average
    assert (session.undo().average == plain).all()
    assert (session.redo().average == painted).all()


def test_undo_without_a_change_does_nothing(session):
    assert session.undo().redo().edits == ()


def test_new_change_forgets_what_was_undone(session):
    session.paint(RED, MIDDLE).undo()
    session.sketch([(0.2, 0.2), (0.2, 0.8)])
    assert [edit.kind for edit in session.redo().edits] == ["sketch"]


def test_excluded_image_weighs_nothing(session, collection):
    best = session.paint(RED, MIDDLE).top(1)[0].name
    weights = session.exclude(best).exploration.weights
    assert weights[collection.image_id(best)] == 0


def test_pinned_image_weighs_as_much_as_the_best(session, collection):
    weights = session.paint(RED, MIDDLE).pin("blue01.png").exploration.weights
    assert weights[collection.image_id("blue01.png")] == weights.max()


def test_saved_session_opens_as_it_was(session, collection, tmp_path):
    session.paint(RED, MIDDLE).sketch([(0.2, 0.2), (0.2, 0.8)]).save(tmp_path / "s.json")
    assert avex.Session.load(collection, tmp_path / "s.json").cluster == session.cluster
    assert load_session(tmp_path / "s.json").collection == "disks"


def test_collection_may_be_a_path(collection_path):
    assert avex.Session(collection_path).collection.size == 24


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = avex.nonsense
