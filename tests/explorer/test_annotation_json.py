"""`explorer.annotation_json`: what is said about keypoints, written short and read back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.annotation import Annotation, ImagePoint, ImagePoints, Layer, Mark, Review
from explorer.annotation_json import annotation_from_json, annotation_to_json, schema_from_json
from explorer.errors import SessionError
from explorer.keypoint_schema import Keypoint, Schema
from explorer.session import Session
from explorer.session_json import session_from_json, session_to_json

ids = st.text("abz09-_", min_size=1, max_size=5)
times = st.floats(0, 4e9)
unit = st.floats(0, 1)
pixels = st.floats(-1e4, 1e5)


@st.composite
def schemas(draw):
    names = draw(st.lists(ids, max_size=4, unique=True))
    couples = [(one, other) for one in names for other in names if one != other]
    chosen = st.lists(st.sampled_from(couples), max_size=2) if couples else st.just([])
    return Schema(
        name=draw(st.text()),
        keypoints=tuple(
            Keypoint(
                id=name,
                name=draw(st.text(min_size=1)),
                color=draw(st.sampled_from(["", "#aabb01"])),
            )
            for name in names
        ),
        edges=tuple(draw(chosen)),
        pairs=tuple(draw(chosen)[:1]),
    )


points = st.builds(
    ImagePoint,
    keypoint=ids,
    x=pixels,
    y=pixels,
    state=st.sampled_from(["visible", "occluded", "absent"]),
    confidence=unit,
)
images = st.builds(
    ImagePoints,
    image=st.text(),
    points=st.lists(points, max_size=3, unique_by=lambda point: point.keypoint).map(tuple),
)
layers = st.builds(
    Layer,
    id=st.text(min_size=1),
    kind=st.sampled_from(["hand", "accepted", "imported"]),
    images=st.lists(images, max_size=3, unique_by=lambda image: image.image).map(tuple),
    merge=st.sampled_from(["missing", "overwrite"]),
    clusters=st.lists(ids, max_size=2).map(tuple),
    author=st.text(),
    time=times,
)
marks = st.builds(
    Mark, cluster=ids, keypoint=ids, at=st.tuples(unit, unit), author=st.text(), time=times
)
reviews = st.builds(Review, image=st.text(), author=st.text(), time=times)
annotations = st.builds(
    Annotation,
    schema=schemas(),
    marks=st.lists(
        marks, max_size=3, unique_by=lambda mark: (mark.cluster, mark.keypoint, mark.author)
    ).map(tuple),
    layers=st.lists(layers, max_size=3, unique_by=lambda layer: layer.id).map(tuple),
    reviews=st.lists(reviews, max_size=3, unique_by=lambda review: review.image).map(tuple),
)


@given(annotations)
def test_session_with_keypoints_read_back_is_the_same_session(annotation):
    session = Session(collection="shoes", annotation=annotation)
    assert session_from_json(json.loads(json.dumps(session_to_json(session)))) == session


def test_session_without_keypoints_says_nothing_of_them():
    assert "annotation" not in session_to_json(Session())


@pytest.mark.parametrize("version", [1, 2, 3])
def test_session_without_keypoints_of_any_version_is_read(version):
    data = session_to_json(Session(collection="shoes")) | {"version": version}
    assert session_from_json(data) == Session(collection="shoes")


def good():
    layer = Layer(
        id="l1",
        kind="accepted",
        clusters=("main",),
        images=(ImagePoints(image="a.jpg", points=(ImagePoint(keypoint="eye", x=10 / 3, y=2),)),),
    )
    return annotation_to_json(
        Annotation(
            schema=Schema(
                keypoints=(Keypoint(id="eye", name="Eye"), Keypoint(id="nose", name="Nose")),
                edges=(("eye", "nose"),),
            ),
            marks=(Mark(cluster="main", keypoint="eye", at=(0.5, 0.25)),),
            layers=(layer,),
            reviews=(Review(image="a.jpg", author="ann", time=2.0),),
        )
    )


def test_point_is_a_short_list():
    assert good()["layers"][0]["images"] == {"a.jpg": [["eye", 3.33, 2.0, "visible", 1.0]]}


def changed(path, value):
    """Return what is good with one value changed; a number or name a step, None takes away."""
    data = good()
    *steps, last = path
    place = data
    for step in steps:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return data


LAYER, MARK, POINT = ("layers", 0), ("marks", 0), ("layers", 0, "images", "a.jpg", 0)


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("extra",), 1, r"annotation\.extra is unknown"),
        (("schema",), [], r"annotation\.schema must be an object"),
        (("schema", "keypoints"), None, r"annotation\.schema\.keypoints is missing"),
        (("schema", "keypoints", 1, "id"), "Eye", r"keypoints\[1\]: a keypoint's id must be"),
        (("schema", "keypoints", 1, "id"), "eye", r"annotation\.schema: keypoints must have diff"),
        (("schema", "keypoints", 0, "name"), None, r"schema\.keypoints\[0\]\.name is missing"),
        (("schema", "keypoints", 0, "color"), "red", r"schema\.keypoints\[0\]: color must be"),
        (("schema", "edges", 0), ["eye"], r"schema\.edges\[0\] must be two ids"),
        (("schema", "edges", 0, 1), "ear", r"annotation\.schema: an edge must join"),
        (("marks",), 3, r"annotation\.marks must be a list"),
        ((*MARK, "at"), [0.5], r"annotation\.marks\[0\]\.at must be \[x, y\]"),
        ((*MARK, "at"), [0.5, 2], r"annotation\.marks\[0\]: a mark must lie on the canvas"),
        ((*MARK, "cluster"), None, r"annotation\.marks\[0\]\.cluster is missing"),
        ((*MARK, "time"), "now", r"annotation\.marks\[0\]\.time must be a finite number"),
        (("layers",), good()["layers"] * 2, r"annotation\.layers\[1\] is there twice: 'l1'"),
        (("marks",), good()["marks"] * 2, r"annotation\.marks\[1\] is there twice"),
        (("reviews",), good()["reviews"] * 2, r"annotation\.reviews\[1\] is there twice"),
        ((*LAYER, "id"), "", r"annotation\.layers\[0\]: a layer must have an id"),
        ((*LAYER, "kind"), "guess", r"annotation\.layers\[0\]: kind must be one of"),
        ((*LAYER, "merge"), 1, r"annotation\.layers\[0\]\.merge must be a text"),
        ((*LAYER, "clusters"), [1], r"annotation\.layers\[0\]\.clusters\[0\] must be a text"),
        ((*LAYER, "images"), [], r"layers\[0\]\.images must be an object by image name"),
        ((*LAYER, "images", "a.jpg"), 3, r"layers\[0\]\.images\['a\.jpg'\] must be a list"),
        (POINT, ["eye", 1, 2], r"images\['a\.jpg'\]\[0\]: must be \[keypoint, x, y, state, conf"),
        ((*POINT, 0), 7, r"images\['a\.jpg'\]\[0\]: keypoint and state must be texts"),
        ((*POINT, 1), "1", r"images\['a\.jpg'\]\[0\]: x, y and confidence must be numbers"),
        ((*POINT, 1), float("nan"), r"images\['a\.jpg'\]\[0\]: x and y must be finite"),
        ((*POINT, 2), 10**400, r"images\['a\.jpg'\]\[0\]: "),
        ((*POINT, 3), "hidden", r"images\['a\.jpg'\]\[0\]: state must be one of visible, occ"),
        ((*POINT, 4), True, r"images\['a\.jpg'\]\[0\]: x, y and confidence must be numbers"),
        ((*POINT, 4), 2, r"images\['a\.jpg'\]\[0\]: confidence must be from 0 to 1"),
        (
            (*LAYER, "images", "a.jpg"),
            [["eye", 1, 2, "visible", 1]] * 2,
            r"images\['a\.jpg'\]: a\.jpg must have each keypoint once",
        ),
        (("reviews", 0, "image"), None, r"annotation\.reviews\[0\]\.image is missing"),
        (("reviews", 0, "author"), 5, r"annotation\.reviews\[0\]\.author must be a text"),
    ],
)
def test_wrong_field_is_named(path, value, says):
    with pytest.raises(SessionError, match=says):
        annotation_from_json(changed(path, value))


def test_what_is_left_out_is_nothing():
    assert annotation_from_json({}) == Annotation()
    assert schema_from_json({"keypoints": []}) == Schema()
