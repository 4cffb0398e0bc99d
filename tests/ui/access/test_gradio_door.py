"""Gradio's own routes behind the guard: nothing without a pass, and each role sees its own."""

import os
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.ui.access.conftest import BASE, TOKEN
from tests.ui.mounted import with_page
from ui.app import create_server

ASKED = [
    ("GET", "/"),
    ("GET", "/config"),
    ("GET", "/config/"),
    ("GET", "/theme.css"),
    ("GET", "/user"),
    ("GET", "/app_id"),
    ("GET", "/gradio_api/info"),
    ("GET", "/gradio_api/openapi.json"),
    ("GET", "/gradio_api/startup-events"),
    ("GET", "/gradio_api/heartbeat/abc"),
    ("GET", "/gradio_api/queue/data?session_hash=abc"),
    ("POST", "/gradio_api/queue/join"),
    ("POST", "/gradio_api/run/predict"),
    ("POST", "/gradio_api/api/predict"),
    ("POST", "/gradio_api/call/look"),
    ("POST", "/gradio_api/upload"),
    ("GET", "/gradio_api/file=/etc/passwd"),
    ("GET", "/gradio_api/file/etc/passwd"),
    ("GET", "/gradio_api/proxy=http://127.0.0.1:22"),
    ("POST", "/gradio_api/reset"),
    ("GET", "/monitoring"),
    ("GET", "/assets/../config"),
    ("GET", "/login_check"),
    ("POST", "/gradio_api/vibe-edit"),
    ("GET", "/gradio_api/dev/reload"),
]


@pytest.fixture
def paged(guarded_settings, parts, monkeypatch):
    """A client of the guarded server with its page."""
    app = with_page(create_server(guarded_settings, parts), monkeypatch)
    with TestClient(app, base_url=BASE, follow_redirects=False) as client:
        yield client


def asked_on_load(client):
    known = client.get("/config").json()["dependencies"]
    return next(one["id"] for one in known if any(event == "load" for _, event in one["targets"]))


def ask(client, number, *data):
    return run(client, number, *data)["data"]


def run(client, number, *data):
    body = {"fn_index": number, "data": list(data), "session_hash": "abc"}
    return client.post("/gradio_api/run/predict", json=body).json()


def upload_of(client):
    """Return the number of what takes an upload: the second that has four inputs."""
    known = client.get("/config").json()["dependencies"]
    return [one["id"] for one in known if len(one["inputs"]) == 4][1]


def test_without_a_pass_nothing_of_gradio_answers(paged):
    answers = {path: paged.request(method, path, json={}).status_code for method, path in ASKED}
    assert answers == dict.fromkeys(answers, 401)


def test_a_viewer_sees_its_collections_and_cannot_build(paged):
    paged.get(f"/join/{TOKEN}")
    load = asked_on_load(paged)
    table, form, *_ = ask(paged, load)
    assert ("?collection=shoes" in table, form["visible"]) == (True, True)
    path = paged.post("/api/shoes/links", json={"role": "viewer"}).json()["path"]
    viewer = TestClient(paged.app, base_url=BASE, follow_redirects=False)
    viewer.get(f"/{path}")
    table, form, *_ = ask(viewer, load)
    assert ("?collection=shoes" in table, form["visible"]) == (True, False)
    builders = [
        one["id"]
        for one in viewer.get("/config").json()["dependencies"]
        if any(target[1] == "click" for target in one["targets"]) and len(one["inputs"]) == 4
    ]
    assert len(builders) == 2
    for number, source in zip(builders, ("/etc", None), strict=True):
        said, *_ = ask(viewer, number, source, "name", "auto", "stretch")
        assert "only the owner of this server" in said
    assert paged.app.state.services.builds.list() == ()


def test_a_table_of_collections_leaves_out_what_one_may_not_know_of(paged):
    paged.get(f"/join/{TOKEN}")
    load = asked_on_load(paged)
    stranger = TestClient(paged.app, base_url=BASE, follow_redirects=False)
    access = paged.app.state.services.access
    link, token = access.links.create("shoes~none", "viewer")
    stranger.get(f"/join/{token}")
    table, *_ = ask(stranger, load)
    assert "shoes" not in table
    assert link.is_open


@pytest.mark.parametrize("is_linked", [False, True])
def test_a_file_of_the_machine_is_no_upload_whoever_names_its_path(paged, tmp_path, is_linked):
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(b"of nobody else")
    uploads = Path(os.environ["GRADIO_TEMP_DIR"])
    named = uploads / "link.jpg" if is_linked else secret
    if is_linked:
        named.symlink_to(secret)
    paged.get(f"/join/{TOKEN}")
    path = paged.post("/api/shoes/links", json={"role": "viewer"}).json()["path"]
    viewer = TestClient(paged.app, base_url=BASE, follow_redirects=False)
    viewer.get(f"/{path}")
    number = upload_of(paged)
    file = {"path": str(named), "meta": {"_type": "gradio.FileData"}}
    try:
        for browser in (paged, viewer):
            said = run(browser, number, [file], "name", "auto", "stretch")
            assert said["error"] == "this file was not uploaded here"
        assert [kept for kept in uploads.rglob("secret*") if kept.is_file()] == []
    finally:
        if is_linked:
            named.unlink()


def test_what_was_uploaded_is_an_upload(paged):
    paged.get(f"/join/{TOKEN}")
    path = paged.post("/gradio_api/upload", files={"files": ("a.jpg", b"some")}).json()[0]
    file = {"path": path, "meta": {"_type": "gradio.FileData"}}
    said, *_ = run(paged, upload_of(paged), [file], "name", "auto", "stretch")["data"]
    assert "cannot build" in said
