"""What is checked of uploaded files before they are kept: how many, how large, and what they are.

A file is what its first bytes say, whatever it is called. Single bad pictures are no reason to
refuse the others: the build names them.
"""

import shutil
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.magic import HEAD, kind_of

SOURCE_KINDS = ("zip", "video")
"""What is a source by itself, when it comes alone."""
ENDINGS = {"zip": ".zip", "video": ".mp4"}
VIDEO_ENDINGS = (".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v", ".mpg", ".mpeg")
TABLE_ENDINGS = (".csv", ".tsv", ".parquet")
NAME_BYTES = 200
RESERVE = 1 << 30
"""Bytes of the disk that no upload may take."""


class UploadError(ValueError):
    """Uploaded files cannot be taken; the message says why."""


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """How much one upload may be; what is too much of a single file, the build says."""

    files: int = 100_000
    bytes: int = 4 << 30


USUAL = UploadLimits()


def check_upload(files: Sequence[Path], limits: UploadLimits) -> str:
    """Check uploaded files; return the kind of source that the only one is by itself, or "".

    Raises
    ------
    UploadError
        If there are none, too many, or too much; if one is no regular file; or if all that there
        is is a table, as that names files of the server.
    """
    if not files:
        raise UploadError("an upload needs at least one file, got none")
    if len(files) > limits.files:
        raise UploadError(f"an upload may have {limits.files:,} files, got {len(files):,}")
    sizes = [_size(path) for path in files]
    if sum(sizes) > limits.bytes:
        raise UploadError(f"an upload may have {limits.bytes:,} bytes, got {sum(sizes):,}")
    return _source_kind(files[0]) if len(files) == 1 else ""


def check_room(folder: Path, length: int) -> None:
    """Check that the disk has room for so many bytes more.

    Raises
    ------
    UploadError
        If it has not.
    """
    free = shutil.disk_usage(folder).free
    if length + RESERVE > free:
        raise UploadError(
            f"the server's disk has no room for {length:,} bytes: make some, or upload less"
        )


def kept_name(name: str, kind: str) -> str:
    """Return under what name a source is kept, so that a build knows its kind by it.

    Examples
    --------
    >>> kept_name("shoes.ZIP", "zip"), kept_name("shoes.jpg", "zip"), kept_name("a.mov", "video")
    ('shoes.ZIP', 'shoes.zip', 'a.mov')
    """
    known = VIDEO_ENDINGS if kind == "video" else (ENDINGS[kind],)
    path = Path(name)
    return name if path.suffix.lower() in known else f"{path.stem}{ENDINGS[kind]}"


def safe_name(name: str) -> str:
    """Return the last part of a name, printable, and short enough for any disk.

    Examples
    --------
    >>> safe_name("../../a.jpg")
    'a.jpg'
    """
    last = Path(name.replace("\\", "/").replace("\0", "")).name.lstrip(".")
    readable = last.encode("utf-8", "replace").decode("utf-8")
    plain = "".join(letter if letter.isprintable() else "_" for letter in readable)
    return _shortened(plain) or "photo"


class FreeNames:
    """Gives each file of an upload a name of its own; ten thousand may be called the same."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self._numbers: dict[str, int] = {}

    def take(self, name: str) -> str:
        """Return a safe name that no file has yet.

        Examples
        --------
        >>> names = FreeNames()
        >>> [names.take("a.jpg"), names.take("../a.jpg")]
        ['a.jpg', 'a-2.jpg']
        """
        plain = safe_name(name)
        free, path = plain, Path(plain)
        while free in self.taken:
            self._numbers[plain] = self._numbers.get(plain, 1) + 1
            free = f"{path.stem}-{self._numbers[plain]}{path.suffix}"
        self.taken.add(free)
        return free


def _shortened(name: str) -> str:
    path = Path(name)
    room = NAME_BYTES - len(path.suffix.encode()[:NAME_BYTES])
    if len(name.encode()) <= NAME_BYTES or room <= 0:
        return name.encode()[:NAME_BYTES].decode("utf-8", "ignore")
    return path.stem.encode()[:room].decode("utf-8", "ignore") + path.suffix


def _size(path: Path) -> int:
    try:
        status = path.lstat()
    except OSError as error:
        raise UploadError(f"{path.name} cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(status.st_mode):
        raise UploadError(f"{path.name} must be a file, it is a link or a device")
    return status.st_size


def _source_kind(path: Path) -> str:
    with path.open("rb") as file:
        kind = kind_of(file.read(HEAD))
    if kind in SOURCE_KINDS:
        return kind
    if path.suffix.lower() in TABLE_ENDINGS:
        raise UploadError(
            f"{path.name} is a table: it names files of the server, which are not read for an "
            "upload. Upload the photographs, or a zip of them"
        )
    return ""
