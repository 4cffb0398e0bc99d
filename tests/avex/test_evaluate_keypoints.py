"""`avex evaluate keypoints`: what is asked of the measurement, and what is said of its result."""

import json
from types import SimpleNamespace

import pytest

from avex.__main__ import app
from avex.reports import lines
from avex.sessions import save_session
from explorer.session import Cluster, Session
from index.collection import open_collection

ROW = {"method": "ours", "error_px": 2.0, "error_px_low": 1.5, "error_px_high": 2.5,
       "by_coverage": [{"coverage": 0.5}]}  # fmt: skip
REPORT = {"collection": "disks", "protocol": "2 clusters", "rows": [ROW]}


@pytest.fixture
def table(collection_path, tmp_path):
    name = open_collection(collection_path).names[0]
    path = tmp_path / "points.csv"
    path.write_text(f"file,split,x0,y0,x1,y1\nimages/{name},test,1,2,3,4\n")
    return path


@pytest.fixture
def asked(monkeypatch):
    """What the measurement was asked, instead of measuring."""
    found = []

    def measure(collection, truth, options, show):
        found.append((truth, options))
        return SimpleNamespace(report=REPORT)

    monkeypatch.setattr("evaluation.keypoints.evaluate_keypoints", measure)
    return found


def evaluate(collection_path, table, *words):
    words = ("evaluate", "keypoints", collection_path, "--annotations", table, *words)
    app(list(map(str, words)), standalone_mode=False)


def test_options_reach_the_measurement(collection_path, table, tmp_path, asked, capsys):
    save_session(Session(clusters=(Cluster(id="one"), Cluster(id="two"))), tmp_path / "s.json")
    evaluate(collection_path, table, "--session", tmp_path / "s.json", "--coverage", 0.71,
             "--points", "1", "--where", "split=test", "--seed", 3, "--json")  # fmt: skip
    (truth, options) = asked[0]
    assert len(truth.keypoints) == 1
    assert [cluster.id for cluster in options.session.clusters] == ["one", "two"]
    assert (options.coverage, options.where, options.seed) == (0.71, "split=test", 3)
    assert json.loads(capsys.readouterr().out) == REPORT


def test_without_options_22_clusters_are_sought_and_90_percent_annotated(
    collection_path, table, asked
):
    evaluate(collection_path, table)
    truth, options = asked[0]
    assert len(truth.keypoints) == 2
    assert (options.session, options.clusters, options.coverage) == (None, 22, 0.9)


@pytest.mark.parametrize("words", [("--where", "split=train"), ("--points", "7")])
def test_what_is_not_there_is_refused_before_anything_is_measured(
    collection_path, table, asked, words
):
    with pytest.raises(ValueError, match=words[0]):
        evaluate(collection_path, table, *words)
    assert not asked


def test_people_are_told_the_figures_without_the_curve():
    assert lines(REPORT)[1] == f"{'ours':<28} error_px 2.000 [1.500, 2.500]"
