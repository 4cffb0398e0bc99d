"""What the tests of the room share: operations in short, rooms after some of them, replicas."""

import asyncio
import dataclasses
import json

from explorer.annotation import ImagePoint, ImagePoints, Layer
from explorer.edits import ColorStroke
from explorer.keypoint_schema import Keypoint, Schema
from explorer.session import Entry, Session
from ui.rooms.history import SETTINGS
from ui.rooms.room import (
    Logged,
    OperationError,
    RoomState,
    carry_out,
    replay,
)
from ui.wire.board import SharedBoard
from ui.wire.operations import (
    AddCluster,
    MergeClusters,
    MoveCluster,
    PutEdit,
    RemoveCluster,
)


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


def by(author, operation, op_id="op", *, time=1.0):
    return Logged(op_id=op_id, author=author, time=time, operation=operation)


def after(*operations, author="ann"):
    return replay("shoes", [by(author, operation) for operation in operations])


def edits(state, cluster="main"):
    return state.session.cluster(cluster).edits


def order(state):
    return [cluster.id for cluster in state.session.clusters]


def schema(*ids):
    return Schema(keypoints=tuple(Keypoint(id=id_, name=id_.title()) for id_ in ids))


def layer(layer_id, images, *, x=1.0, **fields):
    """Return a layer with the keypoints of `images`, by image name, all at one place."""
    return Layer(
        id=layer_id,
        kind="hand",
        images=tuple(
            ImagePoints(
                image=name, points=tuple(ImagePoint(keypoint=id_, x=x, y=4.0) for id_ in ids)
            )
            for name, ids in images.items()
        ),
        **fields,
    )


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


def follow(shared, changes):
    """Do what a client does with the changes it is told."""
    if changes.session is not None:
        return changes.session
    clusters = follow_clusters(Session(clusters=shared.clusters), changes).clusters
    annotation = follow_annotation(shared.annotation, changes.annotation)
    return shared.model_copy(update={"clusters": clusters, "annotation": annotation})


def follow_clusters(session, changes):
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


def follow_board(shared, changes):
    """Follow changes as a member does: take away, then put in place or at the end."""
    if changes is None:
        return shared
    keys = {
        "comments": lambda one: one.id,
        "votes": lambda one: (one.image, one.author),
        "claims": lambda one: one.image if not isinstance(one, str) else one,
        "snapshots": lambda one: one.id,
    }
    fields = {}
    for name, key_of in keys.items():
        items = {key_of(item): item for item in getattr(shared, name)}
        for gone in getattr(changes, f"removed_{name}"):
            items.pop(gone if isinstance(gone, str) else key_of(gone), None)
        for item in getattr(changes, f"put_{name}"):
            items[key_of(item)] = item
        fields[name] = tuple(items.values())
    return SharedBoard(**fields)


def follow_annotation(known, changes):
    if changes is None:
        return known
    marks = {mark_key(mark): mark for mark in known.marks}
    for gone in changes.removed_marks:
        del marks[mark_key(gone)]
    marks |= {mark_key(mark): mark for mark in changes.put_marks}
    reviews = {review.image: review for review in known.reviews}
    for image in changes.removed_reviews:
        del reviews[image]
    reviews |= {review.image: review for review in changes.put_reviews}
    away = {*changes.removed_layers, *(item.layer.id for item in changes.put_layers)}
    layers = [layer for layer in known.layers if layer.id not in away]
    for item in changes.put_layers:
        layers.insert(item.place, item.layer)
    return known.model_copy(
        update={
            "schema_": changes.schema_ or known.schema_,
            "marks": tuple(marks.values()),
            "reviews": tuple(reviews.values()),
            "layers": tuple(layers),
        }
    )


def mark_key(mark):
    return mark.cluster, mark.keypoint, mark.author


def in_any_order(shared):
    """What a member has, but for the order of marks and reviews, which says nothing."""
    known = shared.annotation
    parts = {
        "marks": tuple(sorted(known.marks, key=mark_key)),
        "reviews": tuple(sorted(known.reviews, key=lambda review: review.image)),
    }
    return shared.model_copy(update={"annotation": known.model_copy(update=parts)})


def is_left_out(item):
    return any(f'"type":"{kind}"' in str(item)[:40] for kind in ("history", "people"))


def sent(member):
    """Everything that waits for a member, in its order.

    Left out are what can be undone and who is there. Messages that go as one array are taken apart.
    """

    async def take():
        items = []
        while member._state or member._slots:
            item = await member.next()
            if isinstance(item, str) and item.startswith("["):
                items += [json.dumps(one, separators=(",", ":")) for one in json.loads(item)]
            else:
                items.append(item)
        return [item for item in items if not is_left_out(item)]

    return asyncio.run(take())
