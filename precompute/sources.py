"""Where photographs come from: a folder, a zip, a video, or a table of paths.

A source lists what could be a photograph, and what certainly is none with the reason; nothing that
it finds is left unsaid. Reading happens elsewhere, in the workers.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from index.manifest import SourceInfo

BYTES_MAX = 1 << 29
"""Larger files are not read."""
COUNT_MAX = 1_000_000
"""A zip or a video with more members or frames is no collection of photographs."""
NAME_MAX = 1024
"""Of an image: longer names are not known in a room."""

TABLE_ENDINGS = (".csv", ".tsv", ".parquet")
VIDEO_ENDINGS = (".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v", ".mpg", ".mpeg")
IMAGE_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "AVIF": (".avif", ".avifs"),
    "BMP": (".bmp", ".dib"),
    "GIF": (".gif",),
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "JPEG2000": (".jp2", ".j2k", ".jpf", ".jpx", ".jpc", ".j2c"),
    "MPO": (".mpo", ".jpg", ".jpeg"),
    "PNG": (".png", ".apng"),
    "PPM": (".ppm", ".pgm", ".pbm", ".pnm", ".pfm"),
    "TIFF": (".tif", ".tiff"),
    "WEBP": (".webp",),
}
"""Endings of a file name that fit each image format; the first is the usual one."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be a photograph.

    Attributes
    ----------
    name
        Unique in the collection, the same on every machine: the path inside the source.
    member
        What the source needs to find it again.
    size, mtime_ns
        With the name, the identity of the file: if one differs, the file has changed.
    metadata
        What a table says about it.
    """

    name: str
    member: str
    size: int
    mtime_ns: int
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejection:
    """A file that is not used, and why; `size` and `mtime_ns` tell whether to try it again."""

    path: str
    reason: str
    size: int = -1
    mtime_ns: int = -1


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything that a source holds."""

    source: SourceInfo
    candidates: tuple[Candidate, ...]
    rejected: tuple[Rejection, ...]


def in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Sort into an order that looks random and is always the same.

    Any first part of the collection is then a fair sample of it.
    """
    return sorted(candidates, key=lambda candidate: (_digest(candidate.name), candidate.name))


def _digest(name: str) -> bytes:
    return hashlib.blake2b(name.encode(), digest_size=8).digest()
