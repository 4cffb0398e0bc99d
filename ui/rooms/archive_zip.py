"""The outside of an archive: a zip of exactly two members, looked at before any is unpacked."""

import os
import stat
import struct
import zipfile
from typing import BinaryIO

MANIFEST, OPERATIONS = "manifest.json", "operations.jsonl"

_END = struct.Struct("<4s4H2LH")
"""A zip's end: signature, two disks, entries here and in all, size, place, comment's length."""
_END_SIGNATURE, _LOCATOR_SIGNATURE = b"PK\x05\x06", b"PK\x06\x07"
_LOCATOR_SIZE = 20
_DIRECTORY_LIMIT = 4096
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class ArchiveError(ValueError):
    """A file is no archive of a room that can be opened; the message names it."""


def checked_zip(file: BinaryIO, name: str) -> zipfile.ZipFile:
    """Open an archive whose members have the right names, and are plain files.

    Raises
    ------
    ArchiveError
        If it is no zip, is cut off, or holds anything else.
    """
    _check_directory(file, name)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error) as error:
        raise ArchiveError(f"{name} is a damaged zip ({error}): export the room again") from error
    members = archive.infolist()
    if sorted(member.filename for member in members) != [MANIFEST, OPERATIONS]:
        names = ", ".join(repr(member.filename) for member in members)
        raise ArchiveError(
            f"{name} must hold {MANIFEST} and {OPERATIONS} alone, it holds {names or 'nothing'}: "
            "choose a room that the page or `avex rooms export` wrote"
        )
    for member in members:
        _check_member(member, name)
    return archive


def _check_directory(file: BinaryIO, name: str) -> None:
    """Look at the size of the zip's directory: reading a huge one would fill the memory."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END.size - _LOCATOR_SIZE))
    tail = file.read()
    file.seek(0)
    end = tail[-_END.size :]
    if len(end) < _END.size or not end.startswith(_END_SIGNATURE):
        raise ArchiveError(f"{name} must be a zip with a room, it is none or was cut off")
    _, disk, first_disk, here, entries, directory, _, comment = _END.unpack(end)
    is_plain = (disk, first_disk, comment) == (0, 0, 0) and here == entries
    has_locator = tail[: -_END.size].startswith(_LOCATOR_SIGNATURE)
    if not is_plain or has_locator or directory > _DIRECTORY_LIMIT:
        raise ArchiveError(f"{name} must be a zip of two files, it is another kind or has more")


def _check_member(member: zipfile.ZipInfo, name: str) -> None:
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise ArchiveError(f"{member.filename} in {name} must be a plain file, it is a link or so")
    if member.flag_bits & _ENCRYPTED:
        raise ArchiveError(f"{member.filename} in {name} is encrypted: zip it without a password")
    if member.compress_type not in _METHODS:
        raise ArchiveError(f"{member.filename} in {name} is packed in a way that is not read here")
