"""From a path that a person names to everything that it holds."""

from pathlib import Path

from precompute import folders, tables, videos, zips
from precompute.errors import BuildError
from precompute.sources import TABLE_ENDINGS, VIDEO_ENDINGS, Listing


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
        return videos.list_video(path, fps)
    if ending == ".zip":
        return zips.list_zip(path)
    raise BuildError(
        f"photographs must be a folder, .zip, video ({', '.join(VIDEO_ENDINGS)}) or table "
        f"({', '.join(TABLE_ENDINGS)}), got {photos}"
    )
