"""What a person adds to an average: each edit is a value that never changes.

To change an edit is to put a new value under the same id, so the same value serves the engine,
undo, the room's log, the session file and the wire. Coordinates are canvas units: (x, y) in [0, 1],
x right, y down. No array stands in an edit, so two edits are equal if their fields are.
"""

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from explorer.errors import EditError

EditId: TypeAlias = str
Point: TypeAlias = tuple[float, float]
Path: TypeAlias = tuple[Point, ...]
Rgb: TypeAlias = tuple[int, int, int]

STRENGTH_LIMIT = 4.0
POINTS_LIMIT = 20_000
NAME_LIMIT = 64


def check_brush(edit_id: EditId, paths: tuple[Path, ...], radius: float, strength: float) -> None:
    """Check what every brush stroke has.

    Raises
    ------
    EditError
        If the id is empty or long, no path has a point, a number is not finite, the radius is not
        in (0, 1] or the strength not within +-4.
    """
    _check_id(edit_id)
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
    if not abs(strength) <= STRENGTH_LIMIT:
        raise EditError(
            f"strength must be within +-{STRENGTH_LIMIT:g}, got {strength}", edit_id=edit_id
        )


def _check_id(edit_id: EditId) -> None:
    if not 0 < len(edit_id) <= NAME_LIMIT:
        raise EditError(f"an edit's id must have 1 to {NAME_LIMIT} characters, got {len(edit_id)}")


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
    """

    id: EditId
    paths: tuple[Path, ...]
    radius: float
    color: Rgb
    strength: float = 1.0
    enabled: bool = True
    kind: Literal["color"] = "color"

    def __post_init__(self) -> None:
        check_brush(self.id, self.paths, self.radius, self.strength)
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
    """

    id: EditId
    paths: tuple[Path, ...]
    radius: float
    strength: float = 1.0
    enabled: bool = True
    kind: Literal["sketch"] = "sketch"

    def __post_init__(self) -> None:
        check_brush(self.id, self.paths, self.radius, self.strength)


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
    """

    id: EditId
    image: str
    center: Point
    size: float
    strength: float = 1.0
    enabled: bool = True
    kind: Literal["mode"] = "mode"

    def __post_init__(self) -> None:
        _check_example(self.id, self.image, self.strength)
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
    if not abs(strength) <= STRENGTH_LIMIT:
        raise EditError(
            f"strength must be within +-{STRENGTH_LIMIT:g}, got {strength}", edit_id=edit_id
        )


Stroke: TypeAlias = ColorStroke | SketchStroke
ScoredEdit: TypeAlias = ColorStroke | SketchStroke | ModePick | LikeImage
"""An edit that gives every image a score."""
Edit: TypeAlias = ColorStroke | SketchStroke | ModePick | LikeImage | ImageVerdict
