"""Fields of a dict that another tool wrote: each is there and of its kind, or is named."""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from explorer.errors import FormatError


@dataclass(frozen=True, slots=True)
class Fields:
    """A dict and where it stands. Every method raises `FormatError` for what is wrong."""

    values: Mapping[str, Any]
    where: str

    def get(self, name: str) -> Any:
        """Return a field as it is, None where there is none."""
        return self.values.get(name)

    def known(self, name: str) -> Hashable:
        """Return a number or a text that others refer to."""
        value = self.get(name)
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise FormatError(f"{self.where}.{name} must be a number or a text, got {value!r}")
        return value

    def text(self, name: str, otherwise: str | None = None) -> str:
        """Return a text."""
        value = self.values.get(name, otherwise)
        if not isinstance(value, str) or not value:
            raise FormatError(f"{self.where}.{name} must be a text, got {value!r}")
        return value

    def texts(self, name: str) -> list[str]:
        """Return a list of texts."""
        value = self.get(name)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise FormatError(f"{self.where}.{name} must be a list of texts, got {value!r:.40}")
        return value

    def number(self, name: str, otherwise: float) -> float:
        """Return a finite number."""
        return _number(self.values.get(name, otherwise), f"{self.where}.{name}")

    def numbers(self, name: str) -> list[float]:
        """Return a list of finite numbers."""
        value = self.get(name)
        if not isinstance(value, list):
            raise FormatError(f"{self.where}.{name} must be a list of numbers, got {value!r:.40}")
        return [_number(one, f"{self.where}.{name}[{i}]") for i, one in enumerate(value)]


def fields_of(data: Any, where: str) -> Fields:
    """Return the fields of a dict."""
    if not isinstance(data, Mapping):
        raise FormatError(f"{where} must be an object, got {type(data).__name__}")
    return Fields(data, where)


def items_of(data: Any, where: str) -> list[Fields]:
    """Return the fields of each dict of a list."""
    if not isinstance(data, list):
        raise FormatError(f"{where} must be a list, got {type(data).__name__}")
    return [fields_of(item, f"{where}[{i}]") for i, item in enumerate(data)]


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise FormatError(f"{where} must be a finite number, got {value!r:.40}")
    return float(value)
