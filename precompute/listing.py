"""From a path that a person names to everything that it holds."""

from pathlib import Path

from precompute import folders, tables
from precompute.decode import Unusable
from precompute.errors import BuildError
from precompute.pool import Pool
from precompute.sources import TABLE_ENDINGS, VIDEO_ENDINGS, Listing
from precompute.tasks import ListTask

LIST_S = 120.0
"""What takes longer to list is given up."""


def list_source(photos: Path, fps: float) -> Listing:
    """List what could be photographs.

    Parameters
    ----------
    photos
        A folder, a zip, a video, or a CSV or Parquet table.
    fps
        Frames a second to take from a video.

    Raises
    ------
    BuildError
        If there is no such thing, or it is of no kind that is known.
    """
    path = photos.expanduser().absolute()
    if not path.exists():
        raise BuildError(
            f"photographs must be a folder, zip, video or table; {photos} is not there"
        )
    if path.is_dir():
        return folders.list_folder(path)
    ending = path.suffix.lower()
    if ending in TABLE_ENDINGS:
        return tables.list_table(path)
    if ending in VIDEO_ENDINGS:
        return _listed_apart(ListTask("video", path, fps, LIST_S))
    if ending == ".zip":
        return _listed_apart(ListTask("zip", path, fps, LIST_S))
    raise BuildError(
        f"photographs must be a folder, .zip, video ({', '.join(VIDEO_ENDINGS)}) or table "
        f"({', '.join(TABLE_ENDINGS)}), got {photos}"
    )


def _listed_apart(task: ListTask) -> Listing:
    """List a source in a process with limits."""
    with Pool(1) as pool:
        found = pool.list(task)
    if isinstance(found, Unusable):
        raise BuildError(f"{task.path} must be a {task.kind} that can be listed: {found.reason}")
    return found
