"""docs/protocol.md tells the truth: its client works, its tables have every field and code."""

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import pytest
import websockets.asyncio.client
from pydantic_core import PydanticUndefined

from ui.rooms.health import gauges_of
from ui.watching.metrics import metrics_text
from ui.wire.operations import Operation, PutEdit
from ui.wire.protocol import ClientMessage, RefusedCode, ServerMessage, client_message

ROOT = Path(__file__).parent.parent
PROTOCOL = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
WELCOME = (ROOT / "tests/messages/server/welcome.json").read_text(encoding="utf-8")


def table(heading):
    """Return the other cell of each row by what the first cell names."""
    (text,) = re.findall(
        rf"^\| {heading} \|[^\n]*\n\|[ -|]*\n((?:\|.*\n)+)", PROTOCOL, re.MULTILINE
    )
    rows = [row.strip("| ").split(" | ", 1) for row in text.splitlines()]
    return {name: told for names, told in rows for name in re.findall(r"`(\w+)`", names)}


def models(union):
    return {
        get_args(model.model_fields["type"].annotation)[0]: model
        for model in get_args(get_args(union)[0])
    }


def fields(model):
    """Return whether each field but the type must be said, by its name on the wire."""
    found = {field.alias or name: field.default for name, field in model.model_fields.items()}
    return {name: value is PydanticUndefined for name, value in found.items() if name != "type"}


def outermost(told):
    """Return a cell without what it says in brackets of the parts of fields."""
    return re.sub(r"\([^()]*\)", "", told)


CLIENT = {**models(ClientMessage), **models(Operation)}


@pytest.mark.parametrize("name", CLIENT)
def test_the_tables_tell_each_field_that_a_client_says_and_which_may_be_left_out(name):
    told = outermost({**table("sent by a client"), **table("in `operate`")}[name])
    named = re.findall(r"(?:^|, )`(\w+)`( =)?", told)
    assert {field: not default for field, default in named} == fields(CLIENT[name])


@pytest.mark.parametrize("name", models(ServerMessage))
def test_the_tables_tell_each_field_that_the_server_says(name):
    told = table("sent by the server")[name]
    assert set(fields(models(ServerMessage)[name])) <= set(re.findall(r"`(\w+)`", told))


def test_the_tables_tell_each_code_of_a_refusal():
    assert set(table("code of `refused`")) == set(get_args(RefusedCode))


def test_the_tables_tell_each_figure():
    idle = SimpleNamespace(waiting=0)
    text = metrics_text(gauges_of([], idle, idle)).decode()
    families = set(re.findall(r"^# TYPE (avex_\w+) ", text, re.MULTILINE))
    assert set(table("figure")) == families


class Room:
    """A socket into a room that carries out what it is sent: others paint meanwhile."""

    def __init__(self):
        self.received = []

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        pass

    async def send(self, text):
        self.received.append(client_message.validate_json(text))

    async def __aiter__(self):
        yield WELCOME
        yield b"a picture"
        others = {"type": "applied", "revision": 3, "op_id": "another", "author": "bob"}
        own = {**others, "revision": 4, "op_id": self.received[0].op_id}
        yield json.dumps([others, own])


def test_the_client_paints_and_waits_until_it_is_told_so(monkeypatch, capsys):
    room = Room()
    monkeypatch.setattr(websockets.asyncio.client, "connect", lambda *_, **__: room)
    (client,) = re.findall(r"```python\n(.*?)```", PROTOCOL, re.DOTALL)
    exec(client, {"__name__": "client"})  # noqa: S102 - it is our own
    (message,) = room.received
    assert isinstance(message.operation, PutEdit)
    assert capsys.readouterr().out == "applied 4\n"
