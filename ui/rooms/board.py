"""The board of a room as a value: comments, votes, claims and snapshots, and what changes them."""

import dataclasses
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from ui.wire.board import (
    BoardChanges,
    BoardOperation,
    Claim,
    Comment,
    PutClaim,
    PutComment,
    PutSnapshot,
    PutVote,
    RemoveClaim,
    RemoveComment,
    RemoveSnapshot,
    RemoveVote,
    ResolveComment,
    SharedBoard,
    Snapshot,
    Vote,
    VoteKey,
)
from ui.wire.protocol import RefusedCode

CLAIM_LASTS_S = 1800.0
"""A claim older than this holds nobody back: people close pages without giving anything back."""
COMMENTS_LIMIT = 10_000
VOTES_LIMIT = 200_000
CLAIMS_LIMIT = 200_000
SNAPSHOTS_LIMIT = 1_000

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")


class BoardError(ValueError):
    """What somebody says cannot stand on the board; `code` is for programs."""

    def __init__(self, message: str, *, code: RefusedCode = "bad_operation") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class By:
    """Who does something, when (seconds since 1970), and after how many operations."""

    author: str
    time: float
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What people have said in a room, each by its key, in the order in which it came."""

    comments: Mapping[str, Comment] = field(default_factory=dict)
    votes: Mapping[tuple[str, str], Vote] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)
    snapshots: Mapping[str, Snapshot] = field(default_factory=dict)

    @property
    def shared(self) -> SharedBoard:
        """The board as members see it."""
        return SharedBoard(
            comments=tuple(self.comments.values()),
            votes=tuple(self.votes.values()),
            claims=tuple(self.claims.values()),
            snapshots=tuple(self.snapshots.values()),
        )

    def claims_at(self, time: float) -> dict[str, Claim]:
        """Return the claims that have not lapsed at a time, by image."""
        return {image: claim for image, claim in self.claims.items() if _still_holds(claim, time)}

    def reviewed(self, image: str) -> "Board":
        """Return the board after an image was reviewed: nobody need look at it any more."""
        if image not in self.claims:
            return self
        return dataclasses.replace(self, claims=_without(self.claims, image))


def with_said(board: Board, operation: BoardOperation, by: By) -> Board:
    """Return the board after somebody said something.

    Raises
    ------
    BoardError
        If it is another's comment, answers or resolves one that is not there, names a revision
        that is not yet, claims what others have claimed, or the board is full.
    """
    match operation:
        case PutComment():
            return dataclasses.replace(board, comments=_with_comment(board, operation, by))
        case ResolveComment(id=comment_id, is_resolved=is_resolved):
            comment = _find(board, comment_id).model_copy(update={"is_resolved": is_resolved})
            return dataclasses.replace(board, comments={**board.comments, comment_id: comment})
        case RemoveComment(id=comment_id):
            return dataclasses.replace(board, comments=_without_comment(board, comment_id, by))
        case PutVote(image=image, value=value):
            vote = Vote(image=image, author=by.author, value=value)
            votes = _put(board.votes, (image, by.author), vote, VOTES_LIMIT)
            return dataclasses.replace(board, votes=votes)
        case RemoveVote(image=image):
            return dataclasses.replace(board, votes=_without(board.votes, (image, by.author)))
        case PutClaim():
            return dataclasses.replace(board, claims=_with_claims(board, operation, by))
        case RemoveClaim(images=images):
            own = [i for i in images if i in board.claims and board.claims[i].author == by.author]
            return dataclasses.replace(board, claims=_without(board.claims, *own))
        case PutSnapshot():
            return dataclasses.replace(board, snapshots=_with_snapshot(board, operation, by))
        case RemoveSnapshot(id=snapshot_id):
            return dataclasses.replace(board, snapshots=_without(board.snapshots, snapshot_id))


@dataclass(frozen=True, slots=True)
class Touched:
    """Whatever something that is said can have changed on a board, by key."""

    comments: Iterable[str] = ()
    votes: Iterable[tuple[str, str]] = ()
    claims: Iterable[str] = ()
    snapshots: Iterable[str] = ()


def touched(board: Board, operation: BoardOperation, author: str) -> Touched:
    """Return what on a board is not as it was once somebody says something, at most."""
    match operation:
        case PutComment(id=comment_id) | ResolveComment(id=comment_id):
            return Touched(comments=(comment_id,))
        case RemoveComment(id=comment_id):
            return Touched(comments=(comment_id, *_answers(board, comment_id)))
        case PutVote(image=image) | RemoveVote(image=image):
            return Touched(votes=((image, author),))
        case PutClaim(images=images) | RemoveClaim(images=images):
            return Touched(claims=dict.fromkeys(images))
        case PutSnapshot(id=snapshot_id) | RemoveSnapshot(id=snapshot_id):
            return Touched(snapshots=(snapshot_id,))


def board_changes(before: Board, after: Board, only: Touched | None = None) -> BoardChanges | None:
    """Return what a member that has `before` must be told to have `after`; None for nothing.

    Without `only` everything is compared.
    """
    if before is after:
        return None
    only = only or Touched(
        comments={**before.comments, **after.comments},
        votes={**before.votes, **after.votes},
        claims={**before.claims, **after.claims},
        snapshots={**before.snapshots, **after.snapshots},
    )
    changes = BoardChanges(
        put_comments=_new(before.comments, after.comments, only.comments),
        removed_comments=_gone(before.comments, after.comments, only.comments),
        put_votes=_new(before.votes, after.votes, only.votes),
        removed_votes=tuple(
            VoteKey(image=image, author=author)
            for image, author in _gone(before.votes, after.votes, only.votes)
        ),
        put_claims=_new(before.claims, after.claims, only.claims),
        removed_claims=_gone(before.claims, after.claims, only.claims),
        put_snapshots=_new(before.snapshots, after.snapshots, only.snapshots),
        removed_snapshots=_gone(before.snapshots, after.snapshots, only.snapshots),
    )
    return None if changes == BoardChanges() else changes


def _with_comment(board: Board, operation: PutComment, by: By) -> Mapping[str, Comment]:
    known = board.comments.get(operation.id)
    if known is not None and known.author != by.author:
        raise BoardError("a comment can be reworded only by whoever wrote it: answer it")
    reply_to = known.reply_to if known else operation.reply_to
    if reply_to is not None and _find(board, reply_to).reply_to is not None:
        raise BoardError("an answer is given to the comment itself, not to another answer")
    comment = Comment(
        id=operation.id,
        place=operation.place,
        text=operation.text,
        author=by.author,
        time=known.time if known else by.time,
        reply_to=reply_to,
        is_resolved=known.is_resolved if known else False,
        name=operation.name,
    )
    return _put(board.comments, comment.id, comment, COMMENTS_LIMIT)


def _without_comment(board: Board, comment_id: str, by: By) -> Mapping[str, Comment]:
    known = board.comments.get(comment_id)
    if known is not None and known.author != by.author:
        raise BoardError("a comment can be taken back only by whoever wrote it: resolve it")
    return _without(board.comments, comment_id, *_answers(board, comment_id))


def _answers(board: Board, comment_id: str) -> list[str]:
    return [one.id for one in board.comments.values() if one.reply_to == comment_id]


def _with_claims(board: Board, operation: PutClaim, by: By) -> Mapping[str, Claim]:
    images, name = operation.images, operation.name
    free = [image for image in images if not _is_taken(board, image, by)]
    if not free:
        what = "this image" if len(images) == 1 else f"all of these {len(images)} images"
        raise BoardError(f"others have claimed {what}: claim the next ones", code="claimed")
    new = {image: Claim(image=image, author=by.author, time=by.time, name=name) for image in free}
    claims = {**board.claims, **new}
    if len(claims) > CLAIMS_LIMIT:
        raise _too_many(CLAIMS_LIMIT)
    return claims


def _is_taken(board: Board, image: str, by: By) -> bool:
    claim = board.claims.get(image)
    return claim is not None and claim.author != by.author and _still_holds(claim, by.time)


def _still_holds(claim: Claim, time: float) -> bool:
    return abs(time - claim.time) < CLAIM_LASTS_S  # a clock may have been wrong, or a file lie


def _with_snapshot(board: Board, operation: PutSnapshot, by: By) -> Mapping[str, Snapshot]:
    revision = by.revision if operation.revision is None else operation.revision
    if revision > by.revision:
        raise BoardError(f"there are {by.revision} operations so far, got revision {revision}")
    snapshot = Snapshot(
        id=operation.id, name=operation.name, revision=revision, author=by.author, time=by.time
    )
    return _put(board.snapshots, snapshot.id, snapshot, SNAPSHOTS_LIMIT)


def _find(board: Board, comment_id: str) -> Comment:
    if comment_id not in board.comments:
        raise BoardError(f"there is no comment {comment_id!r}: it may have been taken back")
    return board.comments[comment_id]


def _put(items: Mapping[Key, Item], key: Key, item: Item, limit: int) -> Mapping[Key, Item]:
    if key not in items and len(items) >= limit:
        raise _too_many(limit)
    return {**items, key: item}


def _too_many(limit: int) -> BoardError:
    return BoardError(f"a room has at most {limit} of these: take some back first", code="too_many")


def _without(items: Mapping[Key, Item], *keys: Key) -> Mapping[Key, Item]:
    left = dict(items)
    for key in keys:
        left.pop(key, None)
    return left


def _new(
    before: Mapping[Key, Item], after: Mapping[Key, Item], keys: Iterable[Key]
) -> tuple[Item, ...]:
    if before is after:
        return ()
    return tuple(after[key] for key in keys if key in after and before.get(key) != after[key])


def _gone(
    before: Mapping[Key, Item], after: Mapping[Key, Item], keys: Iterable[Key]
) -> tuple[Key, ...]:
    return tuple(key for key in keys if key in before and key not in after)
