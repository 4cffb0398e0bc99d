"""`avex bench rooms`: members follow as the protocol says, and what is lost is seen."""

import json
from pathlib import Path

import numpy as np
import pytest

from avex.commands.bench_rooms import is_whole, lines
from evaluation.bench.rooms import RoomsBench, bench_rooms
from evaluation.bench.rooms_follow import Follower
from evaluation.bench.rooms_limits import limits
from evaluation.bench.rooms_person import SHARES, Person
from tests.ui.room_log import by, stroke
from ui.rooms.room import OperationError, carry_out, replay
from ui.wire.operations import AddCluster, PutEdit, operation
from ui.wire.protocol import Applied

MESSAGES = Path(__file__).parents[1] / "messages" / "server"


def shared(state):
    return {
        "revision": state.revision,
        "last": "",
        "session": state.shared.model_dump(mode="json", by_alias=True),
        "board": state.board.shared.model_dump(mode="json"),
    }


def person(seed=0):
    images = [f"{number}.png" for number in range(5)]
    return Person("ann", images, np.random.default_rng(seed))


def test_shares_of_what_people_do_sum_to_one():
    assert sum(SHARES.values()) == pytest.approx(1)


def test_person_does_what_the_protocol_knows_and_the_same_for_a_seed():
    done = [one.operation() for one in [person(), person()] for _ in range(300)]
    assert done[:300] == done[300:]
    read = [operation.validate_python(one) for one in done[:300]]
    assert len({one.type for one in read}) > 8


def test_follower_has_what_the_room_has():
    state, follower = replay("shoes", []), Follower()
    follower.welcome(shared(state))
    people = {name: person(seed) for seed, name in enumerate(("ann", "bob"))}
    added = AddCluster(id="flat", name="Flat")
    wanted = [("ann", added)] + [
        (name, operation.validate_python(one.operation()))
        for _ in range(200)
        for name, one in people.items()
    ]
    for number, (name, asked) in enumerate(wanted):
        try:
            state, changes = carry_out(state, by(name, asked, f"op-{number}"))
        except OperationError:
            continue
        told = Applied(revision=state.revision, op_id=f"op-{number}", author=name, changes=changes)
        assert follower.applied(json.loads(told.model_dump_json()))
    fresh = Follower()
    fresh.welcome(shared(state))
    assert state.revision > 100
    assert follower.state == fresh.state
    assert follower.gaps == 0


def test_revision_that_is_missing_and_one_that_comes_again_are_seen():
    welcome = json.loads((MESSAGES / "welcome.json").read_text())
    applied = json.loads((MESSAGES / "applied-removed.json").read_text())
    follower = Follower()
    follower.welcome(welcome)
    assert follower.applied(applied)
    assert not follower.applied(applied)
    assert follower.gaps == 0
    assert follower.applied(applied | {"revision": applied["revision"] + 2})
    assert follower.gaps == 1


def whole():
    run = {
        "operations": 9, "per_second": 3.0, "refused": 0, "frames": 2, "texts": 5,
        "acknowledged_s": {"p50": 0.01, "p95": 0.02, "p99": 0.03, "max": 0.04},
        "presence_s": None, "texts_of_brute_force": 18, "resent": 0, "joined": 2,
        "targets_met": {"acknowledged_s": True, "presence_s": True}, "lost": 0, "twice": 0,
        "elsewhere": 0, "unanswered": 0, "replicas": 2, "equal_replicas": 2, "log_is_clean": True,
        "problems": [],
    }  # fmt: skip
    about = {
        "fsync_s": 0.001, "loopback_round_trip_s": 1e-5, "one_transaction_each_per_s": 700.0,
        "load_average": 1.0, "cores": 2,
    }  # fmt: skip
    return {"limits": about, "load": run}


@pytest.mark.parametrize(
    ("field", "value"),
    [("lost", 1), ("twice", 1), ("unanswered", 1), ("equal_replicas", 1), ("log_is_clean", False)],
)
def test_run_that_lost_something_is_not_whole(field, value):
    report = whole()
    assert is_whole(report)
    report["load"][field] = value
    assert not is_whole(report)


def test_report_says_whether_targets_are_met():
    text = "\n".join(lines(whole()))
    assert "acknowledged   p50 10.00 ms, p95 20.00 ms, p99 30.00 ms, met" in text
    assert "2 of 2 replicas equal, log clean" in text


def test_limits_of_the_machine_are_measured(tmp_path):
    found = limits(tmp_path)
    assert 0 < found["fsync_s"] < 10
    assert 0 < found["loopback_round_trip_s"] < 1
    assert found["one_transaction_each_per_s"] == pytest.approx(1 / found["one_transaction_s"])


@pytest.mark.slow
def test_nothing_is_lost_when_the_server_is_killed():
    report = bench_rooms(None, RoomsBench(members=3, rate=5, seconds=2, kills=2))
    assert is_whole(report), report
    assert report["kills"]["kills"] == 2
    assert report["kills"]["joined"] >= 9, "each of three members joined after each kill"


def test_edit_of_a_person_is_an_edit_as_the_page_makes_it():
    painted = next(one for one in iter(person().operation, None) if one["type"] == "put_edit")
    assert isinstance(operation.validate_python(painted), PutEdit)
    assert set(painted["edit"]) >= {"kind", *("id", "paths", "radius", "color", "strength")}
    assert stroke().kind == painted["edit"]["kind"]
