"""`explorer.annotation`: what one reads off marks and layers."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.annotation import (
    Annotation,
    ImagePoint,
    ImagePoints,
    Layer,
    Mark,
    Review,
)
from explorer.errors import SessionError

KEYPOINTS = ("eye", "nose", "chin")
places = st.integers(0, 9)
authors = st.sampled_from(["ann", "bob"])
points = st.dictionaries(st.sampled_from(KEYPOINTS), places, max_size=3)
pictures = st.dictionaries(st.sampled_from(["a.jpg", "b.jpg"]), points, max_size=2)


def layer_of(number, images, merge="overwrite", author="ann"):
    return Layer(
        id=f"l{number}",
        kind="hand",
        merge=merge,
        author=author,
        images=tuple(
            ImagePoints(
                image=name,
                points=tuple(ImagePoint(keypoint=id_, x=x) for id_, x in found.items()),
            )
            for name, found in images.items()
        ),
    )


merges = st.sampled_from(["missing", "overwrite"])
piles = st.lists(st.tuples(pictures, merges, authors), max_size=5).map(
    lambda told: tuple(layer_of(number, *one) for number, one in enumerate(told))
)


def read_off(layers, author=None):
    """Every point as (image, keypoint): x, with the layer that said so."""
    laid = Annotation(layers=tuple(layers)).laid(author)
    return {
        (image, keypoint): (known.point.x, known.layer)
        for image, found in laid.items()
        for keypoint, known in found.items()
    }


@given(piles)
def test_point_is_what_the_last_layer_that_may_say_so_says(layers):
    expected = {}
    for layer in layers:
        said = {(i.image, p.keypoint): (p.x, layer.id) for i in layer.images for p in i.points}
        expected = expected | said if layer.merge == "overwrite" else said | expected
    assert read_off(layers) == expected


@given(piles, pictures)
def test_layer_that_fills_what_is_missing_changes_no_laid_point(layers, images):
    before = read_off(layers)
    after = read_off([*layers, layer_of(9, images, "missing")])
    assert after.items() >= before.items()
    assert {layer for point, (_, layer) in after.items() if point not in before} <= {"l9"}


@given(piles)
def test_points_of_one_author_are_read_off_their_own_layers(layers):
    bobs = [layer for layer in layers if layer.author == "bob"]
    assert read_off(layers, "bob") == read_off(bobs)


marks = st.lists(
    st.builds(
        Mark,
        cluster=st.sampled_from(["main", "ears"]),
        keypoint=st.sampled_from(KEYPOINTS),
        at=st.just((0.5, 0.5)),
        author=authors,
        time=st.floats(0, 9),
    ),
    unique_by=lambda mark: (mark.cluster, mark.keypoint, mark.author),
).map(tuple)


@given(marks)
def test_mark_of_a_keypoint_is_the_newest_on_its_average(told):
    found = Annotation(marks=told).marks_of("main")
    on_it = [mark for mark in told if mark.cluster == "main"]
    assert found.keys() == {mark.keypoint for mark in on_it}
    for keypoint, mark in found.items():
        assert mark in on_it
        assert mark.time == max(one.time for one in on_it if one.keypoint == keypoint)


@given(marks)
def test_marks_of_one_author_are_all_that_they_have_made(told):
    found = Annotation(marks=told).marks_of("main", "ann").values()
    assert set(found) == {m for m in told if (m.cluster, m.author) == ("main", "ann")}


def test_coordinates_are_kept_as_exact_as_a_file_says_them():
    point = ImagePoint(keypoint="eye", x=np.float32(200 / 3), y=7, confidence=np.float64(2 / 3))
    assert (point.x, point.y, point.confidence) == (66.67, 7.0, 0.667)
    assert {type(point.x), type(point.y), type(point.confidence)} == {float}


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: ImagePoint(keypoint="eye", state="hidden"), "one of visible, occluded, absent"),
        (lambda: ImagePoint(keypoint="eye", x=float("nan")), "x and y must be finite"),
        (lambda: ImagePoint(keypoint="eye", y=float("inf")), "x and y must be finite"),
        (lambda: ImagePoint(keypoint="eye", confidence=1.5), "confidence must be from 0 to 1"),
        (lambda: ImagePoint(keypoint="eye", confidence=float("nan")), "confidence must be from"),
        (lambda: Mark(cluster="main", keypoint="eye", at=(0.5, -0.1)), "lie on the canvas"),
        (lambda: Mark(cluster="main", keypoint="eye", at=(float("nan"), 0)), "lie on the canvas"),
        (lambda: layer_of(1, {}, merge="mix"), "merge must be one of missing, overwrite"),
        (lambda: dataclasses.replace(layer_of(1, {}), kind="guess"), "kind must be one of hand"),
        (lambda: dataclasses.replace(layer_of(1, {}), id=""), "must have an id"),
        (
            lambda: dataclasses.replace(
                layer_of(1, {}), images=(ImagePoints(image="a.jpg", points=()),) * 2
            ),
            "layer 'l1' must name each image once",
        ),
        (
            lambda: ImagePoints(image="a.jpg", points=(ImagePoint(keypoint="eye"),) * 2),
            "a.jpg must have each keypoint once",
        ),
    ],
)
def test_what_cannot_be_is_refused(make, says):
    with pytest.raises(SessionError, match=says):
        make()


def test_nothing_is_said_at_first():
    empty = Annotation()
    assert empty.laid() == empty.marks_of("main") == {}
    assert empty.schema.ids == ()
    assert Annotation(reviews=(Review(image="a.jpg"),)) != empty
