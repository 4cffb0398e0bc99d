"""`ui.rooms.member` and `ui.rooms.hub`: a slow member, one who leaves, and a disk that is full."""

import asyncio
import dataclasses
import json
import threading

import pytest

from explorer.edits import LikeImage
from explorer.session import Cluster, Session
from tests.ui.room_log import layer, schema, sent
from ui.rooms.hub import Hub, UnknownError
from ui.rooms.member import CLOSE_SILENT, CLOSE_SLOW
from ui.rooms.room import OperationError
from ui.rooms.store import StoreError
from ui.wire.board import OnImage, PutClaim, PutComment
from ui.wire.operations import (
    AddCluster,
    Clear,
    MergeClusters,
    MoveCluster,
    PutLayer,
    PutMark,
    RemoveCluster,
    ReplaceSession,
    SetSchema,
    Undo,
)
from ui.wire.people import Here
from ui.wire.protocol import Focus, Operate, Preview

CLEAR = Clear(cluster="main")


@pytest.fixture
def settings(settings):
    return dataclasses.replace(settings, outbox_limit=3)


def test_slow_member_does_not_hold_up_the_room(hub):
    room = hub.room("shoes")

    async def work():
        slow, quick = hub.join(room, "slow"), hub.join(room, "quick")
        for number in range(5):
            message = Operate(op_id=f"op-{number}", operation=CLEAR).model_dump_json()
            await hub.receive(room, quick, message)
            while quick._state:
                await quick.next()
        return slow, quick

    slow, quick = asyncio.run(work())
    assert slow.closing[0] == CLOSE_SLOW
    assert quick.closing is None
    assert room.state.revision == 5


@pytest.mark.parametrize(
    "forged",
    [
        PutComment(id="k1", place=OnImage(image="grey/0.png"), text="look", name="Eve"),
        PutClaim(images=("grey/0.png",), name="Eve"),
    ],
)
def test_what_is_said_keeps_the_name_of_its_author_whatever_it_says_itself(hub, forged):
    room = hub.room("shoes")

    async def work():
        member = hub.join(room, "ann")
        await hub.receive(room, member, Here(name="Ann", cluster="main").model_dump_json())
        await hub.receive(room, member, Operate(op_id="op", operation=forged).model_dump_json())

    asyncio.run(work())
    shared = room.state.board.shared
    assert [one.name for one in (*shared.comments, *shared.claims)] == ["Ann"]


def called_after(hub, author, *said, name=""):
    """Let a member say names and then do something; return what who comes next is told."""
    room = hub.room("shoes")

    async def work():
        member = hub.join(room, author, name=name)
        for one in said:
            await hub.receive(room, member, Here(name=one, cluster="main").model_dump_json())
        message = Operate(op_id=f"op-{room.state.revision}", operation=CLEAR)
        await hub.receive(room, member, message.model_dump_json())
        hub.leave(room, member)
        return hub.join(room, "dan")

    return json.loads(sent(asyncio.run(work()))[0])["names"]


def test_authors_who_have_left_have_the_name_that_they_did_something_by(hub):
    assert called_after(hub, "ann") == {}
    assert called_after(hub, "ann", "Ann", " Ann\n Lee ") == {"ann": "Ann Lee"}
    assert called_after(hub, "ben", "Ben") == {"ann": "Ann Lee", "ben": "Ben"}
    assert called_after(hub, "ann") == {"ann": "Ann Lee", "ben": "Ben"}
    assert called_after(hub, "eve", "Ann Lee", name="Eve")["eve"] == "Eve"  # who is logged in
    assert hub.room("shoes").store.names("main") == hub.room("shoes").names.known


def test_name_is_written_once_and_not_with_every_operation(hub, monkeypatch):
    room, written = hub.room("shoes"), []
    write = room.store.append_all

    def watched(*row):
        written.append(row[4])
        write(*row)

    monkeypatch.setattr(room.store, "append_all", watched)
    for name in ("Ann", "Ann", "Anna"):
        called_after(hub, "ann", name)
    assert written == [{"ann": "Ann"}, {}, {"ann": "Anna"}]


def test_name_that_could_not_be_written_is_written_with_the_next_operation(hub, monkeypatch):
    room = hub.room("shoes")
    with monkeypatch.context() as patched:
        patched.setattr(room.store, "append_all", broken)
        assert called_after(hub, "ann", "Ann") == {}
    assert called_after(hub, "ben", "Ben") == {"ann": "Ann", "ben": "Ben"}


def broken(*_):
    raise StoreError("the disk is full")


def test_points_are_those_of_whoever_sent_them_whatever_they_say_themselves(hub):
    room = hub.room("shoes")
    forged = PutLayer(layer=layer("l1", {"grey/0.png": ("eye",)}, author="eve"))

    async def work():
        member = hub.join(room, "ann")
        for number, operation in enumerate((SetSchema(schema_=schema("eye")), forged)):
            message = Operate(op_id=f"op-{number}", operation=operation)
            await hub.receive(room, member, message.model_dump_json())

    asyncio.run(work())
    assert [one.author for one in room.state.session.annotation.layers] == ["ann"]


def test_operation_that_could_not_be_written_is_not_carried_out(hub, monkeypatch):
    def full(*_):
        raise StoreError("/srv/rooms.sqlite must be written, the disk is full")

    room = hub.room("shoes")
    monkeypatch.setattr(room.store, "append_all", full)

    async def work():
        member = hub.join(room, "ann")
        await member.next()
        await hub.receive(room, member, Operate(op_id="op", operation=CLEAR).model_dump_json())
        return json.loads(await member.next())

    refused = asyncio.run(work())
    assert (refused["type"], refused["code"], refused["op_id"]) == ("refused", "not_saved", "op")
    assert refused["text"] == StoreError.told  # members need not know where files are
    assert room.state.revision == 0


def test_message_with_no_session_is_refused_in_plain_words(hub):
    room = hub.room("shoes")
    operation = {"type": "replace_session", "session": {"a": 1}}
    message = json.dumps({"type": "operate", "op_id": "op", "operation": operation})

    async def work():
        member = hub.join(room, "ann")
        await member.next()
        await hub.receive(room, member, message)
        return json.loads(await member.next())

    refused = asyncio.run(work())
    assert (refused["code"], refused["op_id"]) == ("bad_message", "op")
    assert refused["text"] == "this is no session: session.clusters is missing"


def test_mark_on_an_average_is_told_and_asks_for_no_frame(hub, monkeypatch):
    room, asked = hub.room("shoes"), []

    async def work():
        member = hub.join(room, "ann")
        await member.next()
        monkeypatch.setattr(hub._worker, "submit", asked.append)
        mark = PutMark(cluster="main", keypoint="eye", at=(0.5, 0.5))
        for number, operation in enumerate((SetSchema(schema_=schema("eye")), mark, Undo())):
            message = Operate(op_id=f"op-{number}", operation=operation).model_dump_json()
            await hub.receive(room, member, message)
        return member

    member = asyncio.run(work())
    assert [json.loads(text)["revision"] for text in sent(member)] == [1, 2, 3]
    assert [job.revision for job in asked] == [3]  # an undo may be of anything


@pytest.mark.parametrize(
    ("operation", "focus", "after"),
    [
        (RemoveCluster(cluster="ears"), "ears", "tail"),
        (RemoveCluster(cluster="tail"), "tail", "ears"),
        (RemoveCluster(cluster="ears"), "main", "main"),
        (MoveCluster(cluster="ears", place=0), "ears", "ears"),
        (MergeClusters(clusters=("main", "tail"), id="both", name="Both"), "tail", "both"),
        (ReplaceSession(session=Session(clusters=(Cluster(id="paws"),))), "tail", "paws"),
    ],
)
def test_member_whose_cluster_is_gone_looks_at_its_neighbor(hub, operation, focus, after):
    room = hub.room("shoes")

    async def work():
        for number, cluster_id in enumerate(("ears", "tail")):
            await room.operate("bob", f"op-{number}", AddCluster(id=cluster_id, name="One"))
        member = hub.join(room, "ann")
        await hub.receive(room, member, Focus(cluster=focus).model_dump_json())
        await hub.carry_out("shoes", operation, "bob")
        return member

    assert asyncio.run(work()).cluster == after


def test_focus_ends_what_is_previewed(hub):
    room = hub.room("shoes")
    edit = LikeImage(id="l1", image="grey/1.png")

    async def work():
        member = hub.join(room, "ann")
        preview = Preview(request=1, cluster="main", edit=edit)
        await hub.receive(room, member, preview.model_dump_json())
        lives = [member.live]
        await hub.receive(room, member, Focus(cluster="main").model_dump_json())
        return [*lives, member.live]

    assert asyncio.run(work()) == [edit, None]


def test_focus_on_what_is_not_there_is_refused(hub):
    room = hub.room("shoes")

    async def work():
        member = hub.join(room, "ann")
        await member.next()
        await hub.receive(room, member, Focus(cluster="ears").model_dump_json())
        return member

    member = asyncio.run(work())
    assert json.loads(sent(member)[0])["code"] == "bad_operation"
    assert member.cluster == "main"


def test_who_has_left_is_told_nothing(hub):
    room = hub.room("shoes")

    async def work():
        member = hub.join(room, "ann")
        hub.leave(room, member)
        await hub.carry_out("shoes", CLEAR, "bob")
        return member

    assert len(sent(asyncio.run(work()))) == 1


def test_collections_of_one_name_are_served_under_two(hub, parts, tmp_path):
    other = tmp_path / "other" / "shoes.avex"
    assert hub.add(parts.open_library(other)) == "shoes-2"
    hub.rooms["shoes-2"].store.close()


def test_state_folder_takes_the_log(settings, parts, tmp_path):
    hub = Hub(
        dataclasses.replace(settings, state_dir=tmp_path / "state"),
        parts.make_engine,
        parts.make_finder,
    )
    hub.add(parts.open_library(settings.collections[0]))
    hub.rooms["shoes"].store.close()
    assert (tmp_path / "state" / "shoes.rooms.sqlite").exists()
    assert not settings.collections[0].exists()


def test_unknown_collection_is_refused(hub):
    with pytest.raises(UnknownError, match="no collection 'hats'"):
        hub.room("hats")


def test_operation_from_another_thread_needs_a_running_server(hub):
    with pytest.raises(UnknownError, match="must be running"):
        hub.operate("shoes", CLEAR)


def test_operation_from_another_thread_is_waited_for(client):
    hub = client.app.state.services.hub
    hub.operate("shoes", CLEAR)
    assert hub.room("shoes").state.revision == 1
    with pytest.raises(OperationError):
        hub.operate("shoes", Undo(), author="nobody")


def test_member_who_leaves_while_an_operation_is_written_does_not_stop_it(hub, monkeypatch):
    """The row is on the disk, so the operation counts, and the next one has the next revision."""
    room = hub.rooms["shoes"]
    begun, may_write = threading.Event(), threading.Event()
    append = room.store.append_all

    def slow(*row):
        begun.set()
        may_write.wait(10)
        append(*row)

    async def leave_in_the_middle():
        task = asyncio.create_task(room.operate("ann", "one", CLEAR))
        await asyncio.to_thread(begun.wait, 10)
        task.cancel()
        may_write.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        await room.operate("ben", "two", CLEAR)

    monkeypatch.setattr(room.store, "append_all", slow)
    asyncio.run(leave_in_the_middle())
    assert room.state.revision == 2
    assert [logged.op_id for logged in room.store.load("main")] == ["one", "two"]


def test_where_somebody_is_names_only_what_is_there(hub):
    room = hub.room("shoes")
    there = Here(name="Ann", cluster="main", image="grey/1.png")
    elsewhere = Here(name="Ann", cluster="ears", image="../etc/passwd")

    async def work():
        member, seen = hub.join(room, "ann"), []
        for here in (there, elsewhere):
            await hub.receive(room, member, here.model_dump_json())
            seen += [(person.cluster, person.image) for person in room.crowd.people]
        return seen

    assert asyncio.run(work()) == [("main", "grey/1.png"), ("main", None)]


def test_member_of_whom_nothing_is_heard_is_closed(hub, monkeypatch):
    monkeypatch.setattr("ui.rooms.people.SILENT_S", 0.0)
    room = hub.room("shoes")

    async def work():
        hub.start()
        member = hub.join(room, "ann")
        await asyncio.wait_for(member.closed(), 10)
        await hub.stop()
        return member

    assert asyncio.run(work()).closing[0] == CLOSE_SILENT
