"""The modes of one place in an average, for the command line and for notebooks."""

import math
from dataclasses import dataclass, field
from typing import Any

from explorer.arrays import ByteArray
from explorer.edits import ModePick, Point
from explorer.engine import Exploration
from explorer.modes.finder import ModeFinder
from explorer.modes.ranking import OFFERED
from explorer.modes.report import ModeReport, ReportedMode, mode_report
from explorer.session import Cluster
from explorer.session_json import edit_to_json
from index.collection import Collection
from index.errors import CollectionError
from ui.computing.images import encode_png
from ui.computing.mode_answers import spot_of
from ui.routes.modes_report import edit_of

DEFAULT_SIZE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedMode:
    """A mode that can be picked; it shows itself in a notebook.

    Attributes
    ----------
    rank
        1 for the mode that counts most for the average.
    share
        The part of the average's weight on images that show this mode best.
    images
        How many those are.
    inlier
        How much it sets the collection apart from the natural world; 0.5 is chance.
    edit
        What asks for it: `session.put(mode.edit)`.
    average : (S, S, 3) uint8, sRGB
        The average of its best matches.
    """

    rank: int
    share: float
    images: int
    inlier: float
    edit: ModePick
    average: ByteArray = field(repr=False, compare=False)

    def __repr__(self) -> str:
        return (
            f"<mode {self.rank}: {100 * self.share:.1f} % of the average, {self.images} images, "
            f"inlier {self.inlier:.2f}, as in {self.edit.image}>"
        )

    def _repr_png_(self) -> bytes:
        """Return the average of its matches, for a notebook."""
        return encode_png(self.average)


def parse_point(text: str) -> Point:
    """Read a place on the canvas, "X,Y".

    Raises
    ------
    ValueError
        If it is no two numbers from 0 to 1.

    Examples
    --------
    >>> parse_point("0.5,.78")
    (0.5, 0.78)
    """
    try:
        x, y = (float(number) for number in text.split(","))
    except ValueError:
        x = y = math.nan
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise ValueError(f"at must be X,Y, each from 0 to 1 (0.5,0.78), got {text!r}")
    return x, y


def finder_of(collection: Collection) -> ModeFinder:
    """Return what finds the modes of a collection, those included that a build has stored."""
    return ModeFinder(collection, collection.modes_at)


def modes_at(
    collection: Collection,
    exploration: Exploration,
    point: Point,
    size: float = DEFAULT_SIZE,
    *,
    count: int = OFFERED,
    finder: ModeFinder | None = None,
) -> ModeReport:
    """Report the modes of the place nearest to a point, in an average.

    Parameters
    ----------
    collection
        The images.
    exploration
        The average.
    point
        The middle of the patch, (x, y) in canvas units.
    size
        Side of the patch in the collection's pixels; the nearest of those that there are counts.
    count
        How many modes at most.
    finder
        One of the collection, which remembers; a new one by default.

    Raises
    ------
    CollectionError
        If the collection is too small to have modes.
    """
    spot = spot_of(collection, point, size)
    if spot is None:
        raise CollectionError(
            f"modes need two images of at least 32 x 32 pixels, {collection.path} has "
            f"{collection.size} of {collection.width} x {collection.height}"
        )
    return mode_report(
        collection, finder or finder_of(collection), spot, exploration.weights, count
    )


def offered(collection: Collection, report: ModeReport) -> list[OfferedMode]:
    """Return the modes of a report, to pick from."""
    return [
        OfferedMode(
            rank=rank,
            share=mode.ranked.share,
            images=mode.ranked.images,
            inlier=mode.inlier,
            edit=edit_of(collection, report, mode),
            average=mode.average,
        )
        for rank, mode in enumerate(report.modes, start=1)
    ]


def report_to_json(
    collection: Collection, cluster: Cluster, exploration: Exploration, report: ModeReport
) -> dict[str, Any]:
    """Return a report as plain dicts and lists, boxes in canvas units.

    The `edit` of each mode is one of a session file.
    """
    return {
        "collection": collection.name,
        "cluster": cluster.id,
        "effective_images": exploration.effective_images,
        "box": _box(collection, report.spot.box),
        "size": report.spot.box[2],
        "others": report.others,
        "none": report.none,
        "modes": [
            _mode_to_json(collection, report, mode, rank)
            for rank, mode in enumerate(report.modes, start=1)
        ],
    }


def _mode_to_json(
    collection: Collection, report: ModeReport, mode: ReportedMode, rank: int
) -> dict[str, Any]:
    return {
        "rank": rank,
        "share": mode.ranked.share,
        "images": mode.ranked.images,
        "inlier": mode.inlier,
        "merit": mode.ranked.merit,
        "edit": edit_to_json(edit_of(collection, report, mode)),
        "examples": [
            {
                "image": collection.names[example.image],
                "score": example.score,
                "weight": example.weight,
                "box": _box(collection, example.box),
            }
            for example in mode.examples
        ],
    }


def _box(collection: Collection, box: tuple[int, int, int, int]) -> list[float]:
    sizes = (collection.width, collection.height) * 2
    return [value / size for value, size in zip(box, sizes, strict=True)]
