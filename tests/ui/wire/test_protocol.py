"""`ui.wire.protocol`: every message has an example that both languages read."""

import json
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from ui.wire import frame, operations, protocol

MESSAGES = Path(__file__).parents[2] / "messages"
SIDES = {"client": protocol.client_message, "server": protocol.server_message}
EXAMPLES = [(side, path) for side in SIDES for path in sorted((MESSAGES / side).glob("*.json"))]
COLOR = json.loads((MESSAGES / "client/operate-put_edit.json").read_text())


@pytest.mark.parametrize(
    ("side", "path"), EXAMPLES, ids=lambda value: getattr(value, "stem", value)
)
def test_example_is_read_and_written_unchanged(side, path):
    adapter: TypeAdapter[object] = SIDES[side]
    message = adapter.validate_json(path.read_text())
    assert json.loads(adapter.dump_json(message)) == json.loads(path.read_text())


@pytest.mark.parametrize("side", SIDES)
def test_every_message_has_an_example(side):
    types = {json.loads(path.read_text())["type"] for known, path in EXAMPLES if known == side}
    assert types == set(SIDES[side].json_schema()["discriminator"]["mapping"])


def test_every_operation_has_an_example():
    examples = [json.loads(path.read_text()) for _, path in EXAMPLES]
    types = {example["operation"]["type"] for example in examples if "operation" in example}
    assert types == set(operations.operation.json_schema()["discriminator"]["mapping"])


def test_frame_header_is_the_written_example():
    example = json.loads((MESSAGES / "frame.json").read_text())
    header = bytes.fromhex(example.pop("header_hex"))
    assert frame.Frame(**example, picture=b"JPEG").to_bytes() == header + b"JPEG"


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [
        ("kind", "colour", "kind"),
        ("radius", -0.5, "radius must be"),
        ("radius", float("nan"), "radius must be"),
        ("color", [0, 0, 256], "color must be"),
        ("paths", [], "at least one point"),
        ("paths", [[[float("inf"), 0.0]]], "finite"),
        ("speed", 3, "speed"),
    ],
)
def test_wrong_edit_is_refused_by_name(field, value, wrong):
    edit = COLOR["operation"]["edit"] | {field: value}
    text = json.dumps(COLOR | {"operation": COLOR["operation"] | {"edit": edit}})
    with pytest.raises(ValidationError, match=wrong):
        protocol.client_message.validate_json(text)


def test_every_message_and_operation_is_described():
    text = (MESSAGES.parents[1] / "docs" / "protocol.md").read_text()
    adapters = (*SIDES.values(), operations.operation)
    types = {name for a in adapters for name in a.json_schema()["discriminator"]["mapping"]}
    assert {name for name in types if f"`{name}`" not in text} == set()
