"""COCO keypoints: one dict for a collection, as other tools read and write it.

x and y are 0-based pixels, the center of the first pixel at (0, 0), as in COCO's own files. What
COCO has no place for stands under a key of ours, which other readers pass over.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from explorer.annotation import ImagePoint, Laid, LaidPoint, PointState
from explorer.errors import FormatError
from explorer.keypoint_schema import Keypoint, Schema
from explorer.keypoints.formats.fields import Fields, fields_of, items_of
from explorer.keypoints.formats.photos import Sizes, box_of, match_names, said, scaling
from explorer.keypoints.formats.reading import (
    Gathering,
    Reading,
    distinct_names,
    fitted_schema,
    listed,
    named_schema,
    numbered_schema,
)

OURS = "average_explorer"
DECIMALS = 4
FLAGS: dict[PointState, int] = {"visible": 2, "occluded": 1, "absent": 0}
STATES: dict[int, PointState] = {2: "visible", 1: "occluded"}


def to_coco(schema: Schema, laid: Laid, sizes: Sizes) -> dict[str, Any]:
    """Return points as a COCO dataset, ready for `json.dump`.

    It has the images that have points, one annotation each. `num_keypoints` counts the points with
    v > 0, `bbox` is the box of their pixels (the whole image if there is none), `area` the box's.

    Parameters
    ----------
    schema
        Its keypoints, in its order.
    laid
        The points, as `Annotation.laid` tells them.
    sizes
        The collection's photographs; points of others are left out.
    """
    images, annotations = [], []
    for number, (name, points) in enumerate(said(schema, laid, sizes), start=1):
        height, width = sizes[name]
        images.append({"id": number, "file_name": name, "height": height, "width": width})
        annotations.append(_annotation(number, schema, points, sizes[name]))
    return {
        "info": {"description": "Keypoints of Average Explorer", "version": "1.0"},
        "licenses": [],
        "images": images,
        "annotations": annotations,
        "categories": [schema_to_category(schema)],
    }


def schema_to_category(schema: Schema) -> dict[str, Any]:
    """Return a schema as a COCO category; the skeleton counts from 1, as COCO's does."""
    places = {keypoint: place for place, keypoint in enumerate(schema.ids, start=1)}
    return {
        "id": 1,
        "name": schema.name,
        "supercategory": schema.name,
        "keypoints": distinct_names(schema),
        "skeleton": [[places[one], places[other]] for one, other in schema.edges],
        OURS: {
            "ids": list(schema.ids),
            "colors": [keypoint.color for keypoint in schema.keypoints],
            "pairs": [[places[left], places[right]] for left, right in schema.pairs],
        },
    }


def _annotation(
    number: int, schema: Schema, points: Mapping[str, LaidPoint], size: tuple[int, int]
) -> dict[str, Any]:
    triples: list[float] = []
    for keypoint in schema.ids:
        triples += _triple(points[keypoint].point) if keypoint in points else (0, 0, 0)
    box = box_of((one.point for one in points.values()), size)
    one_by_one = [points.get(keypoint) for keypoint in schema.ids]
    return {
        "id": number,
        "image_id": number,
        "category_id": 1,
        "keypoints": triples,
        "num_keypoints": sum(flag > 0 for flag in triples[2::3]),
        "bbox": [round(side, DECIMALS) for side in box],
        "area": round(box[2] * box[3], DECIMALS),
        "iscrowd": 0,
        "segmentation": [],  # CVAT reads no annotation without one
        OURS: {
            "state": [one.point.state if one else "" for one in one_by_one],
            "confidence": [round(one.point.confidence, 6) if one else 0 for one in one_by_one],
            "author": [one.author if one else "" for one in one_by_one],
        },
    }


def _triple(point: ImagePoint) -> tuple[float, float, int]:
    if point.state == "absent":
        return 0, 0, 0
    return round(point.x, DECIMALS), round(point.y, DECIMALS), FLAGS[point.state]


def schema_from_category(category: Any, where: str = "category") -> Schema:
    """Return the schema of a COCO category.

    Its ids, colors and pairs are what was written with it; in a file of another tool ids are made
    of the names, and pairs are the names that differ in "left" and "right" alone.

    Raises
    ------
    FormatError
        If it has no keypoints, or an edge of its skeleton joins none; the message names the field.
    """
    fields = fields_of(category, where)
    names = fields.texts("keypoints")
    if not names:
        raise FormatError(f"{where}.keypoints must be names of keypoints, it has none")
    schema = _with_ours(named_schema(fields.text("name", "object"), names), fields.get(OURS))
    edges = {_edge(edge, schema, where): None for edge in fields.get("skeleton") or ()}
    return replace(schema, edges=tuple(edges))


def _edge(edge: Any, schema: Schema, where: str) -> tuple[str, str]:
    numbers = range(1, len(schema.ids) + 1)
    if (
        not isinstance(edge, list)
        or len(set(map(str, edge))) != 2
        or any(end not in numbers for end in edge)
    ):
        raise FormatError(
            f"{where}.skeleton must join two different keypoints, 1 to {len(schema.ids)}, "
            f"got {edge!r}"
        )
    return schema.ids[edge[0] - 1], schema.ids[edge[1] - 1]


def _with_ours(schema: Schema, ours: Any) -> Schema:
    """Return the schema with the ids, colors and pairs that were written, if they are right."""
    try:
        given = zip(schema.keypoints, ours["ids"], ours["colors"], strict=True)
        keypoints = tuple(
            Keypoint(id=keypoint_id, name=one.name, color=color)
            for one, keypoint_id, color in given
        )
        ids = [one.id for one in keypoints]
        pairs = tuple((ids[left - 1], ids[right - 1]) for left, right in ours["pairs"])
        return replace(schema, keypoints=keypoints, pairs=pairs)
    except (TypeError, KeyError, ValueError, IndexError, AttributeError):
        return schema  # another tool's file, or one that was changed: what it names is enough


def from_coco(data: Any, sizes: Sizes, schema: Schema | None = None) -> Reading:
    """Read a COCO dataset of keypoints.

    An image here is of one thing. Where a file has several of one image, the one with the most
    keypoints counts, of those the largest; where it has several categories with keypoints, the one
    that most annotations are of. The notes say so. Coordinates of a photograph that has another
    size in the file are scaled.

    Parameters
    ----------
    data
        The dataset, as `json.load` returns it.
    sizes
        The collection's photographs.
    schema
        The session's; None takes the file's.

    Raises
    ------
    FormatError
        If it is no such dataset, or an annotation has another number of keypoints than its
        category; the message names the field.
    """
    fields = fields_of(data, "the file")
    images = _images(fields)
    things = [_thing(one) for one in items_of(fields.get("annotations"), "annotations")]
    gathering = Gathering()
    category, file = _category(fields, things, gathering)
    fitted, ids = fitted_schema(schema, file)
    kept = _one_an_image(
        [one for one in things if one.category == category], len(file.ids), gathering
    )
    known = match_names([one.name for one in images.values()], sizes)
    for image_id, thing in kept.items():
        image = images.get(image_id)
        if image is None:
            raise FormatError(f"{thing.where}.image_id must be one of the images, got {image_id!r}")
        name = known.get(image.name)
        scale = scaling(image.size or sizes[name], sizes[name]) if name else None
        if name is None or scale is None:
            gathering.unknown[image.name] = None
            continue
        for author, point in _points(thing, ids, scale):
            gathering.add(name, author, point)
    return gathering.result(fitted)


@dataclass(frozen=True, slots=True)
class _Image:
    name: str
    size: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class _Thing:
    """An annotation; `triples` are its numbers."""

    where: str
    fields: Fields
    image: Any
    category: Any
    triples: Sequence[float]

    @property
    def rank(self) -> tuple[int, float]:
        labelled = sum(flag > 0 for flag in self.triples[2::3])
        return labelled, self.fields.number("area", 0.0)


def _images(fields: Fields) -> dict[Any, _Image]:
    found = {}
    for one in items_of(fields.get("images"), "images"):
        height, width = one.number("height", 0), one.number("width", 0)
        size = (int(height), int(width)) if height > 0 and width > 0 else None
        found[one.known("id")] = _Image(one.text("file_name"), size)
    return found


def _thing(one: Fields) -> _Thing:
    triples = one.numbers("keypoints") if one.get("keypoints") else ()
    return _Thing(one.where, one, one.known("image_id"), one.known("category_id"), triples)


def _category(
    fields: Fields, things: Sequence[_Thing], gathering: Gathering
) -> tuple[Hashable, Schema]:
    """Return the id and the schema of the category with keypoints that most annotations are of.

    FiftyOne names no keypoints; theirs are only numbered.
    """
    used = Counter(thing.category for thing in things if thing.triples)
    categories = items_of(fields.get("categories"), "categories")
    named = [one for one in categories if one.get("keypoints")]
    found = named or [one for one in categories if used[one.known("id")]]
    if not found:
        raise FormatError("categories must have one with keypoints, none has")
    best = max(found, key=lambda one: used[one.known("id")])
    others = [one.text("name", "?") for one in found if one is not best and used[one.known("id")]]
    if others:
        gathering.notes.append(
            f"only keypoints of {best.text('name', '?')!r} were read, not of {listed(others)}"
        )
    category = best.known("id")
    if named:
        return category, schema_from_category(best.values, best.where)
    first = next(thing for thing in things if thing.triples and thing.category == category)
    return category, numbered_schema(len(first.triples) // 3)


def _one_an_image(things: Sequence[_Thing], count: int, gathering: Gathering) -> dict[Any, _Thing]:
    best: dict[Any, _Thing] = {}
    several: set[Any] = set()
    for thing in things:
        if not thing.triples:
            continue
        if len(thing.triples) != 3 * count:
            raise FormatError(
                f"{thing.where}.keypoints must be x, y, v for each of the {count} keypoints of its "
                f"category, got {len(thing.triples)} numbers"
            )
        if thing.image in best:
            several.add(thing.image)
        if thing.image not in best or thing.rank > best[thing.image].rank:
            best[thing.image] = thing
    if several:
        gathering.notes.append(
            f"{len(several)} images have several annotations: of each the one with the most "
            "keypoints was read"
        )
    return best


def _points(
    thing: _Thing, ids: Sequence[str], scale: tuple[float, float]
) -> Iterator[tuple[str, ImagePoint]]:
    """Yield the points that an annotation has, with their authors."""
    ours = thing.fields.get(OURS)
    triples = zip(*[iter(thing.triples)] * 3, strict=True)
    for place, (keypoint, (x, y, flag)) in enumerate(zip(ids, triples, strict=True)):
        state = STATES.get(int(flag))
        if state is None and _ours(ours, "state", place) == "absent":
            state, x, y = "absent", 0.0, 0.0
        if state is None:
            continue
        confidence = _ours(ours, "confidence", place)
        right = isinstance(confidence, float | int) and 0 <= confidence <= 1
        author = _ours(ours, "author", place)
        yield (
            author if isinstance(author, str) else "",
            ImagePoint(
                keypoint=keypoint,
                x=x if state == "absent" else _scaled(x, scale[0]),
                y=y if state == "absent" else _scaled(y, scale[1]),
                state=state,
                confidence=float(confidence) if right else 1.0,
            ),
        )


def _scaled(value: float, scale: float) -> float:
    # Borders of pixels are scaled, not their centers.
    return (value + 0.5) * scale - 0.5


def _ours(ours: Any, key: str, place: int) -> Any:
    """Return what was written for one keypoint beside COCO's own, None if nothing was."""
    values = ours.get(key) if isinstance(ours, Mapping) else None
    return values[place] if isinstance(values, list) and place < len(values) else None
