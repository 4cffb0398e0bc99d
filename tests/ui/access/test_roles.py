"""What each role may do, by HTTP: every route declares it, and wrong roles are refused."""

import dataclasses

import pytest
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

from tests.ui.access.conftest import BASE, TOKEN
from ui.app import create_server
from ui.routes.roles import Least, OfAnybody, OfServer
from ui.wire.roles import ROLES, is_at_least

OPENING = {"/healthz", "/metrics", "/login", "/logout", "/join/{token}"}
"""Paths outside of `/api`; the guard says who may have them."""


def checks_of(route):
    calls = [dependency.call for dependency in route.dependant.dependencies]
    return [call for call in calls if isinstance(call, (Least, OfServer, OfAnybody))]


def routes_of(app):
    return [route for route in iter_route_contexts(app.routes) if getattr(route, "methods", None)]


@pytest.fixture
def app(settings, parts):
    app = create_server(settings, parts)
    yield app
    for room in app.state.services.hub.rooms.values():
        room.store.close()


def test_every_route_under_api_declares_who_may_have_it(app):
    routes = [route for route in routes_of(app) if route.path.startswith("/api")]
    assert len(routes) > 30
    assert [(route.path, route.methods) for route in routes if not checks_of(route)] == []


def test_every_route_of_a_room_declares_a_role_there(app):
    routes = [route for route in routes_of(app) if "{collection}" in route.path]
    loose = [
        (route.path, route.methods)
        for route in routes
        if not any(isinstance(check, Least) for check in checks_of(route))
    ]
    assert loose == []


def test_no_other_routes_are_there_than_those_that_the_guard_knows(app):
    assert {r.path for r in routes_of(app) if not r.path.startswith("/api")} <= OPENING


def test_what_is_not_only_read_needs_more_than_a_viewer(app):
    posts = [route for route in routes_of(app) if not route.methods <= {"GET", "HEAD"}]
    least = {
        (route.path, *route.methods): max(
            (ROLES.index(c.role) for c in checks_of(route) if isinstance(c, Least)), default=None
        )
        for route in posts
    }
    assert {key for key, role in least.items() if role == 0} == {
        ("/api/{collection}/palette", "POST")
    }


NEEDS = {
    ("GET", "/api/shoes/session.json"): "viewer",
    ("GET", "/api/shoes/images/0"): "viewer",
    ("GET", "/api/shoes/ranking.csv"): "viewer",
    ("POST", "/api/shoes/palette"): "viewer",
    ("POST", "/api/shoes/keypoints/propagate"): "annotator",
    ("DELETE", "/api/shoes/keypoints/propagate"): "annotator",
    ("POST", "/api/shoes/keypoints/accept"): "annotator",
    ("POST", "/api/shoes/session.json"): "editor",
    ("POST", "/api/shoes/explore"): "editor",
    ("DELETE", "/api/shoes/explore"): "editor",
    ("POST", "/api/shoes/keypoints/import"): "editor",
    ("GET", "/api/shoes/links"): "owner",
    ("POST", "/api/shoes/links"): "owner",
    ("DELETE", "/api/shoes/links/none"): "owner",
}


@pytest.mark.parametrize("role", ROLES)
def test_a_wrong_role_is_refused_and_a_right_one_is_not(come_by_link, role):
    browser, _ = come_by_link(role)
    for (method, path), least in NEEDS.items():
        answer = browser.request(method, path, json={})
        is_refused = answer.status_code == 403
        assert (method, path, is_refused) == (method, path, not is_at_least(role, least))
        if is_refused:
            assert answer.json() == {"error": f"this needs the role {least}, yours is {role}"}


@pytest.mark.parametrize("role", ROLES)
def test_even_the_owner_of_a_room_does_not_own_the_server(come_by_link, role):
    browser, _ = come_by_link(role)
    asked = [
        browser.get("/api/builds"),
        browser.post("/api/builds", json={"folder": "/etc"}),
        browser.post("/api/builds", files={"files": b"x"}),
        browser.delete("/api/builds/none"),
        browser.post("/gradio_api/upload", files={"files": b"x"}),
        browser.get("/metrics"),
    ]
    assert [answer.status_code for answer in asked] == [403] * 6


def test_a_room_that_one_may_not_know_of_is_like_one_that_there_is_not(
    guarded_settings, parts, tmp_path
):
    both = dataclasses.replace(
        guarded_settings, collections=(tmp_path / "shoes.avex", tmp_path / "cats.avex")
    )
    with TestClient(create_server(both, parts), base_url=BASE, follow_redirects=False) as owner:
        owner.get(f"/join/{TOKEN}")
        path = owner.post("/api/cats/links", json={"role": "owner"}).json()["path"]
        guest = TestClient(owner.app, base_url=BASE, follow_redirects=False)
        guest.get(f"/{path}")
        secret, none = (guest.get(f"/api/{name}/session.json") for name in ("shoes", "hats"))
        assert (secret.status_code, none.status_code) == (404, 404)
        assert secret.text.replace("shoes", "hats") == none.text
        assert [one["name"] for one in guest.get("/api/collections").json()] == ["cats"]
        assert guest.post("/api/shoes/links", json={"role": "owner"}).status_code == 404
        with guest.websocket_connect(f"ws{BASE[4:]}/ws") as socket:
            told = socket.receive_json()  # one message, or several together
            welcome = told[0] if isinstance(told, list) else told
        assert (welcome["room"]["name"], welcome["collections"]) == ("cats", ["cats"])


def test_on_a_guarded_server_nobody_writes_under_another_name(come_by_link, owner):
    browser, _ = come_by_link("editor")
    author = browser.get("/api/me?author=ann").json()["author"]
    assert author.startswith("p-")
    saved = owner.get("/api/shoes/session.json").json()
    saved["clusters"][0]["name"] = "By eve"
    assert browser.post("/api/shoes/session.json?author=user-ann", json=saved).status_code == 200
    log = owner.app.state.services.hub.rooms["shoes"].store.load("main")
    assert [logged.author for logged in log] == [author]
    made = owner.post("/api/shoes/links", json={"role": "viewer", "author": "user-ann"})
    assert made.status_code == 200
    authors = {link["author"] for link in owner.get("/api/shoes/links").json()}
    assert authors == {owner.get("/api/me").json()["author"]}
