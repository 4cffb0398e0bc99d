"""What people say to each other in a room: comments, votes, claims of work, named snapshots.

None of it changes an average. It stands in the room's log as edits do, and is not undone by undo:
whoever said it takes it back.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from ui.wire.base import COUNT_LIMIT, IMAGES_LIMIT, TEXT_LIMIT, Id, ImageName, Message, UnitPoint

COMMENT_LIMIT = 2000
"""Characters of one comment."""

CommentText: TypeAlias = Annotated[str, Field(min_length=1, max_length=COMMENT_LIMIT)]
SnapshotName: TypeAlias = Annotated[str, Field(min_length=1, max_length=TEXT_LIMIT)]
Images: TypeAlias = Annotated[tuple[ImageName, ...], Field(min_length=1, max_length=IMAGES_LIMIT)]


class OnAverage(Message):
    """A place on the average of a cluster, in canvas units."""

    kind: Literal["average"] = "average"
    cluster: Id
    at: UnitPoint


class OnImage(Message):
    """An image, or a place in it in units of its sides."""

    kind: Literal["image"] = "image"
    image: ImageName
    at: UnitPoint | None = None


CommentPlace: TypeAlias = Annotated[OnAverage | OnImage, Field(discriminator="kind")]


class PutComment(Message):
    """Operation: pin a comment to a place, answer one (`reply_to`), or reword one's own.

    The server writes down how the sender is called, whatever `name` is sent.
    """

    type: Literal["put_comment"] = "put_comment"
    id: Id
    place: CommentPlace
    text: CommentText
    reply_to: Id | None = None
    name: Annotated[str, Field(max_length=TEXT_LIMIT)] = ""


class ResolveComment(Message):
    """Operation: a comment and its answers are dealt with, or are not."""

    type: Literal["resolve_comment"] = "resolve_comment"
    id: Id
    is_resolved: bool


class RemoveComment(Message):
    """Operation: take one's own comment back, and its answers; one not there is no error."""

    type: Literal["remove_comment"] = "remove_comment"
    id: Id


class PutVote(Message):
    """Operation: the sender is for an image (1) or against it (-1)."""

    type: Literal["put_vote"] = "put_vote"
    image: ImageName
    value: Literal[-1, 1]


class RemoveVote(Message):
    """Operation: take one's own vote back; one that is not there is no error."""

    type: Literal["remove_vote"] = "remove_vote"
    image: ImageName


class PutClaim(Message):
    """Operation: the sender looks at these images, so that nobody else need.

    Images that somebody else has claimed are left out; it is refused if none is left. A claim ends
    when the image was reviewed, when it is given back, and half an hour after it was made. The
    server writes down how the sender is called, whatever `name` is sent.
    """

    type: Literal["put_claim"] = "put_claim"
    images: Images
    name: Annotated[str, Field(max_length=TEXT_LIMIT)] = ""


class RemoveClaim(Message):
    """Operation: give claims of one's own back; images that are not one's own are no error."""

    type: Literal["remove_claim"] = "remove_claim"
    images: Images


class PutSnapshot(Message):
    """Operation: give the state a name; `revision` null means the one that is now."""

    type: Literal["put_snapshot"] = "put_snapshot"
    id: Id
    name: SnapshotName
    revision: Annotated[int, Field(ge=0, le=COUNT_LIMIT)] | None = None


class RemoveSnapshot(Message):
    """Operation: forget a name; one that is not there is no error."""

    type: Literal["remove_snapshot"] = "remove_snapshot"
    id: Id


BoardOperation: TypeAlias = (
    PutComment
    | ResolveComment
    | RemoveComment
    | PutVote
    | RemoveVote
    | PutClaim
    | RemoveClaim
    | PutSnapshot
    | RemoveSnapshot
)


class Comment(Message):
    """A comment as it stands on the board; `name` is how its author was called then.

    `time` in seconds since 1970.
    """

    id: str
    place: CommentPlace
    text: str
    author: str
    time: float
    reply_to: str | None = None
    is_resolved: bool = False
    name: str = ""


class Vote(Message):
    """A vote as it stands on the board; one for each image and author."""

    image: str
    author: str
    value: Literal[-1, 1]


class Claim(Message):
    """Who looks at an image, and since when; one for each image."""

    image: str
    author: str
    time: float
    name: str = ""


class Snapshot(Message):
    """A named revision of the room."""

    id: str
    name: str
    revision: int
    author: str
    time: float


class SharedBoard(Message):
    """All that is on the board, in the order in which it came."""

    comments: tuple[Comment, ...] = ()
    votes: tuple[Vote, ...] = ()
    claims: tuple[Claim, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()


class VoteKey(Message):
    """Which vote."""

    image: str
    author: str


class BoardChanges(Message):
    """What changed on the board: take away what is removed, then put (replace, or add at the end).

    Comments and snapshots are known by their id, votes by image and author, claims by image.
    """

    put_comments: tuple[Comment, ...] = ()
    removed_comments: tuple[str, ...] = ()
    put_votes: tuple[Vote, ...] = ()
    removed_votes: tuple[VoteKey, ...] = ()
    put_claims: tuple[Claim, ...] = ()
    removed_claims: tuple[str, ...] = ()
    put_snapshots: tuple[Snapshot, ...] = ()
    removed_snapshots: tuple[str, ...] = ()
