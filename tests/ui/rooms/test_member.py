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
    member.send_texts("one message may be longer")
    assert member.closing is None
    member.send_texts("x")
    assert member.closing[0] == CLOSE_SLOW


def test_what_was_sent_waits_no_longer(monkeypatch):
    monkeypatch.setattr(members, "WAITING_CHARACTERS", 10)
    member = Member("ann", outbox_limit=9)

    async def take():
        for _ in range(9):
            member.send_texts('"eight"')
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


def test_several_messages_of_state_go_as_one_array():
    member = Member("ann", outbox_limit=9)
    for number in range(3):
        member.send(Pong(time=float(number)))
    assert [message["time"] for message in json.loads(take(member))] == [0.0, 1.0, 2.0]
    member.send(Pong(time=3.0))
    assert json.loads(take(member))["time"] == 3.0


def test_short_things_go_along_with_state_and_come_after_it():
    member = Member("ann", outbox_limit=9)
    member.show("people", lambda: '"who"')
    member.show("frame", b"frame")
    member.show("pong", '"pong"')
    member.send_texts('"state"')
    assert json.loads(take(member)) == ["state", "who", "pong"]
    assert take(member) == b"frame"
    member.show("pong", '"alone"')
    assert take(member) == '"alone"'


def test_array_is_ended_before_it_is_long(monkeypatch):
    monkeypatch.setattr("ui.rooms.member.TOGETHER_CHARACTERS", 100)
    member = Member("ann", outbox_limit=99)
    for _ in range(20):
        member.send(Pong(time=1.0))
    length = len(Pong(time=1.0).model_dump_json())
    assert len(json.loads(take(member))) == -(-100 // length)


def test_what_is_made_when_it_is_sent_is_made_once_then():
    member, made = Member("ann", outbox_limit=9), []
    for number in range(3):
        member.show("people", lambda number=number: made.append(number) or str(number))
    assert made == []
    assert (take(member), made) == ("2", [2])


def test_frames_that_come_on_and_on_leave_room_for_people():
    member = Member("ann", outbox_limit=9)
    member.show("people", "people")
    order = []
    for _ in range(3):
        member.show("frame", b"frame")
        order.append(take(member))
    assert order == [b"frame", "people", b"frame"]


def test_all_is_told_once_the_sender_comes_for_more():
    member = Member("ann", outbox_limit=9)

    async def send():
        member.send(Pong(time=1.0))
        told = asyncio.create_task(member.told())
        await member.next()
        await asyncio.sleep(0)
        states = [told.done()]
        more = asyncio.create_task(member.next())
        await asyncio.wait([told], timeout=10)
        more.cancel()
        return [*states, told.done()]

    assert asyncio.run(send()) == [False, True]


def take(member):
    return asyncio.run(member.next())
