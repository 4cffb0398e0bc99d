"""Keypoints as YOLO-pose: its files, what other tools write, and what is refused."""

import io
import zipfile

import pytest
import yaml

from explorer.annotation import Annotation, ImagePoint, ImagePoints, Layer
from explorer.errors import FormatError
from explorer.keypoint_schema import Keypoint, Schema
from explorer.keypoint_templates import template
from explorer.keypoints.formats.files import from_bytes, unzipped, zipped
from explorer.keypoints.formats.yolo import from_yolo, to_yolo
from explorer.keypoints.formats.yolo_schema import schema_from_yaml, schema_to_yaml

SIZES = {"a/1.jpg": (100, 200), "2.jpg": (100, 200), "x/images/3.jpg": (100, 200)}
SCHEMA = Schema(
    name="shoe",
    keypoints=(Keypoint(id="left", name="Left"), Keypoint(id="right", name="Right")),
    pairs=(("left", "right"),),
)
DATA = "kpt_shape: [2, 3]\nnames: [shoe]\n"


def files_of(**images):
    said = tuple(ImagePoints(image=image, points=tuple(points)) for image, points in images.items())
    laid = Annotation(layers=(Layer(id="l", kind="hand", author="ada", images=said),)).laid()
    return to_yolo(SCHEMA, laid, SIZES)


def left(x, y, **more):
    return ImagePoint(keypoint="left", x=x, y=y, **more)


def numbers(text):
    return [float(word) for word in text.split()]


def places(reading):
    return {
        (image.image, point.keypoint): (
            pytest.approx(point.x, abs=1e-4),
            pytest.approx(point.y, abs=1e-4),
            point.state,
        )
        for images in reading.points.values()
        for image in images
        for point in image.points
    }


def test_shares_count_from_the_corner_of_the_first_pixel():
    # The middle of the photograph lies between pixels 99 and 100, and 49 and 50.
    files = files_of(**{"2.jpg": [left(99.5, 49.5)]})
    assert numbers(files["labels/2.txt"])[5:] == [0.5, 0.5, 2, 0, 0, 0]


def test_box_is_the_middle_and_the_sides_of_the_pixels_with_points():
    # Pixels 0 to 99 and 0 to 24: half the width, a quarter of the height.
    points = [left(0, 0), ImagePoint(keypoint="right", x=99, y=24, state="occluded")]
    words = numbers(files_of(**{"2.jpg": points})["labels/2.txt"])
    assert words[:5] == [0, 0.25, 0.125, 0.5, 0.25]
    assert words[7::3] == [2, 1]


def test_point_beside_the_photograph_is_not_among_the_shares():
    # Readers throw a whole image away for one share above 1. The table has the point.
    files = files_of(**{"2.jpg": [left(199.6, 5), ImagePoint(keypoint="right", x=199.5, y=5)]})
    assert numbers(files["labels/2.txt"])[5:8] == [0, 0, 0]
    assert numbers(files["labels/2.txt"])[8] == 1
    assert places(from_yolo(files, SIZES))["2.jpg", "left"] == (199.6, 5, "visible")


def test_labels_lie_where_readers_look_for_them():
    # Ultralytics puts "labels" for the last folder "images" of an image's path.
    files = files_of(**{name: [left(1, 1)] for name in SIZES})
    assert files["images.txt"].split() == [
        "./images/a/1.jpg",
        "./images/2.jpg",
        "./x/images/3.jpg",
    ]
    labels = [path for path in files if path.endswith(".txt") and path != "images.txt"]
    assert labels == ["labels/a/1.txt", "labels/2.txt", "x/labels/3.txt"]


def test_photographs_that_differ_in_their_ending_alone_are_refused():
    said = tuple(ImagePoints(image=name, points=(left(1, 1),)) for name in ("a.jpg", "a.png"))
    laid = Annotation(layers=(Layer(id="l", kind="hand", images=said),)).laid()
    with pytest.raises(FormatError, match=r"'a\.png' is there twice"):
        to_yolo(SCHEMA, laid, {"a.jpg": (9, 9), "a.png": (9, 9)})


def test_yaml_says_how_many_keypoints_there_are_and_which_change_places():
    data = yaml.safe_load(schema_to_yaml(template("face-5")))
    assert data["kpt_shape"] == [5, 3]
    assert data["flip_idx"] == [1, 0, 2, 4, 3]
    assert data["names"] == {0: "face"}
    # CVAT's reader takes every other key for a part of the set; no path means the file's folder.
    assert set(data) == {"train", "val", "names", "kpt_shape", "flip_idx"}


def test_yaml_of_another_tool_gives_pairs_by_its_flips():
    schema = schema_from_yaml("kpt_shape: [3, 3]\nflip_idx: [2, 1, 0]\n")
    assert (schema.ids, schema.pairs) == (("p0", "p1", "p2"), (("p0", "p2"),))


def test_yaml_of_another_tool_may_name_the_keypoints():
    text = "kpt_shape: [2, 3]\nnames: [dog]\nkpt_names: {0: [left ear, right ear]}\n"
    schema = schema_from_yaml(text)
    assert (schema.name, schema.ids) == ("dog", ("left-ear", "right-ear"))
    assert schema.pairs == (("left-ear", "right-ear"),)


@pytest.mark.parametrize("flips", ["[1, 2, 0]", "[0, 0, 0]", "[0, 1]", "x"])
def test_flips_that_are_none_give_no_pair(flips):
    assert schema_from_yaml(f"kpt_shape: [3, 3]\nflip_idx: {flips}\n").pairs == ()


def test_sixty_eight_unnamed_points_are_a_face_s():
    flips = yaml.safe_load(schema_to_yaml(template("face-68")))["flip_idx"]
    text = yaml.safe_dump({"kpt_shape": [68, 3], "flip_idx": flips})
    assert schema_from_yaml(text) == template("face-68")


@pytest.mark.parametrize(
    "text",
    ["", "kpt_shape: 3", "kpt_shape: []", "a: [", "kpt_shape: [0, 3]", "kpt_shape: [9999999, 3]"],
)
def test_yaml_without_a_number_of_keypoints_is_refused(text):
    with pytest.raises(FormatError, match=r"data\.yaml must"):
        schema_from_yaml(text)


def test_files_of_another_tool_are_read():
    files = {
        "pose/data.yaml": DATA,
        "pose/labels/train/1.txt": "0 .5 .5 1 1 .5 .5 2 .25 .5 1\n\n",
        "pose/labels/train/gone.txt": "0 .5 .5 1 1 .5 .5 2 .25 .5 1",
    }
    reading = from_yolo(files, SIZES)
    assert places(reading) == {
        ("a/1.jpg", "p0"): (99.5, 49.5, "visible"),
        ("a/1.jpg", "p1"): (49.5, 49.5, "occluded"),
    }
    assert reading.unknown == ("pose/labels/train/gone.txt",)


def test_points_without_a_flag_are_there_unless_they_lie_in_the_corner():
    files = {"data.yaml": "kpt_shape: [2, 2]", "labels/2.txt": "0 .5 .5 1 1 .5 .5 0 0"}
    assert places(from_yolo(files, SIZES)) == {("2.jpg", "p0"): (99.5, 49.5, "visible")}


def test_of_several_lines_the_fullest_is_read_and_a_note_says_so():
    files = {
        "data.yaml": DATA,
        "labels/2.txt": "0 .5 .5 1 1 .9 .9 2 0 0 0\n0 .5 .5 .1 .1 .5 .5 2 .25 .5 1\n",
    }
    reading = from_yolo(files, SIZES)
    assert places(reading)["2.jpg", "p0"] == (99.5, 49.5, "visible")
    assert "1 images have several lines" in reading.warnings()[0]


def test_names_of_another_number_of_keypoints_are_not_believed():
    files = files_of(**{"2.jpg": [left(10, 10)]})
    files |= {"data.yaml": "kpt_shape: [1, 3]", "labels/2.txt": "0 .5 .5 1 1 .5 .5 2"}
    del files["average-explorer.csv"]
    assert from_yolo(files, SIZES).schema.ids == ("p0",)


def test_point_that_another_tool_moved_or_took_away_is_as_that_tool_has_it():
    files = files_of(
        **{"2.jpg": [left(10, 10, confidence=0.5), ImagePoint(keypoint="right", x=20, y=20)]}
    )
    kept = from_yolo(files, SIZES)
    assert set(kept.points) == {"ada"}
    files["labels/2.txt"] = "0 .5 .5 1 1 .5 .5 2 0 0 0\n"
    moved = from_yolo(files, SIZES)
    assert places(moved) == {("2.jpg", "left"): (99.5, 49.5, "visible")}
    (point,) = moved.points[""][0].points
    assert point.confidence == 1


@pytest.mark.parametrize(
    "line", ["0 .5 .5 1 1 .5 .5 2", "0 .5 .5 1 1 50 50 2 3 3 2", "0 .5 .5 1 1", "0 a b"], ids=str
)
def test_line_with_another_number_of_keypoints_is_refused(line):
    files = {"data.yaml": DATA, "labels/2.txt": f"0 .5 .5 1 1 0 0 0 0 0 0\n{line}\n"}
    with pytest.raises(FormatError, match=r"labels/2\.txt, line 2: must"):
        from_yolo(files, SIZES)


def test_set_without_yaml_or_labels_is_refused():
    with pytest.raises(
        FormatError, match=r"must be a data\.yaml, there is none among labels/2\.txt"
    ):
        from_yolo({"labels/2.txt": ""}, SIZES)
    with pytest.raises(FormatError, match="below a folder labels"):
        from_yolo({"data.yaml": DATA, "2.txt": ""}, SIZES)


def test_zip_has_texts_alone():
    content = zipped({"labels/2.txt": "ä", "images/2.jpg": "picture"})
    assert unzipped(content) == {"labels/2.txt": "ä"}


def test_zip_does_not_tell_when_it_was_made():
    with zipfile.ZipFile(io.BytesIO(zipped({"a.txt": ""}))) as archive:
        assert archive.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


def test_what_is_no_zip_is_refused():
    with pytest.raises(FormatError, match="must be a zip"):
        from_bytes("yolo", b"PK nothing", SIZES)
