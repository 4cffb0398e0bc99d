"""What people said about keypoints: marks on averages, and points of images in layers.

Nothing is ever written over. The points of the images are what one reads off a pile of layers, so
taking one away, an accepted propagation say, leaves exactly what there would be without it.
"""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from explorer.edits import Point
from explorer.errors import SessionError
from explorer.keypoint_schema import Schema

PointState: TypeAlias = Literal["visible", "occluded", "absent"]
"""Seen; there but hidden, its place a guess; not in the image."""
_STATES = get_args(PointState)
LayerKind: TypeAlias = Literal["hand", "accepted", "imported"]
Merge: TypeAlias = Literal["missing", "overwrite"]
"""Whether a layer only fills what no earlier one says, or also replaces it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A keypoint placed on the average of a cluster. One for each author.

    Attributes
    ----------
    at
        (x, y) in canvas units.
    time
        Seconds since 1970.
    """

    cluster: str
    keypoint: str
    at: Point
    author: str = ""
    time: float = 0.0

    def __post_init__(self) -> None:
        if not all(0 <= part <= 1 for part in self.at):
            raise SessionError(f"a mark must lie on the canvas, 0 to 1, got {self.at}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagePoint:
    """A keypoint of one image.

    Attributes
    ----------
    x, y
        Pixels of the original photograph, upright, the center of the first pixel at (0, 0); 0 if
        the point is absent. Rounded to 0.01 px: files say no more, and must read back the same.
    confidence
        From 0 to 1, rounded to 0.001; 1 where a person said so.
    """

    keypoint: str
    x: float = 0.0
    y: float = 0.0
    state: PointState = "visible"
    confidence: float = 1.0

    def __post_init__(self) -> None:
        # There may be a million points, so what need not be done twice is done once.
        if self.state not in _STATES:
            raise SessionError(f"state must be one of {', '.join(_STATES)}, got {self.state!r}")
        if not (math.isfinite(self.x) and math.isfinite(self.y)):
            raise SessionError(f"x and y must be finite, got {self.x} and {self.y}")
        if not 0 <= self.confidence <= 1:
            raise SessionError(f"confidence must be from 0 to 1, got {self.confidence}")
        object.__setattr__(self, "x", round(float(self.x), 2))
        object.__setattr__(self, "y", round(float(self.y), 2))
        object.__setattr__(self, "confidence", round(float(self.confidence), 3))


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagePoints:
    """Some keypoints of one image, each at most once; the image is known by its name."""

    image: str
    points: tuple[ImagePoint, ...]

    def __post_init__(self) -> None:
        if len({point.keypoint for point in self.points}) != len(self.points):
            ids = [point.keypoint for point in self.points]
            raise SessionError(f"{self.image} must have each keypoint once at most, got {ids}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Points of images that were said at once.

    Attributes
    ----------
    kind
        Placed by hand, accepted from a propagation, or read from a file.
    merge
        What happens where an earlier layer has the point.
    clusters
        Whose averages the points came from, if they did.
    count
        How many points it has in all images.
    """

    id: str
    kind: LayerKind
    images: tuple[ImagePoints, ...]
    merge: Merge = "overwrite"
    clusters: tuple[str, ...] = ()
    author: str = ""
    time: float = 0.0
    count: int = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        count = sum(len(image.points) for image in self.images)
        object.__setattr__(self, "count", count)
        for name, value, known in (
            ("kind", self.kind, get_args(LayerKind)),
            ("merge", self.merge, get_args(Merge)),
        ):
            if value not in known:
                raise SessionError(f"{name} must be one of {', '.join(known)}, got {value!r}")
        if not self.id:
            raise SessionError("a layer must have an id, got an empty one")
        if len({image.image for image in self.images}) != len(self.images):
            raise SessionError(f"layer {self.id!r} must name each image once at most")


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Somebody has looked at all points of an image, and they are right."""

    image: str
    author: str = ""
    time: float = 0.0


@dataclass(frozen=True, slots=True)
class LaidPoint:
    """A point as it is read off the layers, with the layer that it comes from."""

    point: ImagePoint
    layer: str
    kind: LayerKind
    author: str


Laid: TypeAlias = Mapping[str, Mapping[str, LaidPoint]]
"""By image name and keypoint id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """All that was said about keypoints in one session; every change returns a new value.

    Attributes
    ----------
    marks
        At most one for each cluster, keypoint and author.
    layers
        In the order in which they were laid; ids differ.
    reviews
        At most one for each image.
    """

    schema: Schema = dataclasses.field(default_factory=Schema)
    marks: tuple[Mark, ...] = ()
    layers: tuple[Layer, ...] = ()
    reviews: tuple[Review, ...] = ()

    def marks_of(self, cluster: str, author: str | None = None) -> dict[str, Mark]:
        """Return the newest mark of each keypoint on an average, by anybody or by one author."""
        found: dict[str, Mark] = {}
        for mark in self.marks:
            if mark.cluster == cluster and author in (None, mark.author):
                known = found.get(mark.keypoint)
                if known is None or mark.time >= known.time:
                    found[mark.keypoint] = mark
        return found

    def laid(self, author: str | None = None) -> dict[str, dict[str, LaidPoint]]:
        """Return every point that can be read off the layers, of all or of one author."""
        found: dict[str, dict[str, LaidPoint]] = {}
        for layer in self.layers:
            if author in (None, layer.author):
                _lay(found, layer)
        return found


def _lay(found: dict[str, dict[str, LaidPoint]], layer: Layer) -> None:
    for image in layer.images:
        lay_on(found.setdefault(image.image, {}), layer, image)


def lay_on(points: dict[str, LaidPoint], layer: Layer, image: ImagePoints) -> None:
    """Lay what a layer says of an image on what earlier layers said of it, by keypoint."""
    for point in image.points:
        if layer.merge == "overwrite" or point.keypoint not in points:
            points[point.keypoint] = LaidPoint(point, layer.id, layer.kind, layer.author)
