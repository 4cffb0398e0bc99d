"""The modes of every spot, mined before anyone hovers over it.

A mode says what an image has in common with all others, so a collection that has grown is mined
anew. A row of spots is written down when it is finished; a sweep that is killed goes on with the
next.
"""

import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import fields, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy.typing as npt
from threadpoolctl import threadpool_limits

from explorer.kernels.threads import core_count
from explorer.modes.exact import ExactMiner
from explorer.modes.mining import FAST_GIVES_UP, Miner
from explorer.modes.spots import Spot, sides_of, spots_of
from explorer.modes.values import SpotModes
from index.collection import Collection, open_collection
from index.errors import CollectionError
from index.manifest import ModesInfo, StageCost, write_manifest
from index.modes import ModeStore, join_parts, write_part
from index.schema import MODES, STATISTICS
from precompute import ledger, natural_world
from precompute.bank import Bank
from precompute.clock import Clock
from precompute.errors import BuildError
from precompute.options import NOTHING_UNRELATED, ModesKind

STAGE = "modes"
VERSION = 1
"""Raised when the same images have other modes."""

PARTS = ".parts"
TOLD_EVERY_S = 0.25

GIVES_UP: Mapping[ModesKind, str] = {
    "fast": FAST_GIVES_UP,
    "exact": "seeds are patches every 8 px (thesis: every 4 px)",
}

Row = tuple[Path, list[Spot]]


def update_modes(folder: Path, kind: ModesKind, unrelated: Path | None, clock: Clock) -> None:
    """Mine the modes of a published collection, or take them away, unless all is as asked.

    Parameters
    ----------
    folder
        The collection.
    kind
        Which modes it shall have.
    unrelated
        Photographs of the natural visual world: what exact modes are compared with.
    clock
        For progress and cancellation.

    Raises
    ------
    BuildError
        If exact modes are to be mined and there is nothing to compare them with.
    BuildCancelled
        If the build is cancelled; the rows of spots that are mined are kept.
    """
    collection = open_collection(folder)
    home, name = folder / MODES, f"{kind}-{VERSION}-{collection.size}"
    is_wanted = kind != "none" and bool(_spots(collection))
    if is_wanted and not _is_whole(home / name, collection):
        published = collection.manifest.modes
        _tidy(home, {name + PARTS, published.name if published else ""} - {name})
        if not (home / (name + PARTS)).exists():
            ledger.forget_timings(folder, STAGE)
        _mine(collection, _miner(collection, kind, unrelated, clock), home / name, clock)
    _publish(collection, kind, home / name if is_wanted else None)
    _tidy(home, {name} if is_wanted else set())


def _is_whole(store: Path, collection: Collection) -> bool:
    """Whether the modes are there and can be: a build mends those that are damaged."""
    expected = [(spot.side, spot.row, spot.column) for spot in _spots(collection)]
    try:
        opened = ModeStore(store, collection.size)
        return opened.spots == expected and all(opened.at(*spot) for spot in expected)
    except CollectionError:
        return False


def _miner(
    collection: Collection, kind: ModesKind, unrelated: Path | None, clock: Clock
) -> Miner | ExactMiner:
    """Prepare what all spots share."""
    clock.tell(STAGE, 0, len(_spots(collection)))
    if kind == "fast":
        return Miner(collection)
    if unrelated is None:
        raise BuildError(NOTHING_UNRELATED)
    with clock.timed(STAGE):
        statistics = natural_world.load(collection.path / STATISTICS)
        bank = Bank(unrelated, statistics)
        for side in sides_of(collection.height, collection.width):
            bank.prepare(side)
        return ExactMiner(collection, bank.nearest)


def _mine(collection: Collection, miner: Miner | ExactMiner, store: Path, clock: Clock) -> None:
    """Mine all spots, row by row, and make a store of the rows."""
    parts = store.with_name(store.name + PARTS)
    parts.mkdir(parents=True, exist_ok=True)
    rows = [
        (parts / f"{side:03}-{row:03}.npz", list(spots))
        for (side, row), spots in groupby(_spots(collection), lambda spot: (spot.side, spot.row))
    ]
    stop = threading.Event()
    # Products of NumPy took twice the time when each of the threads had two more for itself.
    alone = threadpool_limits(1, user_api="blas")
    with alone, ThreadPoolExecutor(core_count(), thread_name_prefix="mine") as pool:
        try:
            _sweep(rows, clock, lambda spot: pool.submit(miner.mine, spot, stop.is_set))
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)
    with clock.timed(STAGE):
        join_parts([part for part, _ in rows], store)


def _sweep(rows: list[Row], clock: Clock, begin: Callable[[Spot], Future[SpotModes]]) -> None:
    """Write down each row that is not there yet, as soon as all its spots are mined."""
    missing = [(part, spots) for part, spots in rows if not part.exists()]
    total = sum(len(spots) for _, spots in rows)
    done = total - sum(len(spots) for _, spots in missing)
    mining = deque(begin(spot) for _, spots in missing for spot in spots)
    for part, spots in missing:
        begun = time.monotonic()
        mined = {}
        for spot in spots:
            while not wait([mining[0]], TOLD_EVERY_S).done:
                clock.tell(STAGE, done, total, is_whole=True)
            mined[spot.side, spot.row, spot.column] = _arrays(mining.popleft().result())
            done += 1
            clock.tell(STAGE, done, total, is_whole=True)
        write_part(part, mined)
        clock.add(STAGE, time.monotonic() - begun)


def _publish(collection: Collection, kind: ModesKind, store: Path | None) -> None:
    """Name the modes in the manifest, unless it is as it must be."""
    manifest, info, size = collection.manifest, None, 0
    if store is not None:
        opened = ModeStore(store, collection.size)
        size = sum(file.stat().st_size for file in store.iterdir())
        info = ModesInfo(
            name=store.name,
            kind=kind,
            gives_up=GIVES_UP[kind],
            spots=len(opened.spots),
            modes=opened.modes,
        )
    options = {**manifest.options, "modes": kind}
    if (manifest.modes, manifest.options) != (info, options):
        stages = {name: cost for name, cost in manifest.stages.items() if name != STAGE}
        if info is not None:
            seconds = ledger.timings(collection.path).get(STAGE, 0.0)
            stages[STAGE] = StageCost(round(seconds, 3), size)
        changed = replace(manifest, modes=info, options=options, stages=stages)
        write_manifest(collection.path, changed)


def _tidy(home: Path, kept: set[str]) -> None:
    """Remove modes that are neither published nor being mined."""
    for path in home.glob("*"):
        if path.name not in kept:
            shutil.rmtree(path)
    if home.is_dir() and not kept:
        home.rmdir()


def _spots(collection: Collection) -> list[Spot]:
    height, width = collection.height, collection.width
    return [spot for side in sides_of(height, width) for spot in spots_of(side, height, width)]


def _arrays(modes: SpotModes) -> dict[str, npt.NDArray[Any]]:
    return {
        field.name: getattr(modes, field.name) for field in fields(modes) if field.name != "spot"
    }
