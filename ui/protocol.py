"""Every message on the wire, both ways, and the header of a frame.

A change here raises `PROTOCOL` and updates tests/messages/, which the JavaScript tests read too.
State (`operate`, `applied`) is ordered by the room's revision and never dropped; `preview`,
`ranking`, `status` and frames may be dropped for a newer one. Points are canvas units, colors sRGB.
"""

import struct
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, TypeAdapter

from explorer.edits import Edit, EditId, Stroke
from explorer.session import Cluster, Entry, Session, WeightingName
from explorer.session_json import session_from_json, session_to_json

PROTOCOL = 1

ID_LIMIT = 64
TEXT_LIMIT = 200
COUNT_LIMIT = 10_000_000
REQUEST_LIMIT = 2**32 - 1


def _read_session(value: Any) -> Session:
    return value if isinstance(value, Session) else session_from_json(value)


AnyEdit: TypeAlias = Annotated[Edit, Field(discriminator="kind")]
AnyStroke: TypeAlias = Annotated[Stroke, Field(discriminator="kind")]
AnySession: TypeAlias = Annotated[
    Session, PlainValidator(_read_session), PlainSerializer(session_to_json)
]
Id: TypeAlias = Annotated[str, Field(min_length=1, max_length=ID_LIMIT)]
RequestNumber: TypeAlias = Annotated[int, Field(ge=0, le=REQUEST_LIMIT)]


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
    """Operation: put all settings of a cluster; `count` null lets the average narrow by itself."""

    type: Literal["set_cluster"] = "set_cluster"
    cluster: Id
    name: Annotated[str, Field(min_length=1, max_length=TEXT_LIMIT)]
    weighting: WeightingName
    count: Annotated[int, Field(ge=1, le=COUNT_LIMIT)] | None


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
    PutEdit | RemoveEdit | SetCluster | Clear | ReplaceSession | Undo | Redo,
    Field(discriminator="type"),
]
operation: TypeAdapter[Operation] = TypeAdapter(Operation)


class Operate(Message):
    """Client: carry out an operation. The same `op_id` twice is carried out once."""

    type: Literal["operate"] = "operate"
    op_id: Id
    operation: Operation


class Preview(Message):
    """Client: show the average with this stroke in progress, or without one (null).

    `request` grows with every preview of a connection; a frame acknowledges every number up to its
    own. Nothing is written down, and the newest preview wins.
    """

    type: Literal["preview"] = "preview"
    request: RequestNumber
    cluster: Id
    edit: AnyStroke | None


class Ping(Message):
    """Client: answer with `pong`."""

    type: Literal["ping"] = "ping"
    time: Annotated[float, Field(allow_inf_nan=False)]


ClientMessage: TypeAlias = Annotated[Operate | Preview | Ping, Field(discriminator="type")]
client_message: TypeAdapter[ClientMessage] = TypeAdapter(ClientMessage)


class CollectionInfo(Message):
    """What the page must know of a collection.

    `name` is the one in URLs; pictures asked for with `&v=VERSION` are cached for good.
    """

    name: str
    images: int
    height: int
    width: int
    metadata: tuple[str, ...] = ()
    version: str = ""


class Welcome(Message):
    """Server: the whole state, on joining. It replaces all that the client knew."""

    type: Literal["welcome"] = "welcome"
    protocol: int = PROTOCOL
    revision: int
    author: str
    session: AnySession
    collection: CollectionInfo
    collections: tuple[str, ...]
    can_undo: bool
    can_redo: bool


class PlacedEntry(Message):
    """An edit with its author and time, and its place in the cluster's order once all are put."""

    cluster: str
    place: int
    entry: "EntryMessage"


class EntryMessage(Message):
    """An edit with who made it and when (seconds since 1970)."""

    edit: AnyEdit
    author: str
    time: float

    @classmethod
    def of(cls, entry: Entry) -> "EntryMessage":
        """Return the entry as a message."""
        return cls(edit=entry.edit, author=entry.author, time=entry.time)


class RemovedEdit(Message):
    """An edit that is no longer there."""

    cluster: str
    edit_id: EditId


class ClusterSettings(Message):
    """The settings of a cluster."""

    id: str
    name: str
    weighting: WeightingName
    count: int | None

    @classmethod
    def of(cls, cluster: Cluster) -> "ClusterSettings":
        """Return the cluster's settings as a message."""
        return cls(
            id=cluster.id, name=cluster.name, weighting=cluster.weighting, count=cluster.count
        )


class Changes(Message):
    """What changed in a session: either the parts, or (`session`) everything.

    Follow it in this order: `removed`, `put` (each at its `place`; an edit that is there already
    keeps its place), `settings`.
    """

    put: tuple[PlacedEntry, ...] = ()
    removed: tuple[RemovedEdit, ...] = ()
    settings: tuple[ClusterSettings, ...] = ()
    session: AnySession | None = None


class Applied(Message):
    """Server: operation number `revision` was carried out, and this is what changed.

    To every member. `can_undo` and `can_redo` are the receiver's. An operation sent twice is
    answered a second time with its revision and without changes.
    """

    type: Literal["applied"] = "applied"
    revision: int
    op_id: str
    author: str
    changes: Changes
    can_undo: bool
    can_redo: bool


RefusedCode: TypeAlias = Literal[
    "bad_message",
    "bad_operation",
    "nothing_to_undo",
    "nothing_to_redo",
    "too_many",
    "not_saved",
]


class Refused(Message):
    """Server: your message was not carried out. `code` is for programs, `text` for people."""

    type: Literal["refused"] = "refused"
    op_id: str | None
    code: RefusedCode
    text: str


Box: TypeAlias = tuple[float, float, float, float]


class RankedImage(Message):
    """One image of the strip: its share of the average and, for each stroke, where it matched.

    A box is (x, y, width, height) in canvas units.
    """

    id: int
    name: str
    weight: float
    score: float
    boxes: dict[str, Box]


class Ranking(Message):
    """Server: the images that weigh most. While a stroke is drawn it comes at a lower rate.

    `unplaced` are the edits that could not count: strokes beside the canvas, verdicts on images
    that the collection does not have.
    """

    type: Literal["ranking"] = "ranking"
    revision: int
    request: RequestNumber
    cluster: str
    effective_images: float
    sharpness: float
    top: tuple[RankedImage, ...]
    unplaced: tuple[str, ...] = ()


class Status(Message):
    """Server: something to tell the person. With `request` set, no frame of it will come."""

    type: Literal["status"] = "status"
    level: Literal["info", "error"]
    text: str
    request: RequestNumber | None = None


class Pong(Message):
    """Server: the answer to `ping`, with its time."""

    type: Literal["pong"] = "pong"
    time: float


ServerMessage: TypeAlias = Annotated[
    Welcome | Applied | Refused | Ranking | Status | Pong, Field(discriminator="type")
]
server_message: TypeAdapter[ServerMessage] = TypeAdapter(ServerMessage)


FRAME_HEADER = struct.Struct("<BBHIIIHH")
"""kind u8, codec u8, cluster u16, revision u32, request u32, elapsed u32, width u16, height u16."""

FRAME_KINDS = {"live": 1, "rest": 2}
FRAME_CODECS = {"jpeg": 1, "png": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One average as it goes to a member: 20 bytes of header, little-endian, and the picture.

    Attributes
    ----------
    kind
        "live" while a stroke is drawn, "rest" when the hand is still.
    cluster
        Place of the cluster in the session at `revision`.
    revision, request
        The newest operation and the receiver's newest preview that the picture shows. A client
        drops a frame whose (revision, request) is smaller than the last shown one's.
    elapsed_s
        From the message's arrival to the encoded picture, in seconds.
    """

    kind: Literal["live", "rest"]
    codec: Literal["jpeg", "png"]
    cluster: int
    revision: int
    request: int
    elapsed_s: float
    width: int
    height: int
    picture: bytes

    def to_bytes(self) -> bytes:
        """Return the frame as it is sent."""
        header = FRAME_HEADER.pack(
            FRAME_KINDS[self.kind],
            FRAME_CODECS[self.codec],
            self.cluster,
            self.revision,
            self.request,
            min(round(self.elapsed_s * 1e6), REQUEST_LIMIT),
            self.width,
            self.height,
        )
        return header + self.picture
