"""`ui.rooms.showing` and `ui.rooms.asking`: what is made once reaches all it is for."""

import asyncio
import dataclasses
import json

import pytest

from explorer.edits import LikeImage
from explorer.session import Cluster, Session
from tests.ui.room_log import sent
from ui.computing.jobs import Carded, Job, Rendered
from ui.computing.mode_answers import HoverJob, no_modes
from ui.computing.shared import text_without_request
from ui.rooms import asking
from ui.rooms.asking import EVERY_S
from ui.rooms.showing import key_of
from ui.wire.figures import Clusters, Progress
from ui.wire.frame import FRAME_HEADER, Frame
from ui.wire.operations import (
    AddCluster,
    Clear,
    PutEdit,
)
from ui.wire.protocol import Focus, Operate, Preview

CLEAR = Clear(cluster="main")
STROKE = LikeImage(id="l1", image="grey/1.png")


@pytest.fixture
def settings(settings):
    return dataclasses.replace(settings, outbox_limit=3)


def test_late_result_never_takes_the_place_of_a_newer_one(hub):
    room = hub.room("shoes")

    async def work():
        member = hub.join(room, "ann")
        await member.next()
        for revision, request in ((1, 4), (1, 3), (0, 9)):
            hub.showing.show(*answer(room, member, revision, request, live=STROKE))
        return member

    [frame] = sent(asyncio.run(work()))
    assert FRAME_HEADER.unpack_from(frame)[3:5] == (1, 4)


def answer(room, member, revision, request, *, live=None, picture=b""):
    """What the worker answers to a job at rest, or to one of the member's stroke."""
    numbers = {"revision": revision, "request": request}
    job = Job(
        key=key_of(room, member),
        collection="shoes",
        room="shoes",
        session=Session(clusters=tuple(Cluster(id=id_) for id_ in ("main", "ears", "tail"))),
        cluster="main",
        live=live,
        **numbers,
    )
    sizes = {"elapsed_s": 0.0, "width": 1, "height": 1}
    frame = Frame(kind="rest", codec="jpeg", cluster="main", picture=picture, **numbers, **sizes)
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


def carded(rendered, cluster_id, revision, *, picture=b"", request=0):
    frame = dataclasses.replace(
        rendered.frame, kind="card", cluster=cluster_id, revision=revision, picture=picture
    )
    figures = Clusters(revision=revision, request=request, clusters=(), outliers=None)
    return Carded(frame=frame, clusters=figures, clusters_text=text_without_request(figures))


def test_cards_have_a_slot_for_each_cluster_and_the_frame_goes_first(hub):
    room = hub.room("shoes")

    async def work():
        member = hub.join(room, "ann")
        await member.next()
        job, rendered = answer(room, member, 1, 0)
        for cluster_id, revision, picture in (
            ("ears", 1, b"a"),
            ("tail", 1, b"a"),
            ("ears", 2, b"b"),
        ):
            hub.showing.show_card(job, carded(rendered, cluster_id, revision, picture=picture))
        hub.showing.show(job, rendered)
        return member

    told = sent(asyncio.run(work()))
    frames = [item[FRAME_HEADER.size :] for item in told if isinstance(item, bytes)]
    assert frames == [b"main", b"earsb", b"taila"]
    revisions = [FRAME_HEADER.unpack_from(item)[3] for item in told if isinstance(item, bytes)]
    assert revisions == [1, 2, 1]
    [figures] = [json.loads(item) for item in told if isinstance(item, str)]
    assert figures["revision"] == 2


def test_card_is_told_once_and_never_gives_way_to_an_older_one(hub):
    room = hub.room("shoes")

    async def work():
        member = hub.join(room, "ann")
        job, rendered = answer(room, member, 2, 0)
        told = []
        for revision, picture in ((2, b"new"), (3, b"new"), (1, b"old")):
            member._slots.clear()
            hub.showing.show_card(job, carded(rendered, "ears", revision, picture=picture))
            told.append("card ears" in member._slots)
        return told

    assert asyncio.run(work()) == [True, False, False]


def test_one_average_at_rest_is_for_all_who_look_at_it_each_with_its_request(hub, monkeypatch):
    room, asked = hub.room("shoes"), []
    monkeypatch.setattr(hub._worker, "submit", asked.append)

    async def work():
        members = [hub.join(room, name) for name in ("ann", "bob", "cat", "dan")]
        await room.operate("bob", "op", AddCluster(id="ears", name="Ears"))
        focus, painting = Focus(cluster="ears"), Preview(request=1, cluster="main", edit=STROKE)
        await hub.receive(room, members[2], focus.model_dump_json())
        await hub.receive(room, members[3], painting.model_dump_json())
        members[1].request = 7
        asked.clear()
        await asyncio.sleep(EVERY_S)
        hub._asking.frames(room)
        await asyncio.sleep(EVERY_S)
        hub.showing.show(*answer(room, members[0], 1, 0, picture=b"x"))
        return [member._slots.get("frame") for member in members]

    frames = asyncio.run(work())
    [main, ears, live] = asked[:3]
    assert (main.cluster, ears.cluster, live.live) == ("main", "ears", STROKE)
    assert [FRAME_HEADER.unpack_from(frame)[4] for frame in frames[:2]] == [0, 7]
    assert frames[2:] == [None, None]


def test_many_operations_ask_for_an_average_now_and_then(hub, monkeypatch):
    room, asked = hub.room("shoes"), []
    monkeypatch.setattr(hub._worker, "submit", asked.append)
    monkeypatch.setattr(asking, "EVERY_S", 1000.0)

    async def work():
        hub.join(room, "ann")
        for number in range(20):
            await hub.carry_out("shoes", CLEAR, "bob", f"op-{number}")

    asyncio.run(work())
    assert [job.revision for job in asked] == [0, 1]


def test_average_without_the_stroke_that_was_just_put_is_not_shown_to_its_painter(hub):
    """Its preview had the stroke: without it for a moment, the average would flicker."""
    room = hub.room("shoes")

    async def work():
        member = hub.join(room, "ann")
        preview = Preview(request=3, cluster="main", edit=STROKE)
        await hub.receive(room, member, preview.model_dump_json())
        put = Operate(op_id="op", operation=PutEdit(cluster="main", edit=STROKE))
        await hub.receive(room, member, put.model_dump_json())
        shown = []
        for revision in (0, 1):
            hub.showing.show(*answer(room, member, revision, 0, picture=b"x"))
            shown.append("frame" in member._slots)
        return shown

    assert asyncio.run(work()) == [False, True]


def test_who_comes_later_makes_nobody_else_see_the_same_average_again(hub):
    room = hub.room("shoes")

    async def work():
        first = hub.join(room, "ann")
        hub.showing.show(*answer(room, first, 0, 0, picture=b"x"))
        first._slots.clear()
        second = hub.join(room, "bob")
        hub.showing.show(*answer(room, first, 0, 0, picture=b"x"))
        focus = Focus(cluster="main")
        seen = [member._slots.get("frame") is not None for member in (first, second)]
        await hub.receive(room, first, focus.model_dump_json())
        hub.showing.show(*answer(room, first, 0, 0, picture=b"x"))
        return [*seen, first._slots.get("frame") is not None]

    assert asyncio.run(work()) == [False, True, True]


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
    assert len(asked) == 3  # each once on joining, once for both when it is done
