"""A session as JSON: written plain, read with every wrong field named."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from explorer.annotation import Annotation
from explorer.annotation_json import annotation_from_json, annotation_to_json
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
from explorer.json_fields import (
    fields_of,
    flag_of,
    list_of,
    number_of,
    point_of,
    text_of,
    texts_of,
    whole_of,
)
from explorer.session import Cluster, Entry, Session

SESSION_FORMAT = "average-explorer session"
SESSION_VERSION = 3
"""Version 2 added clusters' color, alignment and mirror, edits' reach, and two kinds of edits;
version 3 keypoints: `annotation`, which a session without any leaves out."""
VERSIONS_READ = (1, 2, 3)

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
    written: dict[str, Any] = {
        "format": SESSION_FORMAT,
        "version": SESSION_VERSION,
        "collection": session.collection,
        "clusters": [cluster_to_json(cluster) for cluster in session.clusters],
    }
    if session.annotation != Annotation():
        written["annotation"] = annotation_to_json(session.annotation)
    return written


def cluster_to_json(cluster: Cluster) -> dict[str, Any]:
    """Return one cluster as it stands in a session file."""
    return {
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
    optional = {"collection", "annotation"}
    fields = fields_of(data, "session", {"format", "version", "clusters"}, optional)
    if fields["format"] != SESSION_FORMAT:
        raise SessionError(f'format must be "{SESSION_FORMAT}", got {fields["format"]!r}')
    if fields["version"] not in VERSIONS_READ:
        known = ", ".join(map(str, VERSIONS_READ))
        raise SessionError(
            f"version must be one of {known}, got {fields['version']!r}: "
            "open it with the avex that wrote it"
        )
    clusters = tuple(
        cluster_from_json(item, f"clusters[{number}]")
        for number, item in enumerate(list_of(fields["clusters"], "clusters"))
    )
    name = text_of(fields.get("collection", ""), "collection")
    annotation = annotation_from_json(fields.get("annotation", {}))
    return Session(collection=name, clusters=clusters, annotation=annotation)


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
    fields = fields_of(data, where, required, optional)
    values = {name: _EDIT_FIELDS[name](value, f"{where}.{name}") for name, value in fields.items()}
    try:
        return edit_type(**values)
    except EngineError as error:
        raise SessionError(f"{where}: {error}") from error


def cluster_from_json(data: Any, where: str = "cluster") -> Cluster:
    """Read what `cluster_to_json` wrote.

    Raises
    ------
    SessionError
        If a field is missing, unknown or wrong; the message names it, with `where` before it.
    """
    settings = {"name", "weighting", "count", "alignment", "mirror", "color"}
    fields = fields_of(data, where, {"id", "edits"}, settings)
    entries = tuple(
        _entry(item, f"{where}.edits[{number}]")
        for number, item in enumerate(list_of(fields["edits"], f"{where}.edits"))
    )
    ids = [entry.edit.id for entry in entries]
    if len(set(ids)) != len(ids):
        raise SessionError(f"{where}.edits must have different ids, got {ids}")
    count = fields.get("count")
    try:
        return Cluster(
            id=text_of(fields["id"], f"{where}.id"),
            name=text_of(fields.get("name", "Average"), f"{where}.name"),
            weighting=text_of(fields.get("weighting", "focus"), f"{where}.weighting"),  # type: ignore[arg-type]
            count=None if count is None else whole_of(count, f"{where}.count"),
            alignment=text_of(fields.get("alignment", "similarity"), f"{where}.alignment"),  # type: ignore[arg-type]
            mirror=flag_of(fields.get("mirror", False), f"{where}.mirror"),
            color=text_of(fields.get("color", ""), f"{where}.color"),
            entries=entries,
        )
    except SessionError as error:
        raise SessionError(f"{where}: {error}") from error


def _entry(data: Any, where: str) -> Entry:
    fields = fields_of(data, where, {"edit"}, {"author", "time"})
    return Entry(
        edit=edit_from_json(fields["edit"], f"{where}.edit"),
        author=text_of(fields.get("author", ""), f"{where}.author"),
        time=number_of(fields.get("time", 0.0), f"{where}.time"),
    )


def _color(value: Any, where: str) -> tuple[int, ...]:
    channels = list_of(value, where)
    if len(channels) != 3:
        raise SessionError(f"{where} must be three numbers, red, green, blue, got {value!r}")
    return tuple(whole_of(channel, where) for channel in channels)


def _paths(value: Any, where: str) -> tuple[tuple[tuple[float, ...], ...], ...]:
    return tuple(
        tuple(
            point_of(point, f"{where}[{i}][{j}]")
            for j, point in enumerate(list_of(path, f"{where}[{i}]"))
        )
        for i, path in enumerate(list_of(value, where))
    )


def _parts(value: Any, where: str) -> tuple[tuple[Edit, ...], ...]:
    return tuple(
        tuple(
            edit_from_json(edit, f"{where}[{i}][{j}]")
            for j, edit in enumerate(list_of(part, f"{where}[{i}]"))
        )
        for i, part in enumerate(list_of(value, where))
    )


_EDIT_FIELDS: dict[str, Callable[[Any, str], Any]] = {
    "kind": text_of,
    "id": text_of,
    "paths": _paths,
    "radius": number_of,
    "color": _color,
    "strength": number_of,
    "enabled": flag_of,
    "image": text_of,
    "center": point_of,
    "size": number_of,
    "verdict": text_of,
    "reach": text_of,
    "parts": _parts,
    "names": texts_of,
    "rounds": whole_of,
}
