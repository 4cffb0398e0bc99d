"""`ui.stopping`: a server that is told to stop answers what was sent, then ends with 0."""

import asyncio
import contextlib
import json
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from ui import stopping
from ui.rooms.member import CLOSE_STOPPED
from ui.rooms.store import StoreError
from ui.wire.operations import Clear
from ui.wire.protocol import Operate

CLEAR = Clear(cluster="main")
SERVE = """
import sys, types
from pathlib import Path
page = types.ModuleType("ui.page")
page.mount_page = lambda app, services: app
sys.modules["ui.page"] = page
from tests.ui.conftest import FakeEngine, FakeFinder, FakeLibrary
from ui import app
from ui.settings import Settings
folder = Path(sys.argv[1])
engine = FakeEngine()
engine.gate.clear()  # it computes for good
parts = app.Parts(
    open_library=lambda path: FakeLibrary(path, name=path.stem),
    make_engine=lambda library: engine,
    make_finder=lambda library: FakeFinder(),
    warm_up=lambda libraries: None,
)
app.create_app = lambda settings, build: app.create_server(settings, parts)
app.serve(Settings(collections=(folder / "shoes.avex",), state_dir=folder, port=0))
"""


def test_what_was_sent_is_answered_before_the_connection_is_closed(hub):
    room = hub.room("shoes")

    async def work():
        member = hub.join(room, "ann")
        sent, receives = [], []

        async def write():
            while True:
                sent.append(await member.next())

        for number in range(5):
            message = Operate(op_id=f"op-{number}", operation=CLEAR).model_dump_json()
            receives.append(asyncio.create_task(hub.receive(room, member, message)))
        for _ in range(5):
            await asyncio.sleep(0)  # they are handed on, and not answered yet
        writer = asyncio.create_task(write())
        await hub.send_away()
        writer.cancel()
        await asyncio.gather(*receives)
        return member, "".join(text for text in sent if isinstance(text, str))

    member, told = asyncio.run(work())
    assert all(f'"op_id":"op-{number}"' in told for number in range(5))
    assert member.closing[0] == CLOSE_STOPPED
    assert room.state.revision == 5


def test_who_does_not_read_holds_up_no_goodbye(hub, monkeypatch):
    monkeypatch.setattr("ui.rooms.hub.GOODBYE_S", 0.01)

    async def work():
        member = hub.join(hub.room("shoes"), "ann")
        await hub.send_away()
        return member

    assert asyncio.run(work()).closing[0] == CLOSE_STOPPED


def test_what_comes_after_the_goodbye_is_not_carried_out_and_not_answered(hub):
    """So its page sends it again to the server that comes next."""
    room = hub.room("shoes")

    async def work():
        await hub.send_away()
        member = hub.join(room, "ann")
        before = member.waiting
        late = Operate(op_id="late", operation=CLEAR).model_dump_json()
        await hub.receive(room, member, late)
        with pytest.raises(StoreError, match="stops"):
            await hub.carry_out("shoes", CLEAR, "bob")
        return member.waiting - before

    assert asyncio.run(work()) == 0
    assert room.state.revision == 0


def test_what_does_not_end_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(stopping, "STOP_S", 0.05)
    never, done = threading.Event(), []
    began_s = time.perf_counter()
    asyncio.run(stopping.stopped(never.wait, lambda: done.append(1)))
    assert done == [1]
    assert time.perf_counter() - began_s < 5
    never.set()


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_server_that_computes_stops_in_a_few_seconds_with_everything_written(tmp_path, sent):
    command = [sys.executable, "-c", SERVE, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        address = server.stdout.readline().strip().replace("http", "ws")
        with connect(f"{address}/ws?author=ann&protocol=5") as socket:
            for number in range(20):
                message = Operate(op_id=f"op-{number}", operation=CLEAR)
                socket.send(message.model_dump_json())
            answered = {}
            while len(answered) < 10:
                answered |= applied(socket.recv(timeout=20))
            server.send_signal(sent)
            answered |= rest(socket)
        assert socket.close_code == CLOSE_STOPPED
        assert server.wait(timeout=20) == 0
    assert answered == written(tmp_path / "shoes.rooms.sqlite")


def rest(socket):
    """What is said until the connection is closed."""
    answered = {}
    with contextlib.suppress(ConnectionClosed):
        while True:
            answered |= applied(socket.recv(timeout=20))
    return answered


def applied(text):
    """The revisions of the operations that a message says were carried out."""
    if isinstance(text, bytes):
        return {}
    said = json.loads(text)
    said = said if isinstance(said, list) else [said]
    return {one["op_id"]: one["revision"] for one in said if one["type"] == "applied"}


def written(path: Path):
    with sqlite3.connect(path) as log:
        return dict(log.execute("SELECT op_id, revision FROM operations"))
