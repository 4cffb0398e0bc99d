"""What a build knows from its earlier runs: the plan, the images, the rejects, the time spent."""

import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.files import write_text
from index.manifest import SourceInfo
from index.schema import (
    COMPARED,
    FORMAT,
    LOCK,
    MANIFEST,
    PARTIAL,
    PLAN,
    REJECTED,
    ROOMS,
    SHARDS,
    TIMINGS,
)
from precompute.errors import BuildError
from precompute.shard import Record, read_journal
from precompute.sources import Rejection


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What was decided when a collection was begun; every later run keeps to it."""

    source: SourceInfo
    height: int
    width: int
    options: dict[str, Any]


def read_plan(folder: Path) -> Plan | None:
    """Return the plan of a collection, None if it is still to be begun.

    Raises
    ------
    BuildError
        If it is of another format or damaged.
    """
    path = folder / PLAN
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        found = fields.pop("format")
        if found != FORMAT:
            raise BuildError(f"{folder} must have format {FORMAT}, has {found}: use --rebuild")
        return Plan(**{**fields, "source": SourceInfo(**fields["source"])})
    except FileNotFoundError:
        return None
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise BuildError(f"{path} is damaged ({error!r}): use --rebuild") from error


def write_plan(folder: Path, plan: Plan) -> None:
    """Write the plan in one step."""
    write_text(folder / PLAN, json.dumps({"format": FORMAT, **asdict(plan)}, indent=1) + "\n")


def published(folder: Path) -> list[Path]:
    """Return the published shards, in order."""
    shards = folder / SHARDS
    if not shards.is_dir():
        return []
    return sorted(path for path in shards.iterdir() if not path.name.endswith(PARTIAL))


def images(folder: Path) -> list[Record]:
    """Return the records of all published images, in the order of their rows."""
    return [record for shard in published(folder) for record in read_journal(shard)]


def begun(folder: Path) -> list[Record]:
    """Return the records of the shard that an earlier run left unfinished."""
    partial = sorted((folder / SHARDS).glob(f"*{PARTIAL}"))
    return [record for shard in partial for record in read_journal(shard)]


def foreign_files(folder: Path) -> list[str]:
    """Return names in a folder that no build writes before its plan."""
    own = {LOCK, TIMINGS}
    return sorted(
        path.name
        for path in folder.iterdir()
        if path.name not in own and not path.name.startswith(ROOMS)
    )


def rejections(folder: Path) -> dict[str, Rejection]:
    """Return the files that could not be decoded, by path; the last word on each."""
    return {line["path"]: Rejection(**line) for line in _lines(folder / REJECTED)}


def add_rejections(folder: Path, rejected: Iterable[Rejection]) -> None:
    """Write down files that could not be decoded, for good."""
    _append(folder / REJECTED, (asdict(rejection) for rejection in rejected))


def timings(folder: Path) -> dict[str, float]:
    """Return how many seconds each stage has taken in all runs together."""
    seconds: dict[str, float] = {}
    for line in _lines(folder / TIMINGS):
        seconds[line["stage"]] = seconds.get(line["stage"], 0.0) + line["seconds"]
    return seconds


def add_timing(folder: Path, stage: str, seconds: float) -> None:
    """Write down how long a part of a stage took."""
    _append(folder / TIMINGS, [{"stage": stage, "seconds": round(seconds, 4)}])


def forget_timings(folder: Path, stage: str) -> None:
    """Leave out what a stage has taken so far: all of it is to be made anew."""
    others = [line for line in _lines(folder / TIMINGS) if line["stage"] != stage]
    write_text(folder / TIMINGS, "".join(json.dumps(line) + "\n" for line in others))


def compared(folder: Path) -> tuple[int, list[tuple[int, int]]]:
    """Return how many images were compared with all others, and the pairs that were the same."""
    lines = _lines(folder / COMPARED)
    pairs = [(one, other) for line in lines for one, other in line["pairs"]]
    return max((line["until"] for line in lines), default=0), pairs


def add_compared(folder: Path, until: int, pairs: Iterable[tuple[int, int]]) -> None:
    """Write down that the images before `until` are compared, and the pairs that came of it."""
    _append(folder / COMPARED, [{"until": until, "pairs": list(pairs)}])


def clear(folder: Path) -> None:
    """Throw away what builds have made; what belongs to others, the rooms' logs, stays."""
    for path in (folder / MANIFEST, folder / PLAN, *folder.iterdir()):
        if path.name == LOCK or path.name.startswith(ROOMS):
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        os.truncate(path, len(whole))
    return [json.loads(line) for line in whole.splitlines()]


def _append(path: Path, lines: Iterable[dict[str, Any]]) -> None:
    text = "".join(json.dumps(line) + "\n" for line in lines)
    if text:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
