"""Clients and server that lose their connections and crash: at the end all have the same."""

import asyncio
import dataclasses
import random

import pytest

from tests.ui.room_log import in_any_order
from tests.ui.simulation import Simulation, op_ids
from ui.rooms import live_room, offers, people
from ui.rooms.digest import digest_of
from ui.rooms.hub import Hub
from ui.rooms.room import replay

STEPS = 500
OUTBOX_LIMIT = 12


@pytest.fixture
def play(settings, parts, monkeypatch):
    """Let chance have its way with a room, and return all that took part."""
    for module, pause in ((offers, "EVERY_S"), (people, "ALONG_S")):
        monkeypatch.setattr(module, pause, 1e9)  # a clock would make the course another each time
    monkeypatch.setattr(live_room, "PAUSE_S", 0.0)
    monkeypatch.setattr(live_room, "CHECKPOINT_EVERY", 7)
    small = dataclasses.replace(settings, outbox_limit=OUTBOX_LIMIT)

    def make_hub():
        hub = Hub(small, parts.make_engine, parts.make_finder)
        hub.add(parts.open_library(settings.collections[0]))
        return hub

    async def work(seed, steps):
        simulation = Simulation(make_hub, random.Random(seed))  # noqa: S311 - dice
        await simulation.run(steps)
        return simulation

    played = []

    def play(seed, steps=STEPS):
        played.append(asyncio.run(work(seed, steps)))
        return played[-1]

    yield play
    for simulation in played:
        simulation.room.store.close()


def check(simulation):
    room, log = simulation.room, list(simulation.room.store.load("main"))
    for client in simulation.clients:
        assert in_any_order(client.session) == in_any_order(room.state.shared)
        assert client.board == room.state.board.shared
        assert (client.revision, client.last) == (room.state.revision, room.last)
    ids = op_ids(log)
    assert len(set(ids)) == len(ids), "an operation stands in the log twice"
    for client in simulation.clients:
        assert client.acknowledged <= set(ids), "an acknowledged operation is lost"
    assert replay("shoes", log) == room.state
    for checkpoint in room.store.checkpoints("main"):
        assert digest_of(replay("shoes", log[: checkpoint.revision])) == checkpoint.digest
    return ids


@pytest.mark.parametrize("seed", range(4))
def test_all_have_the_same_at_the_end_and_nothing_is_lost_or_there_twice(play, seed):
    assert len(check(play(seed))) > 20


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 160))
def test_all_have_the_same_at_the_end_of_many_courses(play, seed):
    check(play(seed, 3 * STEPS))


def test_same_seed_gives_the_same_course(play, tmp_path):
    first = check(play(3))
    for path in tmp_path.glob("shoes.avex/rooms.sqlite*"):
        path.unlink()
    assert check(play(3)) == first
