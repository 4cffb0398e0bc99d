"""A guarded server and a real browser: what it sends by itself is what the guard takes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.browsing import CHROMIUM, FLAGS, LIMIT_S, MARKS
from ui.access.users import new_user, write_users

pytestmark = [*MARKS, pytest.mark.slow]

PASSWORD = "correct horse"  # noqa: S105
TOKEN = "a-token-of-twenty-characters"  # noqa: S105
EVIL = "http://evil.example/"
SOCKET = """(url) => new Promise((done) => {
  const socket = new WebSocket(url);
  socket.onmessage = () => done("told");
  socket.onclose = (event) => done(event.code);
})"""
FETCH = """(url) => fetch(url, { credentials: "include", mode: "no-cors", method: "POST" })
  .then((answer) => answer.status, () => "failed")"""


@pytest.fixture(scope="module")
def guarded_address(tmp_path_factory):
    """A guarded server without a collection, in a process of its own."""
    root = tmp_path_factory.mktemp("door")
    write_users(root / "people", {"ann": new_user("ann", "owner", PASSWORD)})
    command = [sys.executable, "-m", "avex", "serve", "--port", "0", "--users", "people"]
    server = subprocess.Popen(
        [*command, "--state", "state"],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(Path.cwd()), "AVEX_TOKEN": TOKEN},
        stdout=subprocess.PIPE,
        text=True,
    )
    with server:
        try:
            yield next(line.strip() for line in server.stdout if line.startswith("http"))
        finally:
            server.terminate()
            try:
                server.wait(LIMIT_S)
            except subprocess.TimeoutExpired:
                server.kill()
                raise


@pytest.fixture
def window(guarded_address):
    """A page of a browser that the server does not know."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_page()
        browser.close()


def log_in(window, password):
    window.fill("#name", "ann")
    window.fill("#password", password)
    window.locator("form button").first.click()


def test_a_person_logs_in_and_another_site_cannot_use_that(window, guarded_address):
    window.goto(f"{guarded_address}/?collection=shoes")
    assert "/login" in window.url
    log_in(window, "wrong password")
    window.get_by_role("alert").wait_for()
    log_in(window, PASSWORD)
    window.get_by_role("tab", name="Collections").wait_for()
    assert window.url == f"{guarded_address}/?collection=shoes"
    socket, logout = f"{guarded_address.replace('http', 'ws')}/ws", f"{guarded_address}/logout"
    assert window.evaluate(SOCKET, socket) == 4404  # let in, but there is no collection

    window.route(f"{EVIL}*", lambda route: route.fulfill(body="<p>", content_type="text/html"))
    window.goto(EVIL)
    assert window.evaluate(SOCKET, socket) == 1006  # refused before it opened
    assert window.evaluate(FETCH, logout) in (0, "failed")  # 0: sent, and not to be read
    window.goto(guarded_address)
    window.get_by_role("tab", name="Collections").click()
    window.get_by_text("You are ann here").wait_for()
    window.get_by_role("button", name="Log out").click()
    window.wait_for_url("**/login")
    assert window.request.get(f"{guarded_address}/api/me").status == 401
