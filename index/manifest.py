"""The manifest: what a finished collection consists of.

It is written last and replaced in one step, so a collection is always the one of its manifest: what
a running build adds is not there until the build is complete. The modes of all spots, which take
the longest and can be done without, follow in a second manifest.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from index.errors import CollectionError
from index.files import write_text
from index.schema import FORMAT, MANIFEST, PLAN


@dataclass(frozen=True, slots=True)
class Shard:
    """One published shard: the folder's name and how many images it holds."""

    name: str
    images: int


@dataclass(frozen=True, slots=True)
class StageCost:
    """What one stage has cost so far: time, and bytes on disk."""

    seconds: float
    bytes: int


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """Where the photographs came from: "folder", "zip", "video" or "table", and its path."""

    kind: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModesInfo:
    """The modes that are stored for every spot of a collection.

    Attributes
    ----------
    name
        The folder in `modes/`.
    kind
        "fast" or "exact".
    gives_up
        What the modes of this kind lack, for people.
    spots, modes
        How many there are.
    """

    name: str
    kind: str
    gives_up: str
    spots: int
    modes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a finished collection consists of.

    Attributes
    ----------
    height, width
        Size of every image, in pixels.
    source
        Where the photographs came from.
    options
        The options that decided the content, by name.
    shards
        The published shards, in order.
    stages
        What each stage cost, by the name of the stage.
    modes
        The modes of all spots; None if they were left out or are still to be mined.
    format
        Version of the layout, `index.schema.FORMAT`.
    """

    height: int
    width: int
    source: SourceInfo
    options: Mapping[str, Any] = field(default_factory=dict)
    shards: tuple[Shard, ...] = ()
    stages: Mapping[str, StageCost] = field(default_factory=dict)
    modes: ModesInfo | None = None
    format: int = FORMAT

    @property
    def images(self) -> int:
        """How many images there are."""
        return sum(shard.images for shard in self.shards)


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a collection.

    Raises
    ------
    CollectionError
        If the folder is no collection, or one that is unfinished, damaged or of another format.
    """
    path = folder / MANIFEST
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise CollectionError(_why_missing(folder)) from error
    except (OSError, ValueError) as error:
        raise CollectionError(
            f"{path} cannot be read ({error}): build it with --rebuild"
        ) from error
    return _manifest(fields, path)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest in one step."""
    write_text(folder / MANIFEST, json.dumps(asdict(manifest), indent=1) + "\n")


def _why_missing(folder: Path) -> str:
    if not folder.exists():
        return f"{folder} does not exist: `avex build PHOTOS --out {folder}` makes a collection"
    if (folder / PLAN).exists():
        return f"{folder} is not finished: run the same `avex build` again to resume it"
    return (
        f"{folder} is not a collection, it has no {MANIFEST}: `avex build PHOTOS --out NAME.avex`"
    )


def _manifest(fields: Any, path: Path) -> Manifest:
    found = fields.get("format") if isinstance(fields, dict) else None
    if found != FORMAT:
        raise CollectionError(
            f"{path} must have format {FORMAT}, has {found!r}: "
            + (
                "update avex"
                if isinstance(found, int) and found > FORMAT
                else "build it with --rebuild"
            )
        )
    try:
        modes = fields.get("modes")
        return Manifest(
            height=int(fields["height"]),
            width=int(fields["width"]),
            source=SourceInfo(**fields["source"]),
            options=dict(fields["options"]),
            shards=tuple(Shard(**shard) for shard in fields["shards"]),
            stages={name: StageCost(**cost) for name, cost in fields["stages"].items()},
            modes=ModesInfo(**modes) if modes else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CollectionError(f"{path} is damaged ({error!r}): build it with --rebuild") from error
