"""What is wrong with a message or a request, in a sentence for people."""

from collections.abc import Mapping, Sequence
from typing import Any


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
        return str(first["ctx"]["error"])
    where = ".".join(str(part) for part in first["loc"][outer:])
    return f"{where}: {first['msg']}" if where else str(first["msg"])
