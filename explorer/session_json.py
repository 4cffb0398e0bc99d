"""A session as JSON: written plain, read with every wrong field named."""

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import Any

from explorer.edits import (
    AnyOf,
    ColorStroke,
    Edit,
    ImageVerdict,
    LikeImage,
    ModePick,
    Sharpen,
    SketchStroke,
)
from explorer.errors import EngineError, SessionError
from explorer.session import Cluster, Entry, Session

SESSION_FORMAT = "average-explorer session"
SESSION_VERSION = 2
"""Version 2 added clusters' color, alignment and mirror, edits' reach, and two kinds of edits."""
VERSIONS_READ = (1, 2)

EDIT_KINDS: dict[str, type[Edit]] = {
    "color": ColorStroke,
    "sketch": SketchStroke,
    "mode": ModePick,
    "like": LikeImage,
    "any": AnyOf,
    "image": ImageVerdict,
    "sharpen": Sharpen,
}


def session_to_json(session: Session) -> dict[str, Any]:
    """Return the session as plain dicts, lists, strings and numbers, ready for `json.dump`."""
    clusters = [
        {
            "id": cluster.id,
            "name": cluster.name,
            "weighting": cluster.weighting,
            "count": cluster.count,
            "alignment": cluster.alignment,
            "mirror": cluster.mirror,
            "color": cluster.color,
            "edits": [
                {"author": e.author, "time": e.time, "edit": edit_to_json(e.edit)}
                for e in cluster.entries
            ],
        }
        for cluster in session.clusters
    ]
    return {
        "format": SESSION_FORMAT,
        "version": SESSION_VERSION,
        "collection": session.collection,
        "clusters": clusters,
    }


def edit_to_json(edit: Edit) -> dict[str, Any]:
    """Return one edit as a plain dict; its `kind` comes first."""
    fields = {spec.name: getattr(edit, spec.name) for spec in dataclasses.fields(edit)}
    return {"kind": fields.pop("kind")} | {name: _plain(value) for name, value in fields.items()}


def _plain(value: Any) -> Any:
    """Return tuples as the lists that JSON will make of them, edits as dicts."""
    if dataclasses.is_dataclass(value):
        return edit_to_json(value)  # type: ignore[arg-type]
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def session_from_json(data: Any) -> Session:
    """Read what `session_to_json` wrote.

    Raises
    ------
    SessionError
        If a field is missing, unknown or wrong; the message names it.
    """
    fields = _fields(data, "session", {"format", "version", "clusters"}, {"collection"})
    if fields["format"] != SESSION_FORMAT:
        raise SessionError(f'format must be "{SESSION_FORMAT}", got {fields["format"]!r}')
    if fields["version"] not in VERSIONS_READ:
        known = " or ".join(map(str, VERSIONS_READ))
        raise SessionError(
            f"version must be {known}, got {fields['version']!r}: "
            "open it with the avex that wrote it"
        )
    clusters = tuple(
        _cluster(item, f"clusters[{number}]")
        for number, item in enumerate(_list(fields["clusters"], "clusters"))
    )
    name = _text(fields.get("collection", ""), "collection")
    return Session(collection=name, clusters=clusters)


def edit_from_json(data: Any, where: str = "edit") -> Edit:
    """Read what `edit_to_json` wrote.

    Raises
    ------
    SessionError
        If a field is missing, unknown or wrong; the message names it, with `where` before it.
    """
    kind = data.get("kind") if isinstance(data, Mapping) else None
    if not isinstance(kind, str) or kind not in EDIT_KINDS:
        known = ", ".join(EDIT_KINDS)
        raise SessionError(f"{where}.kind must be one of {known}, got {kind!r}")
    edit_type = EDIT_KINDS[kind]
    specs = dataclasses.fields(edit_type)
    required = {spec.name for spec in specs if spec.default is dataclasses.MISSING}
    optional = {spec.name for spec in specs} - required
    fields = _fields(data, where, required, optional)
    values = {name: _EDIT_FIELDS[name](value, f"{where}.{name}") for name, value in fields.items()}
    try:
        return edit_type(**values)
    except EngineError as error:
        raise SessionError(f"{where}: {error}") from error


def _cluster(data: Any, where: str) -> Cluster:
    settings = {"name", "weighting", "count", "alignment", "mirror", "color"}
    fields = _fields(data, where, {"id", "edits"}, settings)
    entries = tuple(
        _entry(item, f"{where}.edits[{number}]")
        for number, item in enumerate(_list(fields["edits"], f"{where}.edits"))
    )
    ids = [entry.edit.id for entry in entries]
    if len(set(ids)) != len(ids):
        raise SessionError(f"{where}.edits must have different ids, got {ids}")
    count = fields.get("count")
    try:
        return Cluster(
            id=_text(fields["id"], f"{where}.id"),
            name=_text(fields.get("name", "Average"), f"{where}.name"),
            weighting=_text(fields.get("weighting", "focus"), f"{where}.weighting"),  # type: ignore[arg-type]
            count=None if count is None else _whole(count, f"{where}.count"),
            alignment=_text(fields.get("alignment", "similarity"), f"{where}.alignment"),  # type: ignore[arg-type]
            mirror=_flag(fields.get("mirror", False), f"{where}.mirror"),
            color=_text(fields.get("color", ""), f"{where}.color"),
            entries=entries,
        )
    except SessionError as error:
        raise SessionError(f"{where}: {error}") from error


def _entry(data: Any, where: str) -> Entry:
    fields = _fields(data, where, {"edit"}, {"author", "time"})
    return Entry(
        edit=edit_from_json(fields["edit"], f"{where}.edit"),
        author=_text(fields.get("author", ""), f"{where}.author"),
        time=_number(fields.get("time", 0.0), f"{where}.time"),
    )


def _fields(data: Any, where: str, required: set[str], optional: set[str]) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise SessionError(f"{where} must be an object, got {type(data).__name__}")
    for name in sorted(required - set(data)):
        raise SessionError(f"{where}.{name} is missing")
    for name in sorted(set(map(str, data)) - required - optional):
        known = ", ".join(sorted(required | optional))
        raise SessionError(f"{where}.{name} is unknown: {where} has {known}")
    return data


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise SessionError(f"{where} must be a list, got {type(value).__name__}")
    return value


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise SessionError(f"{where} must be a text, got {value!r}")
    return value


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise SessionError(f"{where} must be true or false, got {value!r}")
    return value


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise SessionError(f"{where} must be a finite number, got {value!r}")
    return float(value)


def _whole(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise SessionError(f"{where} must be a whole number, got {value!r}")
    return value


def _color(value: Any, where: str) -> tuple[int, ...]:
    channels = _list(value, where)
    if len(channels) != 3:
        raise SessionError(f"{where} must be three numbers, red, green, blue, got {value!r}")
    return tuple(_whole(channel, where) for channel in channels)


def _paths(value: Any, where: str) -> tuple[tuple[tuple[float, ...], ...], ...]:
    return tuple(
        tuple(
            _point(point, f"{where}[{i}][{j}]")
            for j, point in enumerate(_list(path, f"{where}[{i}]"))
        )
        for i, path in enumerate(_list(value, where))
    )


def _point(value: Any, where: str) -> tuple[float, ...]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise SessionError(f"{where} must be [x, y], got {value!r}")
    return tuple(_number(number, where) for number in value)


def _parts(value: Any, where: str) -> tuple[tuple[Edit, ...], ...]:
    return tuple(
        tuple(
            edit_from_json(edit, f"{where}[{i}][{j}]")
            for j, edit in enumerate(_list(part, f"{where}[{i}]"))
        )
        for i, part in enumerate(_list(value, where))
    )


def _names(value: Any, where: str) -> tuple[str, ...]:
    return tuple(_text(name, f"{where}[{i}]") for i, name in enumerate(_list(value, where)))


_EDIT_FIELDS: dict[str, Callable[[Any, str], Any]] = {
    "kind": _text,
    "id": _text,
    "paths": _paths,
    "radius": _number,
    "color": _color,
    "strength": _number,
    "enabled": _flag,
    "image": _text,
    "center": _point,
    "size": _number,
    "verdict": _text,
    "reach": _text,
    "parts": _parts,
    "names": _names,
    "rounds": _whole,
}
