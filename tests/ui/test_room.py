"""`ui.room`: what operations do to the state that everybody shares."""

import contextlib
import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.edits import AnyOf, ColorStroke, ImageVerdict, LikeImage, ModePick
from explorer.session import Cluster, Entry, Session
from ui.history import SETTINGS
from ui.operations import (
    AddCluster,
    Clear,
    FromCluster,
    FromEdits,
    FromImages,
    FromNothing,
    MergeClusters,
    MoveCluster,
    PutEdit,
    Redo,
    RemoveCluster,
    RemoveEdit,
    ReplaceSession,
    SetCluster,
    Undo,
)
from ui.protocol import Changes
from ui.room import (
    CLUSTERS_LIMIT,
    EDITS_LIMIT,
    Logged,
    OperationError,
    RoomState,
    carry_out,
    replay,
)

ON_A_BUSY_MACHINE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def stroke(edit_id="s1", *, strength=1.0):
    return ColorStroke(
        id=edit_id, paths=(((0.5, 0.5),),), radius=0.1, color=(9, 9, 9), strength=strength
    )


def put(edit, cluster="main"):
    return PutEdit(cluster=cluster, edit=edit)


def add(cluster_id, **fields):
    return AddCluster(id=cluster_id, name=cluster_id.title(), **fields)


def remove(cluster_id):
    return RemoveCluster(cluster=cluster_id)


def move(cluster_id, place):
    return MoveCluster(cluster=cluster_id, place=place)


def merge(*cluster_ids, new="both"):
    return MergeClusters(clusters=cluster_ids, id=new, name="Both")


def by(author, operation, op_id="op"):
    return Logged(op_id=op_id, author=author, time=1.0, operation=operation)


def after(*operations, author="ann"):
    return replay("shoes", [by(author, operation) for operation in operations])


def edits(state, cluster="main"):
    return state.session.cluster(cluster).edits


def order(state):
    return [cluster.id for cluster in state.session.clusters]


names = st.sampled_from(["s1", "s2", "s3"])
strokes = st.builds(stroke, names, strength=st.sampled_from([1.0, -1.0, 2.0]))
sessions = st.lists(strokes, max_size=3, unique_by=lambda edit: edit.id).map(
    lambda edits: Session(
        clusters=(Cluster(entries=tuple(Entry(edit=edit, author="eve") for edit in edits)),)
    )
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
    st.builds(ReplaceSession, session=sessions),
    st.builds(add, clusters, place=st.sampled_from([None, 0, 1, 9]), source=sources),
    st.builds(remove, clusters),
    st.builds(move, clusters, st.integers(0, 3)),
    st.builds(merge, clusters, clusters, new=clusters),
)
steps = st.one_of(operations, st.builds(Undo), st.builds(Redo))
logs = st.lists(st.builds(by, st.sampled_from(["ann", "bob"]), steps), max_size=25)


def valid(log):
    """The operations of a log that a room carries out, and the states that they lead to."""
    room = RoomState(session=Session(collection="shoes"))
    for logged in log:
        try:
            then, changes = carry_out(room, logged)
        except OperationError:
            continue
        yield room, logged, then, changes
        room = then


def follow(session: Session, changes: Changes) -> Session:
    """Do what a client does with the changes it is told."""
    if changes.session is not None:
        return changes.session
    if changes.order is not None:
        known = {cluster.id: cluster for cluster in (*session.clusters, *changes.added)}
        ordered = tuple(known[cluster_id] for cluster_id in changes.order)
        session = dataclasses.replace(session, clusters=ordered)
    for gone in changes.removed:
        session = session.put_cluster(session.cluster(gone.cluster).remove(gone.edit_id))
    for item in changes.put:
        cluster = session.cluster(item.cluster)
        entry = Entry(edit=item.entry.edit, author=item.entry.author, time=item.entry.time)
        known = cluster.edit(entry.edit.id) is not None
        entries = (*cluster.entries[: item.place], entry, *cluster.entries[item.place :])
        cluster = cluster.put(entry) if known else dataclasses.replace(cluster, entries=entries)
        session = session.put_cluster(cluster)
    for wanted in changes.settings:
        values = {name: getattr(wanted, name) for name in SETTINGS}
        cluster = dataclasses.replace(session.cluster(wanted.id), **values)
        session = session.put_cluster(cluster)
    return session


@given(logs)
@ON_A_BUSY_MACHINE
def test_replica_that_follows_the_changes_equals_the_room(log):
    replica = room = Session(collection="shoes")
    for before, _, after, changes in valid(log):
        assert after.revision == before.revision + 1
        replica, room = follow(replica, changes), after.session
    assert replica == room


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


mine = st.lists(st.builds(by, st.just("ann"), operations), max_size=9)


@given(mine)
@ON_A_BUSY_MACHINE
def test_undo_gives_the_session_before_and_redo_the_one_after(log):
    for before, _, after, _ in valid(log):
        if after.session == before.session:
            continue
        undone, _ = carry_out(after, by("ann", Undo()))
        assert undone.session == before.session
        redone, _ = carry_out(undone, by("ann", Redo()))
        assert redone.session == after.session


@given(mine)
@ON_A_BUSY_MACHINE
def test_undoing_everything_gives_the_empty_session(log):
    states = [after for _, _, after, _ in valid(log)]
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
    assert changes.session == back.session


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


def test_clusters_stand_where_they_are_put():
    state = after(add("ears"), add("tail", place=0), add("paws", place=99))
    assert order(state) == ["tail", "main", "ears", "paws"]
    moved, changes = carry_out(state, by("ann", move("tail", 2)))
    assert order(moved) == ["main", "ears", "tail", "paws"]
    assert changes == Changes(order=("main", "ears", "tail", "paws"))


def test_new_cluster_is_told_as_a_whole_and_nothing_else():
    _, changes = carry_out(after(put(stroke())), by("ann", add("ears", color="#aabbcc")))
    ears = Cluster(id="ears", name="Ears", color="#aabbcc")
    assert changes == Changes(added=(ears,), order=("main", "ears"))


def test_copy_has_the_edits_and_their_authors():
    log = [
        by("bob", put(stroke())),
        by("ann", add("ears", source=FromCluster(cluster="main"), color="#aabbcc")),
    ]
    state = replay("shoes", log)
    main, ears = state.session.clusters
    assert ears.entries == main.entries
    assert ears.entries[0].author == "bob"
    assert ears.color == "#aabbcc"


def test_cluster_from_images_is_of_them_and_those_like_them():
    state = after(add("ears", source=FromImages(images=("a.jpg", "b.jpg"))))
    found = edits(state, "ears")
    assert [edit.image for edit in found if isinstance(edit, LikeImage)] == ["a.jpg", "b.jpg"]
    assert [edit.image for edit in found if isinstance(edit, ImageVerdict)] == ["a.jpg", "b.jpg"]
    assert [edit.id for edit in found] == ["ears-1", "ears-2", "ears-3", "ears-4"]
    assert {entry.author for entry in state.session.cluster("ears").entries} == {"ann"}


def test_cluster_from_a_mode_has_it_as_its_edit():
    mode = ModePick(id="m1", image="a.jpg", center=(0.5, 0.5), size=0.2)
    assert edits(after(add("ears", source=FromEdits(edits=(mode,)))), "ears") == (mode,)


def test_merged_cluster_asks_for_either_and_takes_the_first_ones_place():
    state = after(
        add("tail"),
        add("ears"),
        put(stroke("s1"), "ears"),
        put(stroke("s2"), "tail"),
        merge("ears", "tail"),
    )
    assert order(state) == ["main", "both"]
    (either,) = edits(state, "both")
    assert isinstance(either, AnyOf)
    assert either.parts == ((stroke("s2"),), (stroke("s1"),))
    assert state.session.cluster("both").entries[0].author == "ann"
    back, changes = carry_out(state, by("ann", Undo()))
    assert order(back) == ["main", "tail", "ears"]
    assert [cluster.id for cluster in changes.added] == ["tail", "ears"]


def test_removed_cluster_comes_back_where_it_was_among_those_that_are_left():
    log = [
        by("ann", add("ears")),
        by("ann", add("tail")),
        by("ann", remove("ears")),
        by("bob", add("paws", place=0)),
        by("ann", Undo()),
    ]
    assert order(replay("shoes", log)) == ["paws", "main", "ears", "tail"]


def test_undone_addition_leaves_a_cluster_that_somebody_has_edited():
    log = [by("ann", add("ears")), by("bob", put(stroke(), "ears"))]
    state = replay("shoes", log)
    assert not state.can_undo("ann")
    free = replay("shoes", [*log, by("bob", Undo())])
    assert order(carry_out(free, by("ann", Undo()))[0]) == ["main"]


def test_undone_merge_brings_the_sources_back_and_keeps_what_somebody_has_made_of_it():
    log = [
        by("ann", add("ears")),
        by("ann", merge("main", "ears")),
        by("bob", put(stroke(), "both")),
        by("ann", Undo()),
    ]
    state = replay("shoes", log)
    assert set(order(state)) == {"main", "ears", "both"}
    assert edits(state, "both") == (stroke(),)


def test_undone_move_keeps_what_somebody_has_added_and_gives_way_to_another_move():
    log = [
        by("ann", add("ears")),
        by("ann", add("tail")),
        by("ann", move("tail", 0)),
        by("bob", add("paws", place=1)),
    ]
    state = replay("shoes", log)
    assert order(state) == ["tail", "paws", "main", "ears"]
    assert order(carry_out(state, by("ann", Undo()))[0]) == ["main", "paws", "ears", "tail"]
    moved, _ = carry_out(state, by("bob", move("main", 9)))
    undone, _ = carry_out(moved, by("ann", Undo()))
    assert order(undone) == ["paws", "ears", "main"]  # the move is passed over, the addition not


def test_undone_settings_are_those_that_nobody_else_has_changed():
    plain = {"cluster": "main", "weighting": "focus", "count": None}
    log = [
        by("ann", SetCluster(name="Ears", color="#aabbcc", **plain)),
        by("bob", SetCluster(name="Big ears", color="#aabbcc", **plain)),
        by("ann", Undo()),
    ]
    main = replay("shoes", log).session.cluster("main")
    assert (main.name, main.color) == ("Big ears", "")


@pytest.mark.parametrize(
    ("operation", "says"),
    [
        (remove("main"), "clear it, or add another"),
        (move("ears", 0), "no cluster 'ears'"),
        (add("main"), "there is a cluster 'main'"),
        (add("ears", source=FromCluster(cluster="tail")), "no cluster 'tail'"),
        (merge("main", "ears"), "no cluster 'ears'"),
        (merge("main", "main"), "at least two clusters"),
    ],
)
def test_wrong_operation_on_clusters_says_what_is_wrong(operation, says):
    with pytest.raises(OperationError, match=says):
        after(operation)


def test_removing_what_somebody_has_removed_is_no_error():
    assert order(after(add("ears"), remove("ears"), remove("ears"))) == ["main"]


def test_one_cluster_too_many_is_refused():
    many = tuple(Cluster(id=f"c{number}") for number in range(CLUSTERS_LIMIT))
    with pytest.raises(OperationError, match="remove or merge some") as caught:
        after(ReplaceSession(session=Session(clusters=many)), add("ears"))
    assert caught.value.code == "too_many"


def test_edits_inside_a_merged_edit_count():
    half = tuple(stroke(f"s{number}") for number in range(EDITS_LIMIT // 2))
    either = AnyOf(id="a", parts=(half, half), names=("A", "B"))
    with pytest.raises(OperationError, match="at most"):
        after(put(either))
