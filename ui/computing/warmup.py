"""What is done before the first stroke, so that it is no slower than the others."""

import gc
import logging
import os
import threading
from collections.abc import Sequence

from explorer.kernels import compile_kernels
from index.schema import SHARDS
from ui.computing.manners import step_back
from ui.library import Library

PREFETCHED = ("thumbs", "hog_planes", "color", "hog", "pixels")
"""Features in the order in which strokes need them."""

PREFETCHED_BYTES = 2 * 1024**3

COLLECT_EVERY = 20_000, 20, 50
"""New objects between two collections of garbage, and how often the older ones are looked at."""

_logger = logging.getLogger(__name__)


def warm_up(libraries: Sequence[Library]) -> threading.Thread:
    """Compile the kernels and read the collections into the page cache, in the background."""
    thread = threading.Thread(
        target=_warm_up, args=(tuple(libraries),), name="warm-up", daemon=True
    )
    thread.start()
    return thread


def _warm_up(libraries: Sequence[Library]) -> None:
    step_back()
    try:
        compile_kernels()
        _leave_alone_what_stays()
        for library in libraries:
            _prefetch(library)
    except Exception:
        _logger.exception("warming up failed; the first strokes will be slower")


def _leave_alone_what_stays() -> None:
    """Look for garbage only among what comes from now on.

    What is loaded now, some 300,000 objects of libraries, stays. Looking at all of it took a fifth
    of a second each time, in which nobody in any room was answered.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_EVERY)


def _prefetch(library: Library) -> None:
    """Tell the system that the features will be read; it does so when the disk is free."""
    if not hasattr(os, "posix_fadvise"):
        return
    budget = PREFETCHED_BYTES
    for feature in PREFETCHED:
        for path in sorted((library.path / SHARDS).glob(f"*/{feature}.npy")):
            budget -= path.stat().st_size
            if budget < 0:
                return
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_WILLNEED)
