"""Photographs in a zip: its members are read in place, nothing is ever extracted to disk."""

import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from index.manifest import SourceInfo
from precompute.errors import BuildError
from precompute.sources import TABLE_ENDINGS, Candidate, Listing, Rejection

RATIO_MAX = 200
SMALL = 1 << 20
ENCRYPTED = 0x1


def list_zip(path: Path) -> Listing:
    """List every member of a zip.

    Raises
    ------
    BuildError
        If it is no zip.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (OSError, zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError) as error:
        raise BuildError(f"{path} must be a zip, it cannot be read: {error}") from error
    seen: set[str] = set()
    candidates, rejected = [], []
    for member in members:
        if member.is_dir():
            continue
        reason = "the name stands in the zip twice" if member.filename in seen else _reason(member)
        seen.add(member.filename)
        identity = (member.file_size, _time_ns(member))
        if reason:
            rejected.append(Rejection(member.filename, reason, *identity))
        else:
            candidates.append(Candidate(member.filename, member.filename, *identity))
    return Listing(SourceInfo("zip", str(path)), tuple(candidates), tuple(rejected))


def _reason(member: zipfile.ZipInfo) -> str:
    """Return why a member is not used, or ""."""
    path = PurePosixPath(member.filename.replace("\\", "/"))
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    packed = max(member.compress_size, 1)
    reasons = {
        "the path leads out of the zip": path.is_absolute() or ".." in path.parts,
        "a link": is_link,
        "encrypted: unpack the zip, and build from the folder": bool(member.flag_bits & ENCRYPTED),
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
