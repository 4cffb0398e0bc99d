"""`ui.rooms.room`: clusters are added, moved, merged, removed, and undone beside others' work."""

import pytest

from explorer.edits import AnyOf, ImageVerdict, LikeImage, ModePick
from explorer.errors import SessionError
from explorer.session import Cluster, Session
from explorer.session_json import edit_to_json, session_to_json
from tests.ui.room_log import add, after, by, edits, merge, move, order, put, remove, stroke
from ui.rooms.room import (
    CLUSTERS_LIMIT,
    EDITS_LIMIT,
    MERGES_LIMIT,
    OperationError,
    carry_out,
    replay,
)
from ui.wire.operations import (
    FromCluster,
    FromEdits,
    FromImages,
    ReplaceSession,
    SetCluster,
    Undo,
    read_session,
)
from ui.wire.protocol import Changes


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


def nested(depth):
    edit = stroke("s0")
    for number in range(depth):
        edit = AnyOf(id=f"a{number}", parts=((edit,), ()), names=("A", "B"))
    return edit


def test_merged_edits_lie_in_each_other_only_so_deep():
    assert edits(after(put(nested(MERGES_LIMIT)))) == (nested(MERGES_LIMIT),)
    with pytest.raises(OperationError, match="merge what they were made of") as caught:
        after(put(nested(MERGES_LIMIT + 1)))
    assert caught.value.code == "too_many"


def test_session_that_lies_deeper_than_can_be_read_is_refused():
    session = session_to_json(Session())
    deep = edit_to_json(stroke("s0"))
    for number in range(500):
        deep = {"kind": "any", "id": f"a{number}", "parts": [[deep], []], "names": ["A", "B"]}
    session["clusters"][0]["edits"] = [{"edit": deep}]
    with pytest.raises(SessionError, match="too deep"):
        read_session(session)


def test_edits_inside_a_merged_edit_count():
    half = tuple(stroke(f"s{number}") for number in range(EDITS_LIMIT // 2))
    either = AnyOf(id="a", parts=(half, half), names=("A", "B"))
    with pytest.raises(OperationError, match="at most"):
        after(put(either))
