"""`ui.rooms.room`: what operations do to the state that everybody shares."""

import contextlib
import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.edits import ImageVerdict
from explorer.session import Cluster, Entry, Session
from tests.ui.keypoint_log import annotations, keypoint_operations
from tests.ui.room_log import (
    add,
    after,
    by,
    edits,
    follow,
    follow_board,
    in_any_order,
    merge,
    move,
    put,
    remove,
    stroke,
    valid,
)
from ui.rooms.history import SETTINGS
from ui.rooms.room import (
    EDITS_LIMIT,
    OperationError,
    RoomState,
    carry_out,
    replay,
)
from ui.wire.board import (
    OnImage,
    PutClaim,
    PutComment,
    PutSnapshot,
    PutVote,
    RemoveComment,
    RemoveVote,
    SharedBoard,
)
from ui.wire.operations import (
    Clear,
    FromCluster,
    FromEdits,
    FromImages,
    FromNothing,
    Redo,
    RemoveEdit,
    ReplaceSession,
    SetCluster,
    Undo,
)

ON_A_BUSY_MACHINE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

names = st.sampled_from(["s1", "s2", "s3"])
strokes = st.builds(stroke, names, strength=st.sampled_from([1.0, -1.0, 2.0]))
sessions = st.builds(
    lambda edits, annotation: Session(
        clusters=(Cluster(entries=tuple(Entry(edit=edit, author="eve") for edit in edits)),),
        annotation=annotation,
    ),
    st.lists(strokes, max_size=3, unique_by=lambda edit: edit.id),
    annotations,
)
clusters = st.sampled_from(["main", "ears", "tail"])
sources = st.one_of(
    st.just(FromNothing()),
    st.builds(FromCluster, cluster=clusters),
    st.builds(FromImages, images=st.just(("a.jpg", "b.jpg"))),
    st.builds(FromEdits, edits=strokes.map(lambda edit: (edit,))),
)
operations = st.one_of(
    st.builds(put, strokes, clusters),
    st.builds(RemoveEdit, cluster=clusters, edit_id=names),
    st.builds(
        SetCluster,
        cluster=clusters,
        name=st.sampled_from(["A", "B"]),
        weighting=st.sampled_from(["focus", "paper"]),
        count=st.sampled_from([None, 5]),
        alignment=st.sampled_from(["similarity", "rigid"]),
        mirror=st.booleans(),
        color=st.sampled_from(["", "#aabbcc"]),
    ),
    st.builds(Clear, cluster=clusters),
    st.builds(ReplaceSession, session=sessions, keeps_keypoints=st.booleans()),
    st.builds(add, clusters, place=st.sampled_from([None, 0, 1, 9]), source=sources),
    st.builds(remove, clusters),
    st.builds(move, clusters, st.integers(0, 3)),
    st.builds(merge, clusters, clusters, new=clusters),
    keypoint_operations,
)
images = st.sampled_from(["a.jpg", "b.jpg"])
comments = st.sampled_from(["k1", "k2"])
board_operations = st.one_of(
    st.builds(PutComment, id=comments, place=st.builds(OnImage, image=images), text=names),
    st.builds(RemoveComment, id=comments),
    st.builds(PutVote, image=images, value=st.sampled_from([1, -1])),
    st.builds(RemoveVote, image=images),
    st.builds(PutClaim, images=images.map(lambda image: (image,))),
    st.builds(PutSnapshot, id=names, name=names),
)
steps = st.one_of(operations, operations, board_operations, st.builds(Undo), st.builds(Redo))
logs = st.lists(st.builds(by, st.sampled_from(["ann", "bob"]), steps), max_size=25)
few = st.one_of(
    *[st.builds(put, strokes)] * 3,
    st.builds(RemoveEdit, cluster=st.just("main"), edit_id=names),
    st.builds(
        SetCluster,
        cluster=st.just("main"),
        name=st.sampled_from(["A", "B"]),
        weighting=st.just("focus"),
        count=st.sampled_from([None, 5]),
    ),
)
"""Operations that often meet each other."""
crowded = st.lists(
    st.builds(by, st.sampled_from(["ann", "bob"]), st.one_of(few, few, st.builds(Undo))),
    max_size=12,
)


@given(logs)
@ON_A_BUSY_MACHINE
def test_replica_that_follows_the_changes_equals_the_room(log):
    replica = room = RoomState(session=Session(collection="shoes")).shared
    board = SharedBoard()
    for before, _, done, changes in valid(log):
        assert done.revision == before.revision + 1
        replica, room = follow(replica, changes), done.shared
        assert in_any_order(replica) == in_any_order(room)
        board = follow_board(board, changes.board)
        assert board == done.board.shared


@given(logs)
@ON_A_BUSY_MACHINE
def test_log_of_what_was_carried_out_replays_to_the_same_state(log):
    done = list(valid(log))
    if done:
        assert replay("shoes", [logged for _, logged, _, _ in done]) == done[-1][2]


@given(logs)
@ON_A_BUSY_MACHINE
def test_refused_undo_is_the_one_that_was_not_offered(log):
    room = RoomState()
    for logged in log:
        kind = logged.operation.type
        offers = {"undo": room.can_undo(logged.author), "redo": room.can_redo(logged.author)}
        if offers.get(kind, True):
            with contextlib.suppress(OperationError):
                room, _ = carry_out(room, logged)
        else:
            with pytest.raises(OperationError, match="nothing of yours") as caught:
                carry_out(room, logged)
            assert caught.value.code == f"nothing_to_{kind}"


@given(st.one_of(crowded, logs))
@ON_A_BUSY_MACHINE
def test_undo_changes_something_but_nothing_that_another_has_changed_since(log):
    for before, logged, done, _ in valid(log):
        if not isinstance(logged.operation, Undo):
            continue
        assert done.session != before.session
        assert done.board is before.board
        [step] = done.history(logged.author).redo[-1:]
        left, here, now = map(parts_of, (step.after, before.session, done.session))
        for key in here.keys() | now.keys():
            assert now.get(key) == here.get(key) or here.get(key) == left.get(key)


def parts_of(session):
    """All that can be undone by itself, by a key: edits, settings, marks, layers and reviews."""
    parts = {("schema",): session.annotation.schema}
    for cluster in session.clusters:
        parts |= {("edit", cluster.id, entry.edit.id): entry for entry in cluster.entries}
        parts |= {("set", cluster.id, name): getattr(cluster, name) for name in SETTINGS}
    for mark in session.annotation.marks:
        parts[("mark", mark.cluster, mark.keypoint, mark.author)] = mark
    parts |= {("layer", layer.id): layer for layer in session.annotation.layers}
    return parts | {("review", review.image): review for review in session.annotation.reviews}


@given(logs, st.sampled_from(["ann", "bob"]))
@ON_A_BUSY_MACHINE
def test_what_others_do_elsewhere_takes_no_undo_away(log, author):
    """Whoever has edited a cluster that nobody else edits can undo all of it, one by one."""
    own = [by("eve", add("eve")), *(by("eve", put(stroke(name), "eve")) for name in "abc")]
    others = [by(author, logged.operation) for logged in log if is_elsewhere(logged.operation)]
    states = [done for _, _, done, _ in valid([*own, *others])]
    state = states[-1]
    for left in ("ab", "a", ""):
        state, _ = carry_out(state, by("eve", Undo()))
        assert [edit.id for edit in edits(state, "eve")] == list(left)


def is_elsewhere(operation):
    return not isinstance(operation, ReplaceSession)


mine = st.one_of(
    st.lists(st.builds(by, st.just("ann"), few), max_size=9),
    st.lists(st.builds(by, st.just("ann"), operations), max_size=9),
)


@given(mine)
@ON_A_BUSY_MACHINE
def test_undo_gives_the_session_before_and_redo_the_one_after(log):
    for before, _, done, _ in valid(log):
        if done.session == before.session:
            continue
        undone, _ = carry_out(done, by("ann", Undo()))
        assert undone.session == before.session
        redone, _ = carry_out(undone, by("ann", Redo()))
        assert redone.session == done.session


@given(mine)
@ON_A_BUSY_MACHINE
def test_undoing_everything_gives_the_empty_session(log):
    states = [done for _, _, done, _ in valid(log)]
    state = states[-1] if states else RoomState(session=Session(collection="shoes"))
    while state.can_undo("ann"):
        state, _ = carry_out(state, by("ann", Undo()))
    assert state.session == Session(collection="shoes")


def test_undo_leaves_what_somebody_else_changed_since():
    log = [
        by("ann", put(stroke("s1"))),
        by("ann", put(stroke("s2"))),
        by("bob", put(stroke("s2", strength=2.0))),
        by("ann", Undo()),
    ]
    assert edits(replay("shoes", log)) == (stroke("s2", strength=2.0),)


def test_undo_passes_over_a_change_that_somebody_has_changed_again():
    log = [
        by("ann", put(stroke("s2"))),
        by("ann", put(stroke("s1"))),
        by("ann", put(stroke("s1", strength=2.0))),
        by("bob", put(stroke("s1", strength=-1.0))),
        by("ann", Undo()),
    ]
    state = replay("shoes", log)
    assert edits(state) == (stroke("s1", strength=-1.0),)
    assert not state.can_undo("ann")


def test_edit_that_comes_back_does_so_at_its_place_though_others_have_edited():
    log = [by("ann", put(stroke(name))) for name in ("s1", "s2", "s3")]
    log += [by("ann", RemoveEdit(cluster="main", edit_id="s2")), by("bob", put(stroke("s4")))]
    state = replay("shoes", [*log, by("ann", Undo())])
    assert [edit.id for edit in edits(state)] == ["s1", "s2", "s3", "s4"]


def test_undo_is_of_the_authors_own_edits():
    log = [by("ann", put(stroke("s1"))), by("bob", put(stroke("s2"))), by("ann", Undo())]
    state = replay("shoes", log)
    assert edits(state) == (stroke("s2"),)
    assert not state.can_undo("ann")
    assert state.can_undo("bob")


def test_undone_removal_comes_back_at_its_place():
    cleared = after(put(stroke("s1")), put(stroke("s2")), RemoveEdit(cluster="main", edit_id="s1"))
    back, changes = carry_out(cleared, by("ann", Undo()))
    assert edits(back) == (stroke("s1"), stroke("s2"))
    assert [item.place for item in changes.put] == [0]


def test_new_edit_ends_what_could_be_redone():
    state = after(put(stroke("s1")), Undo(), put(stroke("s2")))
    assert not state.can_redo("ann")


def test_opened_session_keeps_the_rooms_collection_and_can_be_undone():
    opened = Session(
        collection="cats",
        clusters=(Cluster(id="ears", entries=(Entry(edit=stroke("s9")),)),),
    )
    state = after(put(stroke("s1")), ReplaceSession(session=opened))
    assert state.session == dataclasses.replace(opened, collection="shoes")
    back, changes = carry_out(state, by("ann", Undo()))
    assert edits(back) == (stroke("s1"),)
    assert changes.session == back.shared


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (RemoveEdit(cluster="ears", edit_id="s1"), "bad_operation"),
        (Undo(), "nothing_to_undo"),
        (Redo(), "nothing_to_redo"),
    ],
)
def test_operation_that_cannot_be_carried_out_is_refused(operation, code):
    with pytest.raises(OperationError) as caught:
        after(operation)
    assert caught.value.code == code


def test_one_edit_too_many_is_refused():
    entries = tuple(Entry(edit=stroke(f"s{number}")) for number in range(EDITS_LIMIT))
    full = ReplaceSession(session=Session(clusters=(Cluster(entries=entries),)))
    verdict = ImageVerdict(id="p1", image="a.jpg", verdict="pin")
    with pytest.raises(OperationError, match="at most") as caught:
        after(full, put(verdict))
    assert caught.value.code == "too_many"
