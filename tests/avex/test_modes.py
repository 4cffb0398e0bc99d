"""`avex modes`, and modes in a notebook."""

import csv
import json
from dataclasses import fields

import cv2
import numpy as np
import pytest

import avex
from avex.modes import finder_of, parse_point
from avex.sessions import load_session, save_session
from explorer.engine import Engine
from explorer.modes.spots import Spot
from explorer.modes.values import SpotModes
from explorer.session import Cluster
from precompute.build import build
from precompute.options import BuildOptions

MIDDLE = ("--at", ".5,.5", "--size", 32)
COLORS = ("red", "blue", "green")
SHARED = 8
"""So many disks have each color: a third of them."""


class ColorFinder:
    """Finds one mode a color, everywhere: the disks of that color, of scores from 1 to 0.3."""

    def __init__(self, collection):
        rows = [
            sorted(collection.image_id(name) for name in collection.names if name.startswith(color))
            for color in COLORS
        ]
        self.images = np.int32(rows)

    def find(self, spot):
        best = np.zeros(self.images.size, np.int32)
        for mode, rows in enumerate(self.images):
            best[rows] = mode
        return SpotModes(
            spot=spot,
            seeds=self.images[:, 0],
            inliers=np.float32([0.9, 0.8, 0.7]),
            starts=np.int32([0, 8, 16, 24]),
            images=self.images.ravel(),
            scores=np.tile(np.linspace(1, 0.3, SHARED, dtype=np.float32), 3),
            places=np.zeros((24, 2), np.int32),
            scales=np.ones(24, np.float32),
            best=best,
        )


@pytest.fixture(autouse=True)
def color_finder(monkeypatch):
    monkeypatch.setattr("avex.modes.finder_of", ColorFinder)
    monkeypatch.setattr("avex.notebook_state.finder_of", ColorFinder)


@pytest.fixture
def told(run, collection_path):
    """Run `avex modes` on the middle of the disks; return what it told in JSON."""

    def asked(*words):
        status, out, complaints = run("modes", collection_path, *MIDDLE, *words, "--json")
        assert (status, complaints) == (0, "")
        return json.loads(out)

    return asked


def test_modes_of_a_cluster_are_of_what_the_others_leave_it(told, collection, reds, tmp_path):
    two = load_session(reds).add_cluster(Cluster(id="other"))
    save_session(two, tmp_path / "two.json")
    words = ("--session", tmp_path / "two.json", "--cluster", "other")
    pushed = Engine(collection).explore_in(two, "other").effective_images
    alone = Engine(collection).explore(two.cluster("other")).effective_images
    assert told(*words)["effective_images"] == pushed < alone


@pytest.fixture
def reds(red_session, tmp_path):
    """A file of a session of which the average is red disks."""
    save_session(red_session, tmp_path / "reds.json")
    return tmp_path / "reds.json"


def test_table_has_a_line_for_each_mode_and_one_for_the_rest(run, told, collection_path):
    status, out, complaints = run("modes", collection_path, *MIDDLE, "--count", 2)
    seeds = [mode["edit"]["image"] for mode in told("--count", 2)["modes"]]
    head, titles, *lines, others, none = out.splitlines()
    assert (status, complaints) == (0, "")
    assert head == "disks: 32 pixels at 0.50,0.50, about 24 images"
    assert titles.split() == ["rank", "share", "images", "inlier", "seed", "examples"]
    assert [line.split()[:5] for line in lines] == [
        ["1", "33.3%", "8", "0.90", seeds[0]],
        ["2", "33.3%", "8", "0.80", seeds[1]],
    ]
    assert others.split() == ["33.3%", "show", "another", "mode"]
    assert none.split() == ["0.0%", "show", "none"]


def test_shares_and_the_rest_are_the_whole(told):
    found = told("--count", 2)
    assert [mode["share"] for mode in found["modes"]] == pytest.approx([1 / 3, 1 / 3])
    assert (found["others"], found["none"]) == (pytest.approx(1 / 3), 0)


def test_box_is_the_patch_nearest_to_the_point(told):
    found = told()
    assert found["size"] == 32
    # 32 of 64 by 48 pixels, in the middle.
    assert found["box"] == pytest.approx([0.25, 1 / 6, 0.5, 2 / 3])


def test_modes_of_a_session_are_those_of_its_average(told, reds):
    everything, found = told(), told("--session", reds)
    shares = [
        {mode["edit"]["image"][:3]: mode["share"] for mode in modes}
        for modes in (everything["modes"], found["modes"])
    ]
    assert found["effective_images"] < everything["effective_images"]
    assert shares[1]["red"] > shares[0]["red"]


def test_cluster_of_a_session_can_be_chosen(told, run, reds, collection_path):
    assert told("--session", reds, "--cluster", "main") == told("--session", reds)
    status, _, complaints = run("modes", collection_path, *MIDDLE, "--session", reds, "--cluster",
                                "hats")  # fmt: skip
    assert status == 1
    assert "no cluster 'hats'" in complaints


def test_edit_of_the_first_mode_can_be_put_into_a_session(told, run, collection_path, tmp_path):
    mode = told()["modes"][0]
    session = {
        "format": "average-explorer session",
        "version": 1,
        "clusters": [{"id": "main", "edits": [{"edit": mode["edit"]}]}],
    }
    (tmp_path / "s.json").write_text(json.dumps(session))
    status, _, complaints = run(
        "replay", collection_path, tmp_path / "s.json", "--out", tmp_path / "r"
    )
    assert (status, complaints) == (0, "")
    with (tmp_path / "r" / "ranking-main.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    places = {row["path"]: int(row["rank"]) for row in rows}
    assert set(rows[0]) == {"rank", "path", "weight", "score", mode["edit"]["id"]}
    assert places[mode["edit"]["image"]] <= 3


def test_page_and_table_are_written(run, collection_path, tmp_path):
    page, table = tmp_path / "m.html", tmp_path / "m.csv"
    status, *_ = run("modes", collection_path, *MIDDLE, "--html", page, "--csv", table)
    assert status == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    with table.open(newline="", encoding="utf-8") as file:
        assert next(csv.reader(file))[:2] == ["rank", "share"]


def test_same_question_gives_the_same_bytes(run, reds, collection_path, tmp_path):
    for name in ("a.html", "b.html"):
        run("modes", collection_path, *MIDDLE, "--session", reds, "--html", tmp_path / name)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ((), "Missing option '--at'"),
        (("--at", "0.5"), "at must be X,Y"),
        (("--at", "0.5,1.5"), "at must be X,Y"),
        (("--at", "nan,0.5"), "at must be X,Y"),
        (("--at", "0.5,0.5,0.5"), "at must be X,Y"),
        (("--at", ".5,.5", "--size", "0"), "--size"),
        (("--at", ".5,.5", "--count", "0"), "--count"),
        (("--at", ".5,.5", "--cluster", "main"), "--session"),
    ],
)
def test_wrong_use_names_the_option(run, collection_path, words, complaint):
    status, out, complaints = run("modes", collection_path, *words)
    assert (status, out) == (2, "")
    assert complaint in complaints
    assert complaints.count("\n") == 1


def test_edit_that_counts_for_nothing_is_named(run, collection_path, tmp_path):
    session = avex.Session(collection_path).like("gone.png")
    session.save(tmp_path / "s.json")
    _, _, complaints = run("modes", collection_path, *MIDDLE, "--session", tmp_path / "s.json")
    assert complaints.startswith("warning: the edit 'e1' counts for nothing")


def test_point_may_be_written_with_spaces():
    assert parse_point(" 0.25, 1") == (0.25, 1)


def test_place_without_modes_says_what_to_try(run, collection_path, monkeypatch):
    monkeypatch.setattr("explorer.modes.report.rank_modes", lambda *_: [])
    status, out, _ = run("modes", collection_path, *MIDDLE)
    assert status == 0
    assert out.splitlines()[1:] == ["no mode was found there: try another place, or another --size"]


def test_collection_that_is_too_small_for_modes_is_named(run, photos, tmp_path):
    build(photos, tmp_path / "tiny.avex", BuildOptions(size=(24, 40), workers=1))
    status, out, complaints = run("modes", tmp_path / "tiny.avex", *MIDDLE)
    assert (status, out) == (1, "")
    assert "tiny.avex has 24 of 40 x 24" in complaints


def test_modes_that_a_build_has_stored_are_not_mined(collection, monkeypatch):
    spot = Spot(4, 1, 2)
    stored = ColorFinder(collection).find(spot)
    arrays = {field.name: getattr(stored, field.name) for field in fields(stored)[1:]}
    places = {(4, 1, 2): arrays}
    monkeypatch.setattr(type(collection), "modes_at", lambda self, *key: places.get(key))
    found = finder_of(collection).known(spot)
    assert found.seeds.tolist() == stored.seeds.tolist()
    assert finder_of(collection).known(Spot(4, 0, 0)) is None


def test_modes_are_mined_where_none_are_stored(collection):
    found = finder_of(collection).find(Spot(4, 1, 2))
    assert found.spot == Spot(4, 1, 2)
    assert len(found.best) == collection.size


@pytest.fixture
def session(collection):
    return avex.Session(collection)


def test_offered_mode_can_be_put_and_its_images_come_first(session):
    mode = session.modes(0.5, 0.5, 32)[0]
    before = session.average
    session.put(mode.edit)
    assert session.edits == (mode.edit,)
    assert mode.edit.image in {image.name for image in session.top(3)}
    assert (session.average != before).any()


def test_same_mode_put_twice_is_one_edit(session):
    modes = session.modes(0.5, 0.5, 32)
    again = session.put(modes[0].edit).put(modes[1].edit).modes(0.5, 0.5, 32)
    for mode in again[:2]:
        session.put(mode.edit)
    assert {edit.id for edit in session.edits} >= {mode.edit.id for mode in modes[:2]}
    assert len(session.edits) == len({edit.image for edit in session.edits})


def test_offered_mode_shows_its_figures_and_its_average(session):
    mode = session.modes(0.5, 0.5, 32)[0]
    assert repr(mode) == (
        f"<mode 1: 33.3 % of the average, 8 images, inlier 0.90, as in {mode.edit.image}>"
    )
    shown = cv2.imdecode(np.frombuffer(mode._repr_png_(), np.uint8), cv2.IMREAD_COLOR)
    assert (shown[..., ::-1] == mode.average).all()


def test_no_more_modes_are_offered_than_wished(session):
    offered = session.modes(0.5, 0.5, 32, count=2)
    assert [mode.rank for mode in offered] == [1, 2]


@pytest.mark.parametrize("point", [(-0.1, 0.5), (0.5, 64)], ids=str)
def test_point_beside_the_canvas_is_refused(session, point):
    with pytest.raises(ValueError, match="x and y must be canvas units, each from 0 to 1"):
        session.modes(*point)


def test_picked_patch_finds_its_own_image_among_the_first(session):
    session.pick("red06.png", (0.5, 0.5), 0.5)
    assert "red06.png" in {image.name for image in session.top(3)}


def test_image_is_most_like_itself(session):
    session.like("blue04.png")
    scores = session.exploration.scores
    assert scores[session.collection.image_id("blue04.png")] == scores.max()


def test_session_with_both_opens_as_it_was(session, collection, tmp_path):
    session.pick("red06.png", (0.5, 0.5), 0.5).like("blue04.png", strength=-1)
    session.save(tmp_path / "s.json")
    assert load_session(tmp_path / "s.json").clusters[0] == session.cluster
    assert (avex.Session.load(collection, tmp_path / "s.json").average == session.average).all()
