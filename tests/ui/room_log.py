"""What the tests of the room share: operations in short, and rooms after some of them."""

from explorer.edits import ColorStroke
from ui.operations import (
    AddCluster,
    MergeClusters,
    MoveCluster,
    PutEdit,
    RemoveCluster,
)
from ui.room import (
    Logged,
    replay,
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


def by(author, operation, op_id="op"):
    return Logged(op_id=op_id, author=author, time=1.0, operation=operation)


def after(*operations, author="ann"):
    return replay("shoes", [by(author, operation) for operation in operations])


def edits(state, cluster="main"):
    return state.session.cluster(cluster).edits


def order(state):
    return [cluster.id for cluster in state.session.clusters]
