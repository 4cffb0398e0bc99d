"""What can be done to the state of a room: each operation is a message that stands in its log.

A change here raises `ui.wire.protocol.PROTOCOL`, updates tests/messages/, and must still read the
logs that were written before.
"""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import ConfigDict, Field, PlainSerializer, PlainValidator, TypeAdapter

from explorer.annotation import Layer
from explorer.annotation_json import (
    layer_from_json,
    layer_to_json,
    schema_from_json,
    schema_to_json,
)
from explorer.edits import Edit, Point
from explorer.errors import SessionError
from explorer.keypoint_schema import Schema
from explorer.session import AlignmentName, Cluster, Session, WeightingName
from explorer.session_json import (
    cluster_from_json,
    cluster_to_json,
    session_from_json,
    session_to_json,
)
from ui.wire.base import (
    COUNT_LIMIT,
    IMAGES_LIMIT,
    LAYER_ID_LIMIT,
    MERGED_LIMIT,
    TEXT_LIMIT,
    ClusterColor,
    ClusterName,
    Id,
    ImageName,
    LayerId,
    Message,
    NewClusterId,
    Place,
)
from ui.wire.board import BoardOperation


def read_session(value: Any) -> Session:
    """Read a session that a person opens.

    Raises
    ------
    SessionError
        If it is none; the message says why.
    """
    if isinstance(value, Session):
        return value
    try:
        return session_from_json(value)
    except SessionError as error:
        raise SessionError(f"this is no session: {error}") from error
    except RecursionError as error:
        raise SessionError("this is no session: its edits lie too deep in each other") from error


def read_cluster(value: Any) -> Cluster:
    """Read a cluster as it stands in a session file.

    Raises
    ------
    SessionError
        If it is none; the message says why.
    """
    return value if isinstance(value, Cluster) else cluster_from_json(value)


def read_schema(value: Any) -> Schema:
    """Read a schema as it stands in a session file.

    Raises
    ------
    SessionError
        If it is none; the message says why.
    """
    return value if isinstance(value, Schema) else schema_from_json(value)


def read_layer(value: Any) -> Layer:
    """Read a layer as it stands in a session file.

    Raises
    ------
    SessionError
        If it is none, or its id is too long; the message says why.
    """
    layer = value if isinstance(value, Layer) else layer_from_json(value)
    if len(layer.id) > LAYER_ID_LIMIT:
        raise SessionError(
            f"a layer's id must have at most {LAYER_ID_LIMIT} characters, got {len(layer.id)}"
        )
    return layer


AnyEdit: TypeAlias = Annotated[Edit, Field(discriminator="kind")]
AnySession: TypeAlias = Annotated[
    Session, PlainValidator(read_session), PlainSerializer(session_to_json)
]
AnyCluster: TypeAlias = Annotated[
    Cluster, PlainValidator(read_cluster), PlainSerializer(cluster_to_json)
]
AnySchema: TypeAlias = Annotated[
    Schema, PlainValidator(read_schema), PlainSerializer(schema_to_json)
]
AnyLayer: TypeAlias = Annotated[Layer, PlainValidator(read_layer), PlainSerializer(layer_to_json)]


class PutEdit(Message):
    """Operation: add an edit, or replace the one with the same id."""

    type: Literal["put_edit"] = "put_edit"
    cluster: Id
    edit: AnyEdit


class RemoveEdit(Message):
    """Operation: remove an edit; one that is not there is no error."""

    type: Literal["remove_edit"] = "remove_edit"
    cluster: Id
    edit_id: Id


class SetCluster(Message):
    """Operation: put all settings of a cluster; `count` null lets the average narrow by itself.

    Logs of protocol 2 have no alignment, mirror and color; then every cluster had the defaults.
    """

    type: Literal["set_cluster"] = "set_cluster"
    cluster: Id
    name: ClusterName
    weighting: WeightingName
    count: Annotated[int, Field(ge=1, le=COUNT_LIMIT)] | None
    alignment: AlignmentName = "similarity"
    mirror: bool = False
    color: ClusterColor = ""


class FromNothing(Message):
    """Source of a new cluster: no edits."""

    kind: Literal["empty"] = "empty"


class FromCluster(Message):
    """Source of a new cluster: the edits and settings of another one."""

    kind: Literal["cluster"] = "cluster"
    cluster: Id


class FromImages(Message):
    """Source of a new cluster: some images, by name, and those that look like them."""

    kind: Literal["images"] = "images"
    images: Annotated[tuple[str, ...], Field(min_length=1, max_length=IMAGES_LIMIT)]


class FromEdits(Message):
    """Source of a new cluster: these edits, a mode under the cursor for example."""

    kind: Literal["edits"] = "edits"
    edits: Annotated[tuple[AnyEdit, ...], Field(min_length=1, max_length=IMAGES_LIMIT)]


Source: TypeAlias = Annotated[
    FromNothing | FromCluster | FromImages | FromEdits, Field(discriminator="kind")
]


class AddCluster(Message):
    """Operation: add a cluster with a new id; without a place it is the last one."""

    type: Literal["add_cluster"] = "add_cluster"
    id: NewClusterId
    name: ClusterName
    color: ClusterColor = ""
    place: Place | None = None
    source: Source = FromNothing()


class RemoveCluster(Message):
    """Operation: remove a cluster; one that is not there is no error, the last one is."""

    type: Literal["remove_cluster"] = "remove_cluster"
    cluster: Id


class MoveCluster(Message):
    """Operation: give a cluster another place in the order, counted without itself."""

    type: Literal["move_cluster"] = "move_cluster"
    cluster: Id
    place: Place


class MergeClusters(Message):
    """Operation: put one cluster of the images that fit any of several in place of the first."""

    type: Literal["merge_clusters"] = "merge_clusters"
    clusters: Annotated[tuple[Id, ...], Field(min_length=2, max_length=MERGED_LIMIT)]
    id: NewClusterId
    name: ClusterName


class Clear(Message):
    """Operation: remove every edit of a cluster."""

    type: Literal["clear"] = "clear"
    cluster: Id


class SetSchema(Message):
    """Operation: these are the keypoints; points of ids that it lacks stay, but are not shown."""

    type: Literal["set_schema"] = "set_schema"
    schema_: Annotated[AnySchema, Field(alias="schema")]

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)


class PutMark(Message):
    """Operation: place a keypoint on the average of a cluster, or move the sender's own."""

    type: Literal["put_mark"] = "put_mark"
    cluster: Id
    keypoint: Id
    at: Point


class RemoveMark(Message):
    """Operation: take the sender's own mark away; one that is not there is no error."""

    type: Literal["remove_mark"] = "remove_mark"
    cluster: Id
    keypoint: Id


class PutLayer(Message):
    """Operation: lay points on what was laid before, or anew in place of the layer with its id.

    Its author and time are the operation's, but of one that was imported the file may name the
    author.
    """

    type: Literal["put_layer"] = "put_layer"
    layer: AnyLayer


class RemoveLayer(Message):
    """Operation: take points back; a layer that is not there is no error."""

    type: Literal["remove_layer"] = "remove_layer"
    layer_id: LayerId


class PutReview(Message):
    """Operation: the sender has looked at all points of an image, and they are right."""

    type: Literal["put_review"] = "put_review"
    image: ImageName


class RemoveReview(Message):
    """Operation: an image is to be looked at again; one that is anyway is no error."""

    type: Literal["remove_review"] = "remove_review"
    image: ImageName


class ReplaceSession(Message):
    """Operation: open a session file in place of everything; it can be undone.

    With `keeps_keypoints` the schema, layers, marks and reviews stay what they are, for sessions
    that were found and not saved. With a `base`, only what differs from it is taken over, and only
    where nobody has changed it meanwhile: so a branch of the room is published, `title` is its own.
    With `restores` it is what the room was at that revision.
    """

    type: Literal["replace_session"] = "replace_session"
    session: AnySession
    keeps_keypoints: bool = False
    base: AnySession | None = None
    title: Annotated[str, Field(max_length=TEXT_LIMIT)] = ""
    restores: Annotated[int, Field(ge=0, le=COUNT_LIMIT)] | None = None


class Undo(Message):
    """Operation: put back the values from before the sender's last operation."""

    type: Literal["undo"] = "undo"


class Redo(Message):
    """Operation: put back the values from before the sender's last undo."""

    type: Literal["redo"] = "redo"


KeypointOperation: TypeAlias = (
    SetSchema | PutMark | RemoveMark | PutLayer | RemoveLayer | PutReview | RemoveReview
)
Operation: TypeAlias = Annotated[
    PutEdit
    | RemoveEdit
    | SetCluster
    | Clear
    | AddCluster
    | RemoveCluster
    | MoveCluster
    | MergeClusters
    | KeypointOperation
    | BoardOperation
    | ReplaceSession
    | Undo
    | Redo,
    Field(discriminator="type"),
]
operation: TypeAdapter[Operation] = TypeAdapter(Operation)
