"""Sessions as files."""

import json
from pathlib import Path

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
    text = json.dumps(session_to_json(session), indent=2, ensure_ascii=False, allow_nan=False)
    partial.write_text(text + "\n", encoding="utf-8")
    partial.replace(target)
