"""Photographs in a folder, at any depth."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from index.manifest import SourceInfo
from index.schema import LOCK, MANIFEST, PLAN
from precompute.sources import TABLE_ENDINGS, Candidate, Listing, Rejection


def list_folder(folder: Path) -> Listing:
    """List every file of a folder, at any depth; links to folders are not followed."""
    candidates, rejected = [], []
    for found in _walk(folder, ""):
        if isinstance(found, Candidate):
            candidates.append(found)
        else:
            rejected.append(found)
    return Listing(SourceInfo("folder", str(folder)), tuple(candidates), tuple(rejected))


def _walk(folder: Path, prefix: str) -> Iterator[Candidate | Rejection]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield Rejection(prefix or ".", f"the folder cannot be read: {error.strerror}")
        return
    for entry in entries:
        name = prefix + entry.name
        if not _is_text(name):
            yield Rejection(_readable(name), "the name is not UTF-8: rename it")
        elif entry.is_dir(follow_symlinks=False):
            reason = _folder_reason(entry)
            if reason:
                yield Rejection(name, reason)
            else:
                yield from _walk(Path(entry.path), f"{name}/")
        else:
            yield _file(entry, name)


def _folder_reason(entry: os.DirEntry[str]) -> str:
    if entry.name.startswith("."):
        return "a hidden folder"
    if any((Path(entry.path) / file).exists() for file in (MANIFEST, PLAN, LOCK)):
        return "a collection of avex, no photographs"
    return ""


def _file(entry: os.DirEntry[str], name: str) -> Candidate | Rejection:
    try:
        status = entry.stat()
    except OSError:
        return Rejection(name, "a link that leads nowhere")
    reason = ""
    if stat.S_ISDIR(status.st_mode):
        reason = "a link to a folder is not followed: copy the folder, or build from it"
    elif not stat.S_ISREG(status.st_mode):
        reason = "not a regular file"
    elif entry.name.startswith("."):
        reason = "a hidden file"
    elif entry.name.lower().endswith(TABLE_ENDINGS):
        reason = "a table, no image: to build from its `path` column, give its path to the build"
    if reason:
        return Rejection(name, reason, status.st_size, status.st_mtime_ns)
    return Candidate(name, name, status.st_size, status.st_mtime_ns)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _readable(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")
