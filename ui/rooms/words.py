"""What happened in a room in plain words: one short sentence for each operation."""

from collections.abc import Callable
from typing import TypeVar

from explorer.annotation import Annotation
from explorer.session import Cluster, Session
from ui.rooms.history import entries_of, settings_of
from ui.rooms.words_of_board import board_words
from ui.rooms.words_of_edits import file_word, put_words, short, thing_of
from ui.wire.board import BoardOperation
from ui.wire.operations import (
    AddCluster,
    Clear,
    FromCluster,
    FromEdits,
    FromImages,
    MergeClusters,
    MoveCluster,
    Operation,
    PutEdit,
    PutLayer,
    PutMark,
    PutReview,
    Redo,
    RemoveCluster,
    RemoveEdit,
    RemoveLayer,
    RemoveMark,
    RemoveReview,
    ReplaceSession,
    SetCluster,
    SetSchema,
    Undo,
)

Item = TypeVar("Item")


def words_of(operation: Operation, before: Session, after: Session) -> str:
    """Say what somebody did.

    Parameters
    ----------
    operation
        What was carried out.
    before, after
        The session before and after it, which know what things are called.
    """
    match operation:
        case Undo():
            return f"undid {_what_differs(before, after)}"
        case Redo():
            return f"redid {_what_differs(before, after)}"
        case ReplaceSession(restores=int(revision)):
            return f"restored step {revision}"
        case ReplaceSession(title=title):
            return f"published “{short(title)}”" if title else "opened a session"
        case PutEdit() | RemoveEdit() | SetCluster() | Clear():
            return _in_cluster(operation, before)
        case AddCluster() | RemoveCluster() | MoveCluster() | MergeClusters():
            return _of_clusters(operation, before)
        case operation if isinstance(operation, BoardOperation):
            return board_words(operation, lambda cluster_id: _name(before, cluster_id))
        case _:
            return _of_keypoints(operation, before)


def _in_cluster(operation: PutEdit | RemoveEdit | SetCluster | Clear, before: Session) -> str:
    known = _find(before.clusters, lambda cluster: cluster.id == operation.cluster)
    where = _name(before, operation.cluster)
    match operation:
        case PutEdit(edit=edit):
            return put_words(edit, None if known is None else known.edit(edit.id), where)
        case RemoveEdit(edit_id=edit_id):
            gone = None if known is None else known.edit(edit_id)
            what = "what was gone already" if gone is None else thing_of(gone)
            return f"took {what} out of {where}"
        case Clear():
            return f"cleared {where}"
        case SetCluster():
            return _set_words(operation, known, where)


def _set_words(operation: SetCluster, known: Cluster | None, where: str) -> str:
    before = {} if known is None else settings_of(known)
    differing = [name for name, value in before.items() if getattr(operation, name) != value]
    if differing == ["name"]:
        return f"renamed {where} to {short(operation.name)}"
    if differing == ["count"]:
        count = operation.count
        return (
            f"let {where} be as sharp as it is"
            if count is None
            else (f"made {where} of {count:,} images")
        )
    if differing == ["mirror"]:
        return f"{'let' if operation.mirror else 'no longer let'} images of {where} be mirrored"
    if len(differing) == 1:
        return f"changed the {differing[0]} of {where}"
    return f"changed the settings of {where}"


def _of_clusters(
    operation: AddCluster | RemoveCluster | MoveCluster | MergeClusters, before: Session
) -> str:
    match operation:
        case AddCluster(name=name, source=FromCluster(cluster=source)):
            return f"copied {_name(before, source)} as {short(name)}"
        case AddCluster(name=name, source=FromImages(images=images)):
            return f"began {short(name)} from {_count(len(images), 'image')}"
        case AddCluster(name=name, source=FromEdits(edits=edits)):
            what = thing_of(edits[0]) if len(edits) == 1 else _count(len(edits), "edit")
            return f"began {short(name)} from {what}"
        case AddCluster(name=name):
            return f"began {short(name)}"
        case RemoveCluster(cluster=cluster_id):
            return f"removed {_name(before, cluster_id)}"
        case MoveCluster(cluster=cluster_id, place=place):
            return f"moved {_name(before, cluster_id)} to place {place + 1}"
        case MergeClusters(clusters=ids, name=name):
            names = " and ".join(_name(before, cluster_id) for cluster_id in ids)
            return f"merged {names} into {short(name)}"


def _of_keypoints(
    operation: (
        SetSchema | PutMark | RemoveMark | PutLayer | RemoveLayer | PutReview | RemoveReview
    ),
    before: Session,
) -> str:
    annotation = before.annotation
    match operation:
        case SetSchema(schema_=schema):
            return f"set {_count(len(schema.keypoints), 'keypoint')} of “{short(schema.name)}”"
        case PutMark(cluster=cluster_id, keypoint=keypoint):
            return f"placed {_point(annotation, keypoint)} on {_name(before, cluster_id)}"
        case RemoveMark(cluster=cluster_id, keypoint=keypoint):
            return f"took {_point(annotation, keypoint)} off {_name(before, cluster_id)}"
        case PutLayer(layer=layer):
            images = layer.images
            where = file_word(images[0].image) if len(images) == 1 else _count(len(images), "image")
            verb = {"hand": "corrected", "accepted": "accepted"}.get(layer.kind, "imported")
            return f"{verb} {_count(layer.count, 'point')} of {where}"
        case RemoveLayer(layer_id=layer_id):
            known = _find(annotation.layers, lambda layer: layer.id == layer_id)
            points = "points" if known is None else _count(known.count, "point")
            return f"took {points} back"
        case PutReview(image=image):
            return f"reviewed {file_word(image)}"
        case RemoveReview(image=image):
            return f"put {file_word(image)} back to be reviewed"


def _what_differs(before: Session, after: Session) -> str:
    """Return the first thing in which two sessions differ, in words."""
    known = {cluster.id: cluster for cluster in before.clusters}
    there = {cluster.id: cluster for cluster in after.clusters}
    changed = [cluster for cluster in after.clusters if known.get(cluster.id) != cluster]
    gone = [cluster for cluster in before.clusters if cluster.id not in there]
    if len(changed) + len(gone) > 1:
        return f"changes of {_count(len(changed) + len(gone), 'average')}"
    for cluster in gone:
        return short(cluster.name)
    for cluster in changed:
        old = known.get(cluster.id)
        return short(cluster.name) if old is None else _in_words(old, cluster)
    if before.annotation != after.annotation:
        return _annotation_differs(before.annotation, after.annotation)
    return "the order of the averages"


def _in_words(old: Cluster, new: Cluster) -> str:
    """Return in what two clusters of one id differ."""
    before, after = entries_of(old), entries_of(new)
    ids = [id_ for id_ in {**before, **after} if before.get(id_) != after.get(id_)]
    if not ids:
        return f"the settings of {short(new.name)}"
    if len(ids) > 1:
        return f"{len(ids)} edits of {short(new.name)}"
    entry = after.get(ids[0]) or before[ids[0]]
    return f"{thing_of(entry.edit)} in {short(new.name)}"


def _annotation_differs(before: Annotation, after: Annotation) -> str:
    if before.schema != after.schema:
        return "the keypoints"
    if before.marks != after.marks:
        differing = {*before.marks} ^ {*after.marks}
        keypoints = {mark.keypoint for mark in differing}
        return _point(after, keypoints.pop()) if len(keypoints) == 1 else "keypoints"
    return "points of images" if before.layers != after.layers else "a review"


def _name(session: Session, cluster_id: str) -> str:
    known = _find(session.clusters, lambda cluster: cluster.id == cluster_id)
    return "an average that is gone" if known is None else short(known.name)


def _point(annotation: Annotation, keypoint_id: str) -> str:
    known = _find(annotation.schema.keypoints, lambda keypoint: keypoint.id == keypoint_id)
    return f"“{short(keypoint_id if known is None else known.name)}”"


def _count(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _find(items: tuple[Item, ...], is_it: Callable[[Item], bool]) -> Item | None:
    return next(filter(is_it, items), None)
