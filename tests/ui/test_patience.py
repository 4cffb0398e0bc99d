"""`ui.patience`: a connection that never finishes its request is closed, others are not."""

import asyncio
import logging
import socket

import pytest
import uvicorn
from uvicorn.server import ServerState

from ui import patience
from ui.patience import Patient, hide_links

LOOK_S = 0.05
WHOLE = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"


async def app(scope, receive, send):
    """Answer after longer than a connection may be silent."""
    await asyncio.sleep(4 * LOOK_S)
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def waiting(scope, receive, send):
    """Wait for all of a body."""
    while (message := await receive())["type"] == "http.request" and message["more_body"]:
        pass


async def answered(said, app=app):
    """Return what comes back on a connection until it is closed."""
    config = uvicorn.Config(app, http=Patient, lifespan="off", timeout_keep_alive=1)
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Patient(config, state, {}), "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(said)
        try:
            return await asyncio.wait_for(reader.read(), 10)
        finally:
            writer.close()
            await writer.wait_closed()


HALF_BODY = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf"


@pytest.mark.parametrize("said", [b"", b"GET /", WHOLE[:-2]])
def test_half_a_request_is_not_waited_for_for_good(monkeypatch, said):
    monkeypatch.setattr(patience, "LOOK_S", LOOK_S)
    assert asyncio.run(answered(said)) == b""


def test_half_a_body_is_not_waited_for_for_good(monkeypatch):
    monkeypatch.setattr(patience, "LOOK_S", LOOK_S)
    assert asyncio.run(answered(HALF_BODY, waiting)) == b""


def test_an_answer_that_nobody_reads_is_not_kept_for_good(monkeypatch):
    monkeypatch.setattr(patience, "LOOK_S", LOOK_S)
    ended = asyncio.Event()

    async def told(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        body = {"type": "http.response.body", "body": bytes(1024**2), "more_body": True}
        async with asyncio.timeout(5):
            for _ in range(64):  # more than any buffer on the way takes
                await send(body)
        ended.set()

    async def unread():
        config = uvicorn.Config(told, http=Patient, lifespan="off")
        config.load()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: Patient(config, ServerState(), {}), "127.0.0.1", 0
        )
        async with server, asyncio.timeout(10):
            with socket.create_connection(server.sockets[0].getsockname()) as asking:
                asking.sendall(WHOLE)
                await ended.wait()

    asyncio.run(unread())
    assert ended.is_set()


def test_an_address_has_so_many_connections_and_this_machine_any_number(monkeypatch):
    monkeypatch.setattr(patience, "OF_ADDRESS", 0)
    assert asyncio.run(answered(WHOLE)).startswith(b"HTTP/1.1 204")
    monkeypatch.setattr(patience, "LOOPBACK_NAMES", ())
    monkeypatch.setattr(patience, "HERE", "nowhere")
    assert asyncio.run(answered(WHOLE)) == b""
    assert not Patient._of


def test_a_request_that_takes_long_to_answer_is_answered(monkeypatch):
    monkeypatch.setattr(patience, "LOOK_S", LOOK_S)
    assert asyncio.run(answered(WHOLE)).startswith(b"HTTP/1.1 204")


def test_the_log_of_requests_shows_no_token():
    args = ("127.0.0.1:1", "GET", "/join/a-secret?x=1", "1.1", 303)
    record = logging.LogRecord("uvicorn.access", 20, "", 1, '%s - "%s %s HTTP/%s" %d', args, None)
    assert hide_links(record)
    assert "a-secret" not in record.getMessage()
    assert "GET /join/..." in record.getMessage()
