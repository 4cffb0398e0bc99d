"""Every message on the wire, both ways.

What `operate` can carry stands in `ui.wire.operations`, what is told of keypoints in
`ui.wire.keypoint_messages`.

A change here raises `PROTOCOL` and updates tests/messages/, which the JavaScript tests read too.
State (`operate`, `applied`) is ordered by the room's revision and never dropped; `preview`,
`ranking`, `clusters`, `status` and frames may be dropped for a newer one. Points are canvas units,
colors sRGB.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from explorer.edits import EditId, ScoredEdit
from explorer.session import AlignmentName, Cluster, Entry, WeightingName
from ui.wire.base import Id, Message, RequestNumber, Units
from ui.wire.board import BoardChanges, SharedBoard
from ui.wire.figures import Clusters, Modes, Progress, Ranking
from ui.wire.keypoint_messages import AnnotationChanges, SharedSession
from ui.wire.operations import AnyCluster, AnyEdit, Operation
from ui.wire.people import Here, People
from ui.wire.roles import Role

PROTOCOL = 5

SIZE_LIMIT = 4096
"""Greatest side of a patch that can be asked for, in pixels; the nearest that is mined counts."""

AnyScoredEdit: TypeAlias = Annotated[ScoredEdit, Field(discriminator="kind")]


class Operate(Message):
    """Client: carry out an operation. The same `op_id` twice is carried out once."""

    type: Literal["operate"] = "operate"
    op_id: Id
    operation: Operation


class Preview(Message):
    """Client: show the average with this edit in progress, or without one (null).

    A stroke that is drawn, a mode or an image that is looked at.

    `request` grows with every preview of a connection; a frame acknowledges every number up to its
    own. Nothing is written down, and the newest preview wins.
    """

    type: Literal["preview"] = "preview"
    request: RequestNumber
    cluster: Id
    edit: AnyScoredEdit | None


class Hover(Message):
    """Client: say which modes are under the cursor of the explorer brush.

    `size` is the side of the patch in pixels of the collection; the nearest one that modes are
    mined at counts. `request` has a counter of its own, and the newest hover wins.
    """

    type: Literal["hover"] = "hover"
    request: RequestNumber
    cluster: Id
    x: Units
    y: Units
    size: Annotated[int, Field(ge=1, le=SIZE_LIMIT)]


class Focus(Message):
    """Client: this is the cluster that I look at now; a preview that was shown ends.

    Nobody else is told. The server looks at the first one of a new member, and at a neighbor when
    the cluster is removed.
    """

    type: Literal["focus"] = "focus"
    cluster: Id


class Cancel(Message):
    """Client: give up what takes long. The edit that asked for it stays until it is removed."""

    type: Literal["cancel"] = "cancel"
    what: Literal["sharpen"] = "sharpen"
    cluster: Id


class Ping(Message):
    """Client: answer with `pong`."""

    type: Literal["ping"] = "ping"
    time: Annotated[float, Field(allow_inf_nan=False)]


ClientMessage: TypeAlias = Annotated[
    Operate | Preview | Hover | Focus | Cancel | Here | Ping, Field(discriminator="type")
]
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


class RoomInfo(Message):
    """What the page must know of a room.

    Attributes
    ----------
    name
        The room's name in URLs: the collection's for its main room, `COLLECTION~ID` for a branch.
    title
        What people call it.
    parent, base
        Of a branch: the room that it left, and the revision of its own log at which it did, or at
        which it was published last.
    is_private
        Whether only its author sees it among the rooms of the collection.
    """

    name: str
    title: str
    parent: str | None = None
    base: int | None = None
    author: str = ""
    is_private: bool = False


class Welcome(Message):
    """Server: the state, on joining. It replaces all that the client knew.

    To a client that said up to which revision it had followed, `session` and `board` are null if
    the server still knows all that came after: it goes on from what it has, `revision` is the one
    that it said, and an `applied` of each operation after it follows. `last` is the `op_id` of the
    operation that made `revision`, "" for 0; a client keeps that of the newest `applied` and says
    it with the revision when it joins again. `person` is the id of the client in `people`; `role`
    says what it may do. `names` tells how authors of the room were called when they did something
    last, also those who have left; it may lack some.
    """

    type: Literal["welcome"] = "welcome"
    protocol: int = PROTOCOL
    revision: int
    last: str = ""
    author: str
    person: str
    role: Role
    room: RoomInfo
    session: SharedSession | None
    board: SharedBoard | None
    collection: CollectionInfo
    collections: tuple[str, ...]
    names: dict[str, str] = Field(default_factory=dict)


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
    alignment: AlignmentName
    mirror: bool
    color: str

    @classmethod
    def of(cls, cluster: Cluster) -> "ClusterSettings":
        """Return the cluster's settings as a message."""
        return cls(
            id=cluster.id,
            name=cluster.name,
            weighting=cluster.weighting,
            count=cluster.count,
            alignment=cluster.alignment,
            mirror=cluster.mirror,
            color=cluster.color,
        )


class Changes(Message):
    """What changed in a session: either the parts, or (`session`) everything.

    Follow it in this order: `order` (take in `added`, whole clusters, take away those that `order`
    does not name, and have the others in its order), `removed`, `put` (each at its `place`; an
    edit that is there already keeps its place), `settings`; `annotation` where keypoints changed,
    `board` where people spoke. The board stays as it is when a `session` replaces everything.
    """

    put: tuple[PlacedEntry, ...] = ()
    removed: tuple[RemovedEdit, ...] = ()
    settings: tuple[ClusterSettings, ...] = ()
    added: tuple[AnyCluster, ...] = ()
    order: tuple[str, ...] | None = None
    session: SharedSession | None = None
    annotation: AnnotationChanges | None = None
    board: BoardChanges | None = None


class Applied(Message):
    """Server: operation number `revision` was carried out, and this is what changed.

    To every member the same. An operation sent twice is answered a second time, with its revision
    and without changes.
    """

    type: Literal["applied"] = "applied"
    revision: int
    op_id: str
    author: str
    changes: Changes


class History(Message):
    """Server: whether the receiver has something to undo and to redo; only the newest counts."""

    type: Literal["history"] = "history"
    can_undo: bool
    can_redo: bool


class RoomChanged(Message):
    """Server: somebody gave the room another title, hid it or showed it, put it away or back."""

    type: Literal["room"] = "room"
    room: RoomInfo
    is_archived: bool


RefusedCode: TypeAlias = Literal[
    "bad_message",
    "bad_operation",
    "nothing_to_undo",
    "nothing_to_redo",
    "too_many",
    "not_allowed",
    "claimed",
    "not_saved",
]


class Refused(Message):
    """Server: your message was not carried out. `code` is for programs, `text` for people."""

    type: Literal["refused"] = "refused"
    op_id: str | None
    code: RefusedCode
    text: str


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
    Welcome
    | Applied
    | History
    | RoomChanged
    | People
    | Refused
    | Ranking
    | Clusters
    | Modes
    | Progress
    | Status
    | Pong,
    Field(discriminator="type"),
]
server_message: TypeAdapter[ServerMessage] = TypeAdapter(ServerMessage)
