"""Messages made wrong: one field at a time, and by chance."""

import json
from pathlib import Path

MESSAGES = Path(__file__).parents[1] / "messages" / "client"
EXAMPLES = {path.stem: json.loads(path.read_text()) for path in sorted(MESSAGES.glob("*.json"))}

MISSING = object()
VALUES = {
    "missing": MISSING,
    "null": None,
    "true": True,
    "number": 7,
    "negative": -1,
    "huge": 10**400,
    "float": 1e308,
    "NaN": float("nan"),
    "infinity": float("inf"),
    "empty": "",
    "long": "x" * 5000,
    "controls": "\0\x07\x1b[2J\n\r\u2028\u202e",
    "surrogate": "\ud800",
    "wide": "\U0001f600" * 300,
    "path": "../../etc/passwd",
    "markup": "<script>alert(1)</script>",
    "list": [],
    "lists": [[[[]]]],
    "object": {},
    "many": [0] * 3000,
    "keys": {str(number): number for number in range(500)},
    "prototype": {"__proto__": {"is_owner": True}, "constructor": None},
}


def places(value, path=()):
    """Yield the path of everything in a message, the message itself left out."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(items):
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, key))


def changed(message, path, value):
    """Return the message with another value at a path, or without one."""
    copy = json.loads(json.dumps(message))
    inner = copy
    for key in path[:-1]:
        inner = inner[key]
    if value is MISSING:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return copy


def one_wrong(message):
    """Yield the message as text with each of its fields in each way wrong, with a name."""
    for path in places(message):
        for name, value in VALUES.items():
            yield f"{'.'.join(map(str, path))} {name}", json.dumps(changed(message, path, value))
    for key in message:
        yield f"unknown field beside {key}", json.dumps({**message, key + "_": message[key]})


WHOLE = {
    "nothing": "",
    "spaces": " \n\t",
    "no JSON": "hello",
    "half": '{"type": "operate", "op_id": "a", "operation": {"type": "put_e',
    "null": "null",
    "number": "1",
    "text": '"operate"',
    "list": "[]",
    "list of a message": '[{"type": "ping", "time": 1}]',
    "object": "{}",
    "unknown type": '{"type": "applied"}',
    "type of a list": '{"type": ["ping"], "time": 1}',
    "type twice": '{"type": "pang", "type": "operate", "op_id": "a"}',
    "number of 10,000 digits": '{"type": "ping", "time": ' + "9" * 10_000 + "}",
    "not a number": '{"type": "ping", "time": NaN}',
    "without end": '{"type": "ping", "time": Infinity}',
    "exponent": '{"type": "ping", "time": 1e99999}',
    "deep lists": "[" * 200_000,
    "deep closed lists": "[" * 100_000 + "]" * 100_000,
    "deep objects": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "deep operation": '{"type": "operate", "op_id": "deep", "operation": ' + '{"a":' * 50_000,
    "id of half a letter": '{"type": "operate", "op_id": "\\ud800", "operation": {}}',
    "long id": json.dumps({"type": "operate", "op_id": "x" * 500_000, "operation": {}}),
    "long field": json.dumps({"type": "ping", "time": 1, "y" * 500_000: 1}),
    "long type": json.dumps({"type": "z" * 500_000}),
    "field of half a letter": '{"type": "ping", "time": 1, "\\udfff": 1}',
    "type of half a letter": '{"type": "\\udfff"}',
    "letter of order": "\ufeff" + '{"type": "ping", "time": 1}',
    "nul": '{"type": "ping", "time": 1}\0',
    "two messages": '{"type": "ping", "time": 1}{"type": "ping", "time": 1}',
    "comment": '{"type": "ping", /* */ "time": 1}',
    "pickle": "\x80\x04K\x01.",
}
"""Whole texts that are no message, or one that has to be read with care."""


def deep_any(depth):
    """An edit of edits of edits, as text: no encoder goes so deep."""
    inner = '{"kind":"like","id":"e","image":"a.png","strength":1.0,"enabled":true}'
    begun = '{"kind":"any","id":"e%d","names":["a"],"strength":1.0,"enabled":true,"parts":[['
    opened = "".join(begun % level for level in range(depth))
    edit = opened + inner + "]]}" * depth
    operation = '{"type":"put_edit","cluster":"main","edit":' + edit + "}"
    return '{"type":"operate","op_id":"deep","operation":' + operation + "}"


def chance(rng, count):
    """Yield texts made of the examples by chance: cut, joined, bytes changed, fields swapped."""
    texts = [json.dumps(example) for example in EXAMPLES.values()]
    for _ in range(count):
        text = texts[rng.integers(len(texts))]
        for _ in range(rng.integers(1, 4)):
            text = _bent(rng, text, texts)
        yield text


def _bent(rng, text, texts):
    start, end = sorted(rng.integers(0, len(text) + 1, 2).tolist())
    kind = rng.integers(6)
    if kind == 0:
        return text[:start] + text[end:]
    if kind == 1:
        return text[:end] + text[start:]
    if kind == 2:
        other = texts[rng.integers(len(texts))]
        return text[:start] + other[rng.integers(len(other)) :]
    if kind == 3:
        letter = chr(
            int(rng.choice([0, 34, 44, 45, 48, 57, 91, 92, 93, 101, 123, 125, 0x2028, 0xFFFF]))
        )
        return text[:start] + letter + text[start + 1 :]
    if kind == 4:
        return (
            text[:start]
            + str(rng.choice(["null", "1e999", "-0", "[]", "{}", '""', '"\\ud800"']))
            + text[end:]
        )
    return text.replace(
        str(rng.choice(['"main"', "1.0", "true", "0.5", "null"])),
        str(rng.choice(["-1", "[[1]]", '"\\u0000"', "2e308", "{}"])),
        1,
    )
