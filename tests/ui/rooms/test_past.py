"""`ui.rooms.past`: the state at any revision is the one that was, whatever is kept."""

import contextlib
import gc
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ui.room_log import add, by, put, remove, stroke
from ui.rooms.board import Board
from ui.rooms.past import Past, RevisionError
from ui.rooms.room import OperationError, RoomState, advanced, replay
from ui.wire.board import PutVote
from ui.wire.operations import Redo, Undo

operations = st.one_of(
    st.builds(put, st.builds(stroke, st.sampled_from("abc"), strength=st.sampled_from([1.0, 2.0]))),
    st.builds(add, st.sampled_from(["ears", "tail"])),
    st.builds(remove, st.sampled_from(["ears", "tail"])),
    st.builds(PutVote, image=st.sampled_from("ij"), value=st.sampled_from([-1, 1])),
    st.just(Undo()),
    st.just(Undo()),
    st.just(Redo()),
)
logs = st.lists(st.tuples(st.sampled_from(["ann", "ben"]), operations), max_size=40)


class FakeLog:
    """A log in memory that counts what is read of it."""

    def __init__(self, log):
        self.log = log
        self.read = 0

    def load(self, room, after=0, up_to=None):
        for logged in self.log[after:up_to]:
            self.read += 1
            yield logged


def carried_out(wanted):
    """The operations that a room carries out, and the states that it goes through."""
    states, log = [replay("shoes", [])], []
    for author, operation in wanted:
        logged = by(author, operation, f"op-{len(log)}")
        with contextlib.suppress(OperationError):
            states.append(advanced(states[-1], logged))
            log.append(logged)
    return states, log


def seen(state):
    return state.revision, state.session, state.board


@given(logs, st.lists(st.integers(0, 40), min_size=1), st.sampled_from([0, 250, 10_000]))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_state_at_a_revision_is_the_one_that_was(wanted, asked, undone_limit):
    states, log = carried_out(wanted)
    with (
        patch("ui.rooms.past.EVERY", 2),
        patch("ui.rooms.past.KEPT", 4),
        patch("ui.rooms.past.UNDONE_LIMIT", undone_limit),
    ):
        past = Past(FakeLog(log), "main", "shoes")
        for revision in [one % len(states) for one in asked]:
            assert seen(past.at(revision)) == seen(states[revision])


@given(logs, st.integers(0, 40), st.integers(0, 40))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_happened_is_told_with_the_states_around_it(wanted, one, other):
    states, log = carried_out(wanted)
    after, up_to = sorted(value % len(states) for value in (one, other))
    past = Past(FakeLog(log), "main", "shoes")
    past.at(up_to)
    found = past.between(after, up_to)
    assert [happened.logged for happened in found] == log[after:up_to]
    assert [seen(happened.before) for happened in found] == [seen(s) for s in states[after:up_to]]


def test_undo_of_what_is_older_than_a_kept_state_is_found_out():
    wanted = [("ann", put(stroke("a"))), *[("ben", put(stroke(f"b{i}"))) for i in range(9)]]
    states, log = carried_out([*wanted, ("ann", Undo())])
    with patch("ui.rooms.past.EVERY", 4), patch("ui.rooms.past.UNDONE_LIMIT", 0):
        past = Past(FakeLog(log), "main", "shoes")
        past.at(10)
        assert seen(past.at(11)) == seen(states[11])
    assert "a" not in [edit.id for edit in states[11].session.cluster("main").edits]


def test_scrubbing_reads_little_of_a_long_log():
    _, log = carried_out([("ann", put(stroke("a"))) for _ in range(1000)])
    fake = FakeLog(log)
    past = Past(fake, "main", "shoes")
    past.at(1000)
    assert fake.read == 1000
    past.at(517)
    assert fake.read == 1000 + 517 - 512  # 32 * 16 is kept


def test_states_that_a_room_has_anyway_need_not_be_replayed():
    wanted = [("ann", put(stroke("a"))) for _ in range(64)]
    states, log = carried_out([*wanted, ("ann", Undo())])
    fake = FakeLog(log)
    past = Past(fake, "main", "shoes")
    for state, logged in zip(states[1:], log, strict=True):
        past.keep(state, logged)
    assert seen(past.at(64)) == seen(states[64])
    assert fake.read == 0
    assert seen(past.at(65)) == seen(states[65])
    assert fake.read == 1  # after an undo it is the session alone that is kept


def test_a_board_is_kept_only_where_a_state_is():
    steps = [("ann", put(stroke("a")))]
    for number in range(50):
        steps += [
            ("ben", PutVote(image=f"{number}.jpg", value=1)),
            ("ann", Undo()),
            ("ann", Redo()),
        ]
    log = carried_out(steps)[1]
    gc.collect()
    before = sum(type(one) is Board for one in gc.get_objects())
    past = Past(FakeLog(log), "main", "shoes")
    past.follow(log)
    gc.collect()
    # Of the revisions from 0 to 151 each 32nd is kept; 100 others are those of an undo or redo.
    assert sum(type(one) is Board for one in gc.get_objects()) - before == 5
    assert past.at(151).board.votes.keys() == {(f"{number}.jpg", "ben") for number in range(50)}


def test_log_that_is_followed_is_not_read_again():
    states, log = carried_out([("ann", put(stroke(f"s{n}"))) for n in range(64)])
    fake = FakeLog(log)
    past = Past(fake, "main", "shoes")
    assert past.follow(log) == states[-1]
    assert seen(past.at(33)) == seen(states[33])
    assert fake.read == 1


def test_no_more_states_are_kept_than_there_is_room_for():
    with patch("ui.rooms.past.EVERY", 1), patch("ui.rooms.past.KEPT", 8):
        past = Past(FakeLog([]), "main", "shoes")
        for revision in range(100):
            past.keep(RoomState(revision=revision), by("ann", put(stroke("a"))))
        assert sorted(past._kept) == [0, 16, 32, 48, 64, 80, 96]


@pytest.mark.parametrize("revision", [-1, 3])
def test_revision_that_never_was_is_refused(revision):
    _, log = carried_out([("ann", put(stroke("a"))) for _ in range(2)])
    with pytest.raises(RevisionError, match=f"no revision {revision}"):
        Past(FakeLog(log), "main", "shoes").at(revision)


def test_redo_of_an_undo_that_was_not_carried_out_again_is_found():
    wanted = [put(stroke("a")), put(stroke("a", strength=2.0)), Undo(), Redo()]
    states, log = carried_out([("ann", operation) for operation in wanted])
    past = Past(FakeLog(log), "main", "shoes")
    past.keep(states[3], log[2])  # the undo is kept, the redo of it is not
    assert [seen(one.after) for one in past.between(0, 4)] == [seen(state) for state in states[1:]]
