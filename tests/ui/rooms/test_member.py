"""`ui.rooms.member`: state is never dropped, of the rest the newest counts."""

import json

from tests.ui.room_log import sent
from ui.rooms.member import CLOSE_SLOW, Member
from ui.wire.protocol import Pong


def test_state_goes_first_and_a_slot_keeps_the_newest():
    member = Member("ann", outbox_limit=9)
    member.show("frame", b"old")
    member.show("frame", b"new")
    member.send(Pong(time=1.0))
    first, second = sent(member)
    assert json.loads(first) == {"type": "pong", "time": 1.0}
    assert second == b"new"


def test_member_whose_outbox_is_full_is_closed_and_told_nothing_more():
    member = Member("ann", outbox_limit=2)
    for _ in range(3):
        member.send(Pong(time=1.0))
    assert member.closing[0] == CLOSE_SLOW
    member.show("frame", b"late")
    assert sent(member) == []
