"""Sockets of a guarded server: who gets in, as whom, what roles may say, and when they are shut."""

import dataclasses

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tests.ui.access.conftest import BASE, TOKEN
from tests.ui.test_socket import Member, put, stroke
from ui.access.doors import Doors, TooManySockets
from ui.access.users import read_users, write_users
from ui.app import create_server
from ui.settings import Settings
from ui.wire.roles import ROLES, is_at_least

SOCKET = f"ws{BASE[4:]}/ws"
SAID = {
    "put_vote": ("annotator", {"image": "grey/0.png", "value": 1}),
    "put_edit": ("editor", {"cluster": "main", "edit": stroke()}),
    "clear": ("editor", {"cluster": "main"}),
    "set_schema": ("editor", {"schema": {"name": "x", "keypoints": [], "edges": [], "pairs": []}}),
}


def code_of(socket):
    with pytest.raises(WebSocketDisconnect) as caught:
        Member(socket).wait("nothing that comes")
    return caught.value.code


def test_without_a_pass_a_page_is_told_to_log_in(guarded):
    with guarded.websocket_connect(SOCKET) as socket:
        assert code_of(socket) == 4401


@pytest.mark.parametrize(
    "headers",
    [{"origin": "http://evil.example"}, {"origin": "null"}, {"host": "evil.example:7860"}],
)
def test_a_page_of_another_host_gets_no_socket_with_the_owners_cookie(owner, headers):
    with pytest.raises(WebSocketDisconnect), owner.websocket_connect(SOCKET, headers=headers):
        pass


def test_only_one_path_takes_sockets(guarded, owner):
    for browser in (guarded, owner):
        with pytest.raises(WebSocketDisconnect), browser.websocket_connect(f"{SOCKET}/x") as socket:
            Member(socket).receive()


def test_a_program_shows_the_token_in_its_header(guarded):
    headers = {"authorization": f"Bearer {TOKEN}"}
    with guarded.websocket_connect(SOCKET, headers=headers) as socket:
        assert Member(socket).wait("welcome")["role"] == "owner"


def test_the_author_is_who_came_and_not_what_the_page_says(come_by_link, owner):
    browser, _ = come_by_link("editor")
    author = browser.get("/api/me").json()["author"]
    with browser.websocket_connect(f"{SOCKET}?author=user-ann") as socket:
        member = Member(socket)
        welcome = member.wait("welcome")
        assert (welcome["author"], welcome["role"]) == (author, "editor")
        member.send(put(stroke()))
        assert member.wait("applied")["author"] == author
    entries = owner.get("/api/shoes/session.json").json()["clusters"][0]["edits"]
    assert [entry["author"] for entry in entries] == [author]


def test_a_person_of_the_file_has_their_name_whatever_the_page_says(guarded):
    guarded.post("/login", data={"name": "bob", "password": "correct horse"})
    with guarded.websocket_connect(f"{SOCKET}?author=user-ann") as socket:
        member = Member(socket)
        assert member.wait("welcome")["author"] == "user-bob"
        member.send({"type": "here", "name": "ann", "cluster": "main"})
        member.send({"type": "ping", "time": 1.0})
        member.wait("pong")
        told = member.last("people", is_all=True)["people"]
        assert [(person["author"], person["name"]) for person in told] == [("user-bob", "bob")]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_say_what_it_may_and_is_refused_the_rest(come_by_link, role):
    browser, _ = come_by_link(role)
    with browser.websocket_connect(SOCKET) as socket:
        member = Member(socket)
        for number, (kind, (least, fields)) in enumerate(SAID.items()):
            operation = {"type": kind, **fields}
            op_id = f"op-{number}"
            member.send({"type": "operate", "op_id": op_id, "operation": operation})
            if is_at_least(role, least):
                assert member.wait("applied")["op_id"] == op_id
            else:
                refused = member.wait("refused")
                assert (refused["op_id"], refused["code"]) == (op_id, "not_allowed")


def test_a_viewer_stops_nobodys_sharpening(come_by_link):
    browser, _ = come_by_link("viewer")
    with browser.websocket_connect(SOCKET) as socket:
        member = Member(socket)
        member.send({"type": "cancel", "what": "sharpen", "cluster": "main"})
        assert member.wait("refused")["code"] == "not_allowed"


def test_those_that_came_by_a_link_are_shut_out_when_it_is_revoked_and_no_others(
    come_by_link, owner
):
    browser, link = come_by_link("editor")
    other, _ = come_by_link("editor")
    with browser.websocket_connect(SOCKET) as socket, other.websocket_connect(SOCKET) as kept:
        Member(socket).wait("welcome")
        staying = Member(kept)
        staying.wait("welcome")
        owner.delete(f"/api/shoes/links/{link['id']}")
        assert code_of(socket) == 4403
        staying.send(put(stroke()))
        assert staying.wait("applied")["revision"] == 1
    with browser.websocket_connect(SOCKET) as socket:
        assert code_of(socket) == 4401


def test_who_logs_out_or_is_taken_out_loses_the_socket(guarded, people):
    bob = {"name": "bob", "password": "correct horse"}
    guarded.post("/login", data=bob)
    with guarded.websocket_connect(SOCKET) as socket:
        Member(socket).wait("welcome")
        guarded.post("/logout")
        assert code_of(socket) == 4401
    guarded.post("/login", data=bob)
    with guarded.websocket_connect(SOCKET) as socket:
        Member(socket).wait("welcome")
        write_users(people, {"ann": read_users(people)["ann"]})
        guarded.portal.call(guarded.app.state.services.access.doors.look)
        assert code_of(socket) == 4401


def test_a_room_that_one_may_not_enter_is_like_one_that_there_is_not(come_by_link):
    browser, _ = come_by_link("viewer")
    with browser.websocket_connect(f"{SOCKET}?collection=cats") as socket:
        assert code_of(socket) == 4404


def test_a_person_has_only_so_many_sockets(guarded_settings, parts):
    few = dataclasses.replace(guarded_settings, author_sockets_limit=2)
    with TestClient(create_server(few, parts), base_url=BASE) as client:
        headers = {"authorization": f"Bearer {TOKEN}"}
        open_one = lambda: client.websocket_connect(SOCKET, headers=headers)  # noqa: E731
        with open_one() as first, open_one() as second:
            Member(first).wait("welcome")
            Member(second).wait("welcome")
            with open_one() as third:
                assert code_of(third) == 4429
        with open_one() as again:
            assert Member(again).wait("welcome")


@pytest.mark.parametrize(
    ("limit", "who"),
    [
        ("sockets_limit", ("c", "3")),
        ("address_sockets_limit", ("c", "1")),
        ("author_sockets_limit", ("a", "3")),
    ],
)
def test_each_limit_of_sockets_counts_its_own(limit, who):
    doors = Doors(dataclasses.replace(Settings(), **{limit: 2}))

    def door(author, address):
        return doors.opened(author, address, lambda: None, lambda *why: None)

    places = [("a", "1"), ("a", "1")]
    with door(*places[0]), door(*places[1]), pytest.raises(TooManySockets), door(*who):
        pass
    with door(*who):
        pass


def test_a_door_is_shut_only_when_its_check_says_so():
    doors, shut, wrong = Doors(Settings()), [], [None]
    with doors.opened("a", "1", lambda: wrong[0], lambda *why: shut.append(why)):
        doors.look()
        wrong[0] = (4403, "gone")
        doors.look()
    doors.look()
    assert shut == [(4403, "gone")]


def test_points_that_a_member_sends_are_the_members(come_by_link):
    browser, _ = come_by_link("editor")
    author = browser.get("/api/me").json()["author"]
    toe = {"id": "toe", "name": "Toe", "color": ""}
    schema = {"name": "shoe", "keypoints": [toe], "edges": [], "pairs": []}
    layer = {"id": "file-1", "kind": "imported", "author": "user-ann"}
    layer |= {"images": {"grey/1.png": [["toe", 3.25, 4.0, "visible", 1.0]]}}
    said = [{"type": "set_schema", "schema": schema}, {"type": "put_layer", "layer": layer}]
    with browser.websocket_connect(SOCKET) as socket:
        member = Member(socket)
        for number, operation in enumerate(said, start=1):
            member.send({"type": "operate", "op_id": f"op-{number}", "operation": operation})
            told = member.wait("applied", revision=number)["changes"]["annotation"]["put_layers"]
    assert [one["layer"]["author"] for one in told] == [author]


def test_who_may_stay_by_another_link_is_not_shut_out(come_by_link, owner):
    browser, link = come_by_link("editor")
    again = owner.post("/api/shoes/links", json={"role": "editor"}).json()
    browser.get(f"/{again['path']}")
    with browser.websocket_connect(SOCKET) as socket:
        member = Member(socket)
        member.wait("welcome")
        owner.delete(f"/api/shoes/links/{link['id']}")
        member.send(put(stroke()))
        assert member.wait("applied")["revision"] == 1
        owner.delete(f"/api/shoes/links/{again['id']}")
        assert code_of(socket) == 4403


def test_a_link_to_a_room_leads_into_its_branches_until_it_is_revoked(come_by_link, owner):
    branch = owner.post("/api/shoes/rooms", json={"title": "Try"}).json()["name"]
    hidden = owner.post("/api/shoes/rooms", json={"title": "Mine", "is_private": True}).json()[
        "name"
    ]
    browser, link = come_by_link("editor")
    with browser.websocket_connect(f"{SOCKET}?collection={hidden}") as socket:
        assert code_of(socket) == 4404
    assert browser.get(f"/api/{hidden}/session.json").status_code == 404
    with browser.websocket_connect(f"{SOCKET}?collection={branch}") as socket:
        assert Member(socket).wait("welcome")["role"] == "editor"
        owner.delete(f"/api/shoes/links/{link['id']}")
        assert code_of(socket) == 4403


def test_who_made_a_branch_owns_it_and_cannot_publish_as_a_viewer(come_by_link, owner):
    browser, link = come_by_link("editor")
    made = browser.post("/api/shoes/rooms", json={"title": "Mine", "author": "user-ann"}).json()
    assert made["author"] == browser.get("/api/me").json()["author"]
    assert browser.get(f"/api/{made['name']}/links").status_code == 200
    viewer = owner.post("/api/shoes/links", json={"role": "viewer"}).json()
    browser.get(f"/{viewer['path']}")
    owner.delete(f"/api/shoes/links/{link['id']}")
    assert browser.get(f"/api/{made['name']}/links").status_code == 200
    assert browser.post(f"/api/{made['name']}/publish", json={}).status_code == 403
