"""One build at a time in a folder. The lock dies with its process, however that ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.schema import LOCK
from precompute.errors import BuildError


@contextmanager
def only_build(folder: Path) -> Iterator[None]:
    """Hold the lock of a collection.

    Raises
    ------
    BuildError
        If another build holds it.
    """
    with (folder / LOCK).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise BuildError(
                f"{folder} is being built by process {file.read().strip() or '?'}: "
                "wait for it, or stop it"
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)
