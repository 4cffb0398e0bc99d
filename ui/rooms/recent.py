"""The newest `applied` of a room as text, for members who were away for a moment."""

import itertools
from collections import deque
from dataclasses import dataclass

COUNT_LIMIT = 2_000
SIZE_LIMIT = 8 * 1024**2
"""Characters of all that is kept; most operations have a few hundred."""


@dataclass(frozen=True, slots=True)
class Followed:
    """How far a client has followed a room.

    Attributes
    ----------
    revision
        The newest one that it knows.
    last
        The id of the operation that made it: a log that was put back from a backup may have another
        one there. "" if the client does not say, as before the first operation.
    """

    revision: int
    last: str = ""

    @staticmethod
    def read(since: str, last: str) -> "Followed | None":
        """Read what a client says on joining; None if it has followed nothing.

        Examples
        --------
        >>> Followed.read("41", "op-7"), Followed.read("", ""), Followed.read("-1", "")
        (Followed(revision=41, last='op-7'), None, None)
        """
        is_number = since.isascii() and since.isdigit() and len(since) < 16
        return Followed(int(since), last) if is_number else None


class Recent:
    """What was told last, in its order; the oldest goes where there is too much."""

    def __init__(
        self, revision: int, *, count_limit: int = COUNT_LIMIT, size_limit: int = SIZE_LIMIT
    ) -> None:
        self._newest = revision
        self._texts: deque[str] = deque()
        self._size = 0
        self._count_limit = count_limit
        self._size_limit = size_limit

    def add(self, text: str) -> None:
        """Keep what was told of the next revision."""
        self._newest += 1
        self._texts.append(text)
        self._size += len(text)
        while len(self._texts) > self._count_limit or self._size > self._size_limit:
            self._size -= len(self._texts.popleft())

    def after(self, revision: int) -> list[str] | None:
        """Return what was told after a revision; None if not all of it is known any more."""
        missed = self._newest - revision
        if not 0 <= missed <= len(self._texts):
            return None
        return list(itertools.islice(self._texts, len(self._texts) - missed, None))
