"""A process that reads and decodes files, so that a hostile one cannot hurt the build.

`python -m precompute.worker FD` speaks over the inherited socket FD: it says that it is ready, then
tasks come in, answers go out, one for one. It ends when the socket closes, and when one file takes
too long. It has so much memory and no more, and can write no file.
"""

import contextlib
import resource
import signal
import sys
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from index.fitting import fitted
from index.pictures import content_hash
from precompute import videos, zips
from precompute.decode import NO_MEMORY, Picture, Unusable, decode
from precompute.errors import BuildError
from precompute.sources import BYTES_MAX, Listing
from precompute.tasks import ListTask, Task

MEMORY_MAX = 4 << 30
"""Bytes that a worker may take beyond what it starts with: 108 million pixels as a PNG with alpha
take 2.5 GiB at most, as a JPEG 0.1 to 0.8 (a progressive one)."""
PATIENCE = 2.0
"""The parent ends a worker at the time limit; this many times it, the worker ends itself."""


class Reader(Protocol):
    """Read and decode one file of a kind of source."""

    def __call__(self, task: Task) -> Picture | Unusable:
        """Return the picture, or why it is not used."""
        ...


def answer(task: Task) -> Picture | Unusable:
    """Read and decode one file; whatever the file is, there is an answer."""
    try:
        return READERS[task.source.kind](task)
    except MemoryError:
        return Unusable(NO_MEMORY, may_pass=True)
    except Exception as error:  # noqa: BLE001 - a zip raises what its decompressors raise
        if is_no_memory(error):
            return Unusable(NO_MEMORY, may_pass=True)
        return Unusable(f"cannot be read: {error or type(error).__name__}", may_pass=True)


def listed(task: ListTask) -> Listing | Unusable:
    """List a source; whatever it is, there is an answer."""
    try:
        if task.kind == "video":
            return videos.list_video(task.path, task.fps)
        return zips.list_zip(task.path)
    except BuildError as error:
        return Unusable(str(error))
    except MemoryError:
        return Unusable(f"{task.path} has a directory that is too large for the memory")


def is_no_memory(error: Exception) -> bool:
    """Return whether an error is OpenCV's of too little memory."""
    return isinstance(error, cv2.error) and error.code == cv2.Error.STS_NO_MEM


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
    if height * width > task.target.max_pixels:
        return Unusable(f"a frame of {width} x {height} pixels: more than are decoded")
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


def confine(memory: int = MEMORY_MAX) -> None:
    """Take no more memory than this from now on, write no file, leave no core dump."""
    limits = {
        resource.RLIMIT_AS: _taken() + memory,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in limits.items():
        with contextlib.suppress(ValueError, OSError):  # macOS knows no limit of addresses
            resource.setrlimit(kind, (most, most))


def _taken() -> int:
    """Return how many bytes of addresses this process has already."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def main() -> None:
    """Answer tasks until the socket closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    Image.MAX_IMAGE_PIXELS = None  # `decode` checks the size itself, and says it better
    cv2.setNumThreads(1)
    confine()
    connection: Connection[Any, Any] = Connection(int(sys.argv[1]))
    connection.send(None)  # ready: the time to start is no file's
    while True:
        try:
            task: Task | ListTask = connection.recv()
            signal.setitimer(signal.ITIMER_REAL, PATIENCE * task.timeout_s)
            answered = listed(task) if isinstance(task, ListTask) else answer(task)
            signal.setitimer(signal.ITIMER_REAL, 0)  # before the wait for the reader of the answer
            connection.send(answered)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return


if __name__ == "__main__":
    main()
