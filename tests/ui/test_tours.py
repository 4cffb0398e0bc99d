"""`ui.tours`: exploring without a person, asked for on a page."""

import threading
import time

import pytest

from explorer.edits import LikeImage
from explorer.errors import Cancelled
from explorer.session import Cluster, Entry, Session
from explorer.session_json import session_from_json

FOUND = Session(clusters=(Cluster(entries=(Entry(edit=LikeImage(id="l", image="grey/1.png")),)),))


class Guide:
    """Stands for the tour: goes on when it may, and tells what it was asked."""

    def __init__(self):
        self.may_end = threading.Event()
        self.has_begun = threading.Event()
        self.asked = []

    def __call__(self, view, engine, names, options, *, progress, is_cancelled):
        self.asked.append(options.clusters)
        progress(0.5, "sharpening")
        self.has_begun.set()
        while not self.may_end.wait(0.01):
            if is_cancelled():
                raise Cancelled("the exploration was cancelled")
        if options.clusters == 13:
            raise RuntimeError("bad luck")
        return FOUND


@pytest.fixture
def guide(monkeypatch):
    guide = Guide()
    monkeypatch.setattr("ui.tours.tour", guide)
    yield guide
    guide.may_end.set()


def ended(client):
    """Return the status once the tour has ended."""
    end_s = time.monotonic() + 10
    while time.monotonic() < end_s:
        status = client.get("/api/shoes/explore").json()
        if status["state"] != "running":
            return status
        time.sleep(0.01)
    raise AssertionError("the tour does not end")


def test_nobody_has_asked_for_a_tour_at_first(client):
    assert client.get("/api/shoes/explore").json()["state"] == "none"


def test_tour_tells_how_far_it_is_and_what_it_found(client, guide):
    client.post("/api/shoes/explore?clusters=4")
    assert guide.has_begun.wait(10)
    status = client.get("/api/shoes/explore").json()
    assert (status["state"], status["share"], status["what"]) == ("running", 0.5, "sharpening")
    guide.may_end.set()
    status = ended(client)
    assert status["state"] == "done"
    assert session_from_json(status["session"]).clusters == FOUND.clusters
    assert guide.asked == [4]


def test_second_request_joins_the_tour_that_runs(client, guide):
    client.post("/api/shoes/explore")
    client.post("/api/shoes/explore?clusters=4")
    guide.may_end.set()
    ended(client)
    assert guide.asked == [9]


def test_cancelled_tour_ends_and_can_be_begun_again(client, guide):
    client.post("/api/shoes/explore")
    client.delete("/api/shoes/explore")
    assert ended(client)["state"] == "cancelled"
    guide.may_end.set()
    client.post("/api/shoes/explore")
    assert ended(client)["state"] == "done"


def test_tour_that_fails_says_so(client, guide):
    guide.may_end.set()
    client.post("/api/shoes/explore?clusters=13")
    assert ended(client)["state"] == "failed"


def test_tour_changes_nothing_in_the_room(client, guide):
    before = client.app.state.services.hub.room("shoes").state
    guide.may_end.set()
    client.post("/api/shoes/explore")
    ended(client)
    assert client.app.state.services.hub.room("shoes").state == before


@pytest.mark.parametrize("clusters", ["0", "25", "x"])
def test_number_of_clusters_must_be_sensible(client, clusters):
    assert client.post(f"/api/shoes/explore?clusters={clusters}").status_code == 422


def test_unknown_collection_is_not_found(client):
    assert client.get("/api/boots/explore").status_code == 404
    assert client.delete("/api/boots/explore").status_code == 404
