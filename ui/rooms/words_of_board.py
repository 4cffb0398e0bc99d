"""What people said to each other in a room, in a few plain words each."""

from collections.abc import Callable

from ui.rooms.words_of_edits import file_word, short
from ui.wire.board import (
    BoardOperation,
    OnImage,
    PutClaim,
    PutComment,
    PutSnapshot,
    PutVote,
    RemoveClaim,
    RemoveComment,
    RemoveSnapshot,
    RemoveVote,
    ResolveComment,
)


def board_words(operation: BoardOperation, name_of: Callable[[str], str]) -> str:
    """Say what somebody did; `name_of` returns the name of a cluster by its id."""
    match operation:
        case PutComment(reply_to=str()):
            return f"answered: “{short(operation.text)}”"
        case PutComment(place=place):
            where = file_word(place.image) if isinstance(place, OnImage) else name_of(place.cluster)
            return f"commented on {where}: “{short(operation.text)}”"
        case ResolveComment(is_resolved=is_resolved):
            return "resolved a comment" if is_resolved else "opened a comment again"
        case RemoveComment():
            return "took a comment back"
        case _:
            return _other_words(operation)


def _other_words(
    operation: PutVote | RemoveVote | PutClaim | RemoveClaim | PutSnapshot | RemoveSnapshot,
) -> str:
    match operation:
        case PutVote(image=image, value=value):
            return f"voted {'for' if value > 0 else 'against'} {file_word(image)}"
        case RemoveVote(image=image):
            return f"took back a vote on {file_word(image)}"
        case PutClaim(images=images):
            return f"claimed {_images(images)}"
        case RemoveClaim(images=images):
            return f"gave {_images(images)} back"
        case PutSnapshot(name=name, revision=None):
            return f"kept this as “{short(name)}”"
        case PutSnapshot(name=name, revision=revision):
            return f"kept step {revision} as “{short(name)}”"
        case RemoveSnapshot():
            return "took a snapshot's name away"


def _images(images: tuple[str, ...]) -> str:
    return file_word(images[0]) if len(images) == 1 else f"{len(images)} images"
