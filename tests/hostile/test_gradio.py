"""Gradio's own routes: nothing is fetched, nothing but the page's own is handed out."""

import os
import socket
import stat
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.ui.conftest import HOST
from tests.ui.mounted import with_page
from ui.app import create_server
from ui.narrowed import is_used

CANARY = "http://canary.example/a.png"
CLOSED = [
    f"/gradio_api/file={CANARY}",
    "/gradio_api/file=https://canary.example/",
    "/gradio_api/file=/etc/passwd",
    "/gradio_api/file=file:///etc/passwd",
    "/gradio_api/file/etc/passwd",
    "/file=/etc/passwd",
    f"/gradio_api/proxy={CANARY}",
    f"/proxy={CANARY}",
    "/gradio_api/proxy=https://a.hf.space/",
    "/gradio_api/stream/a/b/1/playlist.m3u8",
    "/gradio_api/custom_component/1/client/component/../../../../../etc/passwd",
    "/gradio_api/queue/data?session_hash=a",
    "/gradio_api/deep_link",
    "/gradio_api/vibe-code",
    "/gradio_api/runs",
    "/gradio_api/openapi.json",
    "/gradio_api/user",
    "/gradio_api/token",
    "/monitoring",
    "/svelte/svelte.js",
    "/assets/../../../../../etc/passwd",
    "/assets/%2e%2e/%2e%2e/routes.py",
    "/assets/..%2f..%2froutes.py",
    "/static/../../page.py",
    "/static/%2e%2e/page.py",
    "/static//etc/passwd",
]


@pytest.fixture
def lookups(monkeypatch):
    """Every name that somebody wants the address of; nobody gets one."""
    asked = []

    def refuse(host, *_, **__):
        asked.append(host)
        raise OSError(f"a test asks for no address, got {host}")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return asked


@pytest.fixture
def gradio(settings, parts, monkeypatch):
    mounted = with_page(create_server(settings, parts), monkeypatch)
    with TestClient(mounted, base_url=f"http://{HOST}") as client:
        yield client


def file_of(path, **fields):
    return {"path": path, "meta": {"_type": "gradio.FileData"}, **fields}


def predict(client, index, data):
    body = {"data": data, "fn_index": index, "session_hash": "abc"}
    return client.post("/gradio_api/run/predict", json=body)


def calls(client):
    """Each function of the page: its number, and how many inputs it takes."""
    config = client.get("/config").json()
    return [(call["id"], len(call["inputs"])) for call in config["dependencies"]]


def test_routes_that_the_page_does_not_use_are_closed(gradio, lookups):
    answers = {path: gradio.get(path) for path in CLOSED}
    assert {answer.status_code for answer in answers.values()} <= {403, 404}
    assert not any("root:" in answer.text for answer in answers.values())
    assert lookups == []


def test_page_gets_what_it_uses(gradio):
    paths = ("/", "/config", "/theme.css", "/favicon.ico", "/static/main.js")
    assert {gradio.get(path).status_code for path in paths} == {200}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_no_other_method_reaches_gradio(method):
    assert not is_used(method, "/gradio_api/upload")
    assert not is_used(method, "/")


FILES = [
    file_of(CANARY),
    file_of("https://canary.example/a.png"),
    file_of("/etc/passwd"),
    file_of("/etc/passwd", url=CANARY),
    file_of("../../../../etc/passwd"),
    file_of("file:///etc/passwd"),
    file_of("\\\\canary.example\\share\\a.png"),
]


def test_file_that_was_not_uploaded_is_neither_fetched_nor_read(gradio, lookups):
    for index, count in calls(gradio):
        for file in FILES:
            for value in (file, [file], {"a": file}):
                answer = predict(gradio, index, [value] * count)
                assert "root:" not in answer.text
    assert lookups == []
    assert gradio.app.state.services.builds.list() == ()


def test_uploaded_file_keeps_the_last_part_of_its_name(gradio):
    uploaded = gradio.post("/gradio_api/upload", files=[("files", ("../../a.jpg", b"\xff\xd8"))])
    [path] = uploaded.json()
    assert Path(path).name == "a.jpg"
    assert Path(path).is_relative_to(os.environ["GRADIO_TEMP_DIR"])
    mode = Path(os.environ["GRADIO_TEMP_DIR"]).stat().st_mode
    assert stat.S_IMODE(mode) == 0o700


def test_upload_that_the_disk_has_no_room_for_is_refused_before_it_is_read(gradio, monkeypatch):
    monkeypatch.setattr("ui.building.uploads.RESERVE", 1 << 60)
    answer = gradio.post("/gradio_api/upload", files=[("files", ("a.jpg", b"x"))])
    assert answer.status_code == 507
