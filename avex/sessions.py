"""Sessions as files."""

import json
import re
import uuid
from pathlib import Path
from typing import Any

from explorer.errors import SessionError
from explorer.session import Session
from explorer.session_json import session_from_json, session_to_json

UNPLACED = "it lies beside the canvas, or its image is not there or has nothing to look for"
"""Why an edit may count for nothing."""


def load_session(path: str | Path) -> Session:
    """Read a session from a JSON file.

    Raises
    ------
    SessionError
        If it is no session; the message names the file and the field.
    OSError
        If the file cannot be read.
    """
    try:
        return session_from_json(json.loads(Path(path).read_text(encoding="utf-8")))
    except SessionError as error:
        raise SessionError(f"{path}: {error}") from error
    except (ValueError, RecursionError) as error:
        raise SessionError(f"{path} must be a session in JSON, it is none: {error}") from error


def save_session(session: Session, path: str | Path) -> None:
    """Write a session as JSON, whole or not at all."""
    target = Path(path)
    partial = target.with_name(f".{target.name}.partial")
    partial.write_text(_text(session_to_json(session)) + "\n", encoding="utf-8")
    partial.replace(target)


def _text(data: dict[str, Any]) -> str:
    """Return a session as JSON for people: indented, but the points of an image in one line."""
    token = uuid.uuid4().hex
    points: list[str] = []
    for layer in data.get("annotation", {}).get("layers", []):
        for name, found in layer["images"].items():
            layer["images"][name] = f"{token}{len(points)}"
            points.append(json.dumps(found, ensure_ascii=False, allow_nan=False))
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
    return re.sub(rf'"{token}(\d+)"', lambda match: points[int(match[1])], text)
