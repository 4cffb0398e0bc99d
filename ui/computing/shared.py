"""Messages that are turned into text once for many receivers, each of whom has another request."""

from pydantic import BaseModel


def text_without_request(message: BaseModel) -> str:
    """Return a message with a field `request` as text, but for that field."""
    return message.model_dump_json(exclude={"request"})


def with_request(text: str, request: int) -> str:
    """Return the text of a message, with the request that its receiver made last.

    Examples
    --------
    >>> with_request('{"type":"ranking"}', 7)
    '{"type":"ranking","request":7}'
    """
    return f'{text[:-1]},"request":{request}}}'
