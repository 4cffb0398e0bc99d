"""Where a room is: the collection's name in URLs for its main room, `COLLECTION~ID` for others."""

import base64
import secrets

MARK = "~"
"""Stands between a collection's name and a room's id; no collection's name has it."""

MAIN = "main"
"""Id of the room that a collection has anyway."""

_ID_BYTES = 16


def new_room_id() -> str:
    """Return an id that nobody can guess: 128 random bits in lower-case letters and digits."""
    return base64.b32encode(secrets.token_bytes(_ID_BYTES)).decode().rstrip("=").lower()


def address_of(collection: str, room_id: str) -> str:
    """Return the address of a room.

    Examples
    --------
    >>> address_of("shoes", "main"), address_of("shoes", "k3h7q2")
    ('shoes', 'shoes~k3h7q2')
    """
    return collection if room_id == MAIN else f"{collection}{MARK}{room_id}"


def collection_of(address: str) -> str:
    """Return the name of the collection that a room is of.

    Examples
    --------
    >>> collection_of("shoes"), collection_of("shoes~k3h7q2")
    ('shoes', 'shoes')
    """
    return address.partition(MARK)[0]


def is_main(address: str) -> bool:
    """Return whether an address is that of a collection's main room.

    Examples
    --------
    >>> is_main("shoes"), is_main("shoes~k3h7q2")
    (True, False)
    """
    return MARK not in address
