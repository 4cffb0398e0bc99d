"""Malformed messages of every type: each is refused, the state stays, and the server lives."""

import json

import numpy as np
import pytest
from pydantic import ValidationError
from starlette.websockets import WebSocketDisconnect

from tests.hostile.mutations import EXAMPLES, WHOLE, chance, deep_any, one_wrong
from tests.ui.test_socket import SOCKET, Member
from ui.rooms.budget import LEFT_OUT
from ui.rooms.room import replay
from ui.wire.protocol import client_message
from ui.wire.validation import NAMED_LIMIT

ENOUGH = (1e9, 10**9)


@pytest.fixture
def patient(monkeypatch):
    """A server that never tires of what cannot be read, and holds nobody up."""
    monkeypatch.setattr("ui.rooms.budget.MISTAKES", ENOUGH)
    monkeypatch.setattr("ui.rooms.budget.LEFT_OUT", dict.fromkeys(LEFT_OUT, ENOUGH))
    monkeypatch.setattr("ui.rooms.reception.Reception._slow_down", _at_once)


async def _at_once(reception, operations):
    pass


@pytest.fixture
def member(patient, client):
    with client.websocket_connect(f"{SOCKET}?author=ann") as socket:
        member = Member(socket)
        member.wait("welcome")
        yield member


@pytest.fixture
def room(client):
    return client.app.state.services.hub.room("shoes")


def is_message(text):
    try:
        client_message.validate_json(text)
    except ValidationError:
        return False
    return True


def answers(member, texts):
    """Send texts and return what was refused, up to the answer to a ping after them all."""
    refused = []
    for number, text in enumerate(texts):
        member.socket.send_text(text)
        if number % 50 == 49:  # so that no outbox is ever full
            refused += pinged(member, number)
    return refused + pinged(member, -1)


def pinged(member, number):
    member.send({"type": "ping", "time": number})
    found = []
    while True:
        message = member.receive()
        if message["type"] == "refused":
            found.append(message)
        if message["type"] == "pong" and message["time"] == number:
            return found


@pytest.mark.parametrize("case", EXAMPLES)
def test_message_with_one_wrong_field_is_refused_and_changes_nothing(case, member, room):
    texts = [text for _, text in one_wrong(EXAMPLES[case]) if not is_message(text)]
    state = room.state
    refused = answers(member, texts)
    assert [message["code"] for message in refused] == ["bad_message"] * len(texts)
    assert all(len(message["text"]) < 2000 for message in refused)
    assert room.state is state


def test_text_that_is_no_message_is_refused_and_changes_nothing(member, room):
    state = room.state
    for name, text in WHOLE.items():
        if not is_message(text):
            [refused] = answers(member, [text])
            assert refused["code"] == "bad_message", name
            assert len(json.dumps(refused)) < 4000, name
    assert room.state is state


@pytest.mark.parametrize("depth", [1, 2, 30, 200, 1000, 5000])
def test_edits_of_edits_of_edits_end(member, room, depth):
    answers(member, [deep_any(depth)])
    assert room.state.revision <= 1


def test_message_that_is_odd_but_allowed_leaves_a_log_that_replays(member, room, client):
    odd = [
        text
        for example in EXAMPLES.values()
        for _, text in one_wrong(example)
        if is_message(text) and "replace_session" not in text
    ]
    assert len(odd) > 100
    for place, text in enumerate(odd):
        message = json.loads(text)
        if message["type"] == "operate":
            odd[place] = json.dumps(message | {"op_id": f"op-{place}"})
    answers(member, odd)
    log = list(room.store.load("main"))
    assert len(log) == room.state.revision > 0
    assert replay("shoes", log).session == room.state.session


def test_texts_made_by_chance_do_no_harm(member, room):
    texts = list(chance(np.random.default_rng(7), 1500))
    unread = sum(not is_message(text) for text in texts)
    assert unread > 500
    refused = answers(member, texts)
    assert sum(message["code"] == "bad_message" for message in refused) == unread
    log = list(room.store.load("main"))
    assert replay("shoes", log).session == room.state.session


def test_bytes_are_refused_as_no_message(member, room):
    state = room.state
    for content in (b"", b"\xff\xfe", b"\x80\x04K\x01.", b'{"type": "ping", "time": 1}'):
        member.socket.send_bytes(content)
    refused = pinged(member, 5)
    assert [message["code"] for message in refused] == ["bad_message"] * 4
    assert room.state is state


def test_member_that_sends_nothing_but_mistakes_is_closed_alone(client, room):
    with (
        client.websocket_connect(f"{SOCKET}?author=bob") as other,
        client.websocket_connect(f"{SOCKET}?author=eve") as socket,
    ):
        bad, good = Member(socket), Member(other)
        for _ in range(300):
            socket.send_text("{")
        with pytest.raises(WebSocketDisconnect) as closed:
            bad.wait("nothing of the kind")
        assert closed.value.code == 4429
        good.send({"type": "ping", "time": 1})
        assert good.wait("pong")


def _stroke(paths):
    edit = {"kind": "color", "id": "e", "paths": paths, "radius": 0.1, "color": [1, 2, 3]}
    return {"type": "preview", "cluster": "main", "request": 1, "edit": edit}


@pytest.mark.parametrize(
    "message",
    [
        _stroke([[["a", "b"]] * 20_000]),
        _stroke([[["a", "b"]]] * 20_000),
        _stroke([[[0, 0]] * 10_000 + [["a", "b"]] * 10_000]),
        _stroke([[]]) | {"edit": {"kind": "any", "id": "e", "parts": [[{"kind": "none"}]] * 9_999}},
        _stroke([[]]) | {"edit": {"kind": "any", "id": "e", "parts": [[{"kind": "none"}] * 9_999]}},
    ],
    ids=["points", "paths", "late", "parts", "edits"],
)
def test_a_message_that_is_wrong_all_over_is_not_read_to_its_end(message):
    with pytest.raises(ValidationError) as caught:
        client_message.validate_json(json.dumps(message))
    assert caught.value.error_count() < 10


def test_what_lies_deep_in_each_other_is_read_once():
    deep = {"kind": "none"}
    for _ in range(60):
        deep = {"kind": "any", "id": "e", "parts": [[deep], [deep]], "names": ["a", "b"]}
        deep["parts"][1] = []
    with pytest.raises(ValidationError) as caught:
        client_message.validate_json(json.dumps(_stroke([[]]) | {"edit": deep}))
    # Each kind that is tried in vain would be a mistake of its own, at each depth.
    assert caught.value.error_count() == 1


def test_a_message_with_too_many_mistakes_to_name_is_refused_with_their_number(member):
    names = {f"k{number}": 1 for number in range(NAMED_LIMIT)}
    member.send({"type": "ping", "time": 1.0} | names)
    told = member.wait("refused")
    assert told["text"] == "ping.k0: Extra inputs are not permitted"
    member.send({"type": "ping", "time": 1.0} | names | {"one more": 1})
    assert member.wait("refused")["text"] == "1,001 parts of it are not what they must be"
