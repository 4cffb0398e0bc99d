"""What is wrong with a message or a request, in a sentence for people."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

NAMED_LIMIT = 1000
PLACE_LIMIT = 120
TEXT_LIMIT = 400
"""Most characters of what is said back."""


def told(error: ValidationError) -> str:
    """Return what is wrong, without naming all of it if it is much: that would take seconds."""
    count = error.error_count()
    if count > NAMED_LIMIT:
        return f"{count:,} parts of it are not what they must be"
    return first_wrong(error.errors(include_url=False, include_input=False))


def first_wrong(errors: Sequence[Mapping[str, Any]], *, outer: int = 0) -> str:
    """Return the first thing that is wrong: in our own words where we have some.

    Parameters
    ----------
    errors
        As `errors()` of a pydantic `ValidationError` returns them, at least one.
    outer
        How many outer names of where it is say nothing to people.
    """
    first = errors[0]
    if first["type"] == "value_error":
        return _shown(str(first["ctx"]["error"]))
    where = _shown(".".join(str(part) for part in first["loc"][outer:]), PLACE_LIMIT)
    return _shown(f"{where}: {first['msg']}" if where else str(first["msg"]))


def _shown(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return a text that can be sent back: the sender may have named things by a megabyte."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return whole if len(whole) <= limit else f"{whole[:limit]}…"
