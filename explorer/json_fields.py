"""Reading the fields of what was JSON: each wrong one is named."""

import sys
from collections.abc import Mapping
from typing import Any

from explorer.errors import SessionError

FLOAT_MAX = sys.float_info.max


def fields_of(data: Any, where: str, required: set[str], optional: set[str]) -> Mapping[str, Any]:
    """Return an object that has all required fields, and else only optional ones.

    Raises
    ------
    SessionError
        If it has not, or is no object.
    """
    if not isinstance(data, Mapping):
        raise SessionError(f"{where} must be an object, got {type(data).__name__}")
    for name in sorted(required - set(data)):
        raise SessionError(f"{where}.{name} is missing")
    for name in sorted(set(map(str, data)) - required - optional):
        known = ", ".join(sorted(required | optional))
        raise SessionError(f"{where}.{name} is unknown: {where} has {known}")
    return data


def list_of(value: Any, where: str) -> list[Any]:
    """Return a list, or raise `SessionError`."""
    if not isinstance(value, list):
        raise SessionError(f"{where} must be a list, got {type(value).__name__}")
    return value


def text_of(value: Any, where: str) -> str:
    """Return a text, or raise `SessionError`."""
    if not isinstance(value, str):
        raise SessionError(f"{where} must be a text, got {value!r}")
    return value


def flag_of(value: Any, where: str) -> bool:
    """Return true or false, or raise `SessionError`."""
    if not isinstance(value, bool):
        raise SessionError(f"{where} must be true or false, got {value!r}")
    return value


def number_of(value: Any, where: str) -> float:
    """Return a finite number, or raise `SessionError`."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not -FLOAT_MAX <= value <= FLOAT_MAX:  # JSON knows larger whole numbers
        raise SessionError(f"{where} must be a finite number, got {value!r}")
    return float(value)


def whole_of(value: Any, where: str) -> int:
    """Return a whole number, or raise `SessionError`."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise SessionError(f"{where} must be a whole number, got {value!r}")
    return value


def point_of(value: Any, where: str) -> tuple[float, float]:
    """Return two finite numbers, or raise `SessionError`."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise SessionError(f"{where} must be [x, y], got {value!r}")
    return number_of(value[0], where), number_of(value[1], where)


def texts_of(value: Any, where: str) -> tuple[str, ...]:
    """Return a list of texts, or raise `SessionError`."""
    return tuple(text_of(name, f"{where}[{i}]") for i, name in enumerate(list_of(value, where)))
