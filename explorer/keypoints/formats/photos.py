"""The photographs that a file of keypoints is about: their names, sizes, and boxes in them.

Tools name the same photograph by different paths, so a name is matched by its longest end.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from explorer.annotation import ImagePoint, Laid, LaidPoint
from explorer.keypoint_schema import Schema

Sizes: TypeAlias = Mapping[str, tuple[int, int]]
"""(height, width) in pixels of every upright photograph of the collection, by its name."""
Box: TypeAlias = tuple[float, float, float, float]
"""(x, y, width, height) in pixels from the outer corner of the first pixel."""

ENDING = re.compile(r"\.(jpe?g|png|webp|bmp|tiff?|gif|heic|avif)$")
"""Of pictures; other dots are part of a name."""
SHAPE_TOLERANCE = 0.02
"""By how much of itself the ratio of two sizes' sides may differ."""


def match_names(given: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """Return which known name each given one means; those that mean none are left out.

    Equal paths first, then the one known path that shares the longest end, at least the file's
    name. Who shares it with several, and who means what another means, means none. Names of which
    that finds nothing are tried without regard to capitals, then without the picture's ending.

    Examples
    --------
    >>> match_names(["train/b/2.png", "9.png"], ["a/2.png", "b/2.png"])
    {'train/b/2.png': 'b/2.png'}
    >>> match_names(["1.JPG", "2"], ["1.jpg", "2.png"])
    {'1.JPG': '1.jpg', '2': '2.png'}
    """
    asked, names = list(given), list(known)
    found: dict[str, str] = {}
    for same in (str, str.casefold, _bare):
        left = [name for name in asked if name not in found]
        if left:
            taken = set(found.values())
            matched = _matched(left, names, same)
            found |= {name: one for name, one in matched.items() if one not in taken}
    return {name: found[name] for name in asked if name in found}


def _matched(
    given: Sequence[str], known: Sequence[str], same: Callable[[str], str]
) -> dict[str, str]:
    """Do what `match_names` does, for names that are equal if what `same` makes of them is."""
    by_end: dict[str, list[str]] = {}
    for name in known:
        for end in _ends(same(name)):
            by_end.setdefault(end, []).append(name)
    meant = {name: _meant(same(name), by_end, same) for name in given}
    times = Counter(meant.values())
    return {
        name: found
        for name, found in meant.items()
        if found is not None and (name == found or times[found] == 1)
    }


def _meant(
    name: str, by_end: Mapping[str, Sequence[str]], same: Callable[[str], str]
) -> str | None:
    for end in _ends(name):
        found = by_end.get(end, ())
        whole = [one for one in found if same(one) == end]
        if found:
            return (whole or found)[0] if 1 in (len(whole), len(found)) else None
    return None


def _bare(name: str) -> str:
    return ENDING.sub("", name.casefold())


def _ends(name: str) -> Iterator[str]:
    """Yield a path, and what is left of it without its first folders, the longest first."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    for start in range(len(parts)):
        yield "/".join(parts[start:])


def said(schema: Schema, laid: Laid, sizes: Sizes) -> Iterator[tuple[str, dict[str, LaidPoint]]]:
    """Yield the images that a file will have, in the collection's order, with their points.

    Those that have a point of the schema; the points come in its order.
    """
    for name in sizes:
        points = laid.get(name, {})
        found = {one: points[one] for one in schema.ids if one in points}
        if found:
            yield name, found


def confident(laid: Laid, threshold: float) -> dict[str, dict[str, LaidPoint]]:
    """Return the points of at least some confidence; what was placed by hand has all of it."""
    return {
        image: {
            keypoint: point
            for keypoint, point in points.items()
            if point.kind == "hand" or point.point.confidence >= threshold
        }
        for image, points in laid.items()
    }


def box_of(points: Iterable[ImagePoint], size: tuple[int, int]) -> Box:
    """Return the box of the pixels in which points lie, as far as it is in the photograph.

    Parameters
    ----------
    points
        Those that are absent do not count.
    size
        (height, width) of the photograph.

    Returns
    -------
    Box
        The whole photograph if no point counts, or all lie beside it.
    """
    height, width = size
    there = [point for point in points if point.state != "absent"]
    if there:
        left, top = (max(0.0, min(getattr(point, axis) for point in there)) for axis in "xy")
        # A point at 3 is the middle of the pixel that reaches from corner 3 to corner 4.
        right = min(width, max(point.x for point in there) + 1)
        bottom = min(height, max(point.y for point in there) + 1)
        if right > left and bottom > top:
            return left, top, right - left, bottom - top
    return 0.0, 0.0, float(width), float(height)


def scaling(there: tuple[int, int], here: tuple[int, int]) -> tuple[float, float] | None:
    """Return how much larger a photograph is here than in a file, in x and y.

    Parameters
    ----------
    there, here
        (height, width) in the file and in the collection.

    Returns
    -------
    tuple or None
        None if their shapes differ: what is in the file is about another picture.
    """
    y, x = (mine / its for mine, its in zip(here, there, strict=True))
    return (x, y) if abs(x / y - 1) <= SHAPE_TOLERANCE else None
