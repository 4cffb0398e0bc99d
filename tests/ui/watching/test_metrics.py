"""`ui.watching` and `ui.routes.watching`: figures in the format of Prometheus, and whether all is
well.
"""

import dataclasses
import json
import time

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from tests.ui.conftest import HOST
from ui.app import create_server
from ui.rooms import health
from ui.wire.protocol import PROTOCOL

SOCKET = "ws://127.0.0.1:7860/ws?author=ann"
CLEAR = {"type": "operate", "op_id": "op-1", "operation": {"type": "clear", "cluster": "main"}}
UNDO = {"type": "operate", "op_id": "op-2", "operation": {"type": "redo"}}


def figures(client):
    """Every figure by its name and labels."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    samples = [sample for family in families for sample in family.samples]
    return {(one.name, *sorted(one.labels.values())): one.value for one in samples}


def wait(client, key, value):
    for _ in range(500):
        if figures(client).get(key, 0) >= value:
            return
        time.sleep(0.01)
    raise AssertionError(f"{key} never was {value}")


def test_what_happens_is_counted(client):
    before = figures(client)
    with client.websocket_connect(SOCKET) as socket:
        for message in (CLEAR, UNDO, "nonsense"):
            socket.send_text(json.dumps(message))
        wait(
            client,
            ("avex_refused_total", "bad_message"),
            1 + before.get(("avex_refused_total", "bad_message"), 0),
        )
        now = figures(client)
    grown = {key: value - before.get(key, 0) for key, value in now.items()}
    assert grown["avex_operations_total", "clear"] == 1
    assert grown["avex_refused_total", "nothing_to_redo"] == 1
    assert grown["avex_acknowledged_seconds_count",] == 1
    assert grown["avex_joined_total", "full"] == 1
    assert grown["avex_write_batch_operations_sum",] == 1
    assert (before["avex_members",], now["avex_members",]) == (0, 1)
    assert now["avex_rooms",] == 1
    wait(
        client,
        ("avex_frames_made_total", "rest"),
        1 + before.get(("avex_frames_made_total", "rest"), 0),
    )


def test_requests_that_are_turned_away_are_counted_those_of_the_guard_too(client):
    before = figures(client)
    client.get("/api/hats/images/0")
    client.get("/healthz", headers={"host": "evil.example"})
    now = figures(client)
    for status in ("404", "403"):
        key = ("avex_rejected_requests_total", status)
        assert now[key] == before.get(key, 0) + 1


def test_no_figure_names_a_photograph_a_person_or_a_room(client):
    with client.websocket_connect(SOCKET) as socket:
        socket.send_text(json.dumps(CLEAR))
        wait(client, ("avex_operations_total", "clear"), 1)
        text = client.get("/metrics").text
    assert not [word for word in ("grey/", "shoes", '"ann"') if word in text]


def test_figures_can_be_left_out(settings, parts):
    silent = dataclasses.replace(settings, metrics=False)
    with TestClient(create_server(silent, parts), base_url=f"http://{HOST}") as client:
        assert client.get("/metrics").status_code == 404


def test_health_is_said_to_everybody(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["protocol"]) == ("ok", PROTOCOL)


@pytest.mark.parametrize("worker", ["_worker", "modes"])
def test_dead_worker_is_no_health(client, worker):
    getattr(client.app.state.services.hub, worker).stop()
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (503, "failing")


def test_full_disk_is_no_health(client, monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE", 2**80)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["troubles"]) == (503, ["the disk is full"])


def test_operation_that_could_not_be_written_is_no_health_until_one_is(client, monkeypatch):
    reception = client.app.state.services.hub._reception
    monkeypatch.setattr(reception, "cannot_write", True)
    assert client.get("/healthz").status_code == 503
    with client.websocket_connect(SOCKET) as socket:
        socket.send_text(json.dumps(CLEAR))
        wait(client, ("avex_operations_total", "clear"), 1)
    assert client.get("/healthz").status_code == 200
