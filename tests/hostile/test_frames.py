"""What is no message already as a frame: the connection is closed, and no other one."""

import threading

import pytest
import uvicorn
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from ui.app import create_server


@pytest.fixture
def url(settings, parts):
    """The socket of a server that reads frames as `avex serve` does."""
    config = uvicorn.Config(
        create_server(settings, parts),
        port=0,
        log_config=None,
        ws_per_message_deflate=False,
        ws_max_size=settings.message_limit,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"ws://127.0.0.1:{port}/ws?author=eve"
    server.should_exit = True
    thread.join(20)


def closed_by(socket):
    with pytest.raises(ConnectionClosed) as closed:
        read_on(socket)
    return closed.value.rcvd.code if closed.value.rcvd else None


def read_on(socket):
    """Read what was told before as well."""
    while True:
        socket.recv(10)


def test_frame_that_is_none_closes_its_connection_alone(url):
    with connect(url) as good:
        with connect(url) as socket:
            socket.send(b"\xff\xfe{}", text=True)
            assert closed_by(socket) == 1007
        with connect(url) as socket:
            socket.send("x" * (1024**2 + 1))
            assert closed_by(socket) == 1009
        with connect(url) as socket:
            socket.send(["y" * 2**19, "y" * 2**19, "y"])  # in three pieces
            assert closed_by(socket) == 1009
        with connect(url) as socket:
            socket.socket.sendall(b"\x83\x00 a frame of no kind, and not masked")
            assert closed_by(socket) in (1002, 1006, None)
        good.send('{"type": "ping", "time": 1}')
        while '"pong"' not in str(good.recv(10)):
            pass


def test_message_of_one_megabyte_is_read_and_refused(url):
    with connect(url, max_size=None) as socket:
        socket.send('{"type": "' + "z" * (1024**2 - 12) + '"}')
        while "bad_message" not in str(socket.recv(10)):
            pass
