"""Keypoints as COCO: what the format asks for, what other tools write, and what is refused."""

import copy
import json

import pytest

from explorer.annotation import Annotation, ImagePoint, ImagePoints, Layer
from explorer.errors import FormatError
from explorer.keypoint_schema import Keypoint, Schema
from explorer.keypoint_templates import template
from explorer.keypoints.formats.coco import (
    from_coco,
    schema_from_category,
    schema_to_category,
    to_coco,
)
from explorer.keypoints.formats.files import from_bytes, zipped

SIZES = {"a/1.jpg": (100, 200), "2.jpg": (100, 200)}
SCHEMA = Schema(
    name="shoe",
    keypoints=(
        Keypoint(id="toe", name="Toe"),
        Keypoint(id="heel", name="Heel", color="#ff0000"),
        Keypoint(id="top", name="Top"),
    ),
    edges=(("heel", "toe"),),
)


def laid(**images):
    """Return points as they are laid, by image."""
    said = tuple(ImagePoints(image=image, points=tuple(points)) for image, points in images.items())
    return Annotation(layers=(Layer(id="l", kind="hand", author="ada", images=said),)).laid()


def one_image(*points):
    return to_coco(SCHEMA, laid(**{"a/1.jpg": points}), SIZES)


def foreign(**changes):
    """Return a file as another tool writes it: no key of ours."""
    data = {
        "images": [{"id": 7, "file_name": "1.jpg", "width": 200, "height": 100}],
        "annotations": [
            {"id": 1, "image_id": 7, "category_id": 3, "area": 5,
             "keypoints": [10, 20, 2, 30.5, 40, 1, 0, 0, 0]},
        ],
        "categories": [
            {"id": 3, "name": "shoe", "keypoints": ["Toe", "Heel", "Top"], "skeleton": [[1, 3]]}
        ],
    }  # fmt: skip
    return data | changes


def places(reading):
    """Return (x, y, state) by image and keypoint."""
    return {
        (image.image, point.keypoint): (point.x, point.y, point.state)
        for images in reading.points.values()
        for image in images
        for point in image.points
    }


def test_hidden_points_count_and_absent_and_missing_ones_do_not():
    data = one_image(
        ImagePoint(keypoint="toe", x=10, y=20),
        ImagePoint(keypoint="heel", x=30, y=40, state="occluded"),
        ImagePoint(keypoint="top", state="absent"),
    )
    (annotation,) = data["annotations"]
    assert annotation["keypoints"] == [10, 20, 2, 30, 40, 1, 0, 0, 0]
    assert annotation["num_keypoints"] == 2


def test_box_is_that_of_the_pixels_with_points():
    # Pixels 10 to 30 and 20 to 40 are 21 wide and high.
    data = one_image(
        ImagePoint(keypoint="toe", x=10, y=20), ImagePoint(keypoint="heel", x=30, y=40)
    )
    (annotation,) = data["annotations"]
    assert (annotation["bbox"], annotation["area"]) == ([10, 20, 21, 21], 441)


@pytest.mark.parametrize(
    ("points", "box"),
    [
        ([ImagePoint(keypoint="toe", state="absent")], [0, 0, 200, 100]),
        ([ImagePoint(keypoint="toe", x=-30, y=5)], [0, 0, 200, 100]),
        (
            [ImagePoint(keypoint="toe", x=-30, y=5), ImagePoint(keypoint="top", x=9, y=300)],
            [0, 5, 10, 95],
        ),
    ],
    ids=["absent", "beside", "partly beside"],
)
def test_box_lies_in_the_image(points, box):
    assert one_image(*points)["annotations"][0]["bbox"] == box


def test_only_images_with_points_are_written():
    data = one_image(ImagePoint(keypoint="toe", x=1, y=1))
    assert [image["file_name"] for image in data["images"]] == ["a/1.jpg"]


def test_every_field_that_strict_readers_ask_for_is_there():
    # pycocotools asks for the first, CVAT's reader for iscrowd, bbox and segmentation as well.
    data = one_image(ImagePoint(keypoint="toe", x=1, y=1))
    fields = {"id", "image_id", "category_id", "area", "bbox", "iscrowd", "segmentation"}
    assert fields | {"keypoints", "num_keypoints"} <= set(data["annotations"][0])
    assert {"id", "file_name", "width", "height"} <= set(data["images"][0])
    assert {"id", "name", "supercategory", "keypoints", "skeleton"} <= set(data["categories"][0])
    assert {"info", "licenses"} <= set(data)


def test_skeleton_counts_from_one():
    assert schema_to_category(SCHEMA)["skeleton"] == [[2, 1]]


def test_keypoints_of_one_name_are_told_apart():
    twins = Schema(keypoints=(Keypoint(id="a", name="Eye"), Keypoint(id="b", name="Eye")))
    assert schema_to_category(twins)["keypoints"] == ["Eye (a)", "Eye (b)"]


def test_person_of_the_template_is_coco_s_person():
    category = schema_to_category(template("coco-person"))
    assert category["keypoints"][:3] == ["nose", "left_eye", "right_eye"]
    # COCO's own skeleton begins with the left leg, counted from 1.
    assert category["skeleton"][:2] == [[16, 14], [14, 12]]
    assert schema_from_category(category) == template("coco-person")


def test_category_of_another_tool_gets_ids_pairs_and_edges():
    schema = schema_from_category(
        {"name": "cat", "keypoints": ["Left Ear", "Right Ear", "Nose"], "skeleton": [[1, 3]]}
    )
    assert schema.ids == ("left-ear", "right-ear", "nose")
    assert schema.pairs == (("left-ear", "right-ear"),)
    assert schema.edges == (("left-ear", "nose"),)


@pytest.mark.parametrize(
    "edge", [[0, 1], [1, 1], [1, 4], [1], [1, 2, 3], "12", [1.5, 2], None], ids=str
)
def test_edge_that_joins_no_two_keypoints_is_refused(edge):
    category = {"name": "cat", "keypoints": ["a", "b", "c"], "skeleton": [edge]}
    with pytest.raises(FormatError, match="skeleton must join two different keypoints, 1 to 3"):
        schema_from_category(category)


def test_file_of_another_tool_is_read():
    reading = from_coco(foreign(), SIZES)
    assert places(reading) == {
        ("a/1.jpg", "toe"): (10, 20, "visible"),
        ("a/1.jpg", "heel"): (30.5, 40, "occluded"),
    }
    assert (reading.schema.name, list(reading.points), reading.warnings()) == ("shoe", [""], ())


def test_session_s_schema_is_kept_and_keypoints_are_known_by_their_names():
    mine = Schema(
        keypoints=tuple(
            Keypoint(id=f"k{n}", name=name) for n, name in enumerate(["Top", "Toe", "Heel"])
        )
    )
    reading = from_coco(foreign(), SIZES, mine)
    assert reading.schema == mine
    assert places(reading) == {
        ("a/1.jpg", "k1"): (10, 20, "visible"),
        ("a/1.jpg", "k2"): (30.5, 40, "occluded"),
    }


def test_keypoint_that_the_session_s_schema_lacks_is_refused():
    mine = Schema(name="boot", keypoints=(Keypoint(id="toe", name="Toe"),))
    with pytest.raises(FormatError, match=r"'boot' does not have: Heel, Top \(2 of 3\)"):
        from_coco(foreign(), SIZES, mine)


def test_numbered_keypoints_are_taken_in_order():
    data = foreign()
    data["categories"][0]["keypoints"] = ["0", "1", "2"]
    assert ("a/1.jpg", "heel") in places(from_coco(data, SIZES, SCHEMA))


def test_category_without_names_has_numbered_keypoints():
    # So FiftyOne writes them.
    data = foreign(categories=[{"id": 3, "name": "shoe"}, {"id": 4, "name": "cat"}])
    assert from_coco(data, SIZES).schema.ids == ("p0", "p1", "p2")
    assert ("a/1.jpg", "heel") in places(from_coco(data, SIZES, SCHEMA))


def test_another_number_of_keypoints_is_refused():
    data = foreign()
    data["annotations"].append(copy.deepcopy(data["annotations"][0]) | {"keypoints": [1, 2, 2]})
    with pytest.raises(
        FormatError, match=r"annotations\[1\]\.keypoints must be x, y, v for each of the 3"
    ):
        from_coco(data, SIZES)


def test_images_that_are_not_there_are_counted_and_named():
    data = foreign()
    data["images"][0]["file_name"] = "gone.jpg"
    reading = from_coco(data, SIZES)
    assert (reading.unknown, reading.images) == (("gone.jpg",), 0)
    assert reading.warnings() == ("1 image of the file not in the collection: gone.jpg",)


def test_of_several_annotations_the_fullest_is_read_and_a_note_says_so():
    data = foreign()
    fuller = {"id": 2, "image_id": 7, "category_id": 3, "area": 1,
              "keypoints": [1, 1, 2, 2, 2, 2, 3, 3, 2]}  # fmt: skip
    data["annotations"].append(fuller)
    reading = from_coco(data, SIZES)
    assert places(reading)["a/1.jpg", "toe"] == (1, 1, "visible")
    assert "several annotations" in reading.warnings()[0]


def test_of_equally_full_annotations_the_largest_is_read():
    data = foreign()
    larger = copy.deepcopy(data["annotations"][0]) | {"area": 9}
    larger["keypoints"][0] = 77
    data["annotations"].append(larger)
    assert places(from_coco(data, SIZES))["a/1.jpg", "toe"] == (77, 20, "visible")


def test_of_several_categories_the_most_used_is_read_and_a_note_says_so():
    data = foreign()
    data["categories"].append({"id": 4, "name": "cat", "keypoints": ["Nose"], "skeleton": []})
    data["images"].append({"id": 8, "file_name": "2.jpg"})
    data["annotations"] += [
        {"id": 2, "image_id": image, "category_id": 4, "keypoints": [1, 1, 2]} for image in (7, 8)
    ]
    reading = from_coco(data, SIZES)
    assert reading.schema.ids == ("nose",)
    assert reading.warnings() == ("only keypoints of 'cat' were read, not of shoe",)


def test_points_of_a_smaller_copy_are_scaled_by_the_borders_of_pixels():
    # The copy has half the size: its pixel 10 covers 20 and 21, of which the middle is 20.5.
    data = foreign()
    data["images"][0] |= {"width": 100, "height": 50}
    assert places(from_coco(data, SIZES))["a/1.jpg", "toe"] == (20.5, 40.5, "visible")


def test_image_of_another_shape_is_left_out():
    data = foreign()
    data["images"][0] |= {"width": 100, "height": 200}
    assert from_coco(data, SIZES).unknown == ("1.jpg",)


def test_point_that_another_tool_hid_or_placed_is_as_it_has_it():
    data = one_image(
        ImagePoint(keypoint="toe", x=10, y=20), ImagePoint(keypoint="top", state="absent")
    )
    data["annotations"][0]["keypoints"] = [0, 0, 0, 0, 0, 0, 5, 6, 2]
    assert places(from_coco(data, SIZES)) == {("a/1.jpg", "top"): (5, 6, "visible")}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "the file must be an object, got list"),
        ({}, "images must be a list, got NoneType"),
        (foreign(annotations=[3]), r"annotations\[0\] must be an object"),
        (foreign(annotations=[{"image_id": 7}]), r"annotations\[0\]\.category_id must be a number"),
        (foreign(images=[{"id": 7}]), r"images\[0\]\.file_name must be a text, got None"),
        (foreign(images=[]), r"annotations\[0\]\.image_id must be one of the images, got 7"),
        (foreign(categories=[{"id": 4, "name": "x"}]), "must have one with keypoints, none has"),
    ],
    ids=["list", "empty", "number", "category", "name", "image", "no keypoints"],
)
def test_what_is_no_such_file_is_refused_with_the_place(data, message):
    with pytest.raises(FormatError, match=message):
        from_coco(data, SIZES)


def test_coordinate_that_is_no_number_is_refused():
    data = foreign()
    data["annotations"][0]["keypoints"][1] = float("nan")
    with pytest.raises(FormatError, match=r"keypoints\[1\] must be a finite number, got nan"):
        from_coco(data, SIZES)


def test_zip_of_cvat_is_read():
    path = "annotations/person_keypoints_default.json"
    content = zipped({path: json.dumps(foreign()), "annotations/other.json": "{}"})
    # By its ending it could be YOLO's.
    assert [from_bytes(kind, content, SIZES).count for kind in ("coco", "yolo")] == [2, 2]
    twice = zipped({path: "{}", "annotations/person_keypoints_train.json": "{}"})
    with pytest.raises(FormatError, match="one JSON file of keypoints, it has annotations/person"):
        from_bytes("coco", twice, SIZES)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000], ids=range(4))
def test_what_is_no_json_is_refused(content):
    with pytest.raises(FormatError, match="the file must be"):
        from_bytes("coco", content, SIZES)
