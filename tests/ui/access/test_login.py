"""`ui.access.login`: passwords, the token, links, and out again."""

import dataclasses
import time

from starlette.testclient import TestClient

from tests.ui.access.conftest import PASSWORD, TOKEN
from ui.access.access import Access
from ui.access.users import read_users, write_users
from ui.app import create_server

WRONG = (
    {},
    {"name": "ann"},
    {"name": "ann", "password": "wrong one"},
    {"name": "eve", "password": PASSWORD},
    {"name": "ann", "password": PASSWORD + "\0"},
    {"token": ""},
    {"token": TOKEN[:-1]},
    {"name": "a" * 9000, "password": "x"},
)
ELSEWHERE = (
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/a\r\nset-cookie: x=y",
    "javascript:alert(1)",
    "/\tevil",
    "/logout",
    "",
)
ANN = {"name": "ann", "password": PASSWORD}


def me(browser):
    answer = browser.get("/api/me")
    return answer.json() if answer.status_code == 200 else answer.status_code


def test_who_has_a_password_gets_in_as_themselves(guarded):
    answer = guarded.post("/login?next=/?collection=shoes", data=ANN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?collection=shoes")
    assert me(guarded) == {
        "author": "user-ann",
        "name": "ann",
        "is_guarded": True,
        "is_owner": True,
    }


def test_the_cookie_is_for_this_server_alone_and_no_script_reads_it(guarded):
    words = guarded.post("/login", data=ANN).headers["set-cookie"].split("; ")
    assert words[0].startswith("avex-7860=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(words)


def test_what_is_wrong_gets_nobody_in(guarded):
    for fields in WRONG:
        answer = guarded.post("/login", data=fields)
        assert (fields, answer.status_code) == (fields, 401)
        assert "set-cookie" not in answer.headers
    assert me(guarded) == 401


def test_a_wrong_name_is_answered_like_a_wrong_password(guarded):
    answers = [
        guarded.post("/login", data={"name": name, "password": "wrong one"})
        for name in ("ann", "eve")
    ]
    assert answers[0].text == answers[1].text


def test_who_tries_too_often_has_to_wait_also_with_the_right_password(guarded):
    wrong = {"name": "ann", "password": "wrong one"}
    assert [guarded.post("/login", data=wrong).status_code for _ in range(10)] == [401] * 10
    assert guarded.post("/login", data=ANN).status_code == 429


def test_nobody_is_sent_elsewhere_after_logging_in(guarded):
    for there in ELSEWHERE:
        answer = guarded.post("/login", params={"next": there}, data=ANN)
        assert (there, answer.status_code, answer.headers["location"]) == (there, 303, "/")


def test_the_page_to_log_in_runs_no_script_and_tells_nothing(guarded):
    answer = guarded.get("/login?next=<script>")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script" not in answer.text
    assert "shoes" not in answer.text


def test_logging_out_ends_the_pass_in_every_browser_that_has_it(guarded, browser_of):
    guarded.post("/login", data=ANN)
    stolen = browser_of()
    stolen.cookies = guarded.cookies
    assert me(stolen)["name"] == "ann"
    answer = guarded.post("/logout")
    assert answer.headers["location"] == "/login"
    assert [me(guarded), me(stolen)] == [401, 401]


def test_another_site_cannot_log_anybody_in_or_out(guarded):
    headers = {"origin": "http://evil.example"}
    assert guarded.post("/login", data=ANN, headers=headers).status_code == 403
    guarded.post("/login", data=ANN)
    assert guarded.post("/logout", headers=headers).status_code == 403
    assert guarded.get("/logout").status_code in (404, 405)
    assert me(guarded)["name"] == "ann"


def test_who_is_taken_out_of_the_file_is_out_and_another_role_counts_at_once(guarded, people):
    guarded.post("/login", data=ANN)
    known = read_users(people)
    write_users(people, known | {"ann": dataclasses.replace(known["ann"], role="viewer")})
    assert me(guarded) == 401  # whoever changed the line may have meant the password
    guarded.post("/login", data=ANN)
    assert not me(guarded)["is_owner"]
    write_users(people, {"bob": known["bob"]})
    assert me(guarded) == 401


def test_another_token_ends_the_passes_of_the_old_one(guarded_settings):
    old, new = (
        Access(dataclasses.replace(guarded_settings, token=token))
        for token in (TOKEN, "another-token-of-a-server")
    )
    scope = {"server": ("a", 7860)}
    headers = {"cookie": f"avex-7860={old.passes.sign(old.with_token(None))}"}
    assert old.identify(scope, headers).is_owner
    assert new.pass_in(scope, headers) is not None
    assert new.identify(scope, headers) is None


def test_a_link_gives_its_role_in_its_room_and_nothing_else(come_by_link):
    browser, _ = come_by_link("viewer")
    known = me(browser)
    assert (known["is_owner"], known["name"]) == (False, "")
    assert known["author"].startswith("p-")
    assert [one["name"] for one in browser.get("/api/collections").json()] == ["shoes"]
    assert browser.get("/api/shoes/links").status_code == 403


def test_two_who_follow_one_link_are_two(come_by_link, browser_of):
    first, link = come_by_link("viewer")
    second = browser_of()
    second.get(f"/{link['path']}")
    assert me(first)["author"] != me(second)["author"]


def test_who_follows_a_second_link_stays_who_they_are(come_by_link, owner):
    browser, _ = come_by_link("viewer")
    author = me(browser)["author"]
    link = owner.post("/api/shoes/links", json={"role": "editor"}).json()
    browser.get(f"/{link['path']}")
    assert me(browser)["author"] == author
    assert browser.post("/api/shoes/explore").status_code == 200


def test_a_revoked_link_lets_nobody_in_and_those_that_came_by_it_are_out(come_by_link, owner):
    browser, link = come_by_link("viewer")
    assert browser.get("/api/shoes/images/0").status_code == 200
    assert owner.delete(f"/api/shoes/links/{link['id']}").json()["is_revoked"]
    assert browser.get("/api/shoes/images/0").status_code == 401
    answer = browser.get(f"/{link['path']}")
    assert (answer.status_code, "was revoked" in answer.text) == (404, True)


def test_a_link_that_has_ended_lets_nobody_in(come_by_link, monkeypatch):
    browser, _ = come_by_link("editor", days=1)
    now = time.time()
    monkeypatch.setattr("ui.access.links.time.time", lambda: now + 2 * 24 * 3600)
    assert browser.get("/api/shoes/images/0").status_code == 401


def test_who_guesses_links_has_to_wait(guarded):
    statuses = [guarded.get(f"/join/guess{n}").status_code for n in range(35)]
    assert statuses[:30] == [404] * 30
    assert statuses[-1] == 429


def test_a_link_is_also_a_token_for_programs(come_by_link, browser_of):
    _, link = come_by_link("viewer")
    headers = {"authorization": f"Bearer {link['path'].removeprefix('join/')}"}
    assert browser_of().get("/api/shoes/images/0", headers=headers).status_code == 200
    assert browser_of().post("/api/shoes/explore", headers=headers).status_code == 403


def test_on_an_open_server_a_link_says_the_role_of_who_followed_it(settings, parts, tmp_path):
    opened = dataclasses.replace(settings, state_dir=tmp_path)
    with TestClient(create_server(opened, parts), base_url="http://localhost:7860") as client:
        link = client.post("/api/shoes/links", json={"role": "viewer", "author": "ann"}).json()
        guest = TestClient(client.app, base_url="http://localhost:7860", follow_redirects=False)
        assert guest.get(f"/{link['path']}").status_code == 303
        assert guest.post("/api/shoes/explore").status_code == 403
        assert client.get("/api/shoes/links").json()[0]["author"] == "ann"
        assert guest.post("/logout").headers["location"] == "/"
        assert guest.post("/api/shoes/explore").status_code == 200


def test_who_is_taken_out_does_not_stay_by_a_link_under_the_old_name(come_by_link, people):
    browser, link = come_by_link("viewer")
    browser.post("/login", data=ANN)
    assert me(browser)["author"] == "user-ann"
    write_users(people, {"bob": read_users(people)["bob"]})
    assert me(browser) == 401
    browser.cookies.clear()
    browser.get(f"/{link['path']}")
    assert me(browser)["author"].startswith("p-")
