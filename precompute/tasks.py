"""What a worker process can be asked: decode one file, or list a source."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.manifest import SourceInfo
from precompute.decode import Target


@dataclass(frozen=True, slots=True)
class Task:
    """Decode one member of a source."""

    source: SourceInfo
    member: str
    name: str
    target: Target
    timeout_s: float


@dataclass(frozen=True, slots=True)
class ListTask:
    """List what a zip or a video holds: their directories are as hostile as what they hold."""

    kind: Literal["zip", "video"]
    path: Path
    fps: float
    timeout_s: float
