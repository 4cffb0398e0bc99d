"""`ui.rooms.member`: state is never dropped, of the rest the newest counts."""

import asyncio
import json

from tests.ui.room_log import sent
from ui.rooms import member as members
from ui.rooms.member import CLOSE_SLOW, IN_A_ROW, Member
from ui.wire.protocol import Pong


def test_state_goes_first_and_a_slot_keeps_the_newest():
    member = Member("ann", outbox_limit=9)
    member.show("frame", b"old")
    member.show("frame", b"new")
    member.send(Pong(time=1.0))
    first, second = sent(member)
    assert json.loads(first) == {"type": "pong", "time": 1.0}
    assert second == b"new"


def test_state_that_comes_without_end_lets_a_slot_through_now_and_then():
    member, items = Member("ann", outbox_limit=9), []

    async def take():
        member.show("frame", b"frame")
        while b"frame" not in items:
            member.send(Pong(time=1.0))
            items.append(await member.next())

    asyncio.run(take())
    assert len(items) == IN_A_ROW + 1


def test_member_for_whom_too_much_waits_is_closed(monkeypatch):
    monkeypatch.setattr(members, "WAITING_CHARACTERS", 10)
    member = Member("ann", outbox_limit=9)
    member.send_text("one message may be longer")
    assert member.closing is None
    member.send_text("x")
    assert member.closing[0] == CLOSE_SLOW


def test_what_was_sent_waits_no_longer(monkeypatch):
    monkeypatch.setattr(members, "WAITING_CHARACTERS", 10)
    member = Member("ann", outbox_limit=9)

    async def take():
        for _ in range(9):
            member.send_text('"eight"')
            await member.next()

    asyncio.run(take())
    assert member.closing is None


def test_member_whose_outbox_is_full_is_closed_and_told_nothing_more():
    member = Member("ann", outbox_limit=2)
    for _ in range(3):
        member.send(Pong(time=1.0))
    assert member.closing[0] == CLOSE_SLOW
    member.show("frame", b"late")
    assert sent(member) == []
