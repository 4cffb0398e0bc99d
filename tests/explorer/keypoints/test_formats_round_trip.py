"""What is written in any format is read back: places to 0.01 pixels, and all that is said."""

import string

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from explorer.annotation import Annotation, ImagePoint, ImagePoints, Layer
from explorer.keypoint_schema import Keypoint, Schema
from explorer.keypoints.formats.files import ENDINGS, from_bytes, to_bytes

IDS = ("toe", "heel-left", "heel-right", "top")
TOLERANCE_PX = 0.01
texts = st.text(string.ascii_letters + "äß -_'\",;", min_size=1, max_size=12).filter(str.strip)


@st.composite
def schemas(draw):
    names = draw(st.lists(texts, min_size=len(IDS), max_size=len(IDS)))
    colors = st.sampled_from(["", "#0a1b2c", "#ffffff"])
    edges = [(one, other) for one in IDS for other in IDS if one < other]
    return Schema(
        name=draw(texts),
        keypoints=tuple(
            Keypoint(id=one, name=f"{name} {number}", color=draw(colors))
            for number, (one, name) in enumerate(zip(IDS, names, strict=True))
        ),
        edges=tuple(draw(st.lists(st.sampled_from(edges), unique=True, max_size=4))),
        pairs=draw(st.sampled_from([(), (("heel-left", "heel-right"),)])),
    )


@st.composite
def points(draw, keypoint, size):
    """Draw a point of a photograph: in it, at its border, or beside it."""
    height, width = size
    state = draw(st.sampled_from(["visible", "occluded", "absent"]))
    x, y = (
        draw(st.sampled_from([-0.5, side - 0.5, 0]) | st.floats(-0.4 * side, 1.4 * side))
        for side in (width, height)
    )
    return ImagePoint(
        keypoint=keypoint,
        x=0 if state == "absent" else x,
        y=0 if state == "absent" else y,
        state=state,
        confidence=draw(st.floats(0, 1)),
    )


@st.composite
def annotations(draw):
    """Draw a schema, sizes of photographs, and layers of points by two people."""
    schema = draw(schemas())
    side = st.integers(1, 6000)
    names = ["a/1.jpg", "a/2.jpg", "b/1.jpg", "images/x/3.jpg", "ü 4.png"]
    sizes = {name: (draw(side), draw(side)) for name in names}
    layers = []
    for author in ("ada", "bob"):
        images = [
            ImagePoints(image=name, points=tuple(draw(points(one, size)) for one in said))
            for name, size in sizes.items()
            if (said := draw(st.lists(st.sampled_from(IDS), unique=True)))
        ]
        layers.append(Layer(id=author, author=author, kind="hand", images=tuple(images)))
    return Annotation(schema=schema, layers=tuple(layers)), sizes


def pooled(reading):
    """Return what a reading says as `Annotation.laid` does."""
    return Annotation(schema=reading.schema, layers=reading.layers("i")).laid()


@pytest.mark.parametrize("kind", ENDINGS)
@settings(max_examples=25, deadline=None)
@given(drawn=annotations())
def test_points_come_back(kind, drawn):
    annotation, sizes = drawn
    laid = annotation.laid()
    assume(any(laid.values()))
    reading = from_bytes(kind, to_bytes(kind, annotation.schema, laid, sizes), sizes)
    back = pooled(reading)
    assert {name: set(points) for name, points in back.items()} == {
        name: set(points) for name, points in laid.items() if points
    }
    for name, points in back.items():
        for keypoint, found in points.items():
            meant = laid[name][keypoint]
            assert (found.point.state, found.author) == (meant.point.state, meant.author)
            assert found.point.confidence == pytest.approx(meant.point.confidence, abs=1e-5)
            assert found.point.x == pytest.approx(meant.point.x, abs=TOLERANCE_PX)
            assert found.point.y == pytest.approx(meant.point.y, abs=TOLERANCE_PX)
    assert reading.warnings() == ()


@pytest.mark.parametrize("kind", ["coco", "yolo"])
@settings(max_examples=25, deadline=None)
@given(schema=schemas())
def test_schema_comes_back(kind, schema):
    said = Layer(
        id="l",
        kind="hand",
        images=(ImagePoints(image="a/1.jpg", points=(ImagePoint(keypoint="toe"),)),),
    )
    laid, sizes = Annotation(schema=schema, layers=(said,)).laid(), {"a/1.jpg": (9, 9)}
    reading = from_bytes(kind, to_bytes(kind, schema, laid, sizes), sizes)
    assert reading.schema == schema


@pytest.mark.parametrize("kind", ENDINGS)
@settings(max_examples=5, deadline=None)
@given(drawn=annotations())
def test_same_points_give_the_same_bytes(kind, drawn):
    annotation, sizes = drawn
    one, other = (to_bytes(kind, annotation.schema, annotation.laid(), sizes) for _ in range(2))
    assert one == other
