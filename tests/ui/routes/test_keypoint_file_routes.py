"""`ui.routes.keypoint_file_routes`: keypoints taken home as files, and brought."""

import io
import json
import zipfile

import numpy as np
import pytest

from explorer.keypoint_schema import Schema
from tests.ui.marking import SCHEMA, URL, accept, operate, place, propagated
from ui.wire.operations import SetSchema, Undo

LINES = ("image,keypoint,x,y,state,confidence,author", "grey/1.png,left,30,40,occluded,1,")


def bring(client, text, kind="csv", **query):
    query = {"format": kind, "author": "ann"} | query
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(f"{URL}/import", params=query, content=content)


def table(*lines):
    return "\n".join((LINES[0], *lines))


def annotation(client):
    return client.app.state.services.hub.room("shoes").state.session.annotation


@pytest.fixture
def placed(marked, propagator):
    """Left was accepted in six images, three with confidence 0.9; tip and right were placed."""
    propagator.confidence[:, 0] = np.where(np.arange(6) < 3, 0.9, 0.3)
    propagated(marked)
    accept(marked, keypoints=["left"])
    place(marked, 2, "tip", (30.25, 50.5), state="occluded")
    place(marked, 3, "right", (3, 5))
    return marked


@pytest.mark.parametrize("kind", ["coco", "yolo", "csv"])
def test_points_come_back_as_they_were(placed, kind):
    before = annotation(placed).laid()
    taken = placed.get(f"{URL}/export?format={kind}")
    assert taken.status_code == 200
    operate(placed, SetSchema(schema_=Schema()))
    answer = bring(placed, taken.content, kind).json()
    assert (answer["images"], answer["points"], answer["warnings"]) == (6, 8, [])
    after = annotation(placed)
    assert set(after.schema.ids) == set(SCHEMA.ids)
    assert {
        (image, name): laid.point
        for image, points in after.laid().items()
        for name, laid in points.items()
    } == {
        (image, name): laid.point
        for image, points in before.items()
        for name, laid in points.items()
    }


def test_file_has_the_collection_s_name_and_the_format_s_ending(placed):
    endings = {"coco": "json", "yolo": "zip", "csv": "csv"}
    for kind, ending in endings.items():
        headers = placed.get(f"{URL}/export?format={kind}").headers
        assert headers["content-disposition"] == f'attachment; filename="shoes-keypoints.{ending}"'


def test_unsure_points_can_be_left_out_but_none_that_was_placed_by_hand(placed):
    lines = placed.get(f"{URL}/export?format=csv&threshold=0.95").text.splitlines()
    assert [line.split(",")[:2] for line in lines[1:]] == [
        ["grey/2.png", "tip"],
        ["grey/3.png", "right"],
    ]
    assert len(placed.get(f"{URL}/export?format=csv&threshold=0.5").text.splitlines()) == 6


def test_nothing_can_be_taken_without_a_schema(client):
    answer = client.get(f"{URL}/export")
    assert (answer.status_code, "choose a schema first" in answer.json()["error"]) == (409, True)


def test_file_becomes_a_layer_that_is_undone_by_who_brought_it(marked):
    answer = bring(marked, table(LINES[1]), op_id="o1").json()
    assert answer == {
        "layer": "imported-o1",
        "layers": ["imported-o1"],
        "images": 1,
        "points": 1,
        "schema": "object",
        "unknown": [],
        "warnings": [],
    }
    [layer] = annotation(marked).layers
    assert (layer.kind, layer.author, layer.merge) == ("imported", "ann", "overwrite")
    bring(marked, table(LINES[1]), op_id="o1")
    assert len(annotation(marked).layers) == 1
    operate(marked, Undo())
    assert annotation(marked).layers == ()


def test_authors_that_a_file_names_stay_theirs(marked):
    lines = "grey/1.png,left,30,40,visible,1,bob", "grey/1.png,left,31,40,visible,1,eve"
    bring(marked, table(*lines))
    assert [layer.author for layer in annotation(marked).layers] == ["bob", "eve"]
    agreement = marked.get(f"{URL}/agreement?a=bob&b=eve").json()
    assert (agreement["points"], agreement["mean_px"]) == (1, 1)


def test_image_that_the_collection_lacks_is_told(marked):
    answer = bring(marked, table(LINES[1], "boots/7.png,left,1,1,visible,1,")).json()
    assert (answer["images"], answer["unknown"]) == (1, ["boots/7.png"])


@pytest.mark.parametrize(
    ("content", "kind", "status", "words"),
    [
        (table("boots/7.png,left,1,1,visible,1,"), "csv", 409, "no point of an image"),
        (table("grey/1.png,toe,1,1,visible,1,"), "csv", 422, "toe"),
        ("a,b\n1,2\n", "csv", 422, "column"),
        ("{", "coco", 422, "JSON"),
        ("{", "yolo", 422, "zip"),
        ("{", "xml", 422, "format"),
    ],
)
def test_wrong_file_is_refused_and_changes_nothing(marked, content, kind, status, words):
    before = annotation(marked)
    answer = bring(marked, content, kind)
    assert (answer.status_code, words in answer.json()["error"]) == (status, True)
    assert annotation(marked) is before


def test_yolo_file_is_a_zip_and_coco_is_json(placed):
    packed = zipfile.ZipFile(io.BytesIO(placed.get(f"{URL}/export?format=yolo").content))
    assert "data.yaml" in packed.namelist()
    data = json.loads(placed.get(f"{URL}/export?format=coco").content)
    assert data["annotations"][2]["num_keypoints"] == 2
