"""Benchmark of opening a collection, in a process of its own: time, and memory that it takes."""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from evaluation.bench.timing import median_seconds, seconds_of
from evaluation.bench.values import Bench, Figure
from index.collection import open_collection


def open_and_look(bench: Bench) -> Figure:
    """Open the collection and map every feature; then average everything once."""
    path = bench.collection.path
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
        first, opened, painted = fresh.submit(_open, path).result()
    return Figure(
        seconds=median_seconds(lambda: open_collection(path)),
        notes={
            "first_open_and_map_seconds": first,
            "resident_bytes_opened": opened,
            "resident_bytes_after_an_average": painted,
            "bytes_an_image": sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
            / bench.collection.size,
        },
    )


def _open(path: Path) -> tuple[float, int | None, int | None]:
    import numpy as np

    from explorer.average import weighted_average

    names = ("pixels", "thumbs", "color", "hog", "hog_planes")
    seconds = seconds_of(lambda: [open_collection(path).shards(name) for name in names])
    collection = open_collection(path)
    opened = _resident_bytes()
    weighted_average(collection.shards("thumbs"), np.ones(collection.size, np.float32))
    return seconds, opened, _resident_bytes()


def _resident_bytes() -> int | None:
    """Return how much memory this process holds, or None where the system does not say."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except OSError:  # pragma: no cover - not on Linux
        return None
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
