"""Writing files so that a reader sees the old content or the new, never half of it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from index.errors import CollectionError
from index.schema import PARTIAL


def write_atomically(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Call `write` with a file of a partial name, then rename it to `path`."""
    partial = path.with_name(path.name + PARTIAL)
    with partial.open("wb") as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def write_text(path: Path, text: str) -> None:
    """Write text in UTF-8 in one step."""
    write_atomically(path, lambda file: file.write(text.encode()))


def write_array(path: Path, array: npt.NDArray[Any]) -> None:
    """Write a `.npy` file in one step, in C order."""
    contiguous = np.ascontiguousarray(array)
    write_atomically(path, lambda file: np.save(file, contiguous, allow_pickle=False))


def map_array(path: Path, remedy: str = "build it with --rebuild") -> npt.NDArray[Any]:
    """Map a `.npy` file into memory, read-only.

    Parameters
    ----------
    path
        The file.
    remedy
        What the error says a person can do.

    Raises
    ------
    CollectionError
        If the file is missing or damaged.
    """
    try:
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except FileNotFoundError as error:
        raise CollectionError(f"{path} is missing: {remedy}") from error
    except (OSError, ValueError, EOFError) as error:
        raise CollectionError(f"{path} is damaged ({error}): {remedy}") from error
