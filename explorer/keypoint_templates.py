"""Schemas to start from: faces, people, and the empty one.

Left and right of a face are the image's, as in the 68-point layout; those of a person are that
person's own, as in COCO. So both go out and come in under the names that their readers expect.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from explorer.errors import SessionError
from explorer.keypoint_schema import Keypoint, Schema

LEFT, RIGHT, MIDDLE = "#3cb44b", "#e6194b", "#4363d8"

_SIDES = ("left", "right")
_FACE_PARTS = {
    "jaw": ("#4363d8", "left-1 left-2 left-3 left-4 left-5 left-6 left-7 left-8 chin "
            "right-8 right-7 right-6 right-5 right-4 right-3 right-2 right-1"),
    "brow-left": ("#f58231", "1 2 3 4 5"),
    "brow-right": ("#f58231", "5 4 3 2 1"),
    "nose": ("#3cb44b", "bridge-1 bridge-2 bridge-3 tip"),
    "nostril": ("#46b5a5", "left-1 left-2 middle right-2 right-1"),
    "eye-left": ("#e6194b", "outer upper-outer upper-inner inner lower-inner lower-outer"),
    "eye-right": ("#e6194b", "inner upper-inner upper-outer outer lower-outer lower-inner"),
    "lip": ("#911eb4", "left upper-left-1 upper-left-2 upper-middle upper-right-2 upper-right-1 "
            "right lower-right-1 lower-right-2 lower-middle lower-left-2 lower-left-1"),
    "inner-lip": ("#f032e6", "left upper-left upper-middle upper-right "
                  "right lower-right lower-middle lower-left"),
}  # fmt: skip
_CLOSED = {"eye-left", "eye-right", "lip", "inner-lip"}
_BODY = ("eye", "ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle")
_PERSON = ("nose", *(f"{side}_{part}" for part in _BODY for side in _SIDES))
# Numbers of points: legs, trunk, arms, head.
_LIMBS = (
    (15, 13), (13, 11), (16, 14), (14, 12), (11, 12), (5, 11), (6, 12), (5, 6), (5, 7), (6, 8),
    (7, 9), (8, 10), (1, 2), (0, 1), (0, 2), (1, 3), (2, 4), (3, 5), (4, 6),
)  # fmt: skip


def paired(ids: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the pairs (left, right) that ids or names tell by the words "left" and "right"."""
    known = list(ids)
    mirrored = ((one, one.replace(*_SIDES)) for one in known if "left" in one)
    return tuple((left, right) for left, right in mirrored if right in known)


def template(name: str) -> Schema:
    """Return a schema of `TEMPLATES` by its name.

    Raises
    ------
    SessionError
        If there is none of that name.
    """
    if name not in TEMPLATES:
        raise SessionError(f"the templates are {', '.join(TEMPLATES)}, got {name!r}")
    return TEMPLATES[name]


def _face_68() -> Schema:
    keypoints, edges = [], []
    for part, (color, ends) in _FACE_PARTS.items():
        ids = [f"{part}-{end}" for end in ends.split()]
        keypoints += [Keypoint(id=one, name=_words(one), color=color) for one in ids]
        edges += list(_path(ids, is_closed=part in _CLOSED))
    # The nose is one line down to its tip, and the nostrils another below it.
    edges.append(("nose-tip", "nostril-middle"))
    return Schema(
        name="face",
        keypoints=tuple(keypoints),
        edges=tuple(edges),
        pairs=paired(keypoint.id for keypoint in keypoints),
    )


def _face_5() -> Schema:
    ids = ("eye-left", "eye-right", "nose-tip", "mouth-left", "mouth-right")
    return Schema(
        name="face",
        keypoints=tuple(Keypoint(id=one, name=_words(one), color=_side_color(one)) for one in ids),
        edges=(
            ("eye-left", "eye-right"),
            ("eye-left", "nose-tip"),
            ("eye-right", "nose-tip"),
            ("nose-tip", "mouth-left"),
            ("nose-tip", "mouth-right"),
            ("mouth-left", "mouth-right"),
        ),
        pairs=paired(ids),
    )


def _coco_person() -> Schema:
    # The names are COCO's own: readers look for them.
    keypoints = tuple(Keypoint(id=one, name=one, color=_side_color(one)) for one in _PERSON)
    edges = tuple((_PERSON[one], _PERSON[other]) for one, other in _LIMBS)
    return Schema(name="person", keypoints=keypoints, edges=edges, pairs=paired(_PERSON))


def _path(ids: list[str], *, is_closed: bool) -> Iterator[tuple[str, str]]:
    yield from pairwise(ids)
    if is_closed:
        yield ids[-1], ids[0]


def _words(keypoint_id: str) -> str:
    return keypoint_id.replace("-", " ").capitalize()


def _side_color(keypoint_id: str) -> str:
    if "left" in keypoint_id:
        return LEFT
    return RIGHT if "right" in keypoint_id else MIDDLE


TEMPLATES = {
    "face-68": _face_68(),
    "face-5": _face_5(),
    "coco-person": _coco_person(),
    "free": Schema(),
}
"""Schemas by name, in the order in which they are offered."""
