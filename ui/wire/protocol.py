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

from explorer.edits import EditId, Point, ScoredEdit
from explorer.session import AlignmentName, Cluster, Entry, WeightingName
from ui.wire.keypoint_messages import AnnotationChanges, SharedSession
from ui.wire.operations import AnyCluster, AnyEdit, Id, Message, Operation

PROTOCOL = 4

REQUEST_LIMIT = 2**32 - 1
SIZE_LIMIT = 4096
"""Greatest side of a patch that can be asked for, in pixels; the nearest that is mined counts."""

AnyScoredEdit: TypeAlias = Annotated[ScoredEdit, Field(discriminator="kind")]
Units: TypeAlias = Annotated[float, Field(ge=0, le=1)]
RequestNumber: TypeAlias = Annotated[int, Field(ge=0, le=REQUEST_LIMIT)]


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
    Operate | Preview | Hover | Focus | Cancel | Ping, Field(discriminator="type")
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


class Welcome(Message):
    """Server: the whole state, on joining. It replaces all that the client knew."""

    type: Literal["welcome"] = "welcome"
    protocol: int = PROTOCOL
    revision: int
    author: str
    session: SharedSession
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
    edit that is there already keeps its place), `settings`; `annotation` where keypoints changed.
    """

    put: tuple[PlacedEntry, ...] = ()
    removed: tuple[RemovedEdit, ...] = ()
    settings: tuple[ClusterSettings, ...] = ()
    added: tuple[AnyCluster, ...] = ()
    order: tuple[str, ...] | None = None
    session: SharedSession | None = None
    annotation: AnnotationChanges | None = None


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

    A box is (x, y, width, height) in canvas units of the image as it is, which takes part in the
    average mirrored where `mirrored` says so. `share` is the part of the image that this cluster
    has, all clusters' parts summing to 1.
    """

    id: int
    name: str
    weight: float
    score: float
    boxes: dict[str, Box]
    mirrored: bool = False
    share: float = 1.0


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


class ClusterFigures(Message):
    """What is known of one cluster, for its card.

    `share` is the part of the collection that it has, `support` how sure it is that what its edits
    ask for is in the collection (0 to 1, null where nothing is asked), `words` the same for people.
    """

    id: str
    share: float
    effective_images: float
    sharpness: float
    support: float | None
    words: str


class Clusters(Message):
    """Server: figures of the clusters; one that is not listed keeps those that it had.

    `outliers` is the part of the collection that no cluster explains, null where that is not known
    yet.
    """

    type: Literal["clusters"] = "clusters"
    revision: int
    request: RequestNumber
    clusters: tuple[ClusterFigures, ...]
    outliers: float | None


class Progress(Message):
    """Server: how far something is that takes long, from 0 to 1.

    The newest one of a cluster counts. After `done` the average follows.
    """

    type: Literal["progress"] = "progress"
    cluster: str
    label: str
    share: Units
    state: Literal["running", "done", "cancelled", "failed"]


class ModeMessage(Message):
    """One mode under the cursor: its seed, from which a `mode` edit is made, and what it holds.

    `share` is the part of the average's weight on images that show this mode best of all modes
    here, `images` how many those are, `inlier` how much more the collection has it than the natural
    world (0 to 1), `picture` the average patch as a base64 JPEG.
    """

    image: str
    center: Point
    size: float
    share: float
    images: int
    inlier: float
    picture: str


class Modes(Message):
    """Server: the modes under the cursor, best first; the box is where they were looked for.

    A first answer may be coarse (`is_final` false); a better one with the same request follows.
    `sizes` are the sides, in pixels of the collection, that can be asked for here.
    """

    type: Literal["modes"] = "modes"
    revision: int
    request: RequestNumber
    cluster: str
    box: Box
    size: int
    sizes: tuple[int, ...]
    is_final: bool
    modes: tuple[ModeMessage, ...]


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
    Welcome | Applied | Refused | Ranking | Clusters | Modes | Progress | Status | Pong,
    Field(discriminator="type"),
]
server_message: TypeAdapter[ServerMessage] = TypeAdapter(ServerMessage)
