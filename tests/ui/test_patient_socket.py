"""`ui.patient_socket`: no peer fills the memory, or keeps a place that it has no use for."""

import asyncio
import contextlib
import logging

import pytest
import uvicorn
from uvicorn.server import ServerState

from ui import patient_socket
from ui.patience import Patient
from ui.patient_socket import PatientSocket

ASKED = (
    b"GET /ws HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
    b"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n"
)
MASK = bytes(4)
TEXT, PING, PONG, LAST = 0x1, 0x9, 0xA, 0x80
QUICK_S = 0.1


async def closing(scope, receive, send):
    """Let in, and say goodbye at once."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": 4401, "reason": "log in first"})


async def listening(scope, receive, send):
    """Let in, and wait until the other side goes."""
    await receive()
    await send({"type": "websocket.accept"})
    while (await receive())["type"] != "websocket.disconnect":
        pass


def frame(kind, content=b"", *, is_last=True):
    return bytes([kind | (LAST if is_last else 0), 0x80 | len(content)]) + MASK + content


@contextlib.asynccontextmanager
async def served(app):
    """Serve sockets, and yield what opens one."""
    config = uvicorn.Config(app, http=Patient, ws=PatientSocket, lifespan="off", log_config=None)
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Patient(config, state, {}), "127.0.0.1", 0)
    writers = []

    async def opened():
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writers.append(writer)
        writer.write(ASKED)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101")
        return reader, writer

    try:
        async with asyncio.timeout(5):
            yield opened, state
    finally:
        for writer in writers:
            writer.transport.abort()
        server.close()
        await asyncio.sleep(0.05)


async def ended(reader):
    """Wait until the server has closed a connection."""
    with contextlib.suppress(ConnectionError):
        while await reader.read(2**16):
            pass


def test_who_does_not_answer_a_goodbye_is_not_waited_for_for_long(monkeypatch):
    monkeypatch.setattr(patient_socket, "GOODBYE_S", QUICK_S)

    async def run():
        async with served(closing) as (opened, state):
            reader, _ = await opened()
            await ended(reader)
            assert not state.connections

    asyncio.run(run())


def test_those_who_answer_no_goodbye_cannot_take_up_all_places(monkeypatch):
    monkeypatch.setattr(patient_socket, "LEAVING", 2)

    async def run():
        async with served(closing) as (opened, state):
            silent = [await opened() for _ in range(5)]
            await asyncio.gather(*(ended(reader) for reader, _ in silent[:3]))
            assert len(state.connections) == 2

    asyncio.run(run())


def test_a_peer_that_reads_nothing_is_cut_off_once_the_server_is_done_with_it(monkeypatch):
    monkeypatch.setattr(patient_socket, "GOODBYE_S", QUICK_S)

    async def telling(scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})
        content = bytes(2**20)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(QUICK_S):
                for _ in range(64):  # more than any buffer on the way takes
                    await send({"type": "websocket.send", "bytes": content})

    async def run():
        async with served(telling) as (opened, state):
            reader, _ = await opened()
            reader._transport.pause_reading()
            while state.connections:  # noqa: ASYNC110 - nobody tells of it
                await asyncio.sleep(0.02)

    asyncio.run(run())


@pytest.mark.parametrize("kind", [PING, PONG])
def test_a_flood_of_pings_ends_the_connection(monkeypatch, kind):
    monkeypatch.setattr(patient_socket, "PINGS_AT_ONCE", 3)

    async def run():
        async with served(listening) as (opened, _):
            reader, writer = await opened()
            writer.write(3 * frame(kind))
            await asyncio.sleep(0.05)
            assert not reader.at_eof()
            writer.write(frame(kind))
            await ended(reader)

    asyncio.run(run())


def test_a_message_in_pieces_without_end_ends_the_connection(monkeypatch):
    monkeypatch.setattr(patient_socket, "PIECES", 3)

    async def run():
        async with served(listening) as (opened, _):
            reader, writer = await opened()
            writer.write(frame(TEXT, b"a", is_last=False) + 2 * frame(0, is_last=False))
            await asyncio.sleep(0.05)
            assert not reader.at_eof()
            writer.write(frame(0, is_last=False))
            await ended(reader)

    asyncio.run(run())


def test_a_message_that_is_no_text_is_answered_and_not_logged(caplog):
    async def run():
        async with served(listening) as (opened, _):
            reader, writer = await opened()
            writer.write(frame(TEXT, b"\xff"))
            return await reader.read()

    with caplog.at_level(logging.WARNING):
        told = asyncio.run(run())
    assert int.from_bytes(told[2:4]) == 1007
    assert not caplog.records


def test_what_is_sent_after_a_mistake_of_the_peer_is_not_logged(caplog):
    async def going_on(scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            pass
        await send({"type": "websocket.send", "text": "too late"})

    async def run():
        async with served(going_on) as (opened, _):
            reader, writer = await opened()
            writer.write(frame(TEXT, b"\xff"))
            await ended(reader)

    with caplog.at_level(logging.WARNING):
        asyncio.run(run())
    assert not caplog.records
