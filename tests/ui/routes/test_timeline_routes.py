"""The routes of history: lines, what was, averages of then; of a scrubber only the newest wish."""

import asyncio

import cv2
import numpy as np
import pytest

from explorer.edits import ColorStroke
from tests.ui.room_log import add, put
from ui.routes.scrubbing import Scrubbers
from ui.wire.board import PutSnapshot
from ui.wire.operations import Undo

RED, BLUE = (250, 0, 0), (0, 0, 250)


def color(edit_id, rgb):
    return put(ColorStroke(id=edit_id, paths=(((0.5, 0.5),),), radius=0.1, color=rgb))


@pytest.fixture
def room(client):
    hub = client.app.state.services.hub

    def operate(*operations, author="ann"):
        for operation in operations:
            hub.operate("shoes", operation, author=author)

    operate(color("a", RED), color("b", BLUE), Undo(), add("flat"))
    operate(PutSnapshot(id="n", name="Lunch", revision=2), author="ben")
    return client


def get(client, path, **asked):
    answer = client.get(f"/api/shoes/{path}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def pixel(answer):
    picture = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)
    return picture[0, 0, ::-1].astype(int)


def test_timeline_has_a_line_for_each_operation_newest_first(room):
    told = get(room, "timeline")
    assert told["revision"] == 5
    assert [(item["revision"], item["author"], item["words"]) for item in told["items"]] == [
        (5, "ben", "kept step 2 as “Lunch”"),
        (4, "ann", "began Flat"),
        (3, "ann", "undid a blue stroke in Average"),
        (2, "ann", "painted a blue stroke in Average"),
        (1, "ann", "painted a red stroke in Average"),
    ]
    assert [item["cluster"] for item in told["items"]] == [None, "flat", None, "main", "main"]
    assert told["items"][1]["type"] == "add_cluster"
    assert told["items"][0]["time"] > 1e9


@pytest.mark.parametrize(
    ("asked", "revisions"),
    [
        ({"limit": 2}, [5, 4]),
        ({"before": 4, "limit": 2}, [3, 2]),
        ({"before": 2}, [1]),
        ({"before": 1}, []),
        ({"before": 0}, []),
        ({"before": 99, "limit": 1}, [5]),
    ],
)
def test_timeline_comes_page_by_page(room, asked, revisions):
    assert [item["revision"] for item in get(room, "timeline", **asked)["items"]] == revisions


def test_state_is_told_as_it_was(room):
    told = {revision: get(room, f"at/{revision}") for revision in (0, 2, 3, 5)}
    ids = {
        revision: [entry["edit"]["id"] for entry in one["session"]["clusters"][0]["edits"]]
        for revision, one in told.items()
    }
    assert ids == {0: [], 2: ["a", "b"], 3: ["a"], 5: ["a"]}
    assert told[3]["board"]["snapshots"] == []
    assert [one["name"] for one in told[5]["board"]["snapshots"]] == ["Lunch"]
    assert told[2]["revision"] == 2


def test_average_is_shown_as_it_was(room):
    then = room.get("/api/shoes/at/2/average.jpg")
    before = room.get("/api/shoes/at/1/average.jpg", params={"cluster": "main"})
    assert then.headers["content-type"] == "image/jpeg"
    assert np.abs(pixel(then) - BLUE).max() < 12
    assert np.abs(pixel(before) - RED).max() < 12


def test_average_that_was_asked_for_before_is_not_made_again(room, engine):
    room.get("/api/shoes/at/2/average.jpg")
    made = len(engine.asked)
    first = room.get("/api/shoes/at/1/average.jpg")
    assert len(engine.asked) == made + 1
    again = room.get("/api/shoes/at/3/average.jpg")  # the undo led back to it
    assert len(engine.asked) == made + 1
    assert again.content == first.content


@pytest.mark.parametrize("path", ["at/6", "at/-1", f"at/{10**30}", "at/6/average.jpg"])
def test_revision_that_never_was_is_unknown(room, path):
    answer = room.get(f"/api/shoes/{path}")
    assert answer.status_code == 404
    assert "no revision" in answer.json()["error"]


def test_cluster_that_was_not_there_yet_is_named(room):
    answer = room.get("/api/shoes/at/1/average.jpg", params={"cluster": "flat"})
    assert answer.status_code == 422
    assert "flat" in answer.json()["error"]


def test_branch_has_the_history_of_the_room_that_it_left(room):
    made = room.post("/api/shoes/rooms", json={"title": "Try", "revision": 3}).json()
    told = room.get(f"/api/{made['name']}/timeline").json()
    assert [item["revision"] for item in told["items"]] == [3, 2, 1]
    assert np.abs(pixel(room.get(f"/api/{made['name']}/at/2/average.jpg")) - BLUE).max() < 12


def test_of_many_wishes_of_a_scrubber_the_first_and_the_newest_are_carried_out():
    async def drag():
        scrubbers, made, gate = Scrubbers(), [], asyncio.Event()

        async def work(revision):
            made.append(revision)
            await gate.wait()
            return revision

        tasks = []
        for revision in range(5):
            wish = scrubbers.newest("ann", lambda revision=revision: work(revision))
            tasks.append(asyncio.create_task(wish))
            await asyncio.sleep(0)
        other = asyncio.create_task(scrubbers.newest("ben", lambda: work(9)))
        await asyncio.sleep(0)
        gate.set()
        return made, await asyncio.gather(*tasks, other), scrubbers

    made, answers, scrubbers = asyncio.run(drag())
    assert sorted(made) == [0, 4, 9]
    assert answers == [0, None, None, None, 4, 9]
    assert (scrubbers._newest, scrubbers._turns) == ({}, {})


def test_wish_that_fails_or_is_given_up_does_not_hold_up_the_next():
    async def drag():
        scrubbers = Scrubbers()

        async def fail():
            raise ValueError("bad luck")

        async def wait():
            await asyncio.sleep(60)

        with pytest.raises(ValueError, match="bad luck"):
            await scrubbers.newest("ann", fail)
        given_up = asyncio.create_task(scrubbers.newest("ann", wait))
        await asyncio.sleep(0)
        given_up.cancel()

        async def work():
            return "done"

        return await scrubbers.newest("ann", work)

    assert asyncio.run(drag()) == "done"


def test_averages_of_a_scrubber_are_answered(room):
    answer = room.get("/api/shoes/at/1/average.jpg", params={"scrubber": "page-1"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"].startswith("private")


def drawn(client):
    clusters = get(client, "session.json")["clusters"]
    return {one["id"]: [entry["edit"]["id"] for entry in one["edits"]] for one in clusters}


def restore(client, revision, **asked):
    answer = client.post("/api/shoes/restore", json={"revision": revision, **asked})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_old_state_is_made_the_present_one_and_undone_as_a_whole(room):
    assert restore(room, 2, author="ben") == {"revision": 6, "changed": True}
    assert drawn(room) == {"main": ["a", "b"]}
    line = get(room, "timeline", limit=1)["items"][0]
    assert (line["author"], line["words"]) == ("ben", "restored step 2")
    room.app.state.services.hub.operate("shoes", Undo(), author="ben")
    assert drawn(room) == {"main": ["a"], "flat": []}


def test_restoring_leaves_what_people_said_and_named(room):
    restore(room, 1)
    assert [one["name"] for one in get(room, "at/6")["board"]["snapshots"]] == ["Lunch"]


def test_restoring_what_is_there_anyway_is_no_step(room):
    assert restore(room, 5) == {"revision": 5, "changed": False}


def test_the_same_restoring_twice_is_one_step(room):
    restore(room, 0, op_id="r1")
    room.app.state.services.hub.operate("shoes", color("late", BLUE), author="ann")
    assert restore(room, 0, op_id="r1")["revision"] == 7
    assert drawn(room) == {"main": ["late"]}


def test_a_revision_that_never_was_cannot_be_restored(room):
    assert room.post("/api/shoes/restore", json={"revision": 6}).status_code == 404
