"""Tells members whether they have something to undo and to redo: only the newest counts."""

import asyncio
from collections import deque
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

    An operation may change that for everybody, as what others have changed cannot be undone. It is
    looked up for one author after the other, with pauses: for thirty at once it took a third of a
    second, in which nobody was answered.
    """

    def __init__(self, members: Mapping[str, Member]) -> None:
        self._members = members
        self._told: WeakKeyDictionary[Member, History] = WeakKeyDictionary()
        self._state: RoomState | None = None
        self._is_new = False
        self._authors: deque[str] = deque()
        self._timer: tuple[asyncio.AbstractEventLoop, asyncio.TimerHandle] | None = None
        self._began = self._next = 0.0

    def changed(self, state: RoomState) -> None:
        """Tell members soon, at once if nothing was told for a while."""
        self._state, self._is_new = state, True
        loop = asyncio.get_running_loop()
        if self._timer is not None and self._timer[0] is loop:
            return
        if loop.time() >= self._next:
            self._go_on()
        else:
            self._timer = loop, loop.call_at(self._next, self._go_on)

    def tell(self, member: Member, state: RoomState) -> None:
        """Tell a member who has just come."""
        self._show(member, _offer(state, member.author))

    def _go_on(self) -> None:
        """Tell as many authors as there is time for, and come back for the others."""
        self._timer = None
        loop = asyncio.get_running_loop()
        began = loop.time()
        if not self._authors and self._is_new:
            self._is_new, self._began = False, began
            self._authors.extend({one.author: None for one in self._members.values()})
        while self._authors:
            self._tell(self._authors.popleft())
            if loop.time() - began > EVERY_S * SHARE:
                break
        now = loop.time()
        pause_s = (now - began) / SHARE
        self._next = now + pause_s if self._authors else max(self._began + EVERY_S, now + pause_s)
        if self._authors or self._is_new:
            self._timer = loop, loop.call_at(self._next, self._go_on)

    def _tell(self, author: str) -> None:
        if self._state is None:
            return
        offer = _offer(self._state, author)
        for member in self._members.values():
            if member.author == author and offer != self._told.get(member):
                self._show(member, offer)

    def _show(self, member: Member, offer: History) -> None:
        self._told[member] = offer
        member.show("history", offer.model_dump_json())


def _offer(state: RoomState, author: str) -> History:
    return History(can_undo=state.can_undo(author), can_redo=state.can_redo(author))
