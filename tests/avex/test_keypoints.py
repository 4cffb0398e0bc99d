"""`avex keypoints`, and keypoints from Python: marks carried to images, points in files."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest

import avex
from avex.keypoints import carry
from avex.sessions import load_session, save_session
from explorer.annotation import Annotation, ImagePoint, ImagePoints, Layer, Mark
from explorer.errors import SessionError
from explorer.keypoint_schema import Keypoint, Schema
from explorer.session import Cluster, Session
from index.photographs import Photographs

SCHEMA = Schema(
    name="disk", keypoints=(Keypoint(id="middle", name="Middle"), Keypoint(id="rim", name="Rim"))
)
NAMES = [f"{color}{n:02}.png" for n in range(24) for color in [("red", "blue", "green")[n % 3]]]


@pytest.fixture
def marked(tmp_path):
    """Return the path of a session with a mark on the average of all images, of time 7."""
    mark = Mark(cluster="main", keypoint="middle", at=(0.5, 0.5), author="ada", time=7.0)
    annotation = Annotation(schema=SCHEMA, marks=(mark,))
    path = tmp_path / "marked.json"
    save_session(Session(collection="disks", annotation=annotation), path)
    return path


@pytest.fixture
def carried(run, collection_path, marked, tmp_path):
    """Return the path of a session whose marks were carried to every image."""
    out = tmp_path / "carried.json"
    status, *_ = run("keypoints", "propagate", collection_path, "--session", marked, "--out", out)
    assert status == 0
    return out


def hand(image, **point):
    """Return a layer of one point placed by hand."""
    images = (ImagePoints(image=image, points=(ImagePoint(keypoint="middle", **point),)),)
    return Layer(id=f"hand-{image}", kind="hand", author="bob", images=images)


def with_layers(path, *layers):
    session = load_session(path)
    save_session(replace(session, annotation=replace(session.annotation, layers=layers)), path)


def test_every_image_gets_the_points_that_are_proposed(run, collection, marked, carried):
    laid = load_session(carried).annotation.laid()
    assert set(laid) == set(collection.names)
    proposed = carry(collection, load_session(marked)).proposals
    photographs = Photographs(collection)
    for number, row in enumerate(proposed.rows.tolist()):
        point = laid[collection.names[row]]["middle"].point
        there = photographs.to_original(row, proposed.points[number, 0])
        assert (point.x, point.y) == pytest.approx(there.tolist(), abs=0.01)


def test_points_are_pixels_of_the_original_photographs(carried):
    # The middle of the canvas is that of every image that is not moved: these have 128 x 96 pixels.
    laid = load_session(carried).annotation.laid()
    places = np.array([[p["middle"].point.x, p["middle"].point.y] for p in laid.values()])
    assert np.median(places, axis=0) == pytest.approx([63.5, 47.5], abs=16)


def test_carried_points_are_one_layer_of_whom_one_says(run, collection_path, marked, tmp_path):
    out = tmp_path / "out.json"
    words = ("--session", marked, "--out", out, "--author", "eve")
    status, told, _ = run("keypoints", "propagate", collection_path, *words)
    assert (status, told) == (
        0, f"{out}: 24 points of 24 images, of 24 points of 24 images that were proposed\n",
    )  # fmt: skip
    (layer,) = load_session(out).annotation.layers
    assert (layer.kind, layer.author, layer.merge) == ("accepted", "eve", "missing")
    assert (layer.clusters, layer.time) == (("main",), 7.0)


def test_same_session_gives_the_same_file(run, collection_path, marked, carried, tmp_path):
    again = tmp_path / "again.json"
    run("keypoints", "propagate", collection_path, "--session", marked, "--out", again)
    assert again.read_bytes() == carried.read_bytes()


def test_second_propagation_is_another_layer(run, collection_path, carried):
    words = ("--session", carried, "--out", carried, "--merge", "overwrite")
    assert run("keypoints", "propagate", collection_path, *words)[0] == 0
    ids = [layer.id for layer in load_session(carried).annotation.layers]
    assert ids == ["accepted-1", "accepted-2"]


def test_threshold_keeps_what_is_less_sure_out(run, collection_path, collection, marked, tmp_path):
    confidence = carry(collection, load_session(marked)).proposals.confidence[:, 0]
    threshold = float(np.median(confidence)) + 1e-3
    out = tmp_path / "out.json"
    words = ("--session", marked, "--out", out, "--threshold", threshold)
    status, *_ = run("keypoints", "propagate", collection_path, *words)
    wanted = int((confidence >= threshold).sum())
    if wanted == 0:
        assert (status, out.exists()) == (1, False)
    else:
        (layer,) = load_session(out).annotation.layers
        assert len(layer.images) == wanted


@pytest.mark.parametrize("merge", ["missing", "overwrite"])
def test_point_placed_by_hand_is_never_covered(run, collection_path, marked, merge):
    with_layers(marked, hand("red00.png", x=3, y=4))
    words = ("--session", marked, "--out", marked, "--merge", merge)
    run("keypoints", "propagate", collection_path, *words)
    laid = load_session(marked).annotation.laid()
    assert len(laid) == 24
    assert (laid["red00.png"]["middle"].point.x, laid["red00.png"]["middle"].author) == (3, "bob")


def test_session_of_another_collection_is_warned_of(run, collection_path, marked, tmp_path):
    save_session(replace(load_session(marked), collection="cups"), marked)
    words = ("--session", marked, "--out", tmp_path / "out.json")
    status, _, complaint = run("keypoints", "propagate", collection_path, *words)
    assert (status, complaint) == (
        0, "warning: the session was made on 'cups', this is 'disks'\n",
    )  # fmt: skip


def test_session_without_marks_is_refused(run, collection_path, tmp_path):
    path, out = tmp_path / "s.json", tmp_path / "out.json"
    save_session(Session(annotation=Annotation(schema=SCHEMA)), path)
    words = ("--session", path, "--out", out)
    status, _, complaint = run("keypoints", "propagate", collection_path, *words)
    assert (status, out.exists()) == (1, False)
    assert "place points on an average first" in complaint


@pytest.mark.parametrize("ending", [".json", ".zip", ".csv"])
def test_exported_points_are_imported_again(run, collection_path, carried, tmp_path, ending):
    file, out = tmp_path / f"points{ending}", tmp_path / "back.json"
    exported = run("keypoints", "export", collection_path, "--session", carried, "--out", file)
    assert exported == (0, f"{file}: 24 points of 24 images\n", "")
    imported = run("keypoints", "import", collection_path, file, "--out", out)
    assert (imported[0], imported[2]) == (0, "")
    meant, found = (load_session(path).annotation for path in (carried, out))
    assert [layer.kind for layer in found.layers] == ["imported"]
    there, here = meant.laid(), found.laid()
    assert set(there) == set(here)
    for name, points in there.items():
        point, mine = points["middle"].point, here[name]["middle"].point
        assert (mine.x, mine.y) == pytest.approx((point.x, point.y), abs=0.01)
        assert mine.confidence == pytest.approx(point.confidence, abs=1e-3)


def test_export_takes_sure_points_and_those_placed_by_hand(run, collection_path, marked, tmp_path):
    file = tmp_path / "points.csv"
    sure = ImagePoints(image="red00.png", points=(ImagePoint(keypoint="rim", confidence=0.6),))
    unsure = ImagePoints(image="red03.png", points=(ImagePoint(keypoint="rim", confidence=0.5),))
    layers = Layer(id="a", kind="accepted", images=(sure, unsure))
    with_layers(marked, layers, hand("red06.png", confidence=0.1))
    words = ("--session", marked, "--out", file, "--threshold", 0.6)
    assert run("keypoints", "export", collection_path, *words)[0] == 0
    with file.open(newline="") as lines:
        images = sorted(line["image"] for line in csv.DictReader(lines))
    assert images == ["red00.png", "red06.png"]


def test_export_of_one_author_has_that_author_s_points(run, collection_path, carried, tmp_path):
    session = load_session(carried)
    with_layers(carried, *session.annotation.layers, hand("red00.png", x=3, y=4))
    file = tmp_path / "points.csv"
    words = ("--session", carried, "--out", file, "--author", "bob")
    assert run("keypoints", "export", collection_path, *words)[1] == f"{file}: 1 point of 1 image\n"


def test_images_that_the_collection_lacks_are_named(run, collection_path, marked, tmp_path):
    with_layers(marked, hand("gone.png"), hand("red00.png"))
    file, out = tmp_path / "points.json", tmp_path / "out.json"
    words = ("--session", marked, "--out", file)
    _, told, complaint = run("keypoints", "export", collection_path, *words)
    assert told == f"{file}: 1 point of 1 image\n"
    assert complaint == "left out: 1 image that the collection does not have: gone.png\n"
    data = json.loads(file.read_text())
    data["images"].append(data["images"][0] | {"id": 99, "file_name": "other.png"})
    data["annotations"].append(data["annotations"][0] | {"id": 99, "image_id": 99})
    file.write_text(json.dumps(data))
    status, _, complaint = run("keypoints", "import", collection_path, file, "--out", out)
    assert (status, complaint) == (
        0, "warning: 1 image of the file not in the collection: other.png\n",
    )  # fmt: skip


def test_imported_points_lie_on_those_of_the_session(run, collection_path, marked, tmp_path):
    file = tmp_path / "points.csv"
    file.write_text("image,keypoint,x,y,author\nred00.png,rim,1,2,eve\nred00.png,middle,3,4,\n")
    words = ("--session", marked, "--out", marked, "--author", "ada")
    status, told, _ = run("keypoints", "import", collection_path, file, *words)
    assert (status, told) == (0, f"{marked}: 2 points of 1 image, schema 'disk'\n")
    session = load_session(marked)
    assert (session.annotation.schema, len(session.annotation.marks)) == (SCHEMA, 1)
    laid = session.annotation.laid()["red00.png"]
    assert {one: point.author for one, point in laid.items()} == {"rim": "eve", "middle": "ada"}


def test_template_names_numbered_points(run, collection_path, tmp_path):
    file, out = tmp_path / "points.csv", tmp_path / "out.json"
    header = ",".join(f"x{n},y{n}" for n in range(5))
    file.write_text(f"file,{header}\nred00.png,{','.join(['1'] * 10)}\n")
    run("keypoints", "import", collection_path, file, "--out", out, "--template", "face-5")
    assert set(load_session(out).annotation.laid()["red00.png"]) >= {"eye-left", "nose-tip"}
    words = ("--session", out, "--out", out, "--template", "coco-person")
    status, _, complaint = run("keypoints", "import", collection_path, file, *words)
    assert (status, "has a schema already" in complaint) == (1, True)


def test_file_of_other_images_is_refused(run, collection_path, tmp_path):
    file, out = tmp_path / "points.csv", tmp_path / "out.json"
    file.write_text("image,keypoint,x,y\ngone.png,rim,1,2\n")
    status, _, complaint = run("keypoints", "import", collection_path, file, "--out", out)
    assert (status, out.exists()) == (1, False)
    assert "no point of the collection's images; 1 image of the file not in" in complaint


def test_ending_of_no_format_is_refused(run, collection_path, carried, tmp_path):
    words = ("--session", carried, "--out", tmp_path / "points.txt")
    status, _, complaint = run("keypoints", "export", collection_path, *words)
    assert (status, "--format must be coco, yolo, csv" in complaint) == (1, True)


def test_marks_are_placed_moved_and_taken_away_from_python(collection):
    session = avex.Session(collection, author="ada").use_schema("face-5")
    session.mark("nose-tip", 0.5, 0.6).mark("nose-tip", 0.4, 0.6)
    assert [mark.at for mark in session.value.annotation.marks] == [(0.4, 0.6)]
    assert session.undo().value.annotation.marks[0].at == (0.5, 0.6)
    assert session.unmark("nose-tip").value.annotation.marks == ()
    with pytest.raises(SessionError, match=r"the schema's keypoints are eye-left, .* got 'tail'"):
        session.mark("tail", 0.5, 0.5)
    with pytest.raises(SessionError, match="must lie on the canvas"):
        session.mark("nose-tip", 1.5, 0.5)


def test_marks_are_carried_and_accepted_from_python(collection, tmp_path):
    session = avex.Session(collection, author="ada").use_schema(SCHEMA).mark("rim", 0.4, 0.5)
    proposed = session.propagate()
    assert sorted(image.name for image in proposed) == sorted(NAMES)
    assert [image.confidence for image in proposed] == sorted(i.confidence for i in proposed)
    assert session.points() == {}
    x, y, confidence = proposed[0].points["rim"]
    point = session.accept().points()[proposed[0].name]["rim"]
    assert (point.x, point.y, point.confidence) == pytest.approx((x, y, confidence), abs=0.01)
    session.export_points(tmp_path / "points.json")
    other = avex.Session(collection, author="bob")
    assert other.import_points(tmp_path / "points.json") == ()
    assert other.points() == session.points()
    assert other.points("bob") == {}
    assert session.undo().points() == {}


def test_accepting_carries_what_is_marked_now(collection):
    session = avex.Session(collection).use_schema(SCHEMA).mark("rim", 0.4, 0.5)
    session.propagate()
    session.mark("middle", 0.5, 0.5).accept()
    assert {keypoint for points in session.points().values() for keypoint in points} == {
        "rim", "middle",
    }  # fmt: skip


def test_clusters_that_are_not_asked_for_get_no_points(collection):
    red = Cluster(id="red", name="Red")
    session = avex.Session(collection, Session(clusters=(Cluster(), red))).use_schema(SCHEMA)
    session.mark("rim", 0.4, 0.5).look_at("red").mark("rim", 0.6, 0.5)
    both = {image.name for image in session.propagate()}
    only = {image.name for image in session.propagate(["red"])}
    assert only <= both == set(NAMES)
