"""What a person adds to an average: each edit is a value that never changes.

To change an edit is to put a new value under the same id, so the same value serves the engine,
undo, the room's log, the session file and the wire. Coordinates are canvas units: (x, y) in [0, 1],
x right, y down. No array stands in an edit, so two edits are equal if their fields are.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias, get_args

from explorer.errors import EditError


class _UpToFirstWrong:
    """Lets who reads edits with pydantic stop at the first wrong item of a tuple.

    Else a message of a megabyte is wrong in 200,000 places, and to name them takes seconds.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        return handler(source) | {"fail_fast": True}


UP_TO_FIRST_WRONG = _UpToFirstWrong()


class _ByKind:
    """Lets who reads edits with pydantic look at their kind first, rather than try one by one."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        choices = {
            one.__dataclass_fields__["kind"].default: handler(one) for one in get_args(source)
        }
        return {"type": "tagged-union", "discriminator": "kind", "choices": choices}


BY_KIND = _ByKind()

EditId: TypeAlias = str
Point: TypeAlias = tuple[float, float]
Path: TypeAlias = Annotated[tuple[Point, ...], UP_TO_FIRST_WRONG]
Rgb: TypeAlias = tuple[int, int, int]
Reach: TypeAlias = Literal["near", "anywhere"]
"""Where an edit is looked for: around its own place at its own size, or all over at any size."""

STRENGTH_LIMIT = 4.0
POINTS_LIMIT = 20_000
NAME_LIMIT = 64
ROUNDS_LIMIT = 12
PARTS_LIMIT = 64


def check_brush(stroke: "Stroke") -> None:
    """Check what every brush stroke has.

    Raises
    ------
    EditError
        If the id is empty or long, no path has a point, a number is not finite, the radius is not
        in (0, 1], the strength not within +-4 or the reach unknown.
    """
    edit_id, paths, radius, strength = stroke.id, stroke.paths, stroke.radius, stroke.strength
    _check_id(edit_id)
    _check_reach(edit_id, stroke.reach)
    if not paths or not all(paths):
        raise EditError("a stroke needs at least one point in each path", edit_id=edit_id)
    if sum(map(len, paths)) > POINTS_LIMIT:
        raise EditError(f"a stroke has at most {POINTS_LIMIT} points: thin it", edit_id=edit_id)
    if not all(
        math.isfinite(value) and abs(value) <= 2 for path in paths for p in path for value in p
    ):
        raise EditError("points must be finite canvas units within [-2, 2]", edit_id=edit_id)
    if not 0 < radius <= 1:
        raise EditError(f"radius must be in (0, 1] canvas units, got {radius}", edit_id=edit_id)
    _check_strength(edit_id, strength)


def _check_id(edit_id: EditId) -> None:
    if not 0 < len(edit_id) <= NAME_LIMIT:
        raise EditError(f"an edit's id must have 1 to {NAME_LIMIT} characters, got {len(edit_id)}")


def _check_reach(edit_id: EditId, reach: str) -> None:
    if reach not in get_args(Reach):
        raise EditError(f'reach must be "near" or "anywhere", got {reach!r}', edit_id=edit_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColorStroke:
    """Paint a color: images that show it there weigh more.

    Attributes
    ----------
    paths
        The lines of the brush, each a tuple of (x, y) in canvas units.
    radius
        Half the width of the brush in canvas units of the width, in (0, 1].
    color
        sRGB, 0 to 255.
    strength
        How much the edit counts, 1 as painted; negative asks for less of it.
    enabled
        Whether the edit counts at all.
    reach
        "near" looks around where the edit is; "anywhere" in the whole picture, at several sizes.
    """

    id: EditId
    paths: Annotated[tuple[Path, ...], UP_TO_FIRST_WRONG]
    radius: float
    color: Rgb
    strength: float = 1.0
    enabled: bool = True
    reach: Reach = "near"
    kind: Literal["color"] = "color"

    def __post_init__(self) -> None:
        check_brush(self)
        if not all(0 <= channel <= 255 for channel in self.color):
            raise EditError(f"color must be sRGB in 0..255, got {self.color}", edit_id=self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class SketchStroke:
    """Draw lines: images that have edges there weigh more.

    Attributes
    ----------
    paths
        The lines, each a tuple of (x, y) in canvas units. Lines that belong to one shape (the two
        sides of a heel) are one edit, so that they move together when they are matched.
    radius
        Half the width of the line in canvas units of the width, in (0, 1].
    strength
        How much the edit counts, 1 as drawn; negative asks for no such edge.
    enabled
        Whether the edit counts at all.
    reach
        "near" looks around where the edit is; "anywhere" in the whole picture, at several sizes.
    """

    id: EditId
    paths: Annotated[tuple[Path, ...], UP_TO_FIRST_WRONG]
    radius: float
    strength: float = 1.0
    enabled: bool = True
    reach: Reach = "near"
    kind: Literal["sketch"] = "sketch"

    def __post_init__(self) -> None:
        check_brush(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageVerdict:
    """Pin one image into the average, or exclude it.

    Attributes
    ----------
    image
        The image's name in the collection (its path as built).
    verdict
        "pin": it weighs as much as the best image; "exclude": it weighs nothing.
    enabled
        Whether the edit counts at all.
    """

    id: EditId
    image: str
    verdict: Literal["pin", "exclude"]
    enabled: bool = True
    kind: Literal["image"] = "image"

    def __post_init__(self) -> None:
        _check_id(self.id)
        if not self.image:
            raise EditError("an image verdict needs the image's name, got none", edit_id=self.id)
        if self.verdict not in ("pin", "exclude"):
            raise EditError(
                f'verdict must be "pin" or "exclude", got {self.verdict!r}', edit_id=self.id
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ModePick:
    """Ask for one mode: images that have something like this patch there weigh more.

    The patch is the seed of the mode, so the edit means the same whether or not modes were mined.

    Attributes
    ----------
    image
        Name of the image that the seed is part of.
    center
        Middle of the seed, (x, y) in canvas units; images are searched around the same place.
    size
        Side of the square patch in canvas units of the width, in (0, 1].
    strength
        How much the edit counts, 1 as picked; negative asks for less of it.
    enabled
        Whether the edit counts at all.
    reach
        "near" looks around where the edit is; "anywhere" in the whole picture, at several sizes.
    """

    id: EditId
    image: str
    center: Point
    size: float
    strength: float = 1.0
    enabled: bool = True
    reach: Reach = "near"
    kind: Literal["mode"] = "mode"

    def __post_init__(self) -> None:
        _check_example(self.id, self.image, self.strength)
        _check_reach(self.id, self.reach)
        if not all(math.isfinite(value) and 0 <= value <= 1 for value in self.center):
            raise EditError(
                f"center must be canvas units within [0, 1], got {self.center}", edit_id=self.id
            )
        if not 0 < self.size <= 1:
            raise EditError(
                f"size must be in (0, 1] canvas units, got {self.size}", edit_id=self.id
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class LikeImage:
    """Ask for images that look like this one as a whole, in edges and colors.

    Attributes
    ----------
    image
        The image's name in the collection.
    strength
        How much the edit counts; negative asks for images unlike it.
    enabled
        Whether the edit counts at all.
    """

    id: EditId
    image: str
    strength: float = 1.0
    enabled: bool = True
    kind: Literal["like"] = "like"

    def __post_init__(self) -> None:
        _check_example(self.id, self.image, self.strength)


def _check_example(edit_id: EditId, image: str, strength: float) -> None:
    _check_id(edit_id)
    if not image:
        raise EditError("an example needs the image's name, got none", edit_id=edit_id)
    _check_strength(edit_id, strength)


def _check_strength(edit_id: EditId, strength: float) -> None:
    if not abs(strength) <= STRENGTH_LIMIT:
        raise EditError(
            f"strength must be within +-{STRENGTH_LIMIT:g}, got {strength}", edit_id=edit_id
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """Ask for images that fit one of several groups of edits: what merging clusters makes.

    Attributes
    ----------
    parts
        The edits of each group, 2 to 64 groups.
    names
        What each group is called, for people; as many as `parts`.
    strength
        How much the edit counts; negative asks for images that fit none of the groups.
    enabled
        Whether the edit counts at all.
    """

    id: EditId
    parts: (
        "Annotated[tuple[Annotated[tuple[Annotated[Edit, BY_KIND], ...], UP_TO_FIRST_WRONG], ...],"
        "UP_TO_FIRST_WRONG]"
    )
    names: tuple[str, ...]
    strength: float = 1.0
    enabled: bool = True
    kind: Literal["any"] = "any"

    def __post_init__(self) -> None:
        _check_id(self.id)
        _check_strength(self.id, self.strength)
        if not 2 <= len(self.parts) <= PARTS_LIMIT or len(self.names) != len(self.parts):
            raise EditError(
                f"a merged edit needs 2 to {PARTS_LIMIT} groups and a name for each, got "
                f"{len(self.parts)} groups and {len(self.names)} names",
                edit_id=self.id,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharpen:
    """Line the cluster's images up with their own average, again and again ("congealing").

    It scores nothing: it moves the images that the other edits chose, starting from where those
    edits put them.

    Attributes
    ----------
    rounds
        How often the images are matched to their average, 1 to 12; the first rounds are coarse.
    enabled
        Whether the edit counts at all.
    """

    id: EditId
    rounds: int = 6
    enabled: bool = True
    kind: Literal["sharpen"] = "sharpen"

    def __post_init__(self) -> None:
        _check_id(self.id)
        if not 1 <= self.rounds <= ROUNDS_LIMIT:
            raise EditError(
                f"rounds must be 1 to {ROUNDS_LIMIT}, got {self.rounds}", edit_id=self.id
            )


Stroke: TypeAlias = ColorStroke | SketchStroke
ScoredEdit: TypeAlias = ColorStroke | SketchStroke | ModePick | LikeImage | AnyOf
"""An edit that gives every image a score."""
Edit: TypeAlias = ColorStroke | SketchStroke | ModePick | LikeImage | AnyOf | ImageVerdict | Sharpen
