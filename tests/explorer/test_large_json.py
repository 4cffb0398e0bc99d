"""`explorer.large_json`: reads what Python's own reader reads, but lets others work meanwhile."""

import json
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer import large_json
from explorer.large_json import STEPS, read_large_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES, st.sampled_from([None, 1]), st.booleans())
def test_it_reads_what_was_written(value, indent, is_plain):
    assert (
        read_large_json(json.dumps(value, indent=indent, ensure_ascii=is_plain).encode()) == value
    )


def outcome(reader, content):
    try:
        return reader(content)
    except ValueError:
        return "none"


@given(st.text(alphabet='[]{}",: 1a\\n', max_size=12))
def test_what_is_none_for_python_is_none_here(text):
    content = text.encode()
    assert outcome(read_large_json, content) == outcome(json.loads, content)


@pytest.mark.parametrize("put", ["", *'[]{},:"0e-n \\n\\\\'])
def test_no_slip_anywhere_is_read_otherwise_than_python_reads_it(put):
    text = '{"a": [1, {"b": [], "c": -2e3}, "d\\\\n"], "e": {}, "f": [null, true]}'
    for at in range(len(text)):
        for cut in (0, 1):
            content = (text[:at] + put + text[at + cut :]).encode()
            # Compared as text, as 1 is equal to true.
            assert repr(outcome(read_large_json, content)) == repr(outcome(json.loads, content))


@pytest.mark.parametrize("depth", range(1, STEPS + 3))
def test_it_reads_to_any_depth(depth):
    assert read_large_json(b"[" * depth + b"]" * depth) == json.loads("[" * depth + "]" * depth)


def test_what_lies_too_deep_is_refused():
    with pytest.raises(RecursionError):
        read_large_json(b"[" * 100_000)


@pytest.mark.parametrize("content", [b"[[],[]]", b'{"a":{},"b":{}}', b"[1,2,3,4]"])
def test_more_than_a_room_can_have_is_refused_before_it_is_read(monkeypatch, content):
    monkeypatch.setattr(large_json, "BRACKETS_LIMIT", 3)
    monkeypatch.setattr(large_json, "COMMAS_LIMIT", 3)
    assert read_large_json(content) == json.loads(content)
    monkeypatch.setattr(large_json, "BRACKETS_LIMIT", 2)
    monkeypatch.setattr(large_json, "COMMAS_LIMIT", 2)
    with pytest.raises(ValueError, match="more than a room can have"):
        read_large_json(content)


def test_other_threads_run_while_it_reads():
    ran, is_read = [], threading.Event()

    def run():
        while not is_read.is_set():
            ran.append(time.perf_counter())
            time.sleep(0)

    points = [[[0.5, 0.5]] * 20_000] * 10
    content = json.dumps({"clusters": [{"edits": [{"edit": {"paths": points}}]}]}).encode()
    other = threading.Thread(target=run)
    other.start()
    begun = time.perf_counter()
    read_large_json(content)
    ended = time.perf_counter()
    is_read.set()
    other.join()
    between = [moment for moment in ran if begun < moment < ended]
    # One call of Python's reader would let the other thread run before and after it alone.
    assert len(between) > 5
