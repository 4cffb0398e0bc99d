"""`avex replay`: a session run without a browser."""

import csv
import json
from dataclasses import replace

import cv2

from avex.replay import replay_session, with_weighting
from avex.sessions import load_session
from explorer.edits import ColorStroke, ImageVerdict, LikeImage, ModePick
from explorer.engine import Engine
from explorer.session import Cluster, Entry, Session
from explorer.session_json import SESSION_VERSION

HEADER = ["rank", "path", "weight", "score", "c1"]


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_same_session_gives_the_same_bytes(collection, red_session, tmp_path):
    first, second = (replay_session(collection, red_session, tmp_path / name) for name in "ab")
    assert [path.name for path in first.written] == [
        "average-main.png", "ranking-main.csv", "session.json",
    ]  # fmt: skip
    for one, other in zip(first.written, second.written, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_examples_replay_to_the_same_bytes(collection, red_session, tmp_path):
    (cluster,) = red_session.clusters
    mode = ModePick(id="m1", image="red00.png", center=(0.5, 0.5), size=0.5)
    for edit in (mode, LikeImage(id="l1", image="blue04.png", strength=-0.5)):
        cluster = cluster.put(Entry(edit=edit))
    session = red_session.put_cluster(cluster)
    first, second = (replay_session(collection, session, tmp_path / name) for name in "ab")
    assert (first.warnings, second.warnings) == ((), ())
    for one, other in zip(first.written, second.written, strict=True):
        assert one.read_bytes() == other.read_bytes()
    assert list(rows(tmp_path / "a" / "ranking-main.csv")[0]) == [*HEADER, "m1", "l1"]


def test_red_stroke_ranks_the_red_disks_first(collection, red_session, tmp_path):
    replay_session(collection, red_session, tmp_path)
    ranked = rows(tmp_path / "ranking-main.csv")
    assert list(ranked[0]) == HEADER
    assert [row["rank"] for row in ranked] == [str(n + 1) for n in range(collection.size)]
    assert all(row["path"].startswith("red") for row in ranked[:8])


def test_weights_fall_and_sum_to_one(collection, red_session, tmp_path):
    replay_session(collection, red_session, tmp_path)
    weights = [float(row["weight"]) for row in rows(tmp_path / "ranking-main.csv")]
    assert weights == sorted(weights, reverse=True)
    assert abs(sum(weights) - 1) < 1e-4


def test_contributions_of_the_edits_sum_to_the_score(collection, red_session, tmp_path):
    (cluster,) = red_session.clusters
    blue = ColorStroke(
        id="c2", paths=(((0.1, 0.1),),), radius=0.1, color=(30, 60, 200), strength=-0.5
    )
    session = red_session.put_cluster(cluster.put(Entry(edit=blue)))
    replay_session(collection, session, tmp_path)
    for row in rows(tmp_path / "ranking-main.csv"):
        assert abs(float(row["c1"]) + float(row["c2"]) - float(row["score"])) < 1e-4


def test_edit_that_adds_to_no_score_has_an_empty_column(collection, red_session, tmp_path):
    (cluster,) = red_session.clusters
    pin = ImageVerdict(id="p1", image="blue01.png", verdict="pin")
    replay_session(collection, red_session.put_cluster(cluster.put(Entry(edit=pin))), tmp_path)
    ranked = rows(tmp_path / "ranking-main.csv")
    assert list(ranked[0]) == [*HEADER, "p1"]
    assert {row["p1"] for row in ranked} == {""}


def test_average_on_disk_is_the_engine_s(collection, red_session, tmp_path):
    replay_session(collection, red_session, tmp_path)
    average = cv2.imread(str(tmp_path / "average-main.png"))[..., ::-1]
    assert (average == Engine(collection).explore(red_session.clusters[0]).average).all()


def test_averages_on_disk_push_each_other_as_in_the_page(collection, red_session, tmp_path):
    session = red_session.add_cluster(Cluster(id="other"))
    replay_session(collection, session, tmp_path)
    average = cv2.imread(str(tmp_path / "average-other.png"))[..., ::-1]
    assert (average == Engine(collection).explore_in(session, "other").average).all()
    alone = Engine(collection).explore(session.cluster("other")).average
    # without the red disks the middle has less red
    assert average[24, 32, 0] < alone[24, 32, 0]


def test_every_cluster_is_written(collection, red_session, tmp_path):
    session = red_session.put_cluster(Cluster(id="other"))
    written = {path.name for path in replay_session(collection, session, tmp_path).written}
    assert {"average-other.png", "ranking-other.csv"} < written


def test_session_on_disk_is_the_one_that_was_run(collection, red_session, tmp_path):
    replay_session(collection, red_session, tmp_path)
    assert load_session(tmp_path / "session.json") == red_session
    assert json.loads((tmp_path / "session.json").read_text())["version"] == SESSION_VERSION


def test_session_of_another_collection_is_run_with_a_warning(collection, red_session, tmp_path):
    other = replace(red_session, collection="cats")
    (warning,) = replay_session(collection, other, tmp_path).warnings
    assert "cats" in warning


def test_edit_beside_the_canvas_is_named_in_a_warning(collection, tmp_path):
    stroke = ColorStroke(id="far", paths=(((1.9, 1.9),),), radius=0.01, color=(200, 30, 40))
    session = Session(clusters=(Cluster(entries=(Entry(edit=stroke),)),))
    (warning,) = replay_session(collection, session, tmp_path).warnings
    assert "far" in warning


def test_weighting_and_count_of_a_session_can_be_replaced(red_session):
    changed = with_weighting(red_session, "paper", 30).clusters[0]
    assert (changed.weighting, changed.count) == ("paper", 30)
    assert with_weighting(red_session, None, None) == red_session
