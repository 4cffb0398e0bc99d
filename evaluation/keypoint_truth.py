"""True keypoints of a collection's images, from a table (CSV).

Tables are read as `avex keypoints import` reads them: a line an image (`file,x0,y0,x1,y1,...`) or a
line a point (`image,keypoint,x,y`), in pixels of the upright original photograph. Other columns say
things of the image, such as `split`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from explorer.arrays import BoolArray, DoubleArray, FloatArray
from explorer.errors import FormatError
from explorer.keypoint_schema import Schema
from explorer.keypoint_templates import template
from explorer.keypoints.formats.csv import COLUMNS, axes_of, from_csv, read_table
from explorer.keypoints.formats.photos import Sizes, match_names
from explorer.keypoints.formats.reading import Reading
from index.collection import Collection
from index.fitting import from_original

FACE_POINTS = len(template("face-68").ids)
EYES = (36, 45)
"""Outer corners of the eyes in the layout of 68 points."""
VALUES_SHOWN = 8


class TruthError(ValueError):
    """A table of keypoints cannot be used as given; the message says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Truth:
    """What is known of N images of a collection, K keypoints.

    Attributes
    ----------
    keypoints
        Their ids.
    points : (N, K, 2) float32
        Pixels (x, y) of the collection's images; NaN where there is none.
    pairs
        Numbers of keypoints that change places in a mirrored image.
    sizes : (N,) float64
        The length that errors of an image are divided by, in the same pixels; NaN if unknown.
    sized_by
        What that length is, for people.
    columns
        What else the table says of each image, "" where nothing.
    strangers
        How many images of the table the collection does not have.
    """

    keypoints: tuple[str, ...]
    points: FloatArray
    pairs: tuple[tuple[int, int], ...]
    sizes: DoubleArray
    sized_by: str
    columns: Mapping[str, tuple[str, ...]]
    strangers: int = 0

    @property
    def known(self) -> BoolArray:
        """(N, K) bool: which points are there."""
        return np.asarray(np.isfinite(self.points).all(axis=-1))

    @property
    def annotated(self) -> BoolArray:
        """(N,) bool: which images have a point."""
        return np.asarray(self.known.any(axis=1))

    def chosen(self, text: str) -> "Truth":
        """Return some of the keypoints: "17-67", "0,8,16-20" or ids; the sizes stay.

        Raises
        ------
        TruthError
            If there is no such keypoint.
        """
        kept = list(dict.fromkeys(k for part in text.split(",") for k in self._numbers(part)))
        places = {k: place for place, k in enumerate(kept)}
        return replace(
            self,
            keypoints=tuple(self.keypoints[k] for k in kept),
            points=np.ascontiguousarray(self.points[:, kept]),
            pairs=tuple(
                (places[one], places[other])
                for one, other in self.pairs
                if one in places and other in places
            ),
        )

    def where(self, text: str) -> BoolArray:
        """Return which images have a value in a column, "split=test", (N,) bool.

        Raises
        ------
        TruthError
            If there is no such column or no such value.
        """
        column, sign, value = text.partition("=")
        if not sign or column not in self.columns:
            known = ", ".join(self.columns) or "none"
            raise TruthError(f"--where must be COLUMN=VALUE, the columns are {known}; got {text!r}")
        found = np.array(self.columns[column], dtype=str) == value
        if not found.any():
            values = sorted(set(self.columns[column]) - {""})
            raise TruthError(
                f"--where: no image has {column}={value}, {column} is {_some(values, ' or ')}"
            )
        return np.asarray(found)

    def _numbers(self, part: str) -> range:
        """Return the numbers of the keypoints that a part of a list names."""
        part = part.strip()
        last = len(self.keypoints) - 1
        if part in self.keypoints:
            number = self.keypoints.index(part)
            return range(number, number + 1)
        span = re.fullmatch(r"(\d+)(?:-(\d+))?", part)
        numbers = range(int(span[1]), int(span[2] or span[1]) + 1) if span else range(0)
        if not numbers or numbers[-1] > last:
            raise TruthError(
                f"--points must be numbers from 0 to {last}, such as 0-{last}, or ids of "
                f"keypoints, such as {self.keypoints[0]}; got {part!r}"
            )
        return numbers


def read_truth(path: Path, collection: Collection) -> Truth:
    """Read a table of keypoints.

    Parameters
    ----------
    path
        The table. Where several authors have set a point, it is where they did on the mean.
    collection
        Whose images it is about. They are found by their paths, then by their file names.

    Raises
    ------
    TruthError
        If the table is not one of keypoints, or is of other images; the message says what is wrong.
    OSError
        If the file cannot be read.
    """
    originals = zip(*(collection.images.values(side) for side in ("height", "width")), strict=True)
    sizes: Sizes = dict(zip(collection.names, originals, strict=True))
    try:
        text = path.read_text(encoding="utf-8-sig")
        reading = from_csv(text, sizes)
    except (UnicodeDecodeError, FormatError) as error:
        said = "must be text in UTF-8" if isinstance(error, UnicodeDecodeError) else error
        raise TruthError(f"{path}: {said}") from error
    if not reading.count:
        first = _some(reading.unknown, ", ") if reading.unknown else "no image with a point"
        raise TruthError(
            f"{path} must have points of {collection.name}'s images, such as "
            f"{collection.names[0]}; it has {first}"
        )
    points = _points(reading, collection, sizes)
    lengths, sized_by = _lengths(points)
    return Truth(
        keypoints=reading.schema.ids,
        points=points,
        pairs=_pairs(reading.schema),
        sizes=lengths,
        sized_by=sized_by,
        columns=_columns(text, collection, sizes),
        strangers=len(reading.unknown),
    )


def _points(reading: Reading, collection: Collection, sizes: Sizes) -> FloatArray:
    """Return what a file says, (N, K, 2) float32, in pixels of the collection's images."""
    size = collection.height, collection.width
    fit = collection.manifest.options.get("fit", "stretch")
    places = {keypoint: k for k, keypoint in enumerate(reading.schema.ids)}
    total = np.zeros((collection.size, len(places), 2))
    count = np.zeros((collection.size, len(places), 1))
    for image in (image for images in reading.points.values() for image in images):
        row = collection.image_id(image.image)
        for point in image.points:
            if point.state != "absent":
                there = from_original(np.array([point.x, point.y]), sizes[image.image], size, fit)
                total[row, places[point.keypoint]] += there
                count[row, places[point.keypoint]] += 1
    return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)


def _pairs(schema: Schema) -> tuple[tuple[int, int], ...]:
    return tuple((schema.ids.index(one), schema.ids.index(other)) for one, other in schema.pairs)


def _lengths(points: FloatArray) -> tuple[DoubleArray, str]:
    """Return the length of each image that errors are divided by, (N,), and what it is."""
    exact = points.astype(np.float64)
    if points.shape[1] == FACE_POINTS:
        apart = exact[:, EYES[0]] - exact[:, EYES[1]]
        return np.asarray(np.linalg.norm(apart, axis=1)), "the distance of the eyes' outer corners"
    missing = ~np.isfinite(exact)
    low = np.where(missing, np.inf, exact).min(axis=1)
    high = np.where(missing, -np.inf, exact).max(axis=1)
    longer = (high - low).max(axis=1)
    return np.where(longer > 0, longer, np.nan), "the longer side of the box of the image's points"


def _columns(text: str, collection: Collection, sizes: Sizes) -> dict[str, tuple[str, ...]]:
    """Return what else a table says, by column, "" of images that it does not have."""
    table = read_table(text)
    found = match_names({line[table.image]: None for line in table.lines}, sizes)
    axes = {column for _, columns in axes_of(table.header) for column in columns}
    taken = {table.image, *COLUMNS, *axes}
    others = [name for name in table.header if name not in taken]
    values = {column: [""] * collection.size for column in others}
    for line in table.lines:
        row = collection.image_id(found.get(line[table.image], ""))
        if row is not None:
            for column, of_images in values.items():
                of_images[row] = of_images[row] or line[column]
    return {column: tuple(of_images) for column, of_images in values.items()}


def _some(values: Sequence[str], between: str) -> str:
    return between.join(values[:VALUES_SHOWN]) + (", ..." if len(values) > VALUES_SHOWN else "")
