"""True keypoints of a collection's images, from a table (CSV).

Two layouts are read. The wide one has a line an image: `file`, then `x0,y0,x1,y1,...` (or any names
in place of the numbers, `xtoe,ytoe`; or `toe_x,toe_y`), an empty cell where a point is not there.
The long one is what `avex keypoints export` writes, a line a point: `image,keypoint,x,y` and
`state`, of which "absent" has no point. All other columns say things of the image, such as `split`.
Coordinates are pixels of the upright original photograph, the center of the first one at (0, 0).
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from evaluation.keypoint_names import ImageNames, TruthError
from explorer.arrays import BoolArray, DoubleArray, FloatArray
from explorer.keypoint_templates import paired, template
from index.collection import Collection
from index.fitting import from_original

IMAGE = ("file", "image")
LONG = ("keypoint", "x", "y")
EYES = (36, 45)
"""Outer corners of the eyes in the layout of 68 points."""
FACE = "face-68"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Truth:
    """What is known of N images of a collection, K keypoints.

    Attributes
    ----------
    keypoints
        Their names: numbers in the wide layout, ids in the long one.
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
        """Return some of the keypoints: "17-67", "0,8,16-20" or names; the sizes stay.

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
            values = ", ".join(sorted(set(self.columns[column]) - {""})[:10])
            raise TruthError(f"--where {text}: no image has that; {column} is {values}")
        return np.asarray(found)

    def _numbers(self, part: str) -> range:
        part = part.strip()
        count = len(self.keypoints)
        if part in self.keypoints:
            number = self.keypoints.index(part)
            return range(number, number + 1)
        span = re.fullmatch(r"(\d+)-(\d+)", part)
        numbers = range(int(span[1]), int(span[2]) + 1) if span else range(0)
        if not numbers or numbers[-1] >= count:
            raise TruthError(
                f"--points must be numbers of 0 to {count - 1}, such as 0-{count - 1}, or names of "
                f"keypoints, got {part!r}"
            )
        return numbers


def read_truth(path: Path, collection: Collection) -> Truth:
    """Read a table of keypoints.

    Parameters
    ----------
    path
        The table; see the module for its layouts.
    collection
        Whose images it is about. They are found by their paths, then by their file names.

    Raises
    ------
    TruthError
        If the table is not one of keypoints, or is of other images; the message says what is wrong.
    OSError
        If the file cannot be read.
    """
    lines = _Lines.of(path)
    names = ImageNames(collection.names)
    keypoints, pixels = (_long if set(LONG) <= set(lines.header) else _wide)(lines, names)
    if not pixels:
        first = lines.rows[0][lines.image] if lines.rows else "nothing"
        raise TruthError(
            f"{path}: none of its images is in {collection.name}: it names {first!r}, the "
            f"collection has {collection.names[0]!r}"
        )
    points = np.full((collection.size, len(keypoints), 2), np.nan, np.float32)
    size = collection.height, collection.width
    fit = collection.manifest.options.get("fit", "stretch")
    heights, widths = (collection.images.values(side) for side in ("height", "width"))
    for row, there in pixels.items():
        points[row] = from_original(there, (heights[row], widths[row]), size, fit)
    sizes, sized_by = _sizes(points)
    listed = {row[lines.image] for row in lines.rows}
    return Truth(
        keypoints=keypoints,
        points=points,
        pairs=_pairs(keypoints),
        sizes=sizes,
        sized_by=sized_by,
        columns=_columns(lines, names, keypoints, collection.size),
        strangers=sum(names.row(name) is None for name in listed),
    )


@dataclass(frozen=True, slots=True)
class _Lines:
    """A table as it was read; `image` is the column of the images' names."""

    path: Path
    header: Sequence[str]
    rows: Sequence[Mapping[str, str]]
    image: str

    @classmethod
    def of(cls, path: Path) -> "_Lines":
        try:
            with path.open(newline="", encoding="utf-8-sig") as file:
                reader = csv.DictReader(file)
                rows = [{key: value or "" for key, value in row.items() if key} for row in reader]
        except (UnicodeDecodeError, csv.Error) as error:
            raise TruthError(f"{path} must be a table (CSV) in UTF-8: {error}") from error
        header = list(reader.fieldnames or ())
        image = next((name for name in IMAGE if name in header), None)
        if image is None:
            raise TruthError(f"{path} must have a column file (or image), it has {_some(header)}")
        return cls(path, header, rows, image)

    def number(self, line: int, column: str) -> float:
        """Return a coordinate of a line, NaN where there is none."""
        text = self.rows[line].get(column, "").strip()
        try:
            value = float(text or "nan")
        except ValueError:
            value = float("inf")
        if np.isinf(value):
            raise TruthError(
                f"{self.path}, line {line + 2}: {column} must be a number, got {text!r}"
            )
        return value


def _wide(lines: _Lines, names: ImageNames) -> tuple[tuple[str, ...], dict[int, DoubleArray]]:
    """Return the names of the keypoints, and the points (K, 2) of each row of the collection."""
    named = dict(_axes(lines.header))
    if not named:
        raise TruthError(
            f"{lines.path} must have columns x0, y0, x1, y1, ... (or image, keypoint, x, y), it "
            f"has {_some(lines.header)}"
        )
    found: dict[int, DoubleArray] = {}
    for number, line in enumerate(lines.rows):
        row = names.row(line[lines.image])
        if row is None:
            continue
        if row in found:
            raise TruthError(
                f"{lines.path}, line {number + 2}: {line[lines.image]!r} must come once"
            )
        found[row] = np.array(
            [[lines.number(number, axis) for axis in axes] for axes in named.values()], np.float64
        )
    return tuple(named), found


def _axes(header: Sequence[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the keypoints of a wide table, and their two columns."""
    for column in header:
        before, after = re.fullmatch(r"x_?(.+)", column), re.fullmatch(r"(.+)_x", column)
        if after and f"{after[1]}_y" in header:
            yield after[1], (column, f"{after[1]}_y")
        elif before and f"y{column[1:]}" in header:
            yield before[1], (column, f"y{column[1:]}")


def _long(lines: _Lines, names: ImageNames) -> tuple[tuple[str, ...], dict[int, DoubleArray]]:
    """Return what `_wide` does, of a table with a line a point."""
    ids = list(dict.fromkeys(line["keypoint"] for line in lines.rows))
    if set(ids) == set(template(FACE).ids):
        ids = list(template(FACE).ids)
    places = {keypoint: k for k, keypoint in enumerate(ids)}
    found: dict[int, DoubleArray] = {}
    seen: set[tuple[int, str]] = set()
    for number, line in enumerate(lines.rows):
        row = names.row(line[lines.image])
        if row is None:
            continue
        if (row, line["keypoint"]) in seen:
            raise TruthError(
                f"{lines.path}, line {number + 2}: {line['keypoint']!r} of "
                f"{line[lines.image]!r} must come once"
            )
        seen.add((row, line["keypoint"]))
        points = found.setdefault(row, np.full((len(ids), 2), np.nan))
        if line.get("state", "") != "absent":
            points[places[line["keypoint"]]] = lines.number(number, "x"), lines.number(number, "y")
    return tuple(ids), found


def _pairs(keypoints: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Return which keypoints change places: by the layout of 68 points, or by their names."""
    face = template(FACE)
    ids = face.ids if len(keypoints) == len(face.ids) else keypoints
    return tuple((ids.index(one), ids.index(other)) for one, other in paired(ids))


def _sizes(points: FloatArray) -> tuple[DoubleArray, str]:
    """Return the length of each image that errors are divided by, (N,), and what it is."""
    if points.shape[1] == len(template(FACE).ids):
        apart = points[:, EYES[0]].astype(np.float64) - points[:, EYES[1]]
        return np.asarray(np.linalg.norm(apart, axis=1)), "the distance of the eyes' outer corners"
    exact = points.astype(np.float64)
    missing = ~np.isfinite(exact)
    low = np.where(missing, np.inf, exact).min(axis=1)
    high = np.where(missing, -np.inf, exact).max(axis=1)
    longer = (high - low).max(axis=1)
    return np.where(longer > 0, longer, np.nan), "the longer side of the box of its points"


def _columns(
    lines: _Lines, names: ImageNames, keypoints: Sequence[str], size: int
) -> dict[str, tuple[str, ...]]:
    """Return what else the table says, by column, "" of images that it does not have."""
    taken: set[Any] = {lines.image, *LONG, "state"}
    taken |= {axis for _, axes in _axes(lines.header) for axis in axes}
    values = {column: [""] * size for column in lines.header if column and column not in taken}
    for line in lines.rows:
        row = names.row(line[lines.image])
        if row is None:
            continue
        for column, of_images in values.items():
            of_images[row] = of_images[row] or line[column]
    return {column: tuple(of_images) for column, of_images in values.items()}


def _some(header: Sequence[str]) -> str:
    return ", ".join(header[:8]) + (", ..." if len(header) > 8 else "") if header else "no header"
