"""Who somebody is in the rooms, and what that allows.

The guard finds out who asks, and leaves it in the scope of each request and socket. On an open
server everybody is an owner, and the page says under which id it writes; on a guarded one the id
comes from the signed cookie or the token, and what the page says is ignored.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection

from ui.wire.addresses import collection_of, is_main
from ui.wire.base import ID_LIMIT
from ui.wire.protocol import RoomInfo
from ui.wire.roles import ROLES, Role

IDENTITY = "avex.identity"
"""Where the guard leaves the identity in an ASGI scope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who asks.

    Attributes
    ----------
    author
        The id under which this one writes; "" where the page is to say it.
    name
        What people call this one; "" where the page is to say it.
    role
        The role in every room: of the server's token and of people in its file; None: only where
        a link was followed.
    grants
        The role in single rooms by their address: of links that were followed.
    links
        Ids of those links.
    is_guarded
        Whether the server asks who people are.
    """

    author: str = ""
    name: str = ""
    role: Role | None = None
    grants: Mapping[str, Role] = field(default_factory=dict)
    links: frozenset[str] = frozenset()
    is_guarded: bool = True

    @property
    def is_owner(self) -> bool:
        """Whether this one owns the server: builds collections and is let in everywhere."""
        return self.role == "owner"

    @property
    def is_known(self) -> bool:
        """Whether the server let this one in, and not only to the pages where one gets in."""
        return not self.is_guarded or self.role is not None or bool(self.grants)

    def role_in(self, room: RoomInfo) -> Role | None:
        """Return what this one may do in a room; None: it may not even know of it.

        A branch has the roles of the room that it left, and belongs to its author; a private one
        is open to nobody else but who has a link of its own.
        """
        if not self.is_guarded:
            return self.grants.get(room.name, self.role)
        is_mine = room.author == self.author != ""
        around = None if room.is_private and not is_mine else self._around(room)
        granted = highest(self.grants.get(room.name), around)
        is_own = is_mine and not is_main(room.name)
        return "owner" if is_own and granted is not None else granted

    def lists(self, room: RoomInfo) -> bool:
        """Return whether a room is to stand among those that this one is shown.

        On an open server a private branch can be opened by whoever has its address, and is only not
        shown to others than its author.
        """
        is_hidden = room.is_private and room.author != self.author
        return self.role_in(room) is not None and not (is_hidden and not self.is_guarded)

    def _around(self, room: RoomInfo) -> Role | None:
        """Return the role that this one has by the rooms that a room belongs to."""
        return highest(self.role, *(self.grants.get(name) for name in rooms_above(room)))


OPEN = Identity(role="owner", is_guarded=False)
"""Whoever reaches a server that only its own machine can reach."""
NOBODY = Identity()
"""Somebody on the pages where one gets in."""


def identity_of(connection: HTTPConnection) -> Identity:
    """Return who asks, in a route of HTTP or of a socket."""
    found: Identity = connection.scope[IDENTITY]
    return found


def rooms_above(room: RoomInfo) -> set[str]:
    """Return the addresses whose links lead into a room that is not private."""
    return {room.name, room.parent or room.name, collection_of(room.name)}


def author_for(connection: HTTPConnection, said: str = "") -> str:
    """Return under which id to write down what somebody asks for.

    Parameters
    ----------
    connection
        The request or the socket.
    said
        What the page says; only an open server believes it.
    """
    known = identity_of(connection)
    return known.author if known.is_guarded else author_of(said or known.author)


def author_of(text: str) -> str:
    """Return the author's id if it is one, else a new one."""
    is_id = re.fullmatch(rf"[A-Za-z0-9_-]{{1,{ID_LIMIT}}}", text)
    return text if is_id else uuid.uuid4().hex


def highest(*roles: Role | None) -> Role | None:
    """Return the role that allows most, None of none."""
    known = [role for role in roles if role is not None]
    return max(known, key=ROLES.index, default=None)
