"""`ui.rooms.budget` and `ui.rooms.reception`: one member's flood costs nobody else anything."""

import asyncio
import dataclasses
import json

import pytest

from explorer.edits import LikeImage
from tests.ui.room_log import put, sent, stroke
from ui.rooms import reception
from ui.rooms.budget import CHARACTERS, LEFT_OUT, MISTAKES, Budget
from ui.rooms.member import CLOSE_TOO_MANY
from ui.wire.operations import Clear
from ui.wire.people import Here
from ui.wire.protocol import Focus, Hover, Operate, Ping, Preview

STROKE = LikeImage(id="l1", image="grey/1.png")
RATE, BURST = 1.0, 20
LIMITED = [
    Here(name="Ann", cluster="main"),
    Hover(request=1, cluster="main", x=0.5, y=0.5, size=32),
    Preview(request=1, cluster="main", edit=STROKE),
    Ping(time=1.0),
]


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def settings(settings):
    return dataclasses.replace(settings, operations_per_s=RATE, operations_burst=BURST)


@pytest.fixture
def slept(monkeypatch):
    """How long the server would have waited before it read on."""
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    monkeypatch.setattr(reception.asyncio, "sleep", sleep)
    return slept


def test_budget_gives_a_burst_and_then_so_many_a_second():
    clock = Clock()
    budget = Budget(10, 3, clock)
    assert [budget.take() for _ in range(5)] == [True, True, True, False, False]
    clock.now = 0.1
    assert [budget.take() for _ in range(2)] == [True, False]
    clock.now = 100.0
    assert [budget.take() for _ in range(4)] == [True, True, True, False]


def test_what_is_never_left_out_waits_longer_the_more_there_is():
    clock = Clock()
    budget = Budget(10, 2, clock)
    waits = [budget.wait_s() for _ in range(4)]
    assert waits == pytest.approx([0, 0, 0.1, 0.2])
    clock.now = 0.2
    assert budget.wait_s() == pytest.approx(0.1)


def test_operations_beyond_a_share_are_read_later_and_none_is_lost(hub, slept):
    room, beyond = hub.room("shoes"), 5

    async def work():
        member = hub.join(room, "ann")
        for number in range(BURST + beyond):
            message = Operate(op_id=f"op-{number}", operation=Clear(cluster="main"))
            await hub.receive(room, member, message.model_dump_json())

    asyncio.run(work())
    assert room.state.revision == BURST + beyond
    assert 0 < len(slept) <= beyond
    assert max(slept) <= beyond / RATE


def test_a_long_operation_counts_as_several(hub, slept):
    room = hub.room("shoes")
    path = [(0.5, 0.5)] * (BURST * CHARACTERS // 10)
    long = dataclasses.replace(stroke("long"), paths=(tuple(path),))

    async def work():
        member = hub.join(room, "ann")
        for number, edit in enumerate((long, stroke("short"))):
            message = Operate(op_id=f"op-{number}", operation=put(edit))
            await hub.receive(room, member, message.model_dump_json(by_alias=True))

    asyncio.run(work())
    assert len(slept) == 2
    assert len(room.state.session.clusters[0].entries) == 2


@pytest.mark.parametrize("message", LIMITED, ids=lambda message: message.type)
def test_what_newer_ones_follow_is_left_out_beyond_a_share(hub, slept, message, monkeypatch):
    room, taken, budgets = hub.room("shoes"), [], LEFT_OUT[message.type]
    note = hub._reception._note
    monkeypatch.setattr(hub._reception, "_note", lambda *about: taken.append(1) or note(*about))

    async def work():
        member = hub.join(room, "ann")
        for _ in range(3 * budgets[1]):
            await hub.receive(room, member, message.model_dump_json())
        return member

    member = asyncio.run(work())
    assert budgets[1] <= len(taken) < 2 * budgets[1]
    assert (slept, member.closing) == ([], None)


def test_end_of_a_preview_and_where_one_looks_are_never_left_out(hub, slept):
    room = hub.room("shoes")

    async def work():
        member = hub.join(room, "ann")
        for request in range(1, 3 * LEFT_OUT["preview"][1]):
            preview = Preview(request=request, cluster="main", edit=STROKE)
            await hub.receive(room, member, preview.model_dump_json())
        last = Preview(request=1000, cluster="main", edit=None)
        await hub.receive(room, member, last.model_dump_json())
        lives = [(member.live, member.request)]
        for _ in range(2 * BURST):
            await hub.receive(room, member, Focus(cluster="main").model_dump_json())
        return lives

    assert asyncio.run(work()) == [(None, 1000)]
    assert slept


def test_member_who_sends_what_cannot_be_read_again_and_again_is_closed(hub):
    room = hub.room("shoes")

    async def work():
        member, other = hub.join(room, "ann"), hub.join(room, "bob")
        await member.next()
        for _ in range(MISTAKES[1]):
            await hub.receive(room, member, "{")
        closed = [member.closing]
        for _ in range(2):
            await hub.receive(room, member, "[]")
        return [*closed, member.closing[0], other.closing]

    assert asyncio.run(work()) == [None, CLOSE_TOO_MANY, None]


def test_few_mistakes_are_told_and_forgiven(hub):
    room = hub.room("shoes")

    async def work():
        member = hub.join(room, "ann")
        await member.next()
        await hub.receive(room, member, '{"type":"operate","op_id":"op-1"}')
        return member

    [refused] = sent(asyncio.run(work()))
    assert (json.loads(refused)["code"], json.loads(refused)["op_id"]) == ("bad_message", "op-1")
