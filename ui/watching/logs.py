"""How the server writes its log: lines for people, or JSON for programs, to standard error.

What is secret is left out of every line whoever wrote it: what follows a `?` in an address, links
into rooms, tokens. Names of photographs are left out too unless everything is logged.
"""

import json
import logging
import re
import sys
import time
from typing import Any, TextIO

from ui.settings import LogFormat, LogLevel

OURS = ("avex", "evaluation", "explorer", "index", "precompute", "ui")
SERVERS = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")

_SECRETS = (
    (re.compile(r"\?[^\s\"']+"), "?..."),
    (re.compile(r"(/?join/)[^\s\"'/]+"), r"\1..."),
    (re.compile(r"(?i)(bearer\s+|token[=: ]+|cookie[=: ]+)[^\s\"',;]+"), r"\1..."),
)
_PHOTOGRAPH = re.compile(r"[^\s\"'()\[\]{},=]+\.(?:jpe?g|png|webp|gif|bmp|tiff?|avif|heic)\b", re.I)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""What would begin another line, or tell a terminal what to do."""
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}


def set_up_logs(form: LogFormat, level: LogLevel, stream: TextIO | None = None) -> None:
    """Write the log of this process, that of its web server included.

    Parameters
    ----------
    form
        Lines of text, or of JSON.
    level
        From which level on; other people's libraries are heard from "warning" on at most.
    stream
        Where to; None: standard error.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    keeps_names = level == "debug"
    handler.setFormatter(JsonLines(keeps_names) if form == "json" else TextLines(keeps_names))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(logging.WARNING, _number(level)))
    for name in OURS:
        logging.getLogger(name).setLevel(_number(level))
    for name in SERVERS:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
        logger.setLevel(logging.DEBUG if level == "debug" else root.level)


def _number(level: LogLevel) -> int:
    return logging.getLevelNamesMapping()[level.upper()]


class _Lines(logging.Formatter):
    """What both kinds of lines share: names of photographs stand in them only if asked for.

    Parameters
    ----------
    keeps_names
        Whether names of photographs stay.
    """

    def __init__(self, keeps_names: bool = False) -> None:  # noqa: FBT001, FBT002
        super().__init__()
        self._keeps_names = keeps_names


class JsonLines(_Lines):
    """One JSON object a line: what is known of an event is in fields, a traceback too."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_fields(record),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        clean = {name: self._clean(value) for name, value in line.items()}
        return json.dumps(clean, ensure_ascii=False, default=str)

    def _clean(self, value: object) -> object:
        keeps = self._keeps_names
        return without_secrets(value, keeps_names=keeps) if isinstance(value, str) else value


class TextLines(_Lines):
    """Time, level, logger and message on one line, then `name=value` of each field."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and a traceback below it."""
        fields = "".join(f" {name}={value}" for name, value in _fields(record).items())
        said = _CONTROL.sub(" ", f"{record.getMessage()}{fields}")
        line = f"{_moment(record)} {record.levelname} {record.name}: {said}"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return without_secrets(line, keeps_names=self._keeps_names)


def without_secrets(text: str, *, keeps_names: bool = False) -> str:
    """Return a text of the log without what must not stand in it.

    Examples
    --------
    >>> without_secrets("GET /join/k3h7q2?next=/ of shoes/0107.jpg")
    'GET /join/... of (image)'
    """
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text if keeps_names else _PHOTOGRAPH.sub("(image)", text)


def _moment(record: logging.LogRecord) -> str:
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
    return f"{moment}.{int(record.msecs):03d}Z"


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _USUAL}
