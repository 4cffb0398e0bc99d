"""Keypoints as a table: a line a point, or a line an image."""

from pathlib import Path

import pytest

from explorer.annotation import Annotation, ImagePoint, ImagePoints, Layer
from explorer.errors import FormatError
from explorer.keypoint_schema import Keypoint, Schema
from explorer.keypoint_templates import template
from explorer.keypoints.formats.csv import from_csv, to_csv
from explorer.keypoints.formats.files import from_bytes

SIZES = {"a/1.jpg": (100, 200), "2.jpg": (100, 200)}
SCHEMA = Schema(keypoints=(Keypoint(id="toe", name="Toe"), Keypoint(id="heel", name="Heel")))
HELEN = Path(__file__).parents[4] / "shared/data/faces-helen/keypoints.csv"


def places(reading):
    return {
        (author, image.image, point.keypoint): (point.x, point.y, point.state)
        for author, images in reading.points.items()
        for image in images
        for point in image.points
    }


def test_table_has_a_line_for_each_point():
    points = (
        ImagePoint(keypoint="heel", x=1.5, y=2, state="occluded", confidence=0.25),
        ImagePoint(keypoint="toe", state="absent"),
    )
    images = (ImagePoints(image="a/1.jpg", points=points),)
    laid = Annotation(layers=(Layer(id="l", kind="hand", author="ada, b", images=images),)).laid()
    assert to_csv(SCHEMA, laid, SIZES).splitlines() == [
        "image,keypoint,x,y,state,confidence,author",
        'a/1.jpg,toe,,,absent,1,"ada, b"',
        'a/1.jpg,heel,1.5,2,occluded,0.25,"ada, b"',
    ]


def test_four_columns_are_enough():
    reading = from_csv("x,y,image,keypoint\n1,2,1.jpg,Big toe\n,,2.jpg,Big toe\n", SIZES)
    assert places(reading) == {("", "a/1.jpg", "big-toe"): (1, 2, "visible")}
    assert reading.schema.keypoints[0].name == "Big toe"


def test_points_of_two_authors_are_kept_apart():
    text = "image,keypoint,x,y,author\n2.jpg,toe,1,2,ada\n2.jpg,toe,3,4,bob\n"
    reading = from_csv(text, SIZES)
    assert set(places(reading)) == {("ada", "2.jpg", "toe"), ("bob", "2.jpg", "toe")}
    layers = reading.layers("new", time=5)
    assert [(one.id, one.author, one.kind, one.time) for one in layers] == [
        ("new", "ada", "imported", 5),
        ("new-2", "bob", "imported", 5),
    ]


def test_points_of_nobody_are_whose_who_reads_them():
    (layer,) = from_csv("image,keypoint,x,y\n2.jpg,toe,1,2\n", SIZES).layers("n", author="eve")
    assert layer.author == "eve"


def test_wide_table_has_a_line_for_each_image():
    text = (
        "file,split,x0,y0,x1,y1\nimages/1.jpg,test,1,2,3,4\n2.jpg,train,,,5,6\ngone.jpg,,1,1,1,1\n"
    )
    reading = from_csv(text, SIZES)
    assert places(reading) == {
        ("", "a/1.jpg", "p0"): (1, 2, "visible"),
        ("", "a/1.jpg", "p1"): (3, 4, "visible"),
        ("", "2.jpg", "p1"): (5, 6, "visible"),
    }
    assert reading.unknown == ("gone.jpg",)


def test_wide_table_may_name_its_keypoints():
    for header in ("file,xtoe,ytoe", "file,toe_x,toe_y", "file,x_toe,y_toe"):
        reading = from_csv(f"{header}\n2.jpg,1,2\n", SIZES)
        assert places(reading) == {("", "2.jpg", "toe"): (1, 2, "visible")}


def test_numbered_keypoints_are_taken_in_the_order_of_the_session_s_schema():
    reading = from_csv("file,x0,y0,x1,y1\n2.jpg,1,2,3,4\n", SIZES, SCHEMA)
    assert (reading.schema, set(places(reading))) == (
        SCHEMA,
        {("", "2.jpg", "toe"), ("", "2.jpg", "heel")},
    )
    with pytest.raises(FormatError, match="has 1 numbered keypoints, the schema 'object' has 2"):
        from_csv("file,x0,y0\n2.jpg,1,2\n", SIZES, SCHEMA)


@pytest.mark.parametrize("schema", [None, Schema()], ids=["none", "empty"])
def test_sixty_eight_numbered_points_are_a_face_s(schema):
    header = ",".join(f"x{n},y{n}" for n in range(68))
    cells = ",".join(f"{n},{n}" for n in range(68))
    reading = from_csv(f"file,{header}\n2.jpg,{cells}\n", SIZES, schema)
    assert reading.schema == template("face-68")
    assert places(reading)["", "2.jpg", "nose-tip"] == (30, 30, "visible")


def test_numbers_in_a_long_table_are_put_in_order():
    text = "image,keypoint,x,y\n2.jpg,1,7,7\n2.jpg,0,8,8\n"
    assert places(from_csv(text, SIZES, SCHEMA))["", "2.jpg", "toe"] == (8, 8, "visible")


def test_ids_of_a_template_bring_its_edges():
    lines = "".join(f"2.jpg,{one},1,1\n" for one in template("face-5").ids)
    assert from_csv("image,keypoint,x,y\n" + lines, SIZES).schema == template("face-5")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must have a column image or file, it has no header"),
        ("name,x0,y0\na,1,2\n", "must have a column image or file, it has name, x0, y0"),
        ("file,a,b\n2.jpg,1,2\n", "must have the columns"),
        ("file,x0,y0\n2.jpg,one,2\n", "line 2: x0 must be a number, got 'one'"),
        ("file,x0,y0\n2.jpg,inf,2\n", "line 2: x0 must be a number, got 'inf'"),
        ("file,x0,y0\n2.jpg,,2\n", "line 2: x0 and y0 must both be there, or none"),
        ("file,x0,y0\n2.jpg,1,2\n2.jpg,1,2\n", r"line 3: '2\.jpg' must come once"),
        ("image,keypoint,x,y\n2.jpg,toe,1,\n", "line 2: x and y must both be there, or none"),
        (
            "image,keypoint,x,y\n2.jpg,toe,1,2\n2.jpg,toe,1,2\n",
            "line 3: the keypoint 'toe' .* must come once",
        ),
        ("image,keypoint,x,y,state\n2.jpg,toe,1,2,gone\n", "line 2: state must be one of"),
        ("image,keypoint,x,y,confidence\n2.jpg,toe,1,2,7\n", "line 2: confidence must be"),
    ],
)
def test_what_is_no_such_table_is_refused_with_the_place(text, message):
    with pytest.raises(FormatError, match=message):
        from_csv(text, SIZES)


def test_byte_order_mark_is_passed_over():
    content = "\ufefffile,x0,y0\n2.jpg,1,2\n".encode()
    assert from_bytes("csv", content, SIZES).count == 1


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_tables_of_spreadsheets_are_read(between):
    lines = [["File", " toe_x", "toe_y "], ["A\\1.JPG", "1", "2.5"], ["2", "3", "4"]]
    reading = from_csv("\r\n".join(map(between.join, lines)), SIZES)
    assert places(reading) == {
        ("", "a/1.jpg", "toe"): (1, 2.5, "visible"),
        ("", "2.jpg", "toe"): (3, 4, "visible"),
    }


@pytest.mark.parametrize(
    "box", ["box_x,box_y,box_w,box_h", "xmin,ymin,xmax,ymax", "x_b,y_b,b_width,b_height"]
)
def test_a_box_is_no_keypoint(box):
    reading = from_csv(f"file,{box},xtoe,ytoe\n2.jpg,9,9,9,9,1,2\n", SIZES)
    assert places(reading) == {("", "2.jpg", "toe"): (1, 2, "visible")}


def test_named_columns_are_none_beside_numbered_ones():
    reading = from_csv("file,x0,y0,middle_x,middle_y\n2.jpg,1,2,9,9\n", SIZES)
    assert places(reading) == {("", "2.jpg", "p0"): (1, 2, "visible")}


@pytest.mark.skipif(not HELEN.exists(), reason="needs ../shared/data, which is not part of this")
def test_table_of_true_points_is_read():
    text = HELEN.read_text(encoding="utf-8")
    lines = text.splitlines()
    first = dict(zip(lines[0].split(","), lines[1].split(","), strict=True))
    reading = from_csv(text, {line.split(",", 1)[0]: (200, 200) for line in lines[1:]})
    assert (reading.images, reading.count) == (len(lines) - 1, 68 * (len(lines) - 1))
    tip = places(reading)["", first["file"], "nose-tip"]
    assert tip == (float(first["x30"]), float(first["y30"]), "visible")
