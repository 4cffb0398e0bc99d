"""`ui.rooms.live_room`: batches, what is told of them, and what a log keeps of a room."""

import asyncio
import json
import threading

import pytest

from tests.ui.room_log import add, edits, put, sent, stroke
from ui.rooms import live_room, offers
from ui.rooms.digest import digest_of
from ui.rooms.live_room import LiveRoom
from ui.rooms.member import Member
from ui.rooms.recent import Followed, Recent
from ui.rooms.room import OperationError, replay
from ui.rooms.store import Checkpoint, Store, StoreError
from ui.wire.operations import Clear, Undo
from ui.wire.protocol import CollectionInfo

CLEAR = Clear(cluster="main")
INFO = CollectionInfo(name="shoes", images=6, height=16, width=32)


@pytest.fixture
def opened(tmp_path):
    """Open the room of one log, again and again; the one before is closed as if it were killed."""
    stores = []

    def opened(**names):
        for store in stores:
            store.close()
        stores.append(Store(tmp_path / "rooms.sqlite"))
        return LiveRoom(INFO, None, stores[-1], **names)

    yield opened
    for store in stores:
        store.close()


@pytest.fixture
def room(opened):
    return opened()


@pytest.fixture
def gate(room, monkeypatch):
    """Nothing is written until it is opened; `begun` tells that something is to be."""
    gate, write = Gate(), room.store.append_all

    def waiting(*row):
        gate.begun.set()
        assert gate.is_open.wait(10)
        gate.batches.append(len(row[2]))
        if gate.is_broken or len(gate.batches) > gate.breaks_from:
            raise StoreError("the disk is full")
        write(*row)

    monkeypatch.setattr(room.store, "append_all", waiting)
    return gate


class Gate:
    def __init__(self):
        self.begun, self.is_open = threading.Event(), threading.Event()
        self.batches, self.is_broken, self.breaks_from = [], False, 99


def enter(room, author="ann", **limits):
    member = Member(author, outbox_limit=limits.get("outbox_limit", 99))
    room.members[member.id] = member
    return member


def told(member):
    return [(one["revision"], one["op_id"]) for one in map(json.loads, sent(member))]


async def operate_while_writing(room, gate, *operations):
    """Send one operation, then the others while it is written; return what became of each."""
    first = asyncio.create_task(room.operate("ann", "first", CLEAR))
    await asyncio.to_thread(gate.begun.wait, 10)
    others = [asyncio.create_task(room.operate(*operation)) for operation in operations]
    await asyncio.sleep(0)
    gate.is_open.set()
    return await asyncio.gather(first, *others, return_exceptions=True)


def test_operations_that_come_while_one_is_written_are_written_at_once(room, gate):
    member = enter(room)
    three = [("bob", f"op-{number}", put(stroke(f"s{number}"))) for number in range(3)]
    assert asyncio.run(operate_while_writing(room, gate, *three)) == [None] * 4
    assert gate.batches == [1, 3]
    assert told(member) == [(1, "first"), (2, "op-0"), (3, "op-1"), (4, "op-2")]
    assert replay("shoes", room.store.load("main")) == room.state


def test_nobody_is_told_of_what_is_not_written_yet(room, gate):
    async def work():
        member = enter(room)
        task = asyncio.create_task(room.operate("ann", "op", CLEAR))
        await asyncio.to_thread(gate.begun.wait, 10)
        before = (room.state.revision, member.waiting, task.done(), room.waiting)
        gate.is_open.set()
        await task
        return before, room.waiting

    assert asyncio.run(work()) == ((0, 0, False, 1), 0)


def test_who_stops_waiting_does_not_stop_the_operation(room, gate):
    async def work():
        task = asyncio.create_task(room.operate("ann", "op", add("ears")))
        await asyncio.to_thread(gate.begun.wait, 10)
        task.cancel()
        gate.is_open.set()
        await asyncio.wait([task])
        await room.close()
        return task.cancelled()

    member = enter(room)
    assert asyncio.run(work())
    assert told(member) == [(1, "op")]


def test_batch_that_could_not_be_written_is_refused_whole_and_changes_nothing(room, gate):
    gate.is_broken = True
    member = enter(room)
    results = asyncio.run(
        operate_while_writing(room, gate, ("ann", "a", add("ears")), ("bob", "b", add("tail")))
    )
    assert [type(result) for result in results] == [StoreError] * 3
    assert (room.state.revision, told(member)) == (0, [])
    gate.is_broken = False
    assert asyncio.run(room.operate("ann", "a", add("ears"))) is None
    assert room.state.revision == 1


def test_refusal_that_follows_from_what_could_not_be_written_is_no_refusal_for_good(room, gate):
    gate.is_broken = True
    twice = [("ann", "a", add("ears")), ("bob", "b", add("ears"))]
    *_, second = asyncio.run(operate_while_writing(room, gate, *twice))
    assert isinstance(second, StoreError)


def test_refused_operation_does_not_stop_the_others_of_its_batch(room, gate):
    mixed = [("ann", "a", Undo()), ("bob", "b", add("ears")), ("cem", "c", add("ears"))]
    _, first, second, third = asyncio.run(operate_while_writing(room, gate, *mixed))
    assert first.code == "nothing_to_undo"
    assert second is None
    assert isinstance(third, OperationError)
    assert room.state.revision == 2


def test_operation_sent_twice_in_one_batch_is_carried_out_once(room, gate):
    twice = [("ann", "same", put(stroke("s1")))] * 2
    _, first, second = asyncio.run(operate_while_writing(room, gate, *twice))
    assert (first, second.revision, room.state.revision) == (None, 2, 2)


def test_operation_that_is_written_is_never_said_not_to_be(room, gate):
    """Found by seed 123 of the courses of chance: its copy was in a batch that was not written."""
    gate.breaks_from = 1
    more = [("ann", "first", CLEAR), ("bob", "other", CLEAR)]
    first, again, other = asyncio.run(operate_while_writing(room, gate, *more))
    assert (first, again.revision, type(other)) == (None, 1, StoreError)


def test_operation_sent_again_after_a_restart_is_carried_out_once(room, opened):
    asyncio.run(room.operate("ann", "op", put(stroke("s1"))))
    again = opened()
    repeated = asyncio.run(again.operate("ann", "op", put(stroke("s1"))))
    assert (repeated.revision, repeated.changes.put, again.state.revision) == (1, (), 1)


def test_who_stops_waiting_stops_nothing(room, gate):
    async def work():
        task = asyncio.create_task(room.operate("ann", "op", CLEAR))
        await asyncio.to_thread(gate.begun.wait, 10)
        task.cancel()
        gate.is_open.set()
        await room.operate("bob", "other", CLEAR)

    asyncio.run(work())
    assert [logged.op_id for logged in room.store.load("main")] == ["op", "other"]
    assert room.state.revision == 2


def test_everybody_is_told_the_very_same_text(room):
    members = [enter(room, name) for name in ("ann", "bob")]
    asyncio.run(room.operate("ann", "op", put(stroke("s1"))))
    one, other = (member._state[0] for member in members)
    assert one is other


def test_what_can_be_undone_is_told_once_for_many_operations(room, monkeypatch):
    monkeypatch.setattr(offers, "EVERY_S", 1000.0)
    shown = []

    async def work():
        member = enter(room)
        monkeypatch.setattr(member, "show", lambda _, text: shown.append(json.loads(text)))
        room.tell_history(member)
        for number in range(30):
            operation = Undo() if number % 2 else put(stroke("s1", strength=(number + 1) / 10))
            await room.operate("ann", f"op-{number}", operation)
        [timer] = [known for known in room._offers._timer if hasattr(known, "when")]
        assert timer.when() > asyncio.get_running_loop().time() + 900
        timer._run()

    asyncio.run(work())
    assert [(one["can_undo"], one["can_redo"]) for one in shown] == [
        (False, False),
        (True, False),
        (False, True),
    ]


def test_what_can_be_undone_is_not_told_again_if_it_is_the_same(room, monkeypatch):
    monkeypatch.setattr(offers, "EVERY_S", 0.0)
    monkeypatch.setattr(offers, "SHARE", 1e9)
    shown = []

    async def work():
        member = enter(room)
        monkeypatch.setattr(member, "show", lambda _, text: shown.append(text))
        for number in range(5):
            await room.operate("ann", f"op-{number}", put(stroke(f"s{number}")))

    asyncio.run(work())
    assert len(shown) == 1


def test_what_many_authors_can_undo_is_looked_up_with_pauses(room, monkeypatch):
    monkeypatch.setattr(offers, "EVERY_S", 1000.0)
    monkeypatch.setattr(offers, "SHARE", 1e-12)  # there is time for one author at once
    told = []

    async def work():
        for name in ("ann", "bob", "cat"):
            member = enter(room, name)
            monkeypatch.setattr(member, "show", lambda slot, text, name=name: told.append(name))
        await room.operate("ann", "op", put(stroke("s1")))
        assert told == ["ann"]
        for count in (2, 3):
            [timer] = [known for known in room._offers._timer if hasattr(known, "when")]
            timer._run()
            assert len(told) == count

    asyncio.run(work())
    assert told == ["ann", "bob", "cat"]


def test_undo_survives_a_restart(room, opened):
    asyncio.run(room.operate("ann", "one", put(stroke("s1"))))
    asyncio.run(room.operate("bob", "two", put(stroke("s2"))))
    again = opened()
    asyncio.run(again.operate("ann", "three", Undo()))
    assert [edit.id for edit in edits(again.state)] == ["s2"]


def test_checkpoint_is_written_after_so_many_operations_and_at_the_end(room, monkeypatch):
    monkeypatch.setattr(live_room, "CHECKPOINT_EVERY", 2)
    states = {}

    async def work():
        for number in range(1, 6):
            await room.operate("ann", f"op-{number}", put(stroke(f"s{number}")))
            states[number] = room.state
        await room.close()

    asyncio.run(work())
    assert room.store.checkpoints("main") == tuple(
        Checkpoint(revision, digest_of(states[revision])) for revision in (2, 4, 5)
    )


def test_closed_room_takes_nothing_more_and_lets_nothing_go_that_it_has_taken(room, gate):
    async def work():
        task = asyncio.create_task(room.operate("ann", "op", CLEAR))
        await asyncio.to_thread(gate.begun.wait, 10)
        closing = asyncio.create_task(room.close())
        await asyncio.sleep(0)
        with pytest.raises(StoreError, match="the server stops"):
            await room.operate("bob", "late", CLEAR)
        gate.is_open.set()
        await closing
        return await task

    assert asyncio.run(work()) is None
    assert [logged.op_id for logged in room.store.load("main")] == ["op"]


def test_branch_has_its_own_log_and_the_seat_of_its_collection(room, opened):
    asyncio.run(room.operate("ann", "one", put(stroke("s1"))))
    room.store.copy_log("main", "k3h7q2", 1)
    branch = opened(room_id="k3h7q2", seat="shoes")
    asyncio.run(branch.operate("ann", "two", Undo()))
    assert (branch.seat, branch.state.session.collection) == ("shoes", "shoes")
    assert len(edits(branch.state)) == 0
    assert len(edits(opened().state)) == 1


def test_missed_are_exactly_those_after_the_revision():
    recent = Recent(3, count_limit=2)
    for text in "456":
        recent.add(text)
    missed = {revision: recent.after(revision) for revision in range(8)}
    assert missed == {4: ["5", "6"], 5: ["6"], 6: [], 0: None, 1: None, 2: None, 3: None, 7: None}


def test_texts_that_are_too_long_together_are_forgotten():
    recent = Recent(0, size_limit=10)
    recent.add("a" * 6)
    recent.add("b" * 4)
    recent.add("c")
    assert (recent.after(1), recent.after(0)) == (["bbbb", "c"], None)


def test_log_with_another_operation_there_is_told_whole(room):
    asyncio.run(room.operate("ann", "one", put(stroke("s1"))))
    asyncio.run(room.operate("ann", "two", put(stroke("s2"))))
    assert len(room.missed(Followed(1, "one"))) == 1
    assert room.missed(Followed(2, "two")) == []
    assert room.missed(Followed(1, "lost")) is None
    assert room.missed(Followed(2, "one")) is None


def test_restarted_room_knows_only_that_nothing_was_missed(room, opened):
    asyncio.run(room.operate("ann", "one", put(stroke("s1"))))
    again = opened()
    assert (again.missed(Followed(1, "one")), again.missed(Followed(0))) == ([], None)
