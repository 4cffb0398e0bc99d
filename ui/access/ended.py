"""Passes that were logged out: good for nothing until they would have ended by themselves.

They stand in a file beside the key that signs passes, so that a restart brings none back to life.
"""

import logging
import os
import re
import time
from collections.abc import Iterable
from pathlib import Path

FILE_NAME = "avex-logged-out"
LIMIT = 100_000
"""Most that are known; who was logged out first is forgotten first."""
_LINE = re.compile(r"([0-9a-f]{1,64}) (\d{1,12})", re.ASCII)

_logger = logging.getLogger(__name__)


class Ended:
    """The passes that were logged out.

    Parameters
    ----------
    folder
        Where the file lies; it is read when first asked for.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._known: dict[str, int] | None = None

    def has(self, pass_id: str) -> bool:
        """Return whether a pass was logged out."""
        return pass_id in self._read()

    def add(self, pass_id: str, expires: int) -> None:
        """Log a pass out; it is on disk when this returns, if it can be."""
        known = self._read()
        known[pass_id] = expires
        while len(known) > LIMIT:
            del known[next(iter(known))]
        try:
            _write(self._path, [(pass_id, expires)], os.O_APPEND)
        except OSError as error:
            _logger.warning("a pass that was logged out is good again after a restart: %s", error)

    def _read(self) -> dict[str, int]:
        if self._known is None:
            self._known = _read(self._path)
        return self._known


def _read(path: Path) -> dict[str, int]:
    """Return what stands in the file, without what has ended; write it anew if that is most."""
    try:
        lines = path.read_text("ascii", "replace").splitlines()
    except FileNotFoundError:
        return {}
    except OSError as error:
        _logger.warning("passes that were logged out are good again: %s", error)
        return {}
    found = [match for match in map(_LINE.fullmatch, lines) if match]
    every = {match[1]: int(match[2]) for match in found}
    known = {pass_id: end for pass_id, end in every.items() if end > time.time()}
    if 2 * len(known) < len(lines):
        part = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            _write(part, known.items(), os.O_TRUNC)
            part.replace(path)
        except OSError as error:
            _logger.warning("%s cannot be made shorter: %s", path, error)
    return known


def _write(path: Path, known: Iterable[tuple[str, int]], how: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600)
    with os.fdopen(file, "wb") as opened:
        opened.write("".join(f"{pass_id} {end}\n" for pass_id, end in known).encode())
        opened.flush()
        os.fsync(opened.fileno())
