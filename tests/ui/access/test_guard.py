"""`ui.access.guard`: hosts, origins, sizes, headers, and nothing without a pass."""

import pytest

from tests.ui.access.conftest import BASE, TOKEN
from ui.access.hosts import is_foreign, is_own_host, own_names
from ui.settings import Settings

OURS = {"origin": BASE}
PATHS = [
    "/",
    "/static/main.js",
    "/api/me",
    "/api/collections",
    "/api/builds",
    "/api/shoes/images/0",
    "/api/shoes/session.json",
    "/api/none/session.json",
    "/metrics",
    "/config",
    "/gradio_api/queue/data",
    "/gradio_api/file=/etc/passwd",
    "/healthz/",
    "/healthz/../api/me",
    "/login/../api/me",
    "//api/me",
    "/join",
    "/join/x/y",
    "/join/%2e%2e/api/me",
]
ORIGINS = (
    "http://evil.example",
    "null",
    "http://192.168.1.5:7861",
    "http://192.168.1.5",
    "https://192.168.1.5:7860.evil.example",
    "http://192.168.1.5:7860@evil.example",
    "chrome-extension://192.168.1.5:7860",
    "http://[",
    "",
)
METHODS = ("GET", "POST", "PUT", "DELETE", "OPTIONS")


def test_without_a_pass_there_is_nothing(guarded):
    for method in METHODS:
        for path in PATHS:
            answer = guarded.request(method, f"{BASE}{path}")
            assert (path, answer.status_code) == (path, 401)
            assert answer.json() == {"error": "log in, or send a token"}


def test_a_browser_is_sent_to_log_in_and_back_to_where_it_wanted(guarded):
    answer = guarded.get("/?collection=shoes", headers={"accept": "text/html,*/*"})
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/login?next=%2F%3Fcollection%3Dshoes",
    )


def test_whether_the_server_runs_is_told_without_what_it_serves(guarded):
    answer = guarded.get("/healthz")
    assert answer.json()["status"] == "ok"
    assert "shoes" not in answer.text


def test_a_program_shows_the_token(guarded):
    me = guarded.get("/api/me", headers={"authorization": f"Bearer {TOKEN}"}).json()
    assert me == {"author": "program", "name": "", "is_guarded": True, "is_owner": True}


def test_a_wrong_token_is_none(guarded):
    for shown in ("", "x", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "é"):
        headers = {"authorization": f"Bearer {shown}".encode()}
        assert (shown, guarded.get("/api/me", headers=headers).status_code) == (shown, 401)


def test_who_guesses_tokens_has_to_wait(guarded):
    headers = {"authorization": "Bearer guess"}
    statuses = [guarded.get("/api/me", headers=headers).status_code for _ in range(30)]
    assert statuses[:20] == [401] * 20
    assert statuses[-1] == 429


def test_a_wrong_token_beside_a_good_pass_is_wrong(owner):
    assert owner.get("/api/me").status_code == 200
    assert owner.get("/api/me", headers={"authorization": "Bearer x"}).status_code == 401


def test_a_name_that_is_not_the_servers_is_refused_with_a_pass_too(owner):
    far = ("evil.example:7860", "", "localhost.evil.example", "192.168.1.5.nip.io:7860")
    near = ("10.0.0.7:7860", "localhost:7860", "[fe80::1]:7860", "127.0.0.1")
    for hosts, status in ((far, 403), (near, 200)):
        for host in hosts:
            answer = owner.get("/api/me", headers={"host": host})
            assert (host, answer.status_code) == (host, status)


@pytest.mark.parametrize(
    ("settings", "host", "is_own"),
    [
        (Settings(), "localhost:7860", True),
        (Settings(), "LOCALHOST", True),
        (Settings(), "127.0.0.1:1", True),
        (Settings(), "10.0.0.7:7860", False),
        (Settings(), "evil.example", False),
        (Settings(host="127.1.2.3"), "127.1.2.3:80", True),
        (Settings(allowed_hosts=("avex.example",)), "avex.example", True),
        (Settings(allowed_hosts=("avex.example",)), "x.avex.example", False),
        (Settings(host="0.0.0.0"), "0.0.0.0:7860", True),  # noqa: S104
        (Settings(host="box.lan"), "box.lan:7860", True),
        (Settings(host="box.lan"), "10.0.0.7", True),
    ],
)
def test_names_of_a_server(settings, host, is_own):
    found = is_own_host(host, own_names(settings), is_loopback=settings.is_loopback)
    assert found == is_own


def test_what_a_page_of_another_origin_asks_is_refused(owner):
    for origin in ORIGINS:
        for method in METHODS:
            answer = owner.request(method, "/api/me", headers={"origin": origin})
            assert (origin, answer.status_code) == (origin, 403)
            assert "another host" in answer.text


def test_what_our_own_page_asks_is_answered(owner):
    assert owner.get("/api/me", headers=OURS).status_code == 200
    assert owner.get("/api/me", headers={"sec-fetch-site": "same-origin"}).status_code == 200


def test_what_another_site_embeds_is_refused_and_a_link_from_there_is_not(owner):
    def asked(site, mode, dest):
        return {"sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest}

    for site in ("cross-site", "same-site"):
        link = asked(site, "navigate", "document")
        embedded = (asked(site, "no-cors", "image"), asked(site, "navigate", "iframe"))
        answers = [owner.get("/api/me", headers=headers) for headers in (*embedded, link)]
        assert [answer.status_code for answer in answers] == [403, 403, 200]
        assert owner.post("/logout", headers=link).status_code == 403


def test_a_program_without_these_headers_is_no_page():
    assert not is_foreign({"host": "a"})


def test_a_header_that_must_be_once_is_refused_twice(owner):
    values = {"host": "192.168.1.5:7860", "origin": BASE, "content-length": "1"}
    for name, value in (*values.items(), ("authorization", "1")):
        answer = owner.get("/api/me", headers=[(name, value), (name, value)])
        assert (name, answer.status_code) == (name, 400)


def test_a_length_that_is_none_or_too_great_is_refused(owner):
    for length in ("-1", "1e3", "99999999999", "9" * 5000, "²", "0x10"):
        answer = owner.get("/api/me", headers={"content-length": length.encode()})
        assert (length, answer.status_code) == (length, 413)


def test_every_answer_has_the_headers_of_a_careful_site(guarded, owner):
    answers = [
        guarded.get("/api/me"),
        owner.get("/api/me"),
        guarded.get("/login"),
        owner.get("/no"),
    ]
    for answer in answers:
        assert "frame-ancestors" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "camera=()" in answer.headers["permissions-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in answer.headers


def test_pictures_may_be_kept_by_one_browser_alone(owner):
    assert "private" in owner.get("/api/shoes/images/0").headers["cache-control"]


def test_behind_https_the_pass_and_the_site_stay_there(guarded):
    answer = guarded.get(f"{BASE.replace('http:', 'https:')}/join/{TOKEN}")
    assert "; Secure" in answer.headers["set-cookie"]
    assert "max-age" in answer.headers["strict-transport-security"]


def test_who_asks_for_too_much_has_to_wait(owner, browser_of):
    wanted = [owner.get("/api/shoes/ranking.csv?cluster=no").status_code for _ in range(130)]
    assert wanted[-1] == 429
    assert owner.get("/api/me").status_code == 200
    headers = {"authorization": f"Bearer {TOKEN}"}
    assert browser_of().get("/api/shoes/ranking.csv?cluster=no", headers=headers).status_code != 429
