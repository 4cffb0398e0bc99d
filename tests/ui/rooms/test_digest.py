"""`ui.rooms.digest`: one digest for one state, however it came about."""

import dataclasses

import pytest

from explorer.annotation import ImagePoint, ImagePoints, Layer
from explorer.session import Session
from tests.ui.room_log import add, after, by, layer, move, put, schema, stroke
from ui.rooms import digest
from ui.rooms.digest import Digests, digest_of
from ui.rooms.room import RoomState, carry_out, replay
from ui.wire import operations
from ui.wire.board import OnImage, PutClaim, PutComment, PutSnapshot, PutVote
from ui.wire.operations import PutLayer, PutMark, PutReview, SetCluster, SetSchema, Undo

STEPS = (
    put(stroke("s1")),
    put(stroke("s2", strength=2.0)),
    add("ears"),
    move("ears", 0),
    SetCluster(cluster="main", name="Red", weighting="paper", count=5),
    SetSchema(schema_=schema("eye", "nose")),
    PutMark(cluster="main", keypoint="eye", at=(0.25, 0.5)),
    PutLayer(layer=layer("l1", {"a.jpg": ("eye",), "b.jpg": ("nose",)})),
    PutLayer(layer=layer("l1", {"a.jpg": ("eye",), "b.jpg": ("nose",)}, x=2.0)),
    PutReview(image="a.jpg"),
    PutComment(id="k1", place=OnImage(image="a.jpg"), text="look"),
    PutVote(image="a.jpg", value=1),
    PutVote(image="a.jpg", value=-1),
    PutClaim(images=("b.jpg",)),
    PutSnapshot(id="n1", name="now"),
)


def same_revision(state):
    return dataclasses.replace(state, revision=1)


def test_every_operation_gives_another_digest():
    states = [after(*STEPS[:count]) for count in range(len(STEPS) + 1)]
    digests = {digest_of(same_revision(state)) for state in states}
    assert len(digests) == len(states)
    assert digest_of(states[0]) != digest_of(dataclasses.replace(states[0], revision=1))


def test_state_that_was_read_from_its_log_has_the_same_digest():
    log = [by("ann", step, f"op-{number}") for number, step in enumerate(STEPS)]
    written = [operations.operation.dump_json(logged.operation) for logged in log]
    read = [
        dataclasses.replace(logged, operation=operations.operation.validate_json(text))
        for logged, text in zip(log, written, strict=True)
    ]
    assert digest_of(replay("shoes", read)) == digest_of(replay("shoes", log))


def test_who_asks_again_and_again_is_told_the_same(monkeypatch):
    digests, state, read = Digests(), RoomState(session=Session(collection="shoes")), []
    hashed = digest._pieces
    monkeypatch.setattr(digest, "_pieces", lambda item: read.append(item) or hashed(item))
    for number, step in enumerate((*STEPS, Undo())):
        state, _ = carry_out(state, by("ann", step, f"op-{number}"))
        told, before = digests.of(state), len(read)
        assert told == digest_of(state)
        del read[before:]
    assert len(read) < 3 * len(STEPS), "what did not change was read again"


def test_what_was_undone_is_as_if_it_had_not_been():
    assert digest_of(same_revision(after(*STEPS[:2], STEPS[4], Undo()))) == digest_of(
        same_revision(after(*STEPS[:2]))
    )


@pytest.mark.parametrize("count", [255, 256, 257, 600])
def test_long_lists_count_to_the_last_item(count):
    def state(x):
        points = (ImagePoint(keypoint="eye", x=1.0, y=1.0),)
        images = [ImagePoints(image=f"{number}.jpg", points=points) for number in range(count)]
        last = ImagePoints(image="z.jpg", points=(ImagePoint(keypoint="eye", x=x, y=1.0),))
        full = Layer(id="l", kind="hand", images=(*images, last))
        return after(SetSchema(schema_=schema("eye")), PutLayer(layer=full))

    assert digest_of(state(2.0)) != digest_of(state(3.0))
    assert digest_of(state(2.0)) == digest_of(state(2.0))


def test_whole_number_is_the_same_as_a_float():
    assert digest_of(after(put(stroke("s1", strength=1)))) == digest_of(after(put(stroke("s1"))))
