"""`ui.rooms.under_way`: a member's operations are begun in their order and not waited for."""

import asyncio
import json

from tests.ui.room_log import put, sent, stroke
from ui.rooms import under_way
from ui.rooms.member import Member
from ui.rooms.under_way import CLOSE_BROKEN, UnderWay
from ui.wire.operations import AddCluster
from ui.wire.protocol import Focus, Operate


def operate(number, operation):
    return Operate(op_id=f"op-{number}", operation=operation).model_dump_json(by_alias=True)


def test_operations_of_one_member_are_written_together_and_in_their_order(hub, monkeypatch):
    room, batches = hub.room("shoes"), []
    write = room.store.append_all

    def counted(*row):
        batches.append(len(row[2]))
        write(*row)

    monkeypatch.setattr(room.store, "append_all", counted)

    async def work():
        member = hub.join(room, "ann")
        for number in range(20):
            await hub.take(room, member, operate(number, put(stroke(f"s{number}"))))
        await hub.receive(room, member, operate(20, put(stroke("last"))))
        return member

    member = asyncio.run(work())
    assert len(batches) < 20
    told = [json.loads(text) for text in sent(member)]
    assert [one["op_id"] for one in told if one["type"] == "applied"] == [
        f"op-{number}" for number in range(21)
    ]


def test_what_names_a_cluster_waits_for_the_operation_that_makes_it(hub):
    room = hub.room("shoes")

    async def work():
        member = hub.join(room, "ann")
        await hub.take(room, member, operate(1, AddCluster(id="ears", name="Ears")))
        await hub.take(room, member, Focus(cluster="ears").model_dump_json())
        return member

    member = asyncio.run(work())
    assert member.cluster == "ears"
    assert "refused" not in " ".join(text for text in sent(member) if isinstance(text, str))


def test_so_many_are_under_way_and_no_more(monkeypatch):
    monkeypatch.setattr(under_way, "LIMIT", 3)

    async def work():
        known, member, gate = UnderWay(), Member("ann", outbox_limit=9), asyncio.Event()
        begun = []

        async def one(number):
            begun.append(number)
            await gate.wait()

        async def all_of_them():
            for number in range(5):
                await known.begin(member, one(number))

        task = asyncio.create_task(all_of_them())
        for _ in range(20):
            await asyncio.sleep(0)
        before = list(begun)
        gate.set()
        await task
        await known.all_done(member)
        return before, begun

    assert asyncio.run(work()) == ([0, 1, 2], [0, 1, 2, 3, 4])


def test_operation_that_breaks_ends_the_connection():
    async def work():
        known, member = UnderWay(), Member("ann", outbox_limit=9)

        async def broken():
            raise RuntimeError("a bug")

        await known.begin(member, broken())
        await known.all_done(member)
        await asyncio.sleep(0)
        return member

    assert asyncio.run(work()).closing[0] == CLOSE_BROKEN
