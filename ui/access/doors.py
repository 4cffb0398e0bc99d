"""The sockets that are open: how many of whom, and which are to be shut because access has gone."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from ui.settings import Settings

Shut: TypeAlias = Callable[[int, str], None]
"""Closes a socket with a code and a reason."""
Check: TypeAlias = Callable[[], tuple[int, str] | None]
"""Returns why a socket may be open no longer, None while it may."""

CLOSE_LOG_IN = 4401
CLOSE_WITHDRAWN = 4403
CLOSE_TOO_MANY = 4429


class TooManySockets(Exception):  # noqa: N818 - nothing went wrong here
    """One more socket would be over a limit; the message says which."""


@dataclass(frozen=True, slots=True, eq=False)
class _Door:
    check: Check
    shut: Shut


class Doors:
    """The open sockets of a server; used on the event loop alone."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open: set[_Door] = set()
        self._authors: Counter[str] = Counter()
        self._addresses: Counter[str] = Counter()

    @contextlib.contextmanager
    def opened(self, author: str, address: str, check: Check, shut: Shut) -> Iterator[None]:
        """Count a socket as long as the block runs, and shut it once it may be open no longer.

        Raises
        ------
        TooManySockets
            If there are as many as there may be.
        """
        self._check_room(author, address)
        door = _Door(check, shut)
        self._open.add(door)
        self._authors[author] += 1
        self._addresses[address] += 1
        try:
            yield
        finally:
            self._open.discard(door)
            for counter, key in ((self._authors, author), (self._addresses, address)):
                counter[key] -= 1
                if not counter[key]:
                    del counter[key]

    def look(self) -> None:
        """Shut every socket that may be open no longer."""
        for door in list(self._open):
            wrong = door.check()
            if wrong is not None:
                door.shut(*wrong)

    def _check_room(self, author: str, address: str) -> None:
        settings = self._settings
        if len(self._open) >= settings.sockets_limit:
            raise TooManySockets("the server has as many connections as it can take")
        if self._addresses[address] >= settings.address_sockets_limit:
            raise TooManySockets("there are too many connections from this address")
        if self._authors[author] >= settings.author_sockets_limit:
            raise TooManySockets("you have too many pages open here: close some")
