"""A schema as YOLO-pose's `data.yaml`: how many keypoints there are, which change places."""

from typing import Any

import yaml

from explorer.errors import FormatError
from explorer.keypoint_schema import Schema
from explorer.keypoints.formats.reading import named_schema, numbered_schema

DATA, LIST = "data.yaml", "images.txt"
MOST = 10_000
"""Keypoints; a file must not ask for a list that fills the memory."""


def schema_to_yaml(schema: Schema) -> str:
    """Return the text of `data.yaml`: how many keypoints there are, and which change places.

    It has no key that not every reader knows: CVAT's takes others for parts of the set.
    """
    places = {keypoint: place for place, keypoint in enumerate(schema.ids)}
    flipped = list(range(len(places)))
    for left, right in schema.pairs:
        flipped[places[left]], flipped[places[right]] = places[right], places[left]
    content = {
        "train": LIST,
        "val": LIST,
        "names": {0: schema.name},
        "kpt_shape": [len(places), 3],
        "flip_idx": flipped,
    }
    text: str = yaml.safe_dump(
        content, sort_keys=False, allow_unicode=True, default_flow_style=None, width=1000
    )
    return text


def schema_from_yaml(text: str) -> Schema:
    """Return the schema of a `data.yaml`.

    Raises
    ------
    FormatError
        If it is no YAML, or does not say how many keypoints there are.
    """
    try:
        data = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        raise FormatError(f"{DATA} must be YAML: {error}") from error
    data = data if isinstance(data, dict) else {}
    shape = data.get("kpt_shape")
    if not (
        isinstance(shape, list) and shape and isinstance(shape[0], int) and 0 < shape[0] <= MOST
    ):
        raise FormatError(f"{DATA} must say kpt_shape: [number of keypoints, 3], got {shape!r:.40}")
    count = shape[0]
    names = _first(data.get("kpt_names"))
    if not (isinstance(names, list) and len(names) == count and all(map(_is_name, names))):
        return _with_flips(numbered_schema(count), data.get("flip_idx"))
    title = _first(data.get("names"))
    schema = named_schema(title if isinstance(title, str) else "", [str(name) for name in names])
    return _with_flips(schema, data.get("flip_idx"))


def _is_name(value: Any) -> bool:
    return isinstance(value, str | int)


def _first(value: Any) -> Any:
    """Return what a list or a dict says of the first class."""
    values = list(value.values()) if isinstance(value, dict) else value
    return values[0] if isinstance(values, list) and values else None


def _with_flips(schema: Schema, flips: Any) -> Schema:
    """Return the schema with the pairs that change places, where that is said and makes sense."""
    numbers = range(len(schema.ids))
    if not isinstance(flips, list) or sorted(map(str, flips)) != sorted(map(str, numbers)):
        return schema
    pairs = [(one, flips[one]) for one in numbers if one < flips[one] and flips[flips[one]] == one]
    known = {frozenset(pair): pair for pair in schema.pairs}
    named = [(schema.ids[one], schema.ids[other]) for one, other in pairs]
    if {frozenset(pair) for pair in named} == set(known):
        return schema
    return Schema(
        name=schema.name,
        keypoints=schema.keypoints,
        edges=schema.edges,
        pairs=tuple(known.get(frozenset(pair), pair) for pair in named),
    )
