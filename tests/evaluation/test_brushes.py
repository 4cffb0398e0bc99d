"""`evaluation.brushes`: how well the two brushes find images of one label."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from evaluation.brushes import evaluate_brushes, evaluate_session, labels_of
from explorer.edits import ColorStroke
from explorer.session import Cluster, Entry, Session
from index.collection import open_collection
from index.errors import CollectionError
from precompute.build import build
from precompute.options import BuildOptions

INKS = {"red": (200, 30, 40), "blue": (30, 60, 200)}


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    """Forty pictures of a thing on paper: upright and red, or lying and blue."""
    folder = tmp_path_factory.mktemp("things")
    rng = np.random.default_rng(0)
    lines = ["path,ink"]
    for number in range(40):
        ink = "red" if number % 2 else "blue"
        image = np.full((64, 64, 3), 255, np.uint8)
        shape = (36, 14) if ink == "red" else (14, 36)
        top, left = (32 - np.array(shape) // 2 + rng.integers(-3, 4, 2)).tolist()
        image[top : top + shape[0], left : left + shape[1]] = INKS[ink]
        cv2.imwrite(str(folder / f"{number}.png"), image[..., ::-1])
        lines.append(f"{number}.png,{ink}")
    table = folder / "things.csv"
    table.write_text("\n".join(lines))
    out = folder / "things.avex"
    build(table, out, BuildOptions(modes="none"))
    return open_collection(out)


def shares(report):
    return {(row["method"], row["k"]): row["share"] for row in report["rows"]}


def test_both_brushes_find_what_has_the_color_and_the_edges_of_a_label(collection):
    found = shares(evaluate_brushes(collection, "ink", strokes=10))
    assert found["chance", 20] == pytest.approx(19 / 39)
    assert found["color brush", 20] > 0.9
    assert found["sketch brush", 20] > 0.8


def test_the_interval_holds_the_share(collection):
    for row in evaluate_brushes(collection, "ink", strokes=10)["rows"]:
        assert row["low"] <= row["share"] <= row["high"]


def test_the_same_seed_gives_the_same_report(collection):
    first, second = (evaluate_brushes(collection, "ink", strokes=5, seed=3) for _ in range(2))
    assert first == second


def test_a_session_is_measured_by_the_labels_it_should_find(collection):
    stroke = ColorStroke(id="s", paths=(((0.5, 0.5),),), radius=0.1, color=INKS["red"])
    cluster = Cluster(name="red things", entries=(Entry(edit=stroke),))
    found = shares(evaluate_session(collection, "ink", Session(clusters=(cluster,)), ["red"]))
    assert found["chance", 20] == pytest.approx(0.5)
    assert found["red things", 20] == 1


def test_a_label_that_no_image_has_is_refused(collection):
    with pytest.raises(CollectionError, match="ink must be one of blue, red, got green"):
        evaluate_session(collection, "ink", Session(), ["green"])


def test_a_column_that_the_collection_has_not_is_refused(collection):
    with pytest.raises(CollectionError, match=r"things \(ink\), got 'colour'"):
        labels_of(collection, "colour")


def test_the_example_sessions_can_be_read():
    from avex.sessions import load_session

    examples = sorted((Path(__file__).parents[2] / "docs" / "examples").glob("*.json"))
    names = {load_session(path).clusters[0].name for path in examples}
    assert names >= {"red stroke", "sketched heel"}
