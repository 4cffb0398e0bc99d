"""The routes of rooms: branches, publishing, titles, archives, and who may."""

import contextlib
import io
import json
import sqlite3
import zipfile

import pytest
from starlette.testclient import TestClient

from tests.ui.conftest import HOST
from ui.app import create_server
from ui.rooms.store import StoreError

RED, BLUE = [250, 10, 10], [10, 10, 250]


def stroke(edit_id, color):
    edit = {"kind": "color", "id": edit_id, "paths": [[[0.5, 0.5]]], "radius": 0.1, "color": color}
    return edit | {"strength": 1.0, "enabled": True, "reach": "near"}


def cluster_of(*edits):
    return {
        "id": "main", "name": "Average", "weighting": "focus", "count": None,
        "alignment": "similarity", "mirror": False, "color": "",
        "edits": [{"author": "ann", "time": 1.0, "edit": edit} for edit in edits],
    }  # fmt: skip


def paint(client, room, *edits, author="ann"):
    """Let a room have exactly these strokes."""
    session = {"format": "average-explorer session", "version": 3, "collection": "shoes"}
    body = session | {"clusters": [cluster_of(*edits)]}
    answer = client.post(f"/api/{room}/session.json", json=body, params={"author": author})
    assert answer.status_code == 200, answer.text
    return answer.json()["revision"]


def strokes(client, room):
    session = client.get(f"/api/{room}/session.json").json()
    return [entry["edit"]["id"] for entry in session["clusters"][0]["edits"]]


def branch(client, room="shoes", **asked):
    answer = client.post(f"/api/{room}/rooms", json={"title": "Try", "author": "ann"} | asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def rooms(client, **asked):
    return client.get("/api/shoes/rooms", params=asked).json()


def first_of(socket):
    """The first message on a socket; several may come together."""
    told = json.loads(socket.receive_text())
    return told[0] if isinstance(told, list) else told


def test_branch_begins_as_the_room_is_and_goes_its_own_way(client):
    paint(client, "shoes", stroke("a", RED))
    made = branch(client)
    paint(client, made["name"], stroke("a", RED), stroke("b", BLUE))
    paint(client, "shoes", stroke("c", RED))
    assert strokes(client, made["name"]) == ["a", "b"]
    assert strokes(client, "shoes") == ["c"]
    assert (made["parent"], made["base"], made["author"]) == ("shoes", 1, "ann")


def test_branch_of_an_earlier_revision_brings_back_what_was(client):
    paint(client, "shoes", stroke("a", RED))
    paint(client, "shoes", stroke("b", RED))
    assert strokes(client, branch(client, revision=1)["name"]) == ["a"]
    assert strokes(client, branch(client, revision=0)["name"]) == []
    answer = client.post("/api/shoes/rooms", json={"title": "Try", "revision": 3})
    assert answer.status_code == 404
    assert "revisions 0 to 2, got 3" in answer.json()["error"]


def test_branch_is_there_after_a_restart(settings, parts, client):
    paint(client, "shoes", stroke("a", RED))
    made = branch(client)
    paint(client, made["name"], stroke("b", BLUE))
    client.__exit__()
    with TestClient(create_server(settings, parts), base_url=f"http://{HOST}") as again:
        assert [room["name"] for room in rooms(again)] == ["shoes", made["name"]]
        assert strokes(again, made["name"]) == ["b"]
        assert strokes(again, "shoes") == ["a"]


def test_published_work_joins_what_others_did_and_is_one_operation(client):
    paint(client, "shoes", stroke("a", RED))
    made = branch(client)
    paint(client, made["name"], stroke("a", RED), stroke("b", BLUE))
    paint(client, "shoes", stroke("a", RED), stroke("theirs", RED), author="ben")
    answer = client.post(f"/api/{made['name']}/publish", json={"author": "ann", "op_id": "p1"})
    assert answer.json() == {"revision": 3, "changed": True}
    assert sorted(strokes(client, "shoes")) == ["a", "b", "theirs"]
    again = client.post(f"/api/{made['name']}/publish", json={"author": "ann", "op_id": "p1"})
    assert again.json() == {"revision": 3, "changed": True}


def test_publishing_a_second_time_takes_over_only_what_is_new(client):
    made = branch(client)
    publish = f"/api/{made['name']}/publish"
    paint(client, made["name"], stroke("a", RED))
    assert client.post(publish, json={"author": "ann"}).json() == {"revision": 1, "changed": True}
    paint(client, "shoes", author="ben")  # who takes it away again
    assert client.post(publish, json={"author": "ann"}).json() == {"revision": 2, "changed": False}
    paint(client, made["name"], stroke("a", RED), stroke("b", RED))
    assert client.post(publish, json={"author": "ann"}).json() == {"revision": 3, "changed": True}
    assert strokes(client, "shoes") == ["b"]


def test_publishing_is_undone_as_a_whole(client):
    made = branch(client)
    paint(client, made["name"], stroke("a", RED), stroke("b", RED))
    client.post(f"/api/{made['name']}/publish", json={"author": "ann"})
    line = client.get("/api/shoes/timeline").json()["items"][0]
    assert (line["author"], line["words"]) == ("ann", "published “Try”")
    with client.websocket_connect(
        f"ws://{HOST}/ws?collection=shoes&author=ann&protocol=5", headers={"host": HOST}
    ) as socket:
        undo = {"type": "operate", "op_id": "u1", "operation": {"type": "undo"}}
        socket.send_text(json.dumps(undo))
        while '"applied"' not in str(socket.receive()):
            pass
    assert strokes(client, "shoes") == []


def test_main_room_is_published_nowhere(client):
    answer = client.post("/api/shoes/publish", json={"author": "ann"})
    assert answer.status_code == 409
    assert "left no other room" in answer.json()["error"]


def test_private_branch_is_listed_for_its_author_alone(client):
    made = branch(client, is_private=True)
    assert [room["name"] for room in rooms(client, author="ann")] == ["shoes", made["name"]]
    assert [room["name"] for room in rooms(client, author="ben")] == ["shoes"]
    assert [room["name"] for room in rooms(client)] == ["shoes"]
    assert len(made["name"].partition("~")[2]) == 26  # 128 bits, five in a letter
    assert branch(client, made["name"])["is_private"]
    assert {room["role"] for room in rooms(client, author="ann")} == {"owner"}


def test_collections_are_not_branches(client):
    made = branch(client)
    assert [info["name"] for info in client.get("/api/collections").json()] == ["shoes"]
    url = f"ws://{HOST}/ws?collection={made['name']}&author=ben&protocol=5"
    with client.websocket_connect(url, headers={"host": HOST}) as socket:
        welcome = first_of(socket)
        assert welcome["collections"] == ["shoes"]
        assert welcome["collection"]["name"] == welcome["room"]["name"] == made["name"]
        (main, listed) = rooms(client)
        assert (main["members"], listed["members"]) == (0, 1)
        assert (main["people"], listed["people"]) == ([], ["Guest"])


def test_who_is_in_a_room_hears_its_new_title_and_that_it_is_archived(client):
    made = branch(client)
    url = f"ws://{HOST}/ws?collection={made['name']}&author=ben&protocol=5"
    with client.websocket_connect(url, headers={"host": HOST}) as socket:
        client.patch(f"/api/{made['name']}/about", json={"title": "Boots"})
        told = heard(socket, "room")
        assert (told["room"]["title"], told["is_archived"]) == ("Boots", False)
        client.delete(f"/api/{made['name']}/about")
        told = heard(socket, "room")
        assert (told["room"]["title"], told["is_archived"]) == ("Boots", True)


def heard(socket, kind):
    """Return the next message of a type; frames and other messages are passed over."""
    for _ in range(100):
        content = socket.receive()
        messages = json.loads(content.get("text") or "[]")
        for message in messages if isinstance(messages, list) else [messages]:
            if message["type"] == kind:
                return message
    raise AssertionError(f"nothing of the type {kind} was told")


def test_list_tells_when_something_was_done_last(client):
    made = branch(client)
    paint(client, made["name"], stroke("a", RED))
    main, listed = rooms(client)
    assert (main["revision"], main["updated"]) == (0, 0)
    assert listed["revision"] == 1
    assert listed["updated"] >= listed["created"] > 1e9
    assert (listed["title"], listed["is_archived"]) == ("Try", False)


def test_room_gets_another_title(settings, parts, client):
    made = branch(client)
    about = client.patch(f"/api/{made['name']}/about", json={"title": "  Heels "}).json()
    client.patch("/api/shoes/about", json={"title": "All shoes"})
    assert about["title"] == client.get(f"/api/{made['name']}/about").json()["title"] == "Heels"
    wrong = client.patch(f"/api/{made['name']}/about", json={"title": " "})
    assert wrong.status_code == 422
    client.__exit__()
    with TestClient(create_server(settings, parts), base_url=f"http://{HOST}") as again:
        assert [room["title"] for room in rooms(again)] == ["All shoes", "Heels"]


def test_archived_branch_is_out_of_the_list_and_comes_back(client):
    made = branch(client)
    paint(client, made["name"], stroke("a", RED))
    client.delete(f"/api/{made['name']}/about")
    assert [room["name"] for room in rooms(client)] == ["shoes"]
    assert [room["name"] for room in rooms(client, archived=True)] == ["shoes", made["name"]]
    assert strokes(client, made["name"]) == ["a"]
    client.patch(f"/api/{made['name']}/about", json={"is_archived": False})
    assert [room["name"] for room in rooms(client)] == ["shoes", made["name"]]


def test_main_room_can_be_neither_hidden_nor_put_away(client):
    assert client.delete("/api/shoes/about").status_code == 409
    assert client.patch("/api/shoes/about", json={"is_private": True}).status_code == 409


def test_titles_differ(client):
    assert [branch(client)["title"] for _ in range(3)] == ["Try", "Try 2", "Try 3"]


def test_exported_room_comes_back_as_a_new_one_with_its_undo(client):
    paint(client, "shoes", stroke("a", RED))
    paint(client, "shoes", stroke("b", RED))
    client.patch("/api/shoes/about", json={"title": "Ours"})
    answer = client.get("/api/shoes/room.zip")
    assert answer.headers["content-disposition"] == 'attachment; filename="shoes-room.zip"'
    made = client.post("/api/shoes/rooms/import", content=answer.content).json()
    assert (made["title"], made["parent"], made["warnings"]) == ("Ours 2", None, [])
    assert strokes(client, made["name"]) == ["b"]
    again = client.get(f"/api/{made['name']}/room.zip").content
    for member in ("operations.jsonl", "manifest.json"):
        first, second = (
            zipfile.ZipFile(io.BytesIO(content)).read(member) for content in (answer.content, again)
        )
        assert first == second.replace(b"Ours 2", b"Ours")
    url = f"ws://{HOST}/ws?collection={made['name']}&author=ann&protocol=5"
    with client.websocket_connect(url, headers={"host": HOST}) as socket:
        undo = {"type": "operate", "op_id": "u1", "operation": {"type": "undo"}}
        socket.send_text(json.dumps(undo))
        while '"applied"' not in str(socket.receive()):
            pass
    assert strokes(client, made["name"]) == ["a"]


def socket_of(client, room, author):
    url = f"ws://{HOST}/ws?collection={room}&author={author}&protocol=5"
    return client.websocket_connect(url, headers={"host": HOST})


def names_in(client, room):
    """How authors were called, as somebody is told who comes."""
    with socket_of(client, room, "zoe") as socket:
        return first_of(socket)["names"]


def paint_as(client, room, author, name):
    """Paint while one is in the room under a name."""
    with socket_of(client, room, author) as socket:
        here = {"type": "here", "name": name, "cluster": "main"}
        for message in (here, {"type": "ping", "time": 1.0}):
            socket.send_text(json.dumps(message))
        while '"pong"' not in str(socket.receive()):
            pass
        paint(client, room, stroke(f"s-{name.lower()}", RED), author=author)


def test_names_of_authors_go_with_their_work(client):
    paint_as(client, "shoes", "ann", "Ann")
    made = branch(client)
    assert names_in(client, made["name"]) == {"ann": "Ann"}
    paint_as(client, made["name"], "ben", "Ben")
    paint_as(client, made["name"], "ann", "Anna")
    assert names_in(client, "shoes") == {"ann": "Ann"}
    client.post(f"/api/{made['name']}/publish", json={"author": "ben"})
    assert names_in(client, "shoes") == {"ann": "Ann", "ben": "Ben"}  # whom it knew stays so
    archive = client.get(f"/api/{made['name']}/room.zip").content
    copy = client.post("/api/shoes/rooms/import", content=archive).json()
    assert names_in(client, copy["name"]) == {"ann": "Ann", "ben": "Ben"}


def test_file_of_a_branch_does_not_name_its_address(client):
    made = branch(client, title="Red & blue")
    for path in ("session.json", "room.zip", "average.png", "ranking.csv"):
        answer = client.get(f"/api/{made['name']}/{path}")
        assert answer.status_code == 200
        assert 'filename="shoes-red-blue-' in answer.headers["content-disposition"]
        assert made["name"].partition("~")[2].encode() not in answer.content


def test_wrong_archive_is_refused_by_name_and_nothing_is_left(client):
    answer = client.post("/api/shoes/rooms/import?name=mine.zip", content=b"PK no zip")
    assert answer.status_code == 422
    assert "mine.zip" in answer.json()["error"]
    assert [room["name"] for room in rooms(client)] == ["shoes"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "rooms"), ("GET", "timeline"), ("GET", "room.zip"), ("POST", "publish")],
)
def test_unknown_room_is_unknown(client, method, path):
    assert client.request(method, f"/api/shoes~nobody/{path}", json={}).status_code == 404


@pytest.mark.parametrize(
    "title", ["", " ", "a" * 201, "a\x1b[31mred", "a\nb", "\ud800", 7, None], ids=ascii
)
def test_title_that_is_none_is_refused(client, title):
    body = json.dumps({"title": title}).encode()
    answer = client.post("/api/shoes/rooms", content=body)
    assert answer.status_code == 422
    assert [room["name"] for room in rooms(client)] == ["shoes"]


def test_branch_whose_log_is_damaged_is_refused_and_the_others_are_served(settings, parts, client):
    made = branch(client)
    paint(client, made["name"], stroke("a", RED))
    client.__exit__()
    path = settings.collections[0] / "rooms.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE operations SET operation = '{}' WHERE room != 'main'")
    with TestClient(create_server(settings, parts), base_url=f"http://{HOST}") as again:
        assert [room["name"] for room in rooms(again)] == ["shoes", made["name"]]
        answer = again.get(f"/api/{made['name']}/session.json")
        assert (answer.status_code, answer.json()) == (507, {"error": StoreError.told})
        url = f"ws://{HOST}/ws?collection={made['name']}&author=ann&protocol=5"
        with again.websocket_connect(url, headers={"host": HOST}) as socket:
            assert socket.receive()["code"] == 4404
        assert strokes(again, "shoes") == []
