"""Keypoints as the bytes of one file, in any of the formats."""

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from typing import Literal, TypeAlias

from explorer.annotation import Laid
from explorer.errors import FormatError
from explorer.keypoint_schema import Schema
from explorer.keypoints.formats.coco import from_coco, to_coco
from explorer.keypoints.formats.csv import from_csv, to_csv
from explorer.keypoints.formats.photos import Sizes
from explorer.keypoints.formats.reading import Reading, listed
from explorer.keypoints.formats.yolo import from_yolo, to_yolo
from explorer.large_json import read_large_json

FormatName: TypeAlias = Literal["coco", "yolo", "csv"]
ENDINGS: dict[FormatName, str] = {"coco": ".json", "yolo": ".zip", "csv": ".csv"}
MEDIA_TYPES: dict[FormatName, str] = {
    "coco": "application/json",
    "yolo": "application/zip",
    "csv": "text/csv",
}
TEXTS = (".txt", ".yaml", ".yml", ".json", ".csv")
MOST_BYTES = 1 << 30
"""What the texts of a zip may come to; the labels of a million images come to less."""
MOST_FILES = 500_000
"""Reading the list of a zip's files takes some 600 bytes of memory for each."""
ENTRY = b"PK\x01\x02"
"""How each entry of that list begins."""
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""Every file of a zip is of this day, so that the same points give the same bytes."""


def to_bytes(kind: FormatName, schema: Schema, laid: Laid, sizes: Sizes) -> bytes:
    """Return points as a file: JSON for COCO, a zip for YOLO, a table for CSV.

    Raises
    ------
    FormatError
        If there is no keypoint to write, or the format cannot hold the collection's names.
    """
    if not schema.keypoints:
        raise FormatError("there are no keypoints to write: the schema has none")
    if kind == "coco":
        dataset = to_coco(schema, laid, sizes)
        return json.dumps(dataset, ensure_ascii=False, allow_nan=False).encode()
    if kind == "csv":
        return to_csv(schema, laid, sizes).encode()
    return zipped(to_yolo(schema, laid, sizes))


def from_bytes(
    kind: FormatName, content: bytes, sizes: Sizes, schema: Schema | None = None
) -> Reading:
    """Read a file that `to_bytes` or another tool wrote.

    CVAT gives COCO as a zip: one with a JSON file of keypoints, and no YAML, is read as COCO.

    Raises
    ------
    FormatError
        If it is no such file; the message says what is wrong, and where.
    """
    if kind == "csv":
        return from_csv(_text(content), sizes, schema)
    files = unzipped(content) if kind == "yolo" or content[:2] == b"PK" else {}
    if kind == "yolo" and not _is_coco(files):
        return from_yolo(files, sizes, schema)
    text = _only_json(files).encode() if files else content
    try:
        data = read_large_json(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"the file must be JSON: {error}") from error
    return from_coco(data, sizes, schema)


def zipped(files: Mapping[str, str]) -> bytes:
    """Return texts by path as a zip; the same texts give the same bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            info = zipfile.ZipInfo(path, FIRST_DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text)
    return content.getvalue()


def unzipped(content: bytes) -> dict[str, str]:
    """Return the texts of a zip by path; pictures and other files are passed over.

    Raises
    ------
    FormatError
        If it is no zip, is damaged, or its texts are too large to be true.
    """
    if content.count(ENTRY) > MOST_FILES:
        raise FormatError(f"a zip must have at most {MOST_FILES:,} files")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [one for one in archive.infolist() if one.filename.endswith(TEXTS)]
            if sum(one.file_size for one in members) > MOST_BYTES:
                raise FormatError(f"the texts of the zip must be at most {MOST_BYTES >> 30} GiB")
            return {one.filename: _text(archive.read(one)) for one in members}
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise FormatError(f"the file must be a zip: {error}") from error


def _is_coco(files: Mapping[str, str]) -> bool:
    endings = {path.rpartition(".")[2] for path in files}
    return "json" in endings and not endings & {"yaml", "yml"}


def _only_json(files: Mapping[str, str]) -> str:
    """Return the one JSON file of keypoints, or the only one."""
    found = [path for path in files if path.endswith(".json")]
    found = [path for path in found if "keypoints" in path.rpartition("/")[2]] or found
    if len(found) != 1:
        raise FormatError(f"the zip must have one JSON file of keypoints, it has {listed(found)}")
    return files[found[0]]


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(f"the file must be UTF-8: {error}") from error
