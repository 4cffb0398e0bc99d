"""What can be done to the state of a room: each operation is a message that stands in its log.

A change here raises `ui.protocol.PROTOCOL`, updates tests/messages/, and must still read the logs
that were written before.
"""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, TypeAdapter

from explorer.edits import Edit
from explorer.errors import SessionError
from explorer.session import AlignmentName, Cluster, Session, WeightingName
from explorer.session_json import session_from_json, session_to_json

ID_LIMIT = 64
CLUSTER_ID_LIMIT = 48
"""Shorter, as the edits that come with a new cluster are numbered after it."""

TEXT_LIMIT = 200
IMAGES_LIMIT = 200
MERGED_LIMIT = 64
COUNT_LIMIT = 10_000_000


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
    if isinstance(value, Cluster):
        return value
    frame = session_to_json(Session())
    return session_from_json({**frame, "clusters": [value]}).clusters[0]


def write_cluster(cluster: Cluster) -> dict[str, Any]:
    """Return a cluster as it stands in a session file."""
    written: dict[str, Any] = session_to_json(Session(clusters=(cluster,)))["clusters"][0]
    return written


AnyEdit: TypeAlias = Annotated[Edit, Field(discriminator="kind")]
AnySession: TypeAlias = Annotated[
    Session, PlainValidator(read_session), PlainSerializer(session_to_json)
]
AnyCluster: TypeAlias = Annotated[
    Cluster, PlainValidator(read_cluster), PlainSerializer(write_cluster)
]
Id: TypeAlias = Annotated[str, Field(min_length=1, max_length=ID_LIMIT)]
NewClusterId: TypeAlias = Annotated[
    str, Field(pattern="^[a-z0-9_-]+$", min_length=1, max_length=CLUSTER_ID_LIMIT)
]
ClusterName: TypeAlias = Annotated[str, Field(min_length=1, max_length=TEXT_LIMIT)]
ClusterColor: TypeAlias = Annotated[str, Field(pattern="^(#[0-9a-f]{6})?$")]
Place: TypeAlias = Annotated[int, Field(ge=0, le=COUNT_LIMIT)]


class Message(BaseModel):
    """A frozen message; an unknown field is an error, not a surprise."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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


class ReplaceSession(Message):
    """Operation: open a session file in place of everything; it can be undone."""

    type: Literal["replace_session"] = "replace_session"
    session: AnySession


class Undo(Message):
    """Operation: put back the values from before the sender's last operation."""

    type: Literal["undo"] = "undo"


class Redo(Message):
    """Operation: put back the values from before the sender's last undo."""

    type: Literal["redo"] = "redo"


Operation: TypeAlias = Annotated[
    PutEdit
    | RemoveEdit
    | SetCluster
    | Clear
    | AddCluster
    | RemoveCluster
    | MoveCluster
    | MergeClusters
    | ReplaceSession
    | Undo
    | Redo,
    Field(discriminator="type"),
]
operation: TypeAdapter[Operation] = TypeAdapter(Operation)
