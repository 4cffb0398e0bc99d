"""Whatever is kept under the name of a room works in a branch, and apart from its parent."""

import json

import pytest

from tests.ui.conftest import HOST
from tests.ui.marking import propagated
from tests.ui.room_log import put, stroke
from ui.computing.averages import Averages
from ui.routes import interest
from ui.wire.operations import RemoveMark


def branch(client, **asked):
    return client.post("/api/shoes/rooms", json={"title": "Try", "author": "ann"} | asked).json()


def hub(client):
    return client.app.state.services.hub


def socket(client, room, author="ann"):
    url = f"ws://{HOST}/ws?collection={room}&author={author}&protocol=5"
    return client.websocket_connect(url, headers={"host": HOST})


def operate(socket, operation, op_id="op-1"):
    socket.send_text(json.dumps({"type": "operate", "op_id": op_id, "operation": operation}))


def told(socket, wanted):
    """The next message of a type."""
    while True:
        raw = socket.receive()
        for message in _messages(raw):
            if message["type"] == wanted:
                return message


def _messages(raw):
    if raw.get("text") is None:
        return [{"type": "frame", "bytes": raw["bytes"]}]
    read = json.loads(raw["text"])
    return read if isinstance(read, list) else [read]


SHARPEN = {
    "type": "put_edit",
    "cluster": "main",
    "edit": {"kind": "sharpen", "id": "z", "rounds": 1, "enabled": True},
}


@pytest.fixture
def proposed(marked, propagator):
    propagator.confidence[:] = 0.9
    assert propagated(marked)["state"] == "done"
    return marked


def proposals(client, room):
    return client.get(f"/api/{room}/keypoints/proposals").json()


def test_branch_begins_with_the_proposals_of_its_parent(proposed):
    made = branch(proposed)
    assert proposals(proposed, made["name"]) == proposals(proposed, "shoes")
    assert len(proposals(proposed, "shoes")["images"]) == 6


def test_what_becomes_stale_in_a_branch_stays_good_in_its_parent(proposed):
    made = branch(proposed)
    hub(proposed).operate(made["name"], RemoveMark(cluster="main", keypoint="left"), author="ann")
    state = {
        room: proposed.get(f"/api/{room}/keypoints/propagate").json()["stale"]
        for room in ("shoes", made["name"])
    }
    assert state == {"shoes": False, made["name"]: True}


def test_proposals_of_a_branch_are_kept_beside_those_of_its_parent(proposed):
    made = branch(proposed)
    folder = hub(proposed).room("shoes").store.path.parent
    room_id = made["name"].partition("~")[2]
    names = {path.name for path in folder.glob("*.proposals.npz")}
    assert names == {"rooms.sqlite.proposals.npz", f"rooms.sqlite.{room_id}.proposals.npz"}


def test_average_and_sharpening_are_told_to_who_is_in_the_branch(client, engine):
    made = branch(client)
    engine.may_sharpen.clear()
    with socket(client, made["name"]) as here, socket(client, "shoes", "ben") as there:
        operate(here, SHARPEN)
        progress = told(here, "progress")
        assert (progress["cluster"], progress["state"]) == ("main", "running")
        there.send_text(json.dumps({"type": "ping", "time": 1.0}))
        types = []
        while "pong" not in types:
            types += [message["type"] for message in _messages(there.receive())]
        assert "progress" not in types
        engine.may_sharpen.set()
        while told(here, "progress")["state"] != "done":
            pass


def test_frames_of_a_branch_show_the_branch(client, engine):
    made = branch(client)
    red = {"kind": "color", "id": "a", "paths": [[[0.5, 0.5]]], "radius": 0.1, "color": [250, 0, 0]}
    red |= {"strength": 1.0, "enabled": True, "reach": "near"}
    with socket(client, made["name"]) as here:
        operate(here, {"type": "put_edit", "cluster": "main", "edit": red})
        told(here, "applied")
        answer = client.get(f"/api/{made['name']}/average.png")
        assert answer.status_code == 200
    explored = hub(client).explore(made["name"], "").result(timeout=10)
    plain = hub(client).explore("shoes", "").result(timeout=10)
    assert tuple(explored.average[0, 0]) == (250, 0, 0)
    assert tuple(plain.average[0, 0]) == (128, 128, 128)


def test_one_engine_and_one_map_serve_all_rooms_of_a_collection(larger_client, monkeypatch):
    made = branch(larger_client)
    asked = [hub(larger_client).ask(room, lambda a: a) for room in ("shoes", made["name"])]
    first, second = (one.result(timeout=10) for one in asked)
    assert isinstance(first, Averages)
    assert first is second
    counted = []

    real = interest.map_of

    def map_of(finder, library, side):
        counted.append(side)
        return real(finder, library, side)

    monkeypatch.setattr(interest, "map_of", map_of)
    for room in ("shoes", made["name"]):
        assert larger_client.get(f"/api/{room}/interest.json").status_code == 200
    assert len(counted) == 1


def test_hover_in_a_branch_finds_modes(larger_client):
    made = branch(larger_client)
    with socket(larger_client, made["name"]) as here:
        hover = {"type": "hover", "request": 1, "cluster": "main", "x": 0.5, "y": 0.5, "size": 32}
        here.send_text(json.dumps(hover))
        (mode,) = told(here, "modes")["modes"]
        assert mode["share"] == 0.75  # of the weight: images 0 and 1 show it


def test_tour_in_a_branch_is_of_the_branch(client, monkeypatch):
    from explorer.session import Session

    monkeypatch.setattr("ui.tours.tour", lambda *_, **__: Session())
    made = branch(client)
    client.post(f"/api/{made['name']}/explore")
    status = {"state": "running"}
    while status["state"] == "running":
        status = client.get(f"/api/{made['name']}/explore").json()
    assert (status["state"], status["session"]["collection"]) == ("done", "shoes")
    assert client.get("/api/shoes/explore").json()["state"] == "none"


def test_branch_that_nobody_uses_is_let_go_of_and_opens_again(client, monkeypatch):
    made = branch(client)
    opening = hub(client).opening
    hub(client).operate(made["name"], put(stroke("a")), author="ann")
    before = hub(client).room(made["name"])

    def sweep():
        client.portal.call(opening.shut_idle)
        return made["name"] in hub(client).rooms

    assert sweep()  # it was asked for just now
    monkeypatch.setattr("ui.rooms.opening.IDLE_S", -1.0)
    with socket(client, made["name"]) as here:
        told(here, "welcome")
        assert sweep()
    while hub(client).room(made["name"]).members:
        pass
    assert not sweep()
    assert "shoes" in hub(client).rooms
    again = hub(client).room(made["name"])
    assert again is not before
    assert again.state.session == before.state.session
    hub(client).operate(made["name"], put(stroke("b")), author="ann")
    assert again.state.revision == 2
