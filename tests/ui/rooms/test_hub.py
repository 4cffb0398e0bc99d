"""`ui.rooms.member` and `ui.rooms.hub`: a slow member, one who leaves, and a disk that is full."""

import asyncio
import dataclasses
import json
import threading

import pytest

from explorer.edits import LikeImage
from explorer.session import Cluster, Session
from tests.ui.room_log import schema, sent
from ui.computing.mode_answers import HoverJob, no_modes
from ui.computing.worker import Carded, Job, Rendered
from ui.rooms.hub import Hub, UnknownError
from ui.rooms.member import CLOSE_SLOW
from ui.rooms.room import OperationError
from ui.rooms.showing import key_of
from ui.rooms.store import StoreError
from ui.wire.figures import Clusters, Progress
from ui.wire.frame import FRAME_HEADER, Frame
from ui.wire.operations import (
    AddCluster,
    Clear,
    MergeClusters,
    MoveCluster,
    PutMark,
    RemoveCluster,
    ReplaceSession,
    SetSchema,
    Undo,
)
from ui.wire.protocol import Focus, Operate, Preview

CLEAR = Clear(cluster="main")


@pytest.fixture
def hub(settings, parts):
    settings = dataclasses.replace(settings, outbox_limit=3)
    hub = Hub(settings, parts.make_engine, parts.make_finder)
    hub.add(parts.open_library(settings.collections[0]))
    yield hub
    hub.rooms["shoes"].store.close()


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


def test_operation_that_could_not_be_written_is_not_carried_out(hub, monkeypatch):
    def full(*_):
        raise StoreError("the disk is full")

    room = hub.room("shoes")
    monkeypatch.setattr(room.store, "append_all", full)

    async def work():
        member = hub.join(room, "ann")
        await member.next()
        await hub.receive(room, member, Operate(op_id="op", operation=CLEAR).model_dump_json())
        return json.loads(await member.next())

    refused = asyncio.run(work())
    assert (refused["type"], refused["code"], refused["op_id"]) == ("refused", "not_saved", "op")
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


def test_late_result_never_takes_the_place_of_a_newer_one(hub):
    room = hub.room("shoes")

    async def work():
        member = hub.join(room, "ann")
        await member.next()
        for revision, request in ((1, 4), (1, 3), (0, 9)):
            hub.showing.show(*answer(room, member, revision, request))
        return member

    [frame] = sent(asyncio.run(work()))
    assert FRAME_HEADER.unpack_from(frame)[3:5] == (1, 4)


def answer(room, member, revision, request):
    """What the worker answers to a job of the member."""
    numbers = {"revision": revision, "request": request}
    job = Job(
        key=key_of(room, member),
        collection="shoes",
        session=Session(),
        cluster="main",
        live=None,
        **numbers,
    )
    sizes = {"elapsed_s": 0.0, "width": 1, "height": 1}
    frame = Frame(kind="rest", codec="jpeg", cluster="main", picture=b"", **numbers, **sizes)
    return job, Rendered(frame=frame, ranking=None, hint=None)


def test_late_modes_never_take_the_place_of_newer_ones(hub):
    room = hub.room("shoes")

    async def work():
        member = hub.join(room, "ann")
        await member.next()
        for request in (4, 3):
            hub.showing.show_modes(*modes_answer(room, member, request))
        return member

    [modes] = sent(asyncio.run(work()))
    assert json.loads(modes)["request"] == 4


def test_hover_that_failed_is_a_status(hub):
    room = hub.room("shoes")

    async def work():
        member = hub.join(room, "ann")
        await member.next()
        job, _ = modes_answer(room, member, 4)
        hub.showing.show_modes(job, None)
        return member

    [status] = sent(asyncio.run(work()))
    assert json.loads(status)["level"] == "error"
    assert "modes here could not be found" in json.loads(status)["text"]


def modes_answer(room, member, request):
    """What the modes worker answers to a hover of the member."""
    job = HoverJob(
        key=key_of(room, member),
        collection="shoes",
        session=Session(),
        cluster="main",
        revision=0,
        request=request,
        point=(0.5, 0.5),
        size=32,
    )
    return job, no_modes(room.library, job)


def test_answer_about_a_cluster_that_is_no_longer_looked_at_is_not_shown(hub):
    room = hub.room("shoes")

    async def work():
        await room.operate("bob", "op", AddCluster(id="ears", name="Ears"))
        member = hub.join(room, "ann")
        await member.next()
        await hub.receive(room, member, Focus(cluster="ears").model_dump_json())
        hub.showing.show(*answer(room, member, 1, 0))
        return member

    assert sent(asyncio.run(work())) == []


def test_cards_have_a_slot_for_each_cluster_and_the_frame_goes_first(hub):
    room = hub.room("shoes")

    async def work():
        member = hub.join(room, "ann")
        await member.next()
        job, rendered = answer(room, member, 1, 0)
        for cluster_id, revision in (("ears", 1), ("tail", 1), ("ears", 2)):
            frame = dataclasses.replace(
                rendered.frame, kind="card", cluster=cluster_id, revision=revision
            )
            figures = Clusters(revision=revision, request=0, clusters=(), outliers=None)
            hub.showing.show_card(job, Carded(frame=frame, clusters=figures))
        hub.showing.show(job, rendered)
        return member

    told = sent(asyncio.run(work()))
    frames = [item[FRAME_HEADER.size :] for item in told if isinstance(item, bytes)]
    assert frames == [b"main", b"ears", b"tail"]
    revisions = [FRAME_HEADER.unpack_from(item)[3] for item in told if isinstance(item, bytes)]
    assert revisions == [1, 2, 1]
    [figures] = [json.loads(item) for item in told if isinstance(item, str)]
    assert figures["revision"] == 2


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


def test_progress_is_told_to_everybody_and_done_asks_for_the_average_again(hub, monkeypatch):
    room, asked = hub.room("shoes"), []
    monkeypatch.setattr(hub._worker, "submit", asked.append)

    async def work():
        members = [hub.join(room, name) for name in ("ann", "bob")]
        for state in ("running", "done"):
            progress = Progress(cluster="main", label="Sharpening", share=0.5, state=state)
            hub.showing.show_progress("shoes", progress)
        return members

    for member in asyncio.run(work()):
        assert json.loads(sent(member)[-1])["state"] == "done"
    assert len(asked) == 4  # each once on joining, once when it is done


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
