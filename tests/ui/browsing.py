"""A server of its own process on a small collection, and a real browser on its page."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from explorer.session import Session
from explorer.session_json import session_to_json

CHROMIUM = os.environ.get("AVEX_CHROMIUM") or shutil.which("chromium") or shutil.which("chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
READY = ".ax-host[data-ready=true]"
LIMIT_S = 30
RETRIES = 2
"""Where the server ends an idle connection just when a test would use it again."""
AVEX = (sys.executable, "-m", "avex")
HEIGHT, WIDTH, IMAGES = 96, 128, 18

MARKS = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt install chromium"),
]


def draw_photos(folder):
    """Draw disks on white: a third red, a third blue, a third green."""
    folder.mkdir()
    for i in range(IMAGES):
        image = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
        color = ((40, 30, 200), (200, 60, 30), (60, 160, 40))[i % 3]
        cv2.circle(image, (WIDTH // 2 + i - 9, HEIGHT // 2), 20 + i, color, -1)
        cv2.imwrite(str(folder / f"{('red', 'blue', 'green')[i % 3]}{i:02}.png"), image)


@pytest.fixture(scope="module")
def draw():
    """What draws the photographs into a folder; a module of tests may have its own."""
    return draw_photos


@pytest.fixture(scope="module")
def root(tmp_path_factory, draw):
    """A folder with a collection of what is drawn; it is called disks."""
    root = tmp_path_factory.mktemp("browser")
    draw(root / "photos")
    size = f"{WIDTH}x{HEIGHT}"
    subprocess.run(
        [*AVEX, "build", "photos", "--out", "disks.avex", "--size", size, "--modes", "none"],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        check=True,
        capture_output=True,
    )
    return root


@contextlib.contextmanager
def serving(root, port=0):
    """A server of its own process on the collection in a folder, and its address.

    It must end in good order, unless a test kills it.
    """
    server = subprocess.Popen(
        [*AVEX, "serve", "disks.avex", "--port", str(port)],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        stdout=subprocess.PIPE,
        text=True,
    )
    with server:
        try:
            lines = iter(server.stdout.readline, "")
            yield server, next(line.strip() for line in lines if line.startswith("http"))
        finally:
            server.terminate()
            try:
                server.wait(LIMIT_S)
            except subprocess.TimeoutExpired:
                server.kill()
                raise
            assert server.returncode in (0, -signal.SIGKILL)


@pytest.fixture(scope="module")
def address(root):
    """The address of a server on that collection."""
    with serving(root) as (_, address):
        yield address


@pytest.fixture(scope="module")
def browser(address):
    """A browser in which the page gets ready: if it never does, no test waits for that again."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        first = browser.new_page()
        open_room(first, address)
        first.close()
        yield browser
        browser.close()


@pytest.fixture
def context(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context
    context.close()


@pytest.fixture
def page(context, address):
    """A page in a room with one cluster without edits; every request and error of it is kept."""
    empty_room(context, address)
    page = context.new_page()
    page.requests_seen, page.problems = [], []
    page.on("request", lambda request: page.requests_seen.append(request.url))
    page.on("requestfailed", lambda request: page.problems.append(request.url))
    page.on("response", lambda r: page.problems.append(r.url) if r.status >= 400 else None)
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda m: page.problems.append(m.text) if m.type == "error" else None)
    open_room(page, address)
    return page


def empty_room(context, address):
    """Put an empty session in place of what earlier tests did."""
    answer = context.request.post(
        session_url(address), data=session_to_json(Session()), max_retries=RETRIES
    )
    assert answer.ok, answer.text()


def session_url(address):
    return f"{address.rstrip('/')}/api/disks/session.json"


def saved_clusters(page, address):
    """Return the clusters as the server has them."""
    return page.request.get(session_url(address), max_retries=RETRIES).json()["clusters"]


def open_room(page, address):
    page.goto(address)
    page.wait_for_selector(READY)


def edits(page):
    return page.locator(".ax-edit")


def frames(page, kind="live"):
    return int(page.locator(".ax-host").get_attribute(f"data-{kind}") or 0)


def press_on(page, *points):
    """Press the mouse at the first point and move to the others; the caller lifts it."""
    box = page.locator(".ax-overlay").bounding_box()
    for at, (x, y) in enumerate(points):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=6)
        if at == 0:
            page.mouse.down()


@contextlib.contextmanager
def somebody(browser, address, name, wire=None):
    """A page of somebody else: a browser profile of its own, and a name.

    `wire` is called with each socket that the page opens, in place of connecting it.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(f"localStorage.setItem('avex-name', {json.dumps(name)})")
    page = context.new_page()
    if wire is not None:
        page.route_web_socket(re.compile(r"/ws\?"), wire)
    open_room(page, address)
    yield page
    context.close()


class Wire:
    """The wire between a page and the server, which a test can cut and mend."""

    def __init__(self):
        self.is_cut = False
        self.code = 4000
        self.asked = []
        self._open = []

    def __call__(self, socket):
        self.asked.append(socket.url)
        if self.is_cut:
            socket.close(code=self.code)
            return
        self._open.append((socket, socket.connect_to_server()))

    def cut(self, code=4000):
        """Close what is open; nothing gets through until the wire is mended."""
        self.is_cut = True
        for socket, server in self._open:
            server.close()
            socket.close(code=code)
        self._open = []

    def mend(self):
        self.is_cut = False


def shown_edits(page):
    """Return the ids of the edits that a page lists, the oldest first."""
    rows = edits(page).evaluate_all("rows => rows.map(row => row.dataset.edit)")
    return rows[::-1]


def saved_edits(page, address):
    """Return the ids of the first cluster's edits as the server has them."""
    return [entry["edit"]["id"] for entry in saved_clusters(page, address)[0]["edits"]]
