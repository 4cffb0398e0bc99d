"""A shard under construction: pixels appended picture by picture, and a journal of what they are.

The journal is written after the pixels that it speaks of. Whatever moment a build is killed at, its
last complete line says how far the pixels count, and what follows is cut off.
"""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from index.files import write_array
from index.schema import JOURNAL, PARTIAL, SHARDS

RAW = "pixels.raw"
DIGITS = 6

Record = Mapping[str, Any]
"""A line of the journal: what is known of one image."""


class ShardWriter:
    """Appends pictures to `shards/NNNNNN.partial`; `publish` makes it `shards/NNNNNN`."""

    def __init__(self, collection: Path, number: int, height: int, width: int) -> None:
        self.name = f"{number:0{DIGITS}}"
        self.folder = collection / SHARDS / (self.name + PARTIAL)
        self._shape = (height, width, 3)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.records = _recovered(self.folder, height * width * 3)
        self._pixels: BinaryIO = (self.folder / RAW).open("ab")
        self._journal: BinaryIO = (self.folder / JOURNAL).open("ab")

    def __enter__(self) -> "ShardWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pixels.close()
        self._journal.close()

    @property
    def images(self) -> int:
        """How many images the shard has so far."""
        return len(self.records)

    def append(self, pixels: Sequence[npt.NDArray[np.uint8]], records: Sequence[Record]) -> None:
        """Add pictures and their records, for good."""
        for picture in pixels:
            self._pixels.write(np.ascontiguousarray(picture).tobytes())
        _sync(self._pixels)
        for record in records:
            self._journal.write(json.dumps(record).encode() + b"\n")
        _sync(self._journal)
        self.records.extend(records)

    def finish_pixels(self) -> None:
        """Write the appended pixels as the feature `pixels`, unless that is done."""
        path = self.folder / "pixels.npy"
        if not path.exists():
            count = self.images
            raw = np.memmap(self.folder / RAW, np.uint8, "r", shape=(count, *self._shape))
            write_array(path, raw)

    def publish(self) -> Path:
        """Give the complete shard its name; from now on it never changes."""
        (self.folder / RAW).unlink(missing_ok=True)
        published = self.folder.with_name(self.name)
        self.folder.rename(published)
        return published

    def discard(self) -> None:
        """Remove the folder of a shard without images."""
        for name in (RAW, JOURNAL):
            (self.folder / name).unlink(missing_ok=True)
        self.folder.rmdir()


def read_journal(shard: Path) -> list[Record]:
    """Return the records of a shard; an incomplete last line is left out."""
    try:
        content = (shard / JOURNAL).read_bytes()
    except FileNotFoundError:
        return []
    lines = content[: content.rfind(b"\n") + 1].splitlines()
    return [json.loads(line) for line in lines]


def _recovered(folder: Path, bytes_each: int) -> list[Record]:
    """Cut off what was written but not recorded; return what was recorded."""
    records = read_journal(folder)
    length = sum(len(json.dumps(record)) + 1 for record in records)
    for path, size in (
        (folder / JOURNAL, length),
        (folder / RAW, bytes_each * len(records)),
    ):
        if path.exists() and path.stat().st_size > size:
            os.truncate(path, size)
    return records


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
