"""Links that let people into one room with one role; they lie in the file of the rooms' log.

Of a link's token only a hash is kept: who reads the file cannot follow the link. Tokens have 256
random bits, so they need no slow hash.
"""

import contextlib
import dataclasses
import hashlib
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ui.wire.addresses import MAIN, MARK, address_of, collection_of
from ui.wire.roles import Role

LABEL_LIMIT = 80
LINKS_LIMIT, GUESTS_LIMIT = 500, 400
"""Most links of a collection, and how many of them others than the server's owner may make."""
TOKEN_LIMIT = 200
WAIT_S = 5.0
DAY_S = 24 * 3600.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS links (
    id TEXT PRIMARY KEY NOT NULL,
    digest BLOB UNIQUE NOT NULL,
    room TEXT NOT NULL,
    role TEXT NOT NULL,
    label TEXT NOT NULL,
    author TEXT NOT NULL,
    created REAL NOT NULL,
    expires REAL,
    is_revoked INTEGER NOT NULL,
    via TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID
"""
_FIELDS = "id, digest, room, role, label, author, created, expires, is_revoked, via"
_ADD_VIA = "ALTER TABLE links ADD COLUMN via TEXT NOT NULL DEFAULT ''"


class LinkError(ValueError):
    """The links of a collection cannot be read or written."""


class UnknownLinkError(LinkError):
    """There is no such link."""


class TooManyLinksError(LinkError):
    """A collection has as many links as it may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A way into a room.

    Attributes
    ----------
    address
        The room's address: of the collection's main room, or of a branch.
    digest
        SHA-256 of the token.
    label
        What its author calls it.
    created, expires
        Seconds since 1970; None: it does not end by itself.
    via
        Ids of the links by which its author had come: once none of them is open, this one is not.
    """

    id: str
    digest: bytes
    address: str
    role: Role
    label: str
    author: str
    created: float
    expires: float | None = None
    is_revoked: bool = False
    via: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it lets anybody in now, as far as it says itself; see `Links.is_open`."""
        return not self.is_revoked and (self.expires is None or time.time() < self.expires)


class Links:
    """The links of all collections that a server serves. Threads may share it."""

    def __init__(self) -> None:
        self._files: dict[str, Path] = {}
        self._links: dict[str, Link] = {}
        self._by_digest: dict[bytes, str] = {}
        self._writing = threading.Lock()

    def serve(self, collection: str, path: Path) -> None:
        """Take in the links of a collection, from the file of its rooms' log.

        Raises
        ------
        LinkError
            If they cannot be read.
        """
        with _opened(path) as connection:
            connection.execute(_SCHEMA)
            if "via" not in {row[1] for row in connection.execute("PRAGMA table_info(links)")}:
                connection.execute(_ADD_VIA)  # written by an earlier version
            rows = connection.execute(f"SELECT {_FIELDS} FROM links").fetchall()  # noqa: S608
        self._files[collection] = path
        for row in rows:
            self._know(_link(collection, row))

    def get(self, link_id: str) -> Link | None:
        """Return a link by its id, revoked or not."""
        return self._links.get(link_id)

    def find(self, token: str) -> Link | None:
        """Return the link of a token, revoked or not."""
        if len(token) > TOKEN_LIMIT:
            return None
        return self._links.get(self._by_digest.get(_digest(token), ""))

    def is_open(self, link: Link) -> bool:
        """Return whether a link lets anybody in: by itself, and by those that its author came by.

        Else somebody whose link is revoked would come in again by one that they have made.
        """
        asked, waiting = {link.id}, [link]
        while waiting:
            one = waiting.pop()
            if one.is_open and not one.via:
                return True
            above = [self._links[known] for known in one.via if known in self._links]
            new = [link for link in above if one.is_open and link.id not in asked]
            asked |= {link.id for link in new}
            waiting += new
        return False

    def of(self, address: str) -> tuple[Link, ...]:
        """Return the links into a room, the oldest first."""
        known = [link for link in list(self._links.values()) if link.address == address]
        return tuple(sorted(known, key=_created))

    def create(
        self,
        address: str,
        role: Role,
        *,
        label: str = "",
        author: str = "",
        days: int | None = None,
        via: Iterable[str] = (),
    ) -> tuple[Link, str]:
        """Make a link and return it with its token, which nobody can ask for again.

        Raises
        ------
        TooManyLinksError, LinkError
            If there are too many, or it cannot be written.
        """
        if len(self._of_collection(collection_of(address))) >= LINKS_LIMIT:
            raise TooManyLinksError(
                f"a collection has at most {LINKS_LIMIT} links, it has that many"
            )
        token, now = secrets.token_urlsafe(32), time.time()
        link = Link(
            id=secrets.token_hex(8),
            digest=_digest(token),
            address=address,
            role=role,
            label=label[:LABEL_LIMIT],
            author=author,
            created=now,
            expires=None if days is None else now + days * DAY_S,
            via=tuple(sorted(via)),
        )
        with self._writing, _opened(self._file(address)) as connection:
            row = dataclasses.astuple(link)
            row = (*row[:2], _room(address), *row[3:-1], " ".join(link.via))
            insert = f"INSERT INTO links ({_FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
            connection.execute(insert, row)
        self._know(link)
        return link, token

    def make_room(self, address: str, *, is_owner: bool) -> None:
        """Forget links that let nobody in any more if there are too many, the oldest first.

        Raises
        ------
        TooManyLinksError, LinkError
            If there still are too many for somebody who owns the server or not, or they cannot be
            forgotten.
        """
        collection, limit = collection_of(address), LINKS_LIMIT if is_owner else GUESTS_LIMIT
        known = self._of_collection(collection)
        if len(known) < limit:
            return
        ended = sorted((link for link in known if not self.is_open(link)), key=_created)
        for link in ended[: len(known) - limit + 1]:
            with self._writing, _opened(self._file(address)) as connection:
                connection.execute("DELETE FROM links WHERE id = ?", (link.id,))
            self._links.pop(link.id, None)
            self._by_digest.pop(link.digest, None)
        if len(self._of_collection(collection)) >= limit:
            raise TooManyLinksError(
                f"a collection has at most {limit} links, it has that many: revoke some first"
            )

    def _of_collection(self, collection: str) -> list[Link]:
        links = list(self._links.values())
        return [link for link in links if collection_of(link.address) == collection]

    def revoke(self, address: str, link_id: str) -> Link:
        """Let nobody in by a link any more; it is on disk when this returns.

        Raises
        ------
        UnknownLinkError, LinkError
            If the room has no such link, or that cannot be written.
        """
        link = self._links.get(link_id)
        if link is None or link.address != address:
            raise UnknownLinkError(f"there is no link {link_id!r} to this room")
        revoked = dataclasses.replace(link, is_revoked=True)
        self._know(revoked)  # before it is written: if that fails, it is at least shut until then
        with self._writing, _opened(self._file(address)) as connection:
            connection.execute("UPDATE links SET is_revoked = 1 WHERE id = ?", (link_id,))
        return revoked

    def _know(self, link: Link) -> None:
        self._links[link.id] = link
        self._by_digest[link.digest] = link.id

    def _file(self, address: str) -> Path:
        return self._files[collection_of(address)]


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file for a moment; what is done in the block is on disk when it ends."""
    try:
        connection = sqlite3.connect(path, timeout=WAIT_S)
        try:
            connection.execute("PRAGMA synchronous = FULL")
            with connection:
                yield connection
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise LinkError(f"the links in {path} must be read and written, got: {error}") from error


def _link(
    collection: str, row: tuple[str, bytes, str, Role, str, str, float, float, int, str]
) -> Link:
    link_id, digest, room, role, label, author, created, expires, is_revoked, via = row
    return Link(
        id=link_id,
        digest=digest,
        address=address_of(collection, room),
        role=role,
        label=label,
        author=author,
        created=created,
        expires=expires,
        is_revoked=bool(is_revoked),
        via=tuple(via.split()),
    )


def _created(link: Link) -> float:
    return link.created


def _room(address: str) -> str:
    return address.partition(MARK)[2] or MAIN


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()
