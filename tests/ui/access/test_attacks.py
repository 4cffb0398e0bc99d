"""What somebody tries who has read the source, and got through with before it was mended."""

import asyncio
import contextlib

import pytest

from tests.ui.access.conftest import BASE, PASSWORD, TOKEN
from tests.ui.test_socket import Member
from ui.access import paths
from ui.access.access import Access
from ui.access.addresses import counted_as
from ui.access.ended import FILE_NAME, Ended
from ui.access.guard import Guard
from ui.access.hosts import is_own_host
from ui.access.paths import LARGE_BYTES, Limits
from ui.access.users import read_users, write_users
from ui.app import STATIC, _is_ours, create_server
from ui.settings import Settings

GUESS = {"authorization": "Bearer guess"}
RIGHT = {"authorization": f"Bearer {TOKEN}"}


@pytest.mark.parametrize("path", ["/api/me", "/healthz", "/login"])
def test_who_guesses_tokens_learns_nothing_from_the_right_one(guarded, path):
    for _ in range(20):  # as many as are let pass at once
        guarded.get(path, headers=GUESS)
    assert guarded.get(path, headers=RIGHT).status_code == 429
    assert guarded.get("/healthz").status_code == 200  # who shows no token is not held up


def test_tokens_that_are_guessed_by_sockets_count_too(guarded):
    for _ in range(20):
        with guarded.websocket_connect(f"ws{BASE[4:]}/ws", headers=GUESS):
            pass
    assert guarded.get("/api/me", headers=RIGHT).status_code == 429


def test_a_form_of_many_fields_is_wrong_and_no_failure(guarded):
    content = "&".join(f"field{number}=1" for number in range(50))
    assert guarded.post("/login", content=content).status_code == 401


@pytest.mark.parametrize("name", ["a" * 300, "a" * 5000, "a%00b", "/etc/passwd", "%2e%2e/app.py"])
def test_what_is_no_file_of_ours_is_not_there(owner, name):
    assert owner.get(f"/static/{name}").status_code == 404


@pytest.mark.parametrize(
    "host",
    [
        "localhost:7860@evil.example",
        "localhost:evil.example",
        "[::1].evil.example",
        "[::1",
        "[::1]x",
    ],
)
def test_a_host_that_readers_could_take_for_another_is_none(host):
    assert not is_own_host(host, frozenset({"localhost", "::1"}), is_loopback=True)


def test_strangers_learn_from_health_that_the_server_runs_and_nothing_else(guarded, come_by_link):
    assert guarded.get("/healthz").json() == {"status": "ok"}
    guest, _ = come_by_link("viewer")
    assert set(guest.get("/healthz").json()) == {"status", "protocol"}


def test_nobody_behind_the_guard_sees_a_host_that_was_not_checked(guarded_settings):
    seen = []

    async def app(scope, receive, send):
        seen.extend(name for name, _ in scope["headers"])

    names = (b"x-forwarded-host", b"X-Forwarded-Server", b"forwarded", b"accept")
    scope = {"type": "http", "method": "GET", "path": "/healthz", "client": ("10.0.0.1", 1)}
    scope["headers"] = [(b"host", b"10.0.0.2"), *((name, b"evil.example") for name in names)]
    guard = Guard(app, guarded_settings, Access(guarded_settings))
    asyncio.run(guard(scope, None, None))
    assert seen == [b"host", b"accept"]


def test_addresses_that_one_may_choose_count_as_one():
    assert counted_as("2001:db8:1:2:3:4:5:6") == counted_as("2001:db8:1:2:ffff::1")
    assert counted_as("2001:db8:1:2::1") != counted_as("2001:db8:1:3::1")
    assert counted_as("::ffff:10.0.0.1") == "10.0.0.1"
    assert counted_as("::1") != counted_as("::2")
    assert counted_as("testclient") == "testclient"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ([[float("nan"), 0.5]], "finite"),
        ([[1e300, 0.5]], "finite"),
        ([[0.5, 0.5]] * 20_001, "at most 20000 points"),
    ],
)
def test_colors_are_told_only_under_a_brush_that_could_be_painted_with(come_by_link, path, code):
    viewer, _ = come_by_link("viewer")
    text = str({"paths": [path], "radius": 0.5}).replace("'", '"').replace("nan", "NaN")
    headers = {"content-type": "application/json"}
    answer = viewer.post("/api/shoes/palette", content=text, headers=headers)
    assert answer.status_code == 422
    assert code in answer.text


def test_nobody_stays_by_a_link_of_their_own_making_when_theirs_is_revoked(
    come_by_link, owner, browser_of
):
    browser, link = come_by_link("editor")
    branch = browser.post("/api/shoes/rooms", json={"title": "Mine", "is_private": True}).json()
    made = browser.post(f"/api/{branch['name']}/links", json={"role": "owner"}).json()
    friend = browser_of()
    friend.get(f"/{made['path']}")
    again = friend.post(f"/api/{branch['name']}/links", json={"role": "viewer"}).json()
    other = browser_of()
    other.get(f"/{again['path']}")
    image = f"/api/{branch['name']}/images/0"
    assert [one.get(image).status_code for one in (browser, friend, other)] == [200, 200, 200]
    owner.delete(f"/api/shoes/links/{link['id']}")
    assert [one.get(image).status_code for one in (browser, friend, other)] == [401, 401, 401]
    assert browser_of().get(f"/{made['path']}").status_code == 404


def test_links_of_somebody_who_is_taken_out_are_over(guarded, browser_of, people):
    guarded.post("/login", data={"name": "ann", "password": PASSWORD})
    link = guarded.post("/api/shoes/links", json={"role": "owner"}).json()
    guest = browser_of()
    guest.get(f"/{link['path']}")
    assert guest.get("/api/shoes/images/0").status_code == 200
    write_users(people, {"bob": read_users(people)["bob"]})
    assert guest.get("/api/shoes/images/0").status_code == 401
    headers = {"authorization": f"Bearer {TOKEN}"}
    assert guarded.get("/api/shoes/links", headers=headers).json()[0]["is_revoked"]


def test_nobody_else_on_the_machine_reads_the_log_of_a_guarded_server(guarded_settings, parts):
    file = guarded_settings.state_dir / "shoes.rooms.sqlite"
    file.parent.mkdir()
    file.touch(mode=0o644)
    app = create_server(guarded_settings, parts)
    backup = file.with_name("backup")
    app.state.services.hub.rooms["shoes"].store.backup(backup)
    modes = {path.name: path.stat().st_mode & 0o777 for path in file.parent.iterdir()}
    app.state.services.hub.rooms["shoes"].store.close()
    assert {"backup", file.name, f"{file.name}-wal", f"{file.name}-shm"} <= set(modes)
    assert set(modes.values()) == {0o600}


def test_a_pass_that_was_logged_out_stays_dead_after_a_restart(guarded_settings):
    scope, first = {"server": ("a", 7860)}, Access(guarded_settings)
    out, stays = (first.with_token(None) for _ in range(2))
    first.end(out)
    again = Access(guarded_settings)
    cookies = [{"cookie": f"avex-7860={again.passes.sign(one)}"} for one in (out, stays)]
    assert [again.pass_in(scope, cookie) for cookie in cookies] == [None, stays]
    file = guarded_settings.state_dir / "avex-logged-out"
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_is_logged_out_is_forgotten_once_it_would_have_ended(tmp_path):
    file = tmp_path / FILE_NAME
    file.write_text("aa 1\nbb 1\nno line\ncc 99999999999\n")
    ended = Ended(tmp_path)
    assert [ended.has(one) for one in ("aa", "cc")] == [False, True]
    assert file.read_text() == "cc 99999999999\n"
    assert file.stat().st_mode & 0o777 == 0o600


def test_who_shows_the_token_is_not_the_author_that_a_planted_pass_names(come_by_link, owner):
    browser, _ = come_by_link("viewer")  # as somebody else on this host could plant it
    planted = browser.get("/api/me").json()["author"]
    browser.get(f"/join/{TOKEN}")
    author = browser.get("/api/me").json()["author"]
    assert author != planted
    browser.get(f"/join/{TOKEN}")
    assert browser.get("/api/me").json()["author"] == author


@pytest.mark.parametrize(
    ("said", "shown"),
    [("ann", "Guest"), ("  ANN ", "Guest"), ("\uff41nn", "Guest"), ("anna", "anna")],
)
def test_a_guest_is_not_called_like_somebody_who_logs_in(guarded, come_by_link, said, shown):
    _, link = come_by_link("viewer")
    guest = {"authorization": f"Bearer {link['path'].removeprefix('join/')}"}
    url = f"ws{BASE[4:]}/ws"
    with (
        guarded.websocket_connect(url, headers=RIGHT) as looking,
        guarded.websocket_connect(url, headers=guest) as socket,
    ):
        here = {"type": "here", "name": said, "cluster": "main", "tool": "look"}
        Member(socket).send(here)
        told, watching = [], Member(looking)
        while not told:
            people = watching.wait("people")["people"]
            told = [person["name"] for person in people if person["tool"] == "look"]
    assert told == [shown]


def test_what_takes_long_to_read_is_short_or_seldom(come_by_link, owner):
    viewer, _ = come_by_link("viewer")
    headers = {"content-type": "application/json"}
    for path in ("/api/shoes/palette", "/gradio_api/run/predict"):
        answer = viewer.post(path, content=b"[" * (3 * 1024**2), headers=headers)
        assert (path, answer.status_code) == (path, 413)
    assert owner.post("/gradio_api/run/predict", content=b"[" * (3 * 1024**2)).status_code == 404
    content = b"[" * (65 * 1024)
    said = [viewer.post("/api/shoes/palette", content=content, headers=headers) for _ in range(25)]
    assert [answer.status_code for answer in said][:9] == [400] * 9
    assert said[-1].status_code == 429
    brush = {"paths": [[[0.5, 0.5]]], "radius": 0.1}
    assert viewer.post("/api/shoes/palette", json=brush).status_code == 200


@pytest.mark.parametrize("content", [b"[" * 100_000, b"{", b"\xff", b"9" * 5000, b"[]", b""])
def test_a_session_is_read_only_of_those_who_may_open_one(come_by_link, content):
    viewer, _ = come_by_link("viewer")
    editor, _ = come_by_link("editor")
    headers = {"content-type": "application/json"}
    said = [
        browser.post("/api/shoes/session.json", content=content, headers=headers)
        for browser in (viewer, editor)
    ]
    assert [answer.status_code for answer in said] == [403, 422]
    assert "this is no session" in said[1].text


def test_nobody_learns_whether_another_file_of_the_machine_is_there(tmp_path):
    other = tmp_path / "there"
    other.touch()
    # What is ours is answered by us, and what is not by Gradio, in other words.
    assert _is_ours("explorer.css")
    for name in (f"{other}", "../app.py", f"../static/../../ui{'/..' * 40}{other}"):
        assert (STATIC / name).exists()
        assert not _is_ours(name), name


def test_a_request_with_two_lengths_is_refused_and_nothing_read_behind_it(owner):
    lengths = {"content-length": "3", "transfer-encoding": "chunked"}
    answer = owner.get("/api/me", headers=lengths)
    assert answer.status_code == 400
    assert answer.headers["connection"] == "close"


def test_a_link_that_is_revoked_while_somebody_comes_by_it_lets_them_in_no_more(
    guarded, owner, come_by_link, monkeypatch
):
    guest, link = come_by_link("viewer")
    hub = guarded.app.state.services.hub
    opened = hub.opened

    async def slowly(name):
        guarded.app.state.services.access.links.revoke("shoes", link["id"])
        return await opened(name)

    monkeypatch.setattr(hub, "opened", slowly)
    with guest.websocket_connect(f"ws{BASE[4:]}/ws?collection=shoes") as socket:
        assert socket.receive() == {
            "type": "websocket.close",
            "code": 4403,
            "reason": "the link that you came by is no longer good",
        }


def test_one_person_has_one_large_document_in_memory_and_all_have_a_few():
    settings = Settings(document_limit=10 * LARGE_BYTES, upload_limit=10**9)
    limits = Limits(settings)

    def asked(length, path="/api/shoes/rooms/import"):
        headers = [] if length is None else [(b"content-length", b"%d" % length)]
        headers = headers or [(b"transfer-encoding", b"chunked")]
        return {"path": path, "method": "POST", "headers": headers}

    most = settings.document_limit
    with contextlib.ExitStack() as held:

        def has_room(length, who, **more):
            return held.enter_context(limits.held(asked(length, **more), who, is_owner=False))

        assert has_room(most - LARGE_BYTES, "ann")
        assert not has_room(LARGE_BYTES + 1, "ann")
        assert has_room(LARGE_BYTES, "ann")  # what is small is not counted
        assert has_room(10**8, "ann", path="/api/builds")  # goes to the disk
        assert has_room(None, "bob")  # may be as long as any
        assert not has_room(None, "bob")
        assert has_room(most, "cleo")
        assert has_room(most, "dan")
        assert not has_room(most, "eve")
        assert has_room(LARGE_BYTES, "eve")
    with limits.held(asked(most), "ann", is_owner=False) as is_free_again:
        assert is_free_again
    assert not limits._held


def test_who_sends_more_than_there_is_room_for_is_told_to_come_back(owner, monkeypatch):
    monkeypatch.setattr(paths, "HELD_OF_ALL", 0)
    answer = owner.post("/api/shoes/session.json", content=b" " * (LARGE_BYTES + 1))
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")
    assert owner.post("/api/shoes/session.json", content=b"{}").status_code == 422
