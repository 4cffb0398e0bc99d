"""Who may do what with rooms on a guarded server: branches, titles, publishing, private ones."""

import pytest

from ui.access import links
from ui.rooms import bringing

WANTED = {"title": "Try"}


def branch(browser, room="shoes", **asked):
    return browser.post(f"/api/{room}/rooms", json=WANTED | asked)


def names(browser, **asked):
    return [room["name"] for room in browser.get("/api/shoes/rooms", params=asked).json()]


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("annotator", 403), ("editor", 200)])
def test_only_editors_branch_and_bring_rooms(come_by_link, owner, role, status):
    browser, _ = come_by_link(role)
    content = owner.get("/api/shoes/room.zip").content
    assert branch(browser).status_code == status
    assert browser.post("/api/shoes/rooms/import", content=content).status_code == status


def test_viewers_see_the_history_and_take_the_room_home(come_by_link):
    browser, _ = come_by_link("viewer")
    for path in ("rooms", "about", "timeline", "at/0", "at/0/average.jpg", "room.zip"):
        assert browser.get(f"/api/shoes/{path}").status_code == 200


def test_strangers_learn_nothing(browser_of, owner):
    made = branch(owner).json()["name"]
    for room in ("shoes", made, "shoes~nobody"):
        for path in ("rooms", "timeline", "at/0", "room.zip"):
            assert browser_of().get(f"/api/{room}/{path}").status_code in (401, 403)


def test_branch_belongs_to_whoever_made_it(come_by_link):
    maker, _ = come_by_link("editor")
    other, _ = come_by_link("editor")
    made = branch(maker).json()["name"]
    assert other.patch(f"/api/{made}/about", json={"title": "Mine"}).status_code == 403
    assert other.delete(f"/api/{made}/about").status_code == 403
    assert maker.patch(f"/api/{made}/about", json={"title": "Mine"}).status_code == 200
    assert maker.delete(f"/api/{made}/about").status_code == 200
    assert maker.patch("/api/shoes/about", json={"title": "Mine"}).status_code == 403


def test_room_that_was_brought_belongs_to_whoever_brought_it(come_by_link):
    maker, _ = come_by_link("editor")
    other, _ = come_by_link("editor")
    content = maker.get("/api/shoes/room.zip").content
    made = maker.post("/api/shoes/rooms/import", content=content).json()["name"]
    assert other.patch(f"/api/{made}/about", json={"title": "Mine"}).status_code == 403
    assert maker.patch(f"/api/{made}/about", json={"title": "Mine"}).status_code == 200


def test_author_is_who_asks_and_not_who_the_page_says(come_by_link):
    maker, _ = come_by_link("editor")
    me = maker.get("/api/me").json()["author"]
    assert branch(maker, author="somebody-else").json()["author"] == me


def test_private_branch_is_nobody_elses(come_by_link, owner):
    maker, _ = come_by_link("editor")
    other, _ = come_by_link("editor")
    made = branch(maker, is_private=True).json()["name"]
    author = maker.get("/api/me").json()["author"]
    assert names(maker) == ["shoes", made]
    assert names(other, author=author) == names(owner, author=author) == ["shoes"]
    for path in ("about", "timeline", "session.json", "room.zip"):
        assert maker.get(f"/api/{made}/{path}").status_code == 200
        assert other.get(f"/api/{made}/{path}").status_code == 404
        assert owner.get(f"/api/{made}/{path}").status_code == 404


def test_publishing_needs_an_editor_of_the_parent(come_by_link, owner):
    made = branch(owner).json()["name"]
    guest, _ = come_by_link("editor", made)
    answer = guest.post(f"/api/{made}/publish", json={})
    assert answer.status_code in (403, 404)
    editor, _ = come_by_link("editor")
    assert editor.post(f"/api/{made}/publish", json={}).json() == {"revision": 0, "changed": False}


def test_guest_of_a_branch_sees_that_branch_alone(come_by_link, owner):
    made, other = branch(owner).json()["name"], branch(owner).json()["name"]
    guest, _ = come_by_link("viewer", made)
    rooms = guest.get(f"/api/{made}/rooms").json()
    assert [room["name"] for room in rooms] == [made]
    assert guest.get(f"/api/{other}/about").status_code == 404
    assert guest.get("/api/shoes/about").status_code == 404


@pytest.mark.parametrize("limit", ["OWN_LIMIT", "GUESTS_LIMIT"])
def test_others_than_the_owner_of_the_server_fill_no_collection_with_rooms(
    come_by_link, owner, monkeypatch, limit
):
    maker, _ = come_by_link("editor")
    assert branch(maker).status_code == 200
    monkeypatch.setattr(bringing, limit, 1)
    content = owner.get("/api/shoes/room.zip").content
    for browser, status in ((maker, 409), (owner, 200)):
        assert branch(browser).status_code == status
        assert browser.post("/api/shoes/rooms/import", content=content).status_code == status


def test_others_than_the_owner_of_the_server_leave_it_some_links(come_by_link, owner, monkeypatch):
    maker, _ = come_by_link("owner")
    monkeypatch.setattr(links, "GUESTS_LIMIT", 1)
    for browser, status in ((maker, 409), (owner, 200)):
        assert browser.post("/api/shoes/links", json={"role": "viewer"}).status_code == status
