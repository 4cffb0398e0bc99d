"""The average of a session at full resolution, written to a file."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from avex.console import CommandError
from explorer.alignment.originals import warp_of
from explorer.engine import Engine
from explorer.session import Session
from index.collection import Collection
from index.files import write_atomically
from index.originals import Missing, average_originals
from ui.routes.fullsize import Kind, encode_full_size

KINDS: dict[str, Kind] = {".png": "png", ".tif": "tiff", ".tiff": "tiff"}


@dataclass(frozen=True, slots=True)
class Export:
    """What was written: (height, width), how many originals are in it, which are missing."""

    size: tuple[int, int]
    used: int
    missing: tuple[Missing, ...]


def export_average(
    collection: Collection,
    session: Session,
    out: Path,
    *,
    cluster: str | None = None,
    long_side: int | None = None,
    on_progress: Callable[[int, int], object] = lambda done, total: None,
) -> Export:
    """Render one average of a session from the original files.

    Parameters
    ----------
    collection
        The images; its originals must be where they were.
    session
        The edits.
    out
        A .png (8 bits) or a .tif (16 bits).
    cluster
        Which average; None takes the first.
    long_side
        Longer side in pixels; None takes the originals'.
    on_progress
        Called with how many originals of how many are done.

    Raises
    ------
    CommandError
        If the file's ending is no known one.
    CollectionError
        If no original can be read.
    SessionError
        If the session has no such cluster.
    """
    kind = KINDS.get(out.suffix.lower())
    if kind is None:
        raise CommandError(f"the file must end in {', '.join(KINDS)}, got {out}")
    cluster_id = session.cluster(cluster).id if cluster else session.clusters[0].id
    exploration = Engine(collection).explore_in(session, cluster_id)
    full = average_originals(
        collection,
        exploration.weights,
        long_side=long_side,
        warp=warp_of(exploration.maps, (collection.height, collection.width)),
        on_progress=on_progress,
    )
    content = encode_full_size(full.average, kind)
    write_atomically(out, lambda file: file.write(content))
    height, width = full.average.shape[:2]
    return Export((height, width), full.used, full.missing)
