"""How the authors of a room were called last, so that they have a name when they have left.

A name is heard from the member that operates, of itself alone, and is written down with one of its
operations. So the log has it as soon as there is something to put it to, and nothing is written for
those who only look.
"""

import unicodedata
from collections.abc import Mapping

from ui.wire.people import PERSON_NAME_LIMIT

NAMES_LIMIT = 500
"""Authors of one room whose names are kept: of more, those who were named last."""

JOINER = "\u200d"
"""Keeps the parts of one emoji together."""


def clean_name(text: str) -> str:
    """Return a name as it may be shown: on one line, nothing invisible in it.

    Examples
    --------
    >>> clean_name("  Ada   Lovelace ")
    'Ada Lovelace'
    """
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    seen = "".join(c for c in plain if c == JOINER or unicodedata.category(c)[0] != "C")
    words = " ".join(seen.split())  # what was between two spaces may be gone
    return words.strip(JOINER + " ")[:PERSON_NAME_LIMIT].strip()


class Names:
    """The names of a room's authors: those that are written down, and those to be.

    Parameters
    ----------
    known
        The written ones by author, those who were named last at the end.
    """

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = dict(known)
        self._fresh: dict[str, str] = {}

    @property
    def known(self) -> dict[str, str]:
        """The names that are written down, by author."""
        return dict(self._known)

    @property
    def fresh(self) -> dict[str, str]:
        """The names that are to be written down."""
        return dict(self._fresh)

    def hear(self, author: str, name: str) -> None:
        """Take note of how somebody is called who operates; an empty name says nothing."""
        if not author or not name:
            return
        self._fresh.pop(author, None)
        if self._known.get(author) != name:
            self._fresh[author] = name
            _drop_first(self._fresh)

    def keep(self, written: Mapping[str, str]) -> None:
        """Take note of what has been written down."""
        for author, name in written.items():
            self._known.pop(author, None)
            self._known[author] = name
            if self._fresh.get(author) == name:
                del self._fresh[author]
        _drop_first(self._known)


def _drop_first(names: dict[str, str]) -> None:
    while len(names) > NAMES_LIMIT:
        del names[next(iter(names))]
