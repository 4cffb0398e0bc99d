"""Keypoints as a table (CSV): a line for each point, or, only read, a line for each image.

x and y are pixels of the upright photograph, the center of the first pixel at (0, 0).
"""

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from explorer.annotation import ImagePoint, Laid
from explorer.errors import FormatError, SessionError
from explorer.keypoint_schema import Schema
from explorer.keypoint_templates import TEMPLATES
from explorer.keypoints.formats.photos import Sizes, match_names, said
from explorer.keypoints.formats.reading import (
    Gathering,
    Reading,
    fitted_schema,
    listed,
    named_schema,
    numbered_schema,
)

COLUMNS = ("image", "keypoint", "x", "y", "state", "confidence", "author")
IMAGE_COLUMNS = ("image", "file", "file_name", "filename", "path", "image_path", "image_name")
DELIMITERS = ",;\t"
CORNERS = {"min", "max"}
DECIMALS = 4
Line = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of which a column names images.

    Attributes
    ----------
    header
        The columns, without those that have no name.
    image
        The one that names images.
    lines
        By column, "" where a line is too short.
    """

    header: tuple[str, ...]
    image: str
    lines: tuple[Line, ...]


def to_csv(schema: Schema, laid: Laid, sizes: Sizes) -> str:
    """Return points as a table with a line each.

    Parameters
    ----------
    schema
        Its keypoints, in its order.
    laid
        The points, as `Annotation.laid` tells them.
    sizes
        The collection's photographs; points of others are left out.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for image, points in said(schema, laid, sizes):
        for keypoint, one in points.items():
            point = one.point
            place = ("", "") if point.state == "absent" else (_number(point.x), _number(point.y))
            confidence = f"{point.confidence:.6g}"
            writer.writerow((image, keypoint, *place, point.state, confidence, one.author))
    return text.getvalue()


def read_table(text: str) -> Table:
    """Read a table (CSV): with commas, semicolons or tabs.

    Spaces around the names of columns do not count, nor do capitals in those that are ours.

    Raises
    ------
    FormatError
        If it is none, or no column names images.
    """
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        named = [_column(name) for name in reader.fieldnames or ()]
        reader.fieldnames = named
        lines: tuple[Line, ...] = tuple(
            {name: value or "" for name, value in line.items() if isinstance(name, str)}
            for line in reader
        )
    except csv.Error as error:
        raise FormatError(f"the file must be a table (CSV): {error}") from error
    header = tuple(name for name in named if name)
    image = next((name for name in IMAGE_COLUMNS if name in header), None)
    if image is None:
        raise FormatError(
            f"the table must have a column image or file, it has {listed(header) or 'no header'}"
        )
    return Table(header=header, image=image, lines=lines)


def _column(name: str) -> str:
    name = name.strip()
    plain = name.casefold()
    return plain if plain in COLUMNS or plain in IMAGE_COLUMNS else name


def from_csv(text: str, sizes: Sizes, schema: Schema | None = None) -> Reading:
    """Read a table of keypoints.

    With a line for each point it has the columns image, keypoint, x, y and, if one likes, state,
    confidence and author. With a line for each image it has the column file (or image) and two for
    each keypoint: x0 and y0, or xtoe and ytoe, or toe_x and toe_y; an empty cell where there is no
    point. Other columns are passed over.

    Parameters
    ----------
    text
        The table.
    sizes
        The collection's photographs.
    schema
        The session's; None takes the file's: its names, or, if it only numbers 68 points, a face.

    Raises
    ------
    FormatError
        If it is no such table; the message names the line and the column.
    """
    table = read_table(text)
    image, lines = table.image, table.lines
    found = match_names({line[image]: None for line in lines}, sizes)
    gathering = Gathering()
    gathering.unknown.update({line[image]: None for line in lines if line[image] not in found})
    if {"keypoint", "x", "y"} <= set(table.header):
        fitted = _read_long(lines, image, found, schema, gathering)
    else:
        fitted = _read_wide(table, found, schema, gathering)
    return gathering.result(fitted)


def _read_long(
    lines: Sequence[Line],
    image: str,
    found: Mapping[str, str],
    schema: Schema | None,
    gathering: Gathering,
) -> Schema:
    names = _in_order({line["keypoint"]: None for line in lines})
    fitted, ids = fitted_schema(_known(schema, names), named_schema("object", names))
    id_of = dict(zip(names, ids, strict=True))
    for number, line in enumerate(lines, start=2):
        name = found.get(line[image])
        point = _point(line, id_of[line["keypoint"]], number)
        if name and point and not gathering.add(name, line.get("author", ""), point):
            raise FormatError(
                f"line {number}: the keypoint {line['keypoint']!r} of {line[image]!r} must come "
                "once for each author"
            )
    return fitted


def _in_order(names: Iterable[str]) -> list[str]:
    """Return names as they came; numbers ascending."""
    known = list(names)
    return sorted(known, key=int) if all(map(str.isdecimal, known)) else known


def _known(schema: Schema | None, names: Sequence[str]) -> Schema | None:
    """Return the schema, or a template that has the names, with its edges and pairs."""
    if schema is not None and schema.keypoints:
        return schema
    if all(map(str.isdecimal, names)):
        return numbered_schema(len(names))
    return next((one for one in TEMPLATES.values() if set(one.ids) == set(names)), None)


def _point(line: Line, keypoint: str, number: int) -> ImagePoint | None:
    state = line.get("state", "") or "visible"
    if state == "absent":
        x = y = 0.0
    else:
        place = _place(line, ("x", "y"), number)
        if place is None:
            return None
        x, y = place
    confidence = _value(line, "confidence", number)
    try:
        return ImagePoint(
            keypoint=keypoint,
            x=x,
            y=y,
            state=state,  # type: ignore[arg-type] # it says which there are
            confidence=1.0 if math.isnan(confidence) else confidence,
        )
    except SessionError as error:
        raise FormatError(f"line {number}: {error}") from error


def _place(line: Line, columns: tuple[str, str], number: int) -> tuple[float, float] | None:
    x, y = (_value(line, column, number) for column in columns)
    if math.isnan(x) != math.isnan(y):
        raise FormatError(f"line {number}: {' and '.join(columns)} must both be there, or none")
    return None if math.isnan(x) else (x, y)


def _value(line: Line, column: str, number: int) -> float:
    """Return a cell's number, NaN where it is empty."""
    text = line.get(column, "").strip()
    try:
        value = float(text or "nan")
    except ValueError:
        value = math.inf
    if math.isinf(value):
        raise FormatError(f"line {number}: {column} must be a number, got {text!r}")
    return value


def _read_wide(
    table: Table, found: Mapping[str, str], schema: Schema | None, gathering: Gathering
) -> Schema:
    image, axes = table.image, dict(axes_of(table.header))
    if not axes:
        raise FormatError(
            "the table must have the columns image, keypoint, x, y or file, x0, y0, x1, y1, ...; "
            f"it has {listed(table.header)}"
        )
    if not table.lines:
        raise FormatError("the table must have lines of images below its header, it has none")
    fitted, ids = fitted_schema(_known(schema, list(axes)), named_schema("object", list(axes)))
    seen: set[str] = set()
    for number, line in enumerate(table.lines, start=2):
        if line[image] in seen:
            raise FormatError(f"line {number}: {line[image]!r} must come once")
        seen.add(line[image])
        name = found.get(line[image])
        for keypoint, columns in zip(ids, axes.values(), strict=True):
            place = _place(line, columns, number)
            if name and place:
                gathering.add(name, "", ImagePoint(keypoint=keypoint, x=place[0], y=place[1]))
    return fitted


def axes_of(header: Sequence[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the keypoints of a table of one line an image, with their two columns.

    Columns that tell a box are none: those with a width beside them, `xmin` with `xmax`, and any
    that have a name where there are numbered ones.
    """
    pairs = dict(_paired_columns(header))
    is_numbered = any(map(str.isdecimal, pairs))
    for name, columns in pairs.items():
        is_box = not {f"{name}_w", f"{name}_width"}.isdisjoint(header)
        is_corner = name in CORNERS and set(pairs) >= CORNERS
        if not (is_box or is_corner or (is_numbered and not name.isdecimal())):
            yield name, columns


def _paired_columns(header: Sequence[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    for column in header:
        before, after = re.fullmatch("x_?(.+)", column), re.fullmatch("(.+)_x", column)
        if after and f"{after[1]}_y" in header:
            yield after[1], (column, f"{after[1]}_y")
        elif before and f"y{column[1:]}" in header:
            yield before[1], (column, f"y{column[1:]}")


def _number(value: float) -> str:
    return f"{round(value, DECIMALS):.{DECIMALS}f}".rstrip("0").rstrip(".")
