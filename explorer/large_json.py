"""Reads large JSON piece by piece, so that other threads of the program can work meanwhile.

Python's own reader is one call that no other thread can interrupt: 50 MB hold everybody up for
seconds, and need more memory the more brackets and commas there are. Other readers in C (orjson,
msgspec) are one call as well; those that tell of each value by itself (ijson) run Python for every
number, and what they tell must still be put together. So the outer lists and objects are read here,
a screenful of code; all that lies deeper, and every string and number, is read by Python's scanner.
"""

import json
import re
from collections.abc import Callable
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

STEPS = 7
"""Lists and objects in each other that are read in steps: a stroke's points in a session."""
BRACKETS_LIMIT, COMMAS_LIMIT = 8_000_000, 40_000_000
"""The most points that a room can have need half of that; each takes some bytes of memory."""

_after_space = re.compile(r"[ \t\n\r]*").match
_scan: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


def read_large_json(content: bytes) -> Any:
    """Return what a JSON text in UTF-8 says, as `json.loads` does.

    Raises
    ------
    ValueError
        If it is none, or holds too much.
    RecursionError
        If it lies too deep in itself.

    Examples
    --------
    >>> read_large_json(b' {"a": [1, {"b": []}], "c": null} ')
    {'a': [1, {'b': []}], 'c': None}
    """
    is_much = content.count(b"[") + content.count(b"{") > BRACKETS_LIMIT
    if is_much or content.count(b",") > COMMAS_LIMIT:
        raise ValueError("it must not hold more than a room can have")
    text = content.decode("utf-8-sig")
    try:
        value, end = _value(text, _skip(text, 0), STEPS)
    except StopIteration as error:
        raise json.JSONDecodeError("there must be a value", text, error.value) from None
    except IndexError:
        raise json.JSONDecodeError("it is cut off", text, len(text)) from None
    if _skip(text, end) != len(text):
        raise json.JSONDecodeError("there must be nothing more", text, end)
    return value


def _value(text: str, at: int, steps: int) -> tuple[Any, int]:
    """Return the value that begins at a place, and the place behind it."""
    if steps and text[at] == "[":
        return _list(text, at + 1, steps - 1)
    if steps and text[at] == "{":
        return _object(text, at + 1, steps - 1)
    return _scan(text, at)


def _list(text: str, at: int, steps: int) -> tuple[list[Any], int]:
    items: list[Any] = []
    at = _skip(text, at)
    while text[at] != "]" or items:
        item, at = _value(text, at, steps)
        items.append(item)
        at, is_last = _next(text, at, "]")
        if is_last:
            return items, at
    return items, at + 1


def _object(text: str, at: int, steps: int) -> tuple[dict[str, Any], int]:
    items: dict[str, Any] = {}
    at = _skip(text, at)
    while text[at] != "}" or items:
        _expect(text, at, '"')
        name, at = scanstring(text, at + 1, True)  # noqa: FBT003 - not ours
        at = _skip(text, at)
        _expect(text, at, ":")
        items[name], at = _value(text, _skip(text, at + 1), steps)
        at, is_last = _next(text, at, "}")
        if is_last:
            return items, at
    return items, at + 1


def _next(text: str, at: int, end: str) -> tuple[int, bool]:
    """Return where the next item begins, or that there is none and where what holds them ends."""
    at = _skip(text, at)
    if text[at] == end:
        return at + 1, True
    _expect(text, at, ",")
    return _skip(text, at + 1), False


def _skip(text: str, at: int) -> int:
    found = _after_space(text, at)
    assert found is not None  # noqa: S101 - no space is found too
    return found.end()


def _expect(text: str, at: int, sign: str) -> None:
    if text[at] != sign:
        raise json.JSONDecodeError(f"there must be {sign}", text, at)
