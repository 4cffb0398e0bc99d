"""Keypoints as JSON: written plain and short, read with every wrong field named.

Layers may hold a million points, so a point is a list, `[keypoint, x, y, state, confidence]`.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from explorer.annotation import Annotation, ImagePoint, ImagePoints, Layer, Mark, Review
from explorer.errors import SessionError
from explorer.json_fields import fields_of, list_of, number_of, point_of, text_of, texts_of
from explorer.keypoint_schema import Keypoint, Schema

Item = TypeVar("Item")
_NUMBERS = {int, float}


def annotation_to_json(annotation: Annotation) -> dict[str, Any]:
    """Return everything that was said about keypoints as plain dicts, lists, texts and numbers."""
    return {
        "schema": schema_to_json(annotation.schema),
        "marks": [mark_to_json(mark) for mark in annotation.marks],
        "layers": [layer_to_json(layer) for layer in annotation.layers],
        "reviews": [review_to_json(review) for review in annotation.reviews],
    }


def annotation_from_json(data: Any, where: str = "annotation") -> Annotation:
    """Read what `annotation_to_json` wrote.

    Raises
    ------
    SessionError
        If a field is missing, unknown or wrong; the message names it, with `where` before it.
    """
    fields = fields_of(data, where, set(), {"schema", "marks", "layers", "reviews"})
    marks = _items(fields.get("marks", []), f"{where}.marks", mark_from_json)
    layers = _items(fields.get("layers", []), f"{where}.layers", layer_from_json)
    reviews = _items(fields.get("reviews", []), f"{where}.reviews", review_from_json)
    _check_different([(m.cluster, m.keypoint, m.author) for m in marks], f"{where}.marks")
    _check_different([layer.id for layer in layers], f"{where}.layers")
    _check_different([review.image for review in reviews], f"{where}.reviews")
    schema = schema_from_json(fields.get("schema", {"keypoints": []}), f"{where}.schema")
    return Annotation(schema=schema, marks=marks, layers=layers, reviews=reviews)


def schema_to_json(schema: Schema) -> dict[str, Any]:
    """Return a schema as plain dicts, lists and texts."""
    return {
        "name": schema.name,
        "keypoints": [
            {"id": keypoint.id, "name": keypoint.name, "color": keypoint.color}
            for keypoint in schema.keypoints
        ],
        "edges": [list(edge) for edge in schema.edges],
        "pairs": [list(pair) for pair in schema.pairs],
    }


def schema_from_json(data: Any, where: str = "schema") -> Schema:
    """Read what `schema_to_json` wrote.

    Raises
    ------
    SessionError
        If a field is missing, unknown or wrong; the message names it, with `where` before it.
    """
    fields = fields_of(data, where, {"keypoints"}, {"name", "edges", "pairs"})
    keypoints = _items(fields["keypoints"], f"{where}.keypoints", _keypoint)
    edges = _items(fields.get("edges", []), f"{where}.edges", _couple)
    pairs = _items(fields.get("pairs", []), f"{where}.pairs", _couple)
    name = text_of(fields.get("name", "object"), f"{where}.name")
    return _made(where, lambda: Schema(name=name, keypoints=keypoints, edges=edges, pairs=pairs))


def mark_to_json(mark: Mark) -> dict[str, Any]:
    """Return a mark as a plain dict."""
    return {
        "cluster": mark.cluster,
        "keypoint": mark.keypoint,
        "at": list(mark.at),
        "author": mark.author,
        "time": mark.time,
    }


def mark_from_json(data: Any, where: str = "mark") -> Mark:
    """Read what `mark_to_json` wrote.

    Raises
    ------
    SessionError
        If a field is missing, unknown or wrong; the message names it, with `where` before it.
    """
    fields = fields_of(data, where, {"cluster", "keypoint", "at"}, {"author", "time"})
    cluster = text_of(fields["cluster"], f"{where}.cluster")
    keypoint = text_of(fields["keypoint"], f"{where}.keypoint")
    at = point_of(fields["at"], f"{where}.at")
    author = text_of(fields.get("author", ""), f"{where}.author")
    time = number_of(fields.get("time", 0.0), f"{where}.time")
    return _made(
        where, lambda: Mark(cluster=cluster, keypoint=keypoint, at=at, author=author, time=time)
    )


def layer_to_json(layer: Layer) -> dict[str, Any]:
    """Return a layer as a plain dict, its points as short lists by the name of their image."""
    return {
        "id": layer.id,
        "kind": layer.kind,
        "merge": layer.merge,
        "clusters": list(layer.clusters),
        "author": layer.author,
        "time": layer.time,
        "images": {
            image.image: [[p.keypoint, p.x, p.y, p.state, p.confidence] for p in image.points]
            for image in layer.images
        },
    }


def layer_from_json(data: Any, where: str = "layer") -> Layer:
    """Read what `layer_to_json` wrote.

    Raises
    ------
    SessionError
        If a field is missing, unknown or wrong; the message names it, with `where` before it.
    """
    optional = {"merge", "clusters", "author", "time"}
    fields = fields_of(data, where, {"id", "kind", "images"}, optional)
    images = fields["images"]
    if not isinstance(images, dict):
        kind = type(images).__name__
        raise SessionError(f"{where}.images must be an object by image name, got {kind}")
    values: dict[str, Any] = {
        "id": text_of(fields["id"], f"{where}.id"),
        "kind": text_of(fields["kind"], f"{where}.kind"),
        "images": tuple(_image(name, points, where) for name, points in images.items()),
        "merge": text_of(fields.get("merge", "overwrite"), f"{where}.merge"),
        "clusters": texts_of(fields.get("clusters", []), f"{where}.clusters"),
        "author": text_of(fields.get("author", ""), f"{where}.author"),
        "time": number_of(fields.get("time", 0.0), f"{where}.time"),
    }
    return _made(where, lambda: Layer(**values))


def review_to_json(review: Review) -> dict[str, Any]:
    """Return a review as a plain dict."""
    return {"image": review.image, "author": review.author, "time": review.time}


def review_from_json(data: Any, where: str = "review") -> Review:
    """Read what `review_to_json` wrote.

    Raises
    ------
    SessionError
        If a field is missing, unknown or wrong; the message names it, with `where` before it.
    """
    fields = fields_of(data, where, {"image"}, {"author", "time"})
    return Review(
        image=text_of(fields["image"], f"{where}.image"),
        author=text_of(fields.get("author", ""), f"{where}.author"),
        time=number_of(fields.get("time", 0.0), f"{where}.time"),
    )


def _keypoint(data: Any, where: str) -> Keypoint:
    fields = fields_of(data, where, {"id", "name"}, {"color"})
    values = {name: text_of(value, f"{where}.{name}") for name, value in fields.items()}
    return _made(where, lambda: Keypoint(**values))


def _couple(value: Any, where: str) -> tuple[str, str]:
    ids = texts_of(value, where)
    if len(ids) != 2:
        raise SessionError(f"{where} must be two ids of keypoints, got {value!r}")
    return ids[0], ids[1]


def _image(name: str, points: Any, where: str) -> ImagePoints:
    """Read the points of one image; where they stand is only put in words for an error."""
    if not isinstance(points, list):
        raise SessionError(f"{where}.images[{name!r}] must be a list, got {type(points).__name__}")
    read = []
    for number, point in enumerate(points):
        try:
            read.append(_image_point(point))
        except (SessionError, TypeError, ValueError, OverflowError) as error:
            raise SessionError(f"{where}.images[{name!r}][{number}]: {error}") from error
    return _made(f"{where}.images[{name!r}]", lambda: ImagePoints(image=name, points=tuple(read)))


def _image_point(value: Any) -> ImagePoint:
    if not isinstance(value, list) or len(value) != 5:
        raise SessionError(f"must be [keypoint, x, y, state, confidence], got {value!r}")
    keypoint, x, y, state, confidence = value
    if not isinstance(keypoint, str) or not isinstance(state, str):
        raise SessionError(f"keypoint and state must be texts, got {keypoint!r} and {state!r}")
    if not {type(x), type(y), type(confidence)} <= _NUMBERS:
        raise SessionError(f"x, y and confidence must be numbers, got {value[1:3] + value[4:]}")
    return ImagePoint(keypoint=keypoint, x=x, y=y, state=state, confidence=confidence)  # type: ignore[arg-type]


def _items(value: Any, where: str, read: Callable[[Any, str], Item]) -> tuple[Item, ...]:
    return tuple(read(item, f"{where}[{i}]") for i, item in enumerate(list_of(value, where)))


def _made(where: str, make: Callable[[], Item]) -> Item:
    """Make a value whose type checks it, and say where it stands if it is wrong."""
    try:
        return make()
    except SessionError as error:
        raise SessionError(f"{where}: {error}") from error


def _check_different(keys: Sequence[object], where: str) -> None:
    known: set[object] = set()
    for number, key in enumerate(keys):
        if key in known:
            raise SessionError(f"{where}[{number}] is there twice: {key!r}")
        known.add(key)
