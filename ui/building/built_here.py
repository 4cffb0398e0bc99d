"""The collections that pages have built into a folder, to be served again after a restart.

A file in that folder names them, so that nothing else that lies there is served unasked.
"""

import json
import logging
from collections.abc import Iterable
from pathlib import Path

from index.files import write_text
from index.schema import MANIFEST

BUILT_HERE = "built-here.json"

_logger = logging.getLogger(__name__)


def remember(collection: Path) -> None:
    """Note down a collection that is done; if that is not possible, say so in the log."""
    folder = collection.parent
    names = dict.fromkeys([*_names(folder), collection.name])
    try:
        write_text(folder / BUILT_HERE, json.dumps({"collections": list(names)}, indent=1) + "\n")
    except OSError as error:
        _logger.warning("%s will not be served after a restart: %s", collection, error)


def remembered(folder: Path, served: Iterable[Path] = ()) -> tuple[Path, ...]:
    """Return the finished collections that pages have built into a folder, the oldest first.

    Parameters
    ----------
    folder
        Where pages build.
    served
        Collections that are served anyway: they are left out.
    """
    known = {path.resolve() for path in served}
    paths = [folder / name for name in _names(folder)]
    return tuple(
        path for path in paths if (path / MANIFEST).is_file() and path.resolve() not in known
    )


def _names(folder: Path) -> list[str]:
    """Return the names in the file, none that leads out of the folder."""
    try:
        names = json.loads((folder / BUILT_HERE).read_text("utf-8"))["collections"]
        return [name for name in names if name == Path(name).name and name.endswith(".avex")]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        _logger.warning("%s cannot be read, and is left out: %s", folder / BUILT_HERE, error)
        return []
