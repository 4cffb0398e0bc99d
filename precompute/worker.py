"""A process that reads and decodes files, so that a hostile one cannot hurt the build.

`python -m precompute.worker FD` speaks over the inherited socket FD: it says that it is ready, then
tasks come in, answers go out, one for one. It ends when the socket closes, and when one file takes
too long.
"""

import signal
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from index.fitting import fitted
from index.manifest import SourceInfo
from precompute.decode import Picture, Target, Unusable, content_hash, decode

BYTES_MAX = 1 << 29
PATIENCE = 2.0
"""The parent ends a worker at the time limit; this many times it, the worker ends itself."""


@dataclass(frozen=True, slots=True)
class Task:
    """Decode one member of a source."""

    source: SourceInfo
    member: str
    name: str
    target: Target
    timeout_s: float


class Reader(Protocol):
    """Read and decode one file of a kind of source."""

    def __call__(self, task: Task) -> Picture | Unusable:
        """Return the picture, or why it is not used."""
        ...


def answer(task: Task) -> Picture | Unusable:
    """Read and decode one file; whatever the file is, there is an answer."""
    try:
        return READERS[task.source.kind](task)
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        return Unusable(f"cannot be read: {error}", may_pass=True)
    except MemoryError:
        return Unusable("too large for the memory", may_pass=True)


def _file(task: Task) -> Picture | Unusable:
    source = Path(task.source.path)
    folder = source.parent if task.source.kind == "table" else source
    path = folder / task.member
    if path.stat().st_size > BYTES_MAX:
        return Unusable(f"larger than {BYTES_MAX} bytes")
    return decode(path.read_bytes(), task.name, task.target)


def _member(task: Task) -> Picture | Unusable:
    with _archive(task.source.path).open(task.member) as file:
        content = file.read(BYTES_MAX + 1)
    if len(content) > BYTES_MAX:
        return Unusable(f"larger than {BYTES_MAX} bytes")
    return decode(content, task.name, task.target)


def _frame(task: Task) -> Picture | Unusable:
    capture = _capture(task.source.path)
    number = int(task.member)
    if int(capture.get(cv2.CAP_PROP_POS_FRAMES)) != number:
        capture.set(cv2.CAP_PROP_POS_FRAMES, number)
    is_read, frame = capture.read()
    if not is_read:
        return Unusable("the frame cannot be read")
    height, width = frame.shape[:2]
    if not task.target.height:
        return Picture(height, width)
    pixels: npt.NDArray[np.uint8] = np.ascontiguousarray(frame[..., ::-1])
    small = fitted(pixels, task.target.size, task.target.fit)
    return Picture(height, width, small, content_hash(pixels.tobytes()))


@lru_cache(maxsize=1)
def _archive(path: str) -> zipfile.ZipFile:
    return zipfile.ZipFile(path)


@lru_cache(maxsize=1)
def _capture(path: str) -> Any:
    return cv2.VideoCapture(path)


READERS: Mapping[str, Reader] = {
    "folder": _file,
    "table": _file,
    "zip": _member,
    "video": _frame,
}


def main() -> None:
    """Answer tasks until the socket closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    Image.MAX_IMAGE_PIXELS = None  # `decode` checks the size itself, and says it better
    cv2.setNumThreads(1)
    connection: Connection[Any, Any] = Connection(int(sys.argv[1]))
    connection.send(None)  # ready: the time to start is no file's
    while True:
        try:
            task: Task = connection.recv()
            signal.setitimer(signal.ITIMER_REAL, PATIENCE * task.timeout_s)
            answered = answer(task)
            signal.setitimer(signal.ITIMER_REAL, 0)  # before the wait for the reader of the answer
            connection.send(answered)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return


if __name__ == "__main__":
    main()
