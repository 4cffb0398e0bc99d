"""`ui.rooms.room`: what is said about keypoints, by several people, and undone by each of them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.annotation import Annotation, Mark, Review
from explorer.session import Cluster, Session
from tests.ui.keypoint_log import clusters, keypoint_operations
from tests.ui.keypoint_log import layers as drawn_layers
from tests.ui.room_log import (
    add,
    after,
    by,
    follow,
    in_any_order,
    layer,
    merge,
    put,
    remove,
    schema,
    stroke,
    valid,
)
from ui.rooms.room import OperationError, RoomState, carry_out, replay
from ui.wire.keypoint_messages import (
    AnnotationChanges,
    LayerSummary,
    MarkKey,
    MarkMessage,
    PlacedLayer,
    ReviewMessage,
)
from ui.wire.operations import (
    FromCluster,
    PutLayer,
    PutMark,
    PutReview,
    Redo,
    RemoveLayer,
    RemoveMark,
    RemoveReview,
    ReplaceSession,
    SetSchema,
    Undo,
)
from ui.wire.protocol import Changes

ON_A_BUSY_MACHINE = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
FACE = SetSchema(schema_=schema("eye", "nose"))

authors, times = st.sampled_from(["ann", "bob"]), st.sampled_from([1.0, 2.0])
steps = st.one_of(keypoint_operations, st.builds(Undo), st.builds(Redo))
logs = st.lists(st.builds(by, authors, steps, time=times), max_size=30).map(
    lambda log: [by("ann", FACE), by("ann", add("ears")), *log]
)
with_clusters = st.one_of(steps, st.builds(add, clusters), st.builds(remove, clusters))


def mark(keypoint="eye", at=(0.25, 0.5), cluster="main"):
    return PutMark(cluster=cluster, keypoint=keypoint, at=at)


def lay(layer_id="l1", images=None, **fields):
    return PutLayer(
        layer=layer(layer_id, {"a.jpg": ("eye",)} if images is None else images, **fields)
    )


def annotation(*log):
    return replay("shoes", [by("ann", FACE), *log]).session.annotation


def layers(found):
    return [(known.id, known.author) for known in found.layers]


def end(log):
    """The room after what can be carried out of a log."""
    states = [done for _, _, done, _ in valid(log)]
    return states[-1] if states else RoomState(session=Session(collection="shoes"))


@given(logs)
@ON_A_BUSY_MACHINE
def test_replica_of_keypoints_equals_the_room(log):
    replica = RoomState(session=Session(collection="shoes")).shared
    for _, _, done, changes in valid(log):
        replica = follow(replica, changes)
        assert in_any_order(replica) == in_any_order(done.shared)


@given(logs)
@ON_A_BUSY_MACHINE
def test_undo_leaves_what_others_have_said_last(log):
    room = end(log)
    if not room.can_undo("ann"):
        return
    before = room.session.annotation
    undone = carry_out(room, by("ann", Undo()))[0].session.annotation
    for part in ("marks", "layers", "reviews"):
        others = [item for item in getattr(before, part) if item.author == "bob"]
        assert [item for item in getattr(undone, part) if item in others] == others


@given(logs)
@ON_A_BUSY_MACHINE
def test_redo_after_an_undo_gives_what_was_there_before_it(log):
    room = end(log)
    if room.can_undo("ann"):
        undone, _ = carry_out(room, by("ann", Undo()))
        redone, _ = carry_out(undone, by("ann", Redo()))
        known, again = (in_any_order(state.shared).annotation for state in (room, redone))
        assert again.marks == known.marks
        assert again.reviews == known.reviews
        assert again.schema_ == known.schema_
        assert {item.id: item for item in again.layers} == {item.id: item for item in known.layers}


@given(st.lists(st.builds(by, authors, st.builds(PutLayer, layer=drawn_layers)), max_size=6))
@ON_A_BUSY_MACHINE
def test_taking_points_back_leaves_what_there_would_be_without_them(log):
    others = [one for one in log if one.operation.layer.id != "l1"]
    taken = annotation(*log, by("ann", RemoveLayer(layer_id="l1")))
    assert taken == annotation(*others)
    assert taken.laid() == annotation(*others).laid()


@given(st.lists(st.builds(by, authors, with_clusters), max_size=30))
@ON_A_BUSY_MACHINE
def test_there_is_one_of_each_whatever_happens(log):
    found = end([by("ann", FACE), *log]).session.annotation
    keys = [(mark.cluster, mark.keypoint, mark.author) for mark in found.marks]
    for names in (keys, [one.id for one in found.layers], [one.image for one in found.reviews]):
        assert len(set(names)) == len(names)


def test_mark_has_the_author_and_time_of_its_operation_and_stands_beside_anothers():
    found = annotation(by("ann", mark(), time=3.0), by("bob", mark(at=(0.5, 0.5)), time=4.0))
    assert found.marks == (
        Mark(cluster="main", keypoint="eye", at=(0.25, 0.5), author="ann", time=3.0),
        Mark(cluster="main", keypoint="eye", at=(0.5, 0.5), author="bob", time=4.0),
    )


def test_ones_own_mark_is_moved_and_another_persons_is_not_removed():
    found = annotation(
        by("ann", mark()),
        by("bob", mark()),
        by("ann", mark(at=(0.75, 0.5))),
        by("bob", RemoveMark(cluster="main", keypoint="eye")),
        by("bob", RemoveMark(cluster="main", keypoint="eye")),
    )
    assert [(known.author, known.at) for known in found.marks] == [("ann", (0.75, 0.5))]


def test_what_is_said_again_is_no_step():
    log = [
        by("ann", FACE),
        by("ann", mark()),
        by("ann", lay()),
        by("ann", PutReview(image="a.jpg")),
    ]
    again = [by(one.author, one.operation, time=9.0) for one in log]
    state = replay("shoes", [*log, *again])
    assert state.session == replay("shoes", log).session
    assert len(state.history("ann").undo) == len(log)


@pytest.mark.parametrize(
    ("operation", "says"),
    [
        (mark(cluster="ears"), "no cluster 'ears': it has main"),
        (mark("chin"), "no keypoint 'chin': add it to the schema first"),
        (mark(at=(1.5, 0.5)), "lie on the canvas"),
        (lay(images={"a.jpg": ("eye", "chin")}), "no keypoint 'chin': add it to the schema first"),
        (
            lay(images={"a.jpg": ("a", "b", "c", "d", "e")}),
            "no keypoint 'a', 'b', 'c' and 2 more: add",
        ),
    ],
)
def test_operation_on_what_is_not_there_says_what_to_do(operation, says):
    with pytest.raises(OperationError, match=says) as caught:
        after(FACE, operation)
    assert caught.value.code == "bad_operation"


def test_keypoint_that_comes_back_to_the_schema_has_its_marks_and_points():
    log = [by("ann", mark("nose")), by("ann", lay(images={"a.jpg": ("nose",)}))]
    shorter = SetSchema(schema_=schema("eye"))
    without = annotation(*log, by("ann", shorter))
    assert without.schema.ids == ("eye",)
    assert without.laid()["a.jpg"]["nose"].point.x == 1.0
    assert annotation(*log, by("ann", shorter), by("ann", FACE)) == annotation(*log)


def test_layer_has_the_author_and_time_of_its_operation():
    [known] = annotation(by("ann", lay(author="eve", time=5.0), time=7.0)).layers
    assert (known.author, known.time) == ("ann", 7.0)


def test_layer_that_is_put_again_comes_to_lie_on_top_and_goes_back_by_undo():
    log = [by("ann", lay("l1")), by("bob", lay("l2", x=2.0)), by("ann", lay("l1", x=3.0))]
    again = annotation(*log)
    assert layers(again) == [("l2", "bob"), ("l1", "ann")]
    assert again.laid()["a.jpg"]["eye"].point.x == 3.0
    undone = annotation(*log, by("ann", Undo()))
    assert layers(undone) == [("l1", "ann"), ("l2", "bob")]
    assert undone.laid()["a.jpg"]["eye"].point.x == 2.0


@pytest.mark.parametrize("removed", ["l1", "l2"])
def test_layer_comes_back_where_it_lay_though_others_were_laid_since(removed):
    log = [
        by("ann", lay("l1")),
        by("ann", lay("l2")),
        by("ann", RemoveLayer(layer_id=removed)),
        by("bob", lay("l3")),
        by("ann", Undo()),
    ]
    assert layers(annotation(*log)) == [("l1", "ann"), ("l2", "ann"), ("l3", "bob")]


def test_undo_passes_over_a_layer_that_somebody_has_replaced():
    log = [by("ann", mark()), by("ann", lay("l1")), by("bob", lay("l1", x=2.0)), by("ann", Undo())]
    found = annotation(*log)
    assert layers(found) == [("l1", "bob")]
    assert found.marks == ()


def test_undo_of_a_schema_gives_way_to_another_one():
    log = [
        by("bob", SetSchema(schema_=schema("chin"))),
        by("bob", lay(images={})),
        by("ann", Undo()),
    ]
    with pytest.raises(OperationError, match="nothing of yours"):
        annotation(*log)
    assert annotation(*log[:2], by("bob", Undo()), by("bob", Undo())).schema == FACE.schema_


def test_removing_a_layer_or_a_review_that_is_not_there_is_no_error():
    gone = [RemoveLayer(layer_id="l1"), RemoveReview(image="a.jpg")]
    assert annotation(*(by("ann", operation) for operation in gone)) == annotation()


def test_review_is_of_who_looked_last_and_can_be_taken_back():
    log = [by("ann", PutReview(image="a.jpg")), by("bob", PutReview(image="a.jpg"), time=2.0)]
    assert annotation(*log).reviews == (Review(image="a.jpg", author="bob", time=2.0),)
    assert annotation(*log, by("ann", RemoveReview(image="a.jpg"))).reviews == ()
    assert annotation(*log, by("bob", Undo())).reviews == (
        Review(image="a.jpg", author="ann", time=1.0),
    )


def test_marks_wait_for_their_cluster_to_come_back():
    log = [by("ann", add("ears")), by("ann", mark(cluster="ears")), by("ann", remove("ears"))]
    assert [known.cluster for known in annotation(*log).marks] == ["ears"]
    assert annotation(*log, by("ann", Undo())).marks_of("ears").keys() == {"eye"}


def test_copied_merged_and_new_clusters_have_no_marks():
    log = [
        by("ann", mark()),
        by("ann", put(stroke())),
        by("ann", add("ears", source=FromCluster(cluster="main"))),
        by("ann", merge("main", "ears", new="both")),
    ]
    found = annotation(*log)
    assert found.marks_of("ears") == found.marks_of("both") == {}
    assert found.marks_of("main").keys() == {"eye"}
    assert annotation(*log, by("ann", add("main"))).marks == ()
    assert annotation(*log, by("ann", add("main")), by("ann", Undo())) == found


def test_changes_tell_what_changed_and_no_points():
    state = after(FACE, mark("nose"), lay("l1"), PutReview(image="b.jpg"))
    told = [
        (
            mark(),
            AnnotationChanges(
                put_marks=(
                    MarkMessage(
                        cluster="main", keypoint="eye", at=(0.25, 0.5), author="ann", time=1.0
                    ),
                )
            ),
        ),
        (
            RemoveMark(cluster="main", keypoint="nose"),
            AnnotationChanges(
                removed_marks=(MarkKey(cluster="main", keypoint="nose", author="ann"),)
            ),
        ),
        (
            lay("l2", {"a.jpg": ("eye", "nose"), "b.jpg": ("eye",)}, clusters=("main",)),
            AnnotationChanges(
                put_layers=(
                    PlacedLayer(
                        place=1,
                        layer=LayerSummary(
                            id="l2",
                            kind="hand",
                            merge="overwrite",
                            clusters=("main",),
                            author="ann",
                            time=1.0,
                            images=2,
                            points=3,
                        ),
                    ),
                )
            ),
        ),
        (RemoveLayer(layer_id="l1"), AnnotationChanges(removed_layers=("l1",))),
        (
            PutReview(image="a.jpg"),
            AnnotationChanges(put_reviews=(ReviewMessage(image="a.jpg", author="ann", time=1.0),)),
        ),
        (RemoveReview(image="b.jpg"), AnnotationChanges(removed_reviews=("b.jpg",))),
        (
            SetSchema(schema_=schema("eye")),
            AnnotationChanges(schema_=schema("eye")),
        ),
        (RemoveReview(image="c.jpg"), None),
    ]
    for operation, expected in told:
        _, changes = carry_out(state, by("ann", operation))
        assert changes == Changes(annotation=expected)


def test_opened_session_brings_its_keypoints_or_leaves_those_of_the_room():
    state = after(FACE, mark(), lay("l1"))
    found = Session(clusters=(Cluster(id="ears"),), annotation=Annotation(schema=schema("chin")))
    opened, _ = carry_out(state, by("ann", ReplaceSession(session=found)))
    assert opened.session.annotation == found.annotation
    kept, changes = carry_out(state, by("ann", ReplaceSession(session=found, keeps_keypoints=True)))
    assert kept.session.annotation == state.session.annotation
    assert [cluster.id for cluster in kept.session.clusters] == ["ears"]
    assert changes.session == kept.shared


@pytest.mark.parametrize(
    ("limit", "operation", "says"),
    [
        ("KEYPOINTS_LIMIT", SetSchema(schema_=schema("eye", "nose", "chin")), "2 keypoints, got 3"),
        ("MARKS_LIMIT", mark("nose"), "at most 2 marks, got 3"),
        ("IMAGES_LIMIT", lay("l2", {"a": (), "b": (), "c": ()}), "at most 2 images, got 3"),
        ("IMAGES_LIMIT", PutReview(image="c.jpg"), "at most 2 reviews, got 3"),
        ("LAYERS_LIMIT", lay("l3"), "at most 2 layers of points, got 3"),
        ("POINTS_LIMIT", lay("l2", {"a": ("eye", "nose"), "b": ("eye",)}), "2 points, got 3"),
        ("LAID_LIMIT", lay("l3"), "all layers together have at most 2 points, got 3"),
    ],
)
def test_too_much_of_anything_is_refused(monkeypatch, limit, operation, says):
    monkeypatch.setattr(f"ui.rooms.room_keypoints.{limit}", 2)
    log = [mark(), lay("l1"), lay("l2"), PutReview(image="a.jpg"), PutReview(image="b.jpg")]
    state = after(FACE, *log)
    state, _ = carry_out(state, by("bob", mark()))
    with pytest.raises(OperationError, match=says) as caught:
        carry_out(state, by("ann", operation))
    assert caught.value.code == "too_many"
