"""The table of the images, `images.arrow`: one row an image, mapped into memory."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, overload

from index.errors import CollectionError
from index.files import write_atomically
from index.schema import METADATA_PREFIX

FIELDS = {
    "name": "string",
    "member": "string",
    "height": "int32",
    "width": "int32",
    "content": "string",
    "size": "int64",
    "mtime_ns": "int64",
}
"""Columns that every collection has, and their Arrow types. `content` is a hash of the file."""


class Names(Sequence[str]):
    """A column of strings that is read from the mapped file when it is asked for."""

    def __init__(self, column: Any, size: int) -> None:
        self._column = column
        self._size = size

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, key: int) -> str: ...
    @overload
    def __getitem__(self, key: slice) -> list[str]: ...
    def __getitem__(self, key: int | slice) -> str | list[str]:
        """Return one name, or a list of them."""
        if isinstance(key, slice):
            return [self[row] for row in range(*key.indices(self._size))]
        row = key + self._size if key < 0 else key
        if not 0 <= row < self._size:
            raise IndexError(f"a row must be 0 to {self._size - 1}, got {key}")
        return str(self._column[row].as_py())


class ImageTable:
    """The first `size` rows of `images.arrow`."""

    def __init__(self, table: Any, size: int) -> None:
        self._table = table
        self._size = size

    @property
    def names(self) -> Names:
        """The name of each image."""
        return Names(self._table.column("name"), self._size)

    @property
    def columns(self) -> list[str]:
        """Names of the metadata columns."""
        names: list[str] = self._table.column_names
        return [name.removeprefix(METADATA_PREFIX) for name in names if name not in FIELDS]

    @cached_property
    def rows_by_name(self) -> Mapping[str, int]:
        """The row of each name."""
        return {name: row for row, name in enumerate(self.values("name"))}

    def values(self, field: str) -> list[Any]:
        """Return one of the fixed columns, as a list."""
        values: list[Any] = self._table.column(field).slice(0, self._size).to_pylist()
        return values

    def column(self, name: str) -> list[str]:
        """Return one metadata column, "" where an image has no value.

        Raises
        ------
        CollectionError
            If there is no such column.
        """
        if name not in self.columns:
            known = ", ".join(self.columns) or "none"
            raise CollectionError(f"there is no metadata column {name!r}; there are: {known}")
        return [value or "" for value in self.values(METADATA_PREFIX + name)]

    def row(self, image_id: int) -> dict[str, Any]:
        """Return the fixed columns of one image."""
        if not 0 <= image_id < self._size:
            raise CollectionError(f"an image id must be 0 to {self._size - 1}, got {image_id}")
        return {field: self._table.column(field)[image_id].as_py() for field in FIELDS}

    def metadata(self, image_id: int) -> dict[str, str]:
        """Return the metadata of one image; columns without a value are left out."""
        if not 0 <= image_id < self._size:
            raise CollectionError(f"an image id must be 0 to {self._size - 1}, got {image_id}")
        cells = {
            name: self._table.column(METADATA_PREFIX + name)[image_id].as_py()
            for name in self.columns
        }
        return {name: cell for name, cell in cells.items() if cell}


def open_images(path: Path, size: int) -> ImageTable:
    """Map the table of the images; it must have at least `size` rows."""
    import pyarrow as pa

    try:
        table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    except (OSError, pa.ArrowInvalid) as error:
        raise CollectionError(
            f"{path} cannot be read ({error}): build it with --rebuild"
        ) from error
    if table.num_rows < size or not set(FIELDS) <= set(table.column_names):
        raise CollectionError(
            f"{path} must have {size} rows and the columns {', '.join(FIELDS)}, "
            f"has {table.num_rows} and {', '.join(table.column_names)}: build it with --rebuild"
        )
    return ImageTable(table, size)


def write_images(path: Path, records: Iterable[Mapping[str, Any]]) -> None:
    """Write the table of the images in one step.

    Parameters
    ----------
    path
        The file.
    records
        One mapping an image: the `FIELDS`, and `metadata`, a mapping of strings.
    """
    import pyarrow as pa

    rows = list(records)
    columns = {
        name: pa.array([row[name] for row in rows], getattr(pa, kind)())
        for name, kind in FIELDS.items()
    }
    for name in dict.fromkeys(key for row in rows for key in row["metadata"]):
        cells = [row["metadata"].get(name) for row in rows]
        columns[METADATA_PREFIX + name] = pa.array(cells, pa.string())
    table = pa.table(columns)

    def write(file: Any) -> None:
        with pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)

    write_atomically(path, write)
