"""Photographs that a table lists: a `path` column relative to the table, the rest is metadata."""

import stat
from pathlib import Path
from typing import Any

from index.manifest import SourceInfo
from precompute.errors import BuildError
from precompute.sources import Candidate, Listing, Rejection

PATH = "path"


def list_table(path: Path) -> Listing:
    """List the files that a CSV, TSV or Parquet table names.

    Raises
    ------
    BuildError
        If the table cannot be read, or has no column `path`.
    """
    rows = _rows(path)
    seen: set[str] = set()
    candidates, rejected = [], []
    for number, row in enumerate(rows, start=1):
        name = row.pop(PATH).replace("\\", "/").strip()
        if not name:
            rejected.append(Rejection(f"{path.name}, row {number}", "the row has no path"))
            continue
        if name in seen:
            rejected.append(Rejection(name, f"listed again in row {number}; the first row is used"))
            continue
        seen.add(name)
        found = _file(path.parent, name, {key: cell for key, cell in row.items() if cell})
        if isinstance(found, Candidate):
            candidates.append(found)
        else:
            rejected.append(found)
    return Listing(SourceInfo("table", str(path)), tuple(candidates), tuple(rejected))


def _file(folder: Path, name: str, metadata: dict[str, str]) -> Candidate | Rejection:
    try:
        status = (folder / name).stat()
    except (OSError, ValueError) as error:
        return Rejection(name, f"the file cannot be found: {getattr(error, 'strerror', error)}")
    if not stat.S_ISREG(status.st_mode):
        return Rejection(name, "not a regular file", status.st_size, status.st_mtime_ns)
    return Candidate(name, name, status.st_size, status.st_mtime_ns, metadata)


def _rows(path: Path) -> list[dict[str, str]]:
    import pyarrow as pa

    try:
        table = _read(path)
    except (OSError, pa.ArrowInvalid, pa.ArrowKeyError, UnicodeDecodeError) as error:
        raise BuildError(f"{path} must be a table, it cannot be read: {error}") from error
    names = table.column_names
    if len(set(names)) < len(names):
        raise BuildError(f"{path} must name each column once, has {', '.join(names)}")
    if PATH not in names:
        raise BuildError(
            f"{path} must have a column `{PATH}` with the file of each image, "
            f"has {', '.join(names)}: rename the one that has the files"
        )
    columns = {name: [_text(cell) for cell in table.column(name).to_pylist()] for name in names}
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def _read(path: Path) -> Any:
    if path.suffix.lower() == ".parquet":
        from pyarrow import parquet

        return parquet.read_table(path)
    import pyarrow as pa
    from pyarrow import csv

    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    parse = csv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    names = csv.open_csv(path, parse_options=parse).schema.names
    types = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
    return csv.read_csv(path, parse_options=parse, convert_options=types)


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell)
