"""Which keypoints things of a kind have: names, order, edges, colors and left-right pairs.

Points refer to keypoints by id, so a schema can be renamed, reordered and extended without losing
any.
"""

import re
from dataclasses import dataclass

from explorer.errors import SessionError

ID_PATTERN = "[a-z0-9_-]{1,48}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keypoint:
    """One kind of point.

    Attributes
    ----------
    id
        Of a-z, 0-9, - and _; it never changes.
    name
        For people; it may change.
    color
        "#rrggbb", or "" for one that the page chooses.
    """

    id: str
    name: str
    color: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(ID_PATTERN, self.id):
            raise SessionError(
                f"a keypoint's id must be 1 to 48 of a-z, 0-9, - and _, got {self.id!r}"
            )
        if not self.name:
            raise SessionError(f"keypoint {self.id!r} must have a name, got an empty one")
        if self.color and not re.fullmatch("#[0-9a-f]{6}", self.color):
            raise SessionError(f'color must be "" or "#rrggbb" in lower case, got {self.color!r}')


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The keypoints of a kind of thing.

    Attributes
    ----------
    name
        What has these keypoints: "face", "shoe".
    keypoints
        In the order in which they are placed and exported.
    edges
        Pairs of ids that are drawn joined.
    pairs
        Pairs of ids, left and right: in a mirrored image they change places.
    """

    name: str = "object"
    keypoints: tuple[Keypoint, ...] = ()
    edges: tuple[tuple[str, str], ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        ids = self.ids
        if len(set(ids)) != len(ids):
            raise SessionError(f"keypoints must have different ids, got {list(ids)}")
        for what, couples in (("an edge", self.edges), ("a pair", self.pairs)):
            for one, other in couples:
                if one == other or one not in ids or other not in ids:
                    raise SessionError(
                        f"{what} must join two different keypoints of the schema, "
                        f"got {one!r} and {other!r}"
                    )
        paired = [end for pair in self.pairs for end in pair]
        if len(set(paired)) != len(paired):
            raise SessionError(f"a keypoint must be in one pair at most, got {list(self.pairs)}")

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids in their order."""
        return tuple(keypoint.id for keypoint in self.keypoints)
