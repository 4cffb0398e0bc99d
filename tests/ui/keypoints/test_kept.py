"""`ui.keypoints.kept`: a server that starts again has the proposals of the one before."""

import numpy as np
import pytest
from starlette.testclient import TestClient

from tests.ui.conftest import HOST
from tests.ui.marking import URL, accept, mark, operate, place, propagated
from ui.app import create_server
from ui.keypoints.kept import keep_found, read_found
from ui.wire.operations import AddCluster


@pytest.fixture
def again(settings, parts):
    """Returns the server that comes next, once the first one has ended."""
    running = []

    def start(first):
        first.__exit__(None, None, None)
        client = TestClient(create_server(settings, parts), base_url=f"http://{HOST}")
        running.append(client.__enter__())
        return running[-1]

    yield start
    for client in running:
        client.__exit__(None, None, None)


@pytest.fixture
def first(marked, propagator):
    """A server with proposals for two clusters, found one after the other."""
    mark(marked, "tip", (0.5, 0.5), cluster="ears")
    propagated(marked)
    place(marked, 0, "left", (30, 40))
    propagated(marked, ["main"])
    return marked


def test_next_server_has_the_same_proposals(first, again):
    paths = "propagate", "proposals", "images/0", "review"
    before = {path: first.get(f"{URL}/{path}").json() for path in paths}
    assert before["propagate"]["stale_clusters"] == ["ears"]
    after = again(first)
    assert {path: after.get(f"{URL}/{path}").json() for path in paths} == before
    assert accept(after).json()["points"] == 11  # two of each image, one of them by hand


def test_next_server_knows_when_they_grow_stale_and_counts_on(first, again):
    after = again(first)
    assert propagated(after)["version"] == 3
    operate(after, AddCluster(id="tail", name="Tail"))
    place(after, 1, "left", (30, 40))
    status = after.get(f"{URL}/propagate").json()
    assert (status["stale_clusters"], status["corrections"]) == (["main", "ears"], 1)


def room_of(client):
    return client.app.state.services.hub.room("shoes")


def test_proposals_of_a_collection_that_was_built_anew_are_forgotten(first):
    room = room_of(first)
    assert read_found(room) is not None
    room.info = room.info.model_copy(update={"version": "another"})
    assert read_found(room) is None


def test_damaged_file_is_as_none(first):
    room = room_of(first)
    path = room.store.path.with_name(room.store.path.name + ".proposals.npz")
    path.write_bytes(path.read_bytes()[:100])
    assert read_found(room) is None


def test_proposals_that_cannot_be_written_are_still_there(first, monkeypatch):
    def full(path, write):
        raise OSError("no space")

    monkeypatch.setattr("ui.keypoints.kept.write_atomically", full)
    assert propagated(first)["version"] == 3


def test_what_is_kept_is_what_was_found(first):
    room, found = room_of(first), first.app.state.services.propagations.found("shoes")
    keep_found(room, found)
    kept = read_found(room)
    assert kept.bases == found.bases
    assert (kept.owners, kept.keypoints, kept.revision) == (
        found.owners,
        found.keypoints,
        found.revision,
    )
    for name in ("rows", "points", "confidence"):
        one, other = getattr(kept.proposals, name), getattr(found.proposals, name)
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
