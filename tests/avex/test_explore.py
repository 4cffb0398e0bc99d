"""`avex explore`: averages that nobody painted."""

import cv2
import pytest

from avex.exploring import explore_collection
from avex.sessions import load_session
from explorer.engine import Engine
from explorer.session import Session
from explorer.tour import TourOptions


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_explored_session_lies_here_and_has_the_wished_averages(run, collection, here):
    status, out, _ = run("explore", collection.path, "--clusters", 2, "--sheet", "sheet.png")
    assert status == 0
    session = load_session(here / "disks-explored.json")
    assert session == explore_collection(collection, TourOptions(clusters=2)).session
    assert (session.collection, len(session.clusters)) == ("disks", 2)
    *found, written, hint = out.splitlines()
    shares = [Engine(collection).explore_in(session, one.id).share for one in session.clusters]
    told = [f"Average {number}: {share:.0%} of the" for number, share in enumerate(shares, 1)]
    assert [line[: len(start)] for line, start in zip(found, told, strict=True)] == told
    assert written == "disks-explored.json: 2 averages"
    assert hint.endswith(f"avex serve {collection.path} --session disks-explored.json")
    assert cv2.imread(str(here / "sheet.png")) is not None


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ((), "disks-explored.json is there already: --force writes over it"),
        (("--out", "folder"), "folder is a folder: name a file"),
        (("--out", "nowhere/s.json"), "nowhere is no folder: make it first"),
        (("--force", "--sheet", "s.gif"), "--sheet must end in .png, got s.gif"),
        (("--out", "s.json", "--sheet", "disks-explored.json"), "is there already"),
    ],
)
def test_what_cannot_be_written_is_said_before_the_work(
    run, collection_path, here, monkeypatch, words, complaint
):
    (here / "disks-explored.json").write_text("kept")
    (here / "folder").mkdir()
    monkeypatch.setattr("avex.exploring.explore_collection", pytest.fail)
    status, out, complaints = run("explore", collection_path, *words)
    assert (status, out, complaints.count("\n")) == (1, "", 1)
    assert complaint in complaints
    assert (here / "disks-explored.json").read_text() == "kept"


def test_files_that_are_there_are_replaced_by_force(run, collection_path, here, monkeypatch):
    monkeypatch.setattr("avex.exploring.tour", lambda *words, **options: Session())
    (here / "disks-explored.json").write_text("old")
    assert run("explore", collection_path, "--clusters", 1, "--force")[0] == 0
    assert len(load_session(here / "disks-explored.json").clusters) == 1


def test_interrupted_exploration_writes_nothing(run, collection_path, here, monkeypatch):
    def stopped(*words, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("avex.exploring.tour", stopped)
    answer = run("explore", collection_path)
    assert answer == (130, "", "avex explore: interrupted, nothing was written\n")
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("words", [("--clusters", 0), ("--clusters", 65), ("--minutes", 0)])
def test_wrong_numbers_are_wrong_use(run, collection_path, here, words):
    status, _, complaints = run("explore", collection_path, *words)
    assert (status, complaints.count("\n")) == (2, 1)
