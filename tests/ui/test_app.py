"""`ui.app` and `ui.settings`: where the server listens, and what its modules show by example."""

import dataclasses
import doctest
import ipaddress
import json
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ui import app, exposed, library
from ui.access import access, cookies, hosts, rates
from ui.settings import Settings

EXAMPLES = [access, cookies, exposed, hosts, library, rates]


@pytest.mark.parametrize("module", EXAMPLES, ids=lambda module: module.__name__)
def test_examples_in_docstrings_are_true(module):
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


def test_taken_port_is_replaced_by_a_free_one():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        listener = app._listen(Settings(port=port))
    with listener:
        assert listener.getsockname()[1] != port


@pytest.mark.parametrize("host", ["203.0.113.1", "999.1.1.1"])
def test_host_that_is_not_this_machine_is_refused_by_name(host):
    with pytest.raises(ValueError, match=f"must be an address of this machine, got {host} 7860: "):
        app._listen(Settings(host=host))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost", "::1"])
def test_host_of_this_machine_is_loopback(host):
    assert Settings(host=host).is_loopback


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "box.lan"])  # noqa: S104
def test_host_that_others_can_reach_is_not_loopback(host):
    assert not Settings(host=host).is_loopback


def test_address_that_is_printed_can_be_opened():
    assert exposed.address_of("::1", 80) == "http://[::1]:80"
    anywhere = urlsplit(exposed.address_of("0.0.0.0", 7860))  # noqa: S104
    assert ipaddress.ip_address(anywhere.hostname).is_unspecified is False
    assert anywhere.port == 7860


def test_builds_go_beside_the_first_collection():
    settings = Settings(collections=(Path("/photos/shoes.avex"), Path("/other/cats.avex")))
    assert settings.builds_folder == Path("/photos")
    asked = dataclasses.replace(settings, builds_dir=Path("/builds"))
    assert asked.builds_folder == Path("/builds")


def test_our_files_are_asked_for_again_but_sent_once(client):
    [script, *_] = sorted((Path(app.__file__).parent / "static").glob("*.js"))
    first = client.get(f"/static/{script.name}")
    assert "javascript" in first.headers["content-type"]
    assert first.headers["cache-control"] == "no-cache"
    again = client.get(f"/static/{script.name}", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304


SERVE = """
import sys, types
page = types.ModuleType("ui.page")
page.mount_page = lambda app, services: app
sys.modules["ui.page"] = page
from ui import app
from ui.settings import Settings
app.serve(Settings(port=0))
"""


def test_server_prints_its_address_answers_and_stops_when_interrupted():
    command = [sys.executable, "-c", SERVE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        address = server.stdout.readline().strip()
        with urllib.request.urlopen(f"{address}/healthz") as answer:  # noqa: S310
            assert json.load(answer)["status"] == "ok"
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) == 0
