"""Photographs in a zip: its members are read in place, nothing is ever extracted to disk."""

import stat
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath, PureWindowsPath

from index.manifest import SourceInfo
from precompute.errors import BuildError
from precompute.sources import (
    BYTES_MAX,
    COUNT_MAX,
    NAME_MAX,
    TABLE_ENDINGS,
    Candidate,
    Listing,
    Rejection,
)

RATIO_MAX = 200
TOTAL_RATIO_MAX = 50
"""Of all members together: uncompressed TIFF of drawings packs to a twentieth."""
SMALL = 1 << 20
ENCRYPTED = 0x1
LOCAL_HEADER = 30


def list_zip(path: Path) -> Listing:
    """List every member of a zip.

    Raises
    ------
    BuildError
        If it is no zip, or a bomb as a whole.
    """
    members = _members(path)
    overlapping = _overlapping(members)
    seen: set[str] = set()
    candidates, rejected = [], []
    for member in members:
        if member.is_dir():
            continue
        reason = "the name stands in the zip twice" if member.filename in seen else _reason(member)
        if member.header_offset in overlapping:
            reason = reason or "a zip bomb: it shares its bytes with another member"
        seen.add(member.filename)
        identity = (member.file_size, _time_ns(member))
        if reason:
            rejected.append(Rejection(member.filename[:NAME_MAX], reason, *identity))
        else:
            candidates.append(Candidate(member.filename, member.filename, *identity))
    _check_total(path, candidates)
    return Listing(SourceInfo("zip", str(path)), tuple(candidates), tuple(rejected))


def _members(path: Path) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except MemoryError:
        raise
    except Exception as error:
        # A damaged directory raises errors of zipfile, struct and the codecs of names.
        raise BuildError(f"{path} must be a zip, it cannot be read: {error}") from error
    if len(members) > COUNT_MAX:
        raise BuildError(f"{path} must have at most {COUNT_MAX:,} members, has {len(members):,}")
    return members


def _overlapping(members: Iterable[zipfile.ZipInfo]) -> set[int]:
    """Return where members begin that reach into the next one, and where those begin."""
    ordered = sorted(members, key=lambda member: member.header_offset)
    found: set[int] = set()
    reached, last = 0, -1
    for member in ordered:
        if member.header_offset < reached:
            found |= {last, member.header_offset}
        end = member.header_offset + LOCAL_HEADER + len(member.orig_filename) + member.compress_size
        if end > reached:
            reached, last = end, member.header_offset
    return found


def _check_total(path: Path, candidates: Iterable[Candidate]) -> None:
    """Refuse a zip of many members that each unpack to a little less than a bomb."""
    total = sum(candidate.size for candidate in candidates)
    limit = max(TOTAL_RATIO_MAX * path.stat().st_size, SMALL)
    if total > limit:
        raise BuildError(
            f"{path} is a zip bomb: it unpacks to {total:,} bytes, more than {TOTAL_RATIO_MAX} "
            "times its size: build from the folder"
        )


def _reason(member: zipfile.ZipInfo) -> str:
    """Return why a member is not used, or ""."""
    name = member.filename.replace("\\", "/")
    path = PurePosixPath(name)
    kind = stat.S_IFMT(member.external_attr >> 16)
    packed = max(member.compress_size, 1)
    reasons = {
        f"the name is longer than {NAME_MAX} characters": len(name) > NAME_MAX,
        "the path leads out of the zip": path.is_absolute()
        or ".." in path.parts
        or bool(PureWindowsPath(name).drive),
        "a link": kind == stat.S_IFLNK,
        "not a regular file": kind not in (0, stat.S_IFREG, stat.S_IFLNK),
        "encrypted: unpack the zip, and build from the folder": bool(member.flag_bits & ENCRYPTED),
        f"larger than {BYTES_MAX} bytes": member.file_size > BYTES_MAX,
        f"a zip bomb: it unpacks to more than {RATIO_MAX} times its size": (
            member.file_size > SMALL and member.file_size > RATIO_MAX * packed
        ),
        "a hidden file": any(part.startswith(".") for part in path.parts)
        or (path.parts[:1] == ("__MACOSX",)),
        "a table, no image: unpack the zip, and build from the table": path.name.lower().endswith(
            TABLE_ENDINGS
        ),
    }
    return next((reason for reason, is_true in reasons.items() if is_true), "")


def _time_ns(member: zipfile.ZipInfo) -> int:
    try:
        return int(datetime(*member.date_time, tzinfo=UTC).timestamp()) * 10**9
    except ValueError:
        return 0
