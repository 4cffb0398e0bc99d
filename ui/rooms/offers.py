"""Tells members whether they have something to undo and to redo: only the newest counts."""

import asyncio
from collections.abc import Mapping
from weakref import WeakKeyDictionary

from ui.rooms.member import Member
from ui.rooms.room import RoomState
from ui.wire.protocol import History

EVERY_S = 0.1
"""How often members are told at most."""
SHARE = 0.05
"""Which part of the time may be spent on it: one looks through a long history for what is left."""


class Offers:
    """What the members of a room can undo and redo.

    An operation may change that for everybody, as what others have changed cannot be undone, so
    it is looked up for all members at once, and seldom.
    """

    def __init__(self, members: Mapping[str, Member]) -> None:
        self._members = members
        self._told: WeakKeyDictionary[Member, History] = WeakKeyDictionary()
        self._state: RoomState | None = None
        self._timer: tuple[asyncio.AbstractEventLoop, asyncio.TimerHandle] | None = None
        self._next = 0.0

    def changed(self, state: RoomState) -> None:
        """Tell members soon, at once if nothing was told for a while."""
        self._state = state
        loop = asyncio.get_running_loop()
        if self._timer is not None and self._timer[0] is loop:
            return
        now = loop.time()
        if now >= self._next:
            self._tell()
        else:
            self._timer = loop, loop.call_at(self._next, self._tell)

    def tell(self, member: Member, state: RoomState) -> None:
        """Tell a member who has just come."""
        self._show(member, _offer(state, member.author))

    def _tell(self) -> None:
        self._timer = None
        if self._state is None:
            return
        loop = asyncio.get_running_loop()
        began = loop.time()
        found: dict[str, History] = {}
        for member in self._members.values():
            offer = found.get(member.author)
            if offer is None:
                offer = found[member.author] = _offer(self._state, member.author)
            if offer != self._told.get(member):
                self._show(member, offer)
        now = loop.time()
        self._next = now + max(EVERY_S, (now - began) / SHARE)

    def _show(self, member: Member, offer: History) -> None:
        self._told[member] = offer
        member.show("history", offer.model_dump_json())


def _offer(state: RoomState, author: str) -> History:
    return History(can_undo=state.can_undo(author), can_redo=state.can_redo(author))
