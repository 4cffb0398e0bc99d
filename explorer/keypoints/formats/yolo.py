"""YOLO-pose: a text file for each image beside a `data.yaml`, as Ultralytics' readers want them.

Coordinates are shares of the photograph's sides, counted from the outer corner of the first pixel:
share = (pixel + 0.5) / side, which is what boxes and resized pictures need. A point with v = 0 has
none. What these files have no place for stands in two of ours, which other readers pass over.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from explorer.annotation import ImagePoint, Laid, LaidPoint
from explorer.errors import FormatError
from explorer.keypoint_schema import Schema
from explorer.keypoints.formats.coco import schema_from_category, schema_to_category
from explorer.keypoints.formats.csv import from_csv, to_csv
from explorer.keypoints.formats.photos import Box, Sizes, box_of, match_names, said
from explorer.keypoints.formats.reading import (
    Gathering,
    Reading,
    fitted_schema,
    listed,
)
from explorer.keypoints.formats.yolo_schema import DATA, LIST, schema_from_yaml, schema_to_yaml

OURS, OUR_SCHEMA = "average-explorer.csv", "average-explorer.json"
IMAGES, LABELS = "images", "labels"
DECIMALS = 8
SAME_PX = 0.01
"""A point that lies as near to where the table has it has not been moved by another tool."""
BOX = 5
"""Numbers before the points of a line: the class, and the middle and the sides of the box."""
Files = Mapping[str, str]


def to_yolo(schema: Schema, laid: Laid, sizes: Sizes) -> dict[str, str]:
    """Return points as the files of a YOLO-pose dataset, text by path.

    The photographs are not among them; `images.txt` says where each must lie. Points beside their
    photograph and absent ones have v = 0 and stand in our table alone.

    Parameters
    ----------
    schema
        Its keypoints, in its order.
    laid
        The points, as `Annotation.laid` tells them.
    sizes
        The collection's photographs; points of others are left out.

    Raises
    ------
    FormatError
        If two photographs would have the same text file, as a.jpg and a.png do.
    """
    files: dict[str, str] = {}
    places: list[str] = []
    for name, points in said(schema, laid, sizes):
        place = _image_path(name)
        label = str(_label_path(place))
        if label in files:
            raise FormatError(
                f"YOLO knows an image by its name without the ending, {name!r} is there twice"
            )
        places.append(f"./{place}\n")
        files[label] = _line(schema, points, sizes[name])
    return {
        DATA: schema_to_yaml(schema),
        LIST: "".join(places),
        OUR_SCHEMA: json.dumps(schema_to_category(schema), ensure_ascii=False, indent=1),
        OURS: to_csv(schema, laid, sizes),
        **files,
    }


def _image_path(name: str) -> str:
    """Return where an image lies in the dataset: Ultralytics wants a folder `images` on the way."""
    return name if IMAGES in PurePosixPath(name).parts[:-1] else f"{IMAGES}/{name}"


def _label_path(path: str) -> PurePosixPath:
    """Return where the labels of an image lie: below `labels` where it lies below `images`."""
    return _moved(PurePosixPath(path), IMAGES, LABELS).with_suffix(".txt")


def _moved(path: PurePosixPath, one: str, other: str) -> PurePosixPath:
    """Return a path with the last folder of one name given another."""
    folders = list(path.parts[:-1])
    if one in folders:
        folders[len(folders) - 1 - folders[::-1].index(one)] = other
    return PurePosixPath(*folders, path.name)


def _line(schema: Schema, points: Mapping[str, LaidPoint], size: tuple[int, int]) -> str:
    height, width = size
    x, y, w, h = box_of((one.point for one in points.values()), size)
    shares = [(x + w / 2) / width, (y + h / 2) / height, w / width, h / height]
    words = ["0", *map(_share, shares)]
    for keypoint in schema.ids:
        words += _words(points[keypoint].point if keypoint in points else None, size)
    return " ".join(words) + "\n"


def _words(point: ImagePoint | None, size: tuple[int, int]) -> tuple[str, str, str]:
    if point is not None and point.state != "absent":
        x, y = (point.x + 0.5) / size[1], (point.y + 0.5) / size[0]
        if 0 <= x <= 1 and 0 <= y <= 1:
            return _share(x), _share(y), "2" if point.state == "visible" else "1"
    return "0", "0", "0"


def _share(value: float) -> str:
    return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".") or "0"


@dataclass(frozen=True, slots=True)
class _Thing:
    """One line of a text file, in shares."""

    box: Box
    points: tuple[tuple[float, float, int], ...]

    @property
    def rank(self) -> tuple[int, float]:
        return sum(flag > 0 for _, _, flag in self.points), self.box[2] * self.box[3]


def from_yolo(files: Files, sizes: Sizes, schema: Schema | None = None) -> Reading:
    """Read a YOLO-pose dataset.

    An image here is of one thing: of several lines the one with the most keypoints counts, of those
    the largest, and a note says so.

    Parameters
    ----------
    files
        Text by path: a `data.yaml`, and a text file for each image below a folder `labels`.
    sizes
        The collection's photographs.
    schema
        The session's; None takes the file's: its names, or, if it only numbers 68 points, a face.

    Raises
    ------
    FormatError
        If there is no `data.yaml`, or a line is wrong; the message names the file and the line.
    """
    file = _schema(files)
    fitted, ids = fitted_schema(schema, file)
    labels = {path: text for path, text in files.items() if _is_label(path)}
    if not labels:
        raise FormatError(f"there must be text files below a folder {LABELS}, there is none")
    found = _matched(labels, sizes)
    gathering = Gathering()
    several = []
    table = _file(files, OURS)
    ours = _ours(table, sizes, fitted) if table else {}
    for path, text in labels.items():
        things = _things(text, path, len(ids))
        name = found.get(path)
        if name is None:
            gathering.unknown[path] = None
            continue
        if len(things) > 1:
            several.append(name)
        if things:
            best = max(things, key=lambda thing: thing.rank)
            for author, point in _points(best, ids, sizes[name], ours.get(name, {})):
                gathering.add(name, author, point)
    if several:
        gathering.notes.append(
            f"{len(several)} images have several lines: of each the one with the most keypoints "
            f"was read ({listed(several)})"
        )
    return gathering.result(fitted)


def _schema(files: Files) -> Schema:
    """Return the schema of a set: ours, if it is there and the set has as many keypoints."""
    said = schema_from_yaml(_data(files))
    try:
        ours = schema_from_category(json.loads(_file(files, OUR_SCHEMA)))
    except (FormatError, ValueError):
        return said
    return ours if len(ours.ids) == len(said.ids) else said


def _file(files: Files, name: str) -> str:
    """Return the text of a file, "" if there is none."""
    return next((text for path, text in files.items() if PurePosixPath(path).name == name), "")


def _data(files: Files) -> str:
    for path in sorted(files, key=lambda path: (PurePosixPath(path).name != DATA, len(path))):
        if PurePosixPath(path).suffix in (".yaml", ".yml"):
            return files[path]
    raise FormatError(f"there must be a {DATA}, there is none among {listed(list(files))}")


def _is_label(path: str) -> bool:
    parts = PurePosixPath(path)
    return parts.suffix == ".txt" and LABELS in parts.parts[:-1]


def _matched(labels: Iterable[str], sizes: Sizes) -> dict[str, str]:
    """Return the photograph of each text file, which has its path but for the ending."""
    names: dict[str, list[str]] = {}
    for name in sizes:
        names.setdefault(str(PurePosixPath(name).with_suffix("")), []).append(name)
    paths = {str(_moved(PurePosixPath(one), LABELS, IMAGES).with_suffix("")): one for one in labels}
    found = match_names(paths, names)
    return {paths[path]: names[stem][0] for path, stem in found.items() if len(names[stem]) == 1}


def _things(text: str, path: str, count: int) -> list[_Thing]:
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if words:
            found.append(_thing(words, f"{path}, line {number}", count))
    return found


def _thing(words: Sequence[str], where: str, count: int) -> _Thing:
    try:
        numbers = [float(word) for word in words]
    except ValueError as error:
        raise FormatError(f"{where}: must be numbers, got {' '.join(words):.60}") from error
    each, rest = divmod(len(numbers) - BOX, count)
    if rest or each not in (2, 3) or not all(-1 <= number <= 2 for number in numbers[1:]):
        raise FormatError(
            f"{where}: must have a class, a box and x, y, v for each of the {count} keypoints that "
            f"{DATA} has, as shares of the sides, got {len(numbers)} numbers"
        )
    x, y, w, h = numbers[1:BOX]
    parts = (numbers[at : at + each] for at in range(BOX, len(numbers), each))
    return _Thing((x - w / 2, y - h / 2, w, h), tuple(_flagged(part) for part in parts))


def _flagged(part: Sequence[float]) -> tuple[float, float, int]:
    """Return a point with its flag; one without any is there unless it lies in the corner."""
    x, y = part[:2]
    if len(part) > 2:
        return x, y, int(part[2])
    return x, y, 2 if x > 0 or y > 0 else 0


def _ours(text: str, sizes: Sizes, schema: Schema) -> dict[str, dict[str, tuple[str, ImagePoint]]]:
    """Return what our table says of each image: author and point of each keypoint."""
    found: dict[str, dict[str, tuple[str, ImagePoint]]] = {}
    for author, images in from_csv(text, sizes, schema).points.items():
        for image in images:
            said_of = found.setdefault(image.image, {})
            said_of.update({point.keypoint: (author, point) for point in image.points})
    return found


def _points(
    thing: _Thing,
    ids: Sequence[str],
    size: tuple[int, int],
    ours: Mapping[str, tuple[str, ImagePoint]],
) -> Iterable[tuple[str, ImagePoint]]:
    """Yield the points of a line with their authors.

    Our table tells more of them, but what another tool moved, hid or removed stays so.
    """
    height, width = size
    for keypoint, (x, y, flag) in zip(ids, thing.points, strict=True):
        author, known = ours.get(keypoint, ("", None))
        if flag <= 0:
            if known is not None and _words(known, size)[2] == "0":
                yield author, known
            continue
        point = ImagePoint(
            keypoint=keypoint,
            x=x * width - 0.5,
            y=y * height - 0.5,
            state="occluded" if flag == 1 else "visible",
        )
        yield (author, known) if known is not None and _is_same(known, point) else ("", point)


def _is_same(one: ImagePoint, other: ImagePoint) -> bool:
    apart = max(abs(one.x - other.x), abs(one.y - other.y))
    return one.state == other.state and apart <= SAME_PX
