"""What publishing takes over into a room: what is new in the branch, nothing of what others did."""

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ui.room_log import add, after, by, edits, layer, put, remove, schema, stroke
from tests.ui.rooms.test_past import carried_out, logs
from ui.rooms.branches import _taking_over
from ui.rooms.room import OperationError, advanced, replay
from ui.rooms.store import Store
from ui.wire.operations import PutLayer, SetCluster, SetSchema, Undo

RENAME = SetCluster(cluster="main", name="Boots", weighting="focus", count=None)


def going_on(state, *operations, author="ben"):
    for operation in operations:
        state = advanced(state, by(author, operation))
    return state


def published(parent, base, branch, author="ann"):
    operation = _taking_over(base.session, branch.session, "Try")
    return advanced(parent, by(author, operation))


@given(logs, st.integers(0, 40))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_room_that_nobody_touched_becomes_the_branch(log, place):
    states, _ = carried_out(log)
    base, branch = states[place % len(states)], states[-1]
    assert published(base, base, branch).session == branch.session


@given(logs, st.integers(0, 40))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_publishing_again_takes_nothing_over(before, place):
    states, _ = carried_out(before)
    base, branch = states[place % len(states)], states[-1]
    parent = going_on(base, put(stroke("theirs")))
    once = published(parent, base, branch)
    assert published(once, branch, branch).session == once.session
    assert published(once, base, branch).session == once.session  # the server was killed between


@given(logs, st.integers(0, 40))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_undo_of_a_publication_leaves_what_others_did(before, place):
    states, _ = carried_out(before)
    base, branch = states[place % len(states)], states[-1]
    parent = going_on(base, put(stroke("theirs")))
    once = published(parent, base, branch, author="pat")
    if once.session != parent.session:
        assert going_on(once, Undo(), author="pat").session == parent.session


def test_work_of_others_since_the_base_stays():
    base = after(put(stroke("a")), put(stroke("b")))
    parent = going_on(base, put(stroke("b", strength=2.0)), put(stroke("theirs")), add("tail"))
    branch = going_on(base, put(stroke("b", strength=-1.0)), put(stroke("new")), RENAME)
    now = published(parent, base, branch)
    by_id = {edit.id: edit.strength for edit in edits(now)}
    assert by_id == {"a": 1.0, "b": 2.0, "theirs": 1.0, "new": 1.0}
    assert [cluster.name for cluster in now.session.clusters] == ["Boots", "Tail"]


def test_cluster_that_others_worked_in_is_not_removed():
    base = after(add("ears"), add("tail"))
    branch = going_on(base, remove("ears"), remove("tail"))
    parent = going_on(base, put(stroke("theirs"), "tail"))
    now = published(parent, base, branch)
    assert [cluster.id for cluster in now.session.clusters] == ["main", "tail"]


def test_authors_of_edits_stay_who_they_were():
    base = after()
    branch = going_on(base, put(stroke("new")), author="cleo")
    (entry,) = published(base, base, branch, author="ann").session.clusters[0].entries
    assert entry.author == "cleo"


def test_points_go_over_only_if_the_branch_has_changed_them():
    base = after(SetSchema(schema_=schema("eye")), PutLayer(layer=layer("old", {"a": ["eye"]})))
    parent = going_on(base, PutLayer(layer=layer("theirs", {"b": ["eye"]})))
    plain = going_on(base, RENAME)
    operation = _taking_over(base.session, plain.session, "Try")
    assert operation.session.annotation.layers == operation.base.annotation.layers == ()
    assert published(parent, base, plain).session.annotation == parent.session.annotation
    branch = going_on(base, PutLayer(layer=layer("new", {"c": ["eye"]})))
    now = published(parent, base, branch)
    assert {one.id for one in now.session.annotation.layers} == {"old", "theirs", "new"}


def test_too_much_of_something_is_refused_and_nothing_is_taken_over():
    base = after()
    many = [put(stroke(f"b{number}")) for number in range(300)]
    branch = going_on(base, *many)
    parent = going_on(base, *(put(stroke(f"p{number}")) for number in range(300)))
    with pytest.raises(OperationError, match="at most 500 edits, got 600") as refused:
        published(parent, base, branch)
    assert refused.value.code == "too_many"


def test_log_with_a_publication_is_replayed_to_the_same(tmp_path):
    base = after(put(stroke("a")))
    operation = _taking_over(base.session, going_on(base, put(stroke("b"))).session, "Try")
    log = [by("ann", put(stroke("a")), "1"), by("ben", put(stroke("c")), "2")]
    log.append(by("ann", operation, "3"))
    store = Store(tmp_path / "rooms.sqlite")
    store.append_all("main", 1, log)
    again = replay("shoes", store.load("main"))
    assert dataclasses.replace(again, histories={}) == dataclasses.replace(
        replay("shoes", log), histories={}
    )
    assert {edit.id for edit in edits(again)} == {"a", "b", "c"}
    store.close()
