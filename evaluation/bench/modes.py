"""Benchmarks of the explorer brush: all modes of a collection, and one hover."""

import time
from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import numpy as np

from evaluation.bench.timing import median_seconds, seconds_of
from evaluation.bench.values import Bench, Figure
from explorer.arrays import FloatArray
from explorer.matching import CELL
from explorer.modes.averages import average_patch
from explorer.modes.finder import ModeFinder
from explorer.modes.mining import FAST, Miner
from explorer.modes.ranking import rank_modes
from explorer.modes.search import box_around, windows_of
from explorer.modes.spots import Spot, sides_of, spots_of
from explorer.modes.values import SpotModes
from explorer.view import View
from index.modes import join_parts, write_part
from ui.computing.images import encode_jpeg

PAPER_CORE_HOURS = 1500
PAPER_IMAGES = 10_000
PAPER_SEEDS = 1000
PAPER_STEP = 4  # pixels from seed to seed
TRIED = 3  # spots of every size
BRUTE_IMAGES = 192
THOUSAND, HOUR_S = 1000, 3600

Find: TypeAlias = Callable[[Spot], SpotModes]


def modes(bench: Bench) -> Figure:
    """Mine every spot, as a build does; brute force compares whole patches of 31 channels."""
    view, miner = bench.collection, _warm(Miner(bench.collection), bench.collection)
    mined: dict[Spot, SpotModes] = {}
    core_seconds = _swept(view, lambda spot: mined.update({spot: miner.mine(spot)}), TRIED)
    compared = min(BRUTE_IMAGES, view.size)
    brute = _swept(view, partial(_brute_force, view), 1) * view.size / compared
    spots = sum(
        len(spots_of(side, view.height, view.width)) for side in sides_of(view.height, view.width)
    )
    each = _stored_bytes(list(mined.values())) * spots / view.size
    figure = _cost(
        view,
        core_seconds,
        brute,
        {
            "spots": spots,
            "spots_measured": len(mined),
            "modes_a_spot": float(np.mean([len(one) for one in mined.values()])),
            "bytes_an_image": each,
            "brute_force_images": compared,
        },
    )
    return replace(figure, told=f"{figure.told}, {each / THOUSAND:.1f} kB stored per image")


def modes_exact_density(bench: Bench) -> Figure:
    """Mine as many seeds at as many places as the paper, in every image."""
    view = bench.collection
    miner = _warm(Miner(view, replace(FAST, seeds=PAPER_SEEDS, sample=view.size)), view)
    core_seconds = _swept(view, miner.mine, 1, PAPER_STEP)
    return _cost(view, core_seconds, None, {"seeds": PAPER_SEEDS, "step_px": PAPER_STEP})


def hover(bench: Bench) -> Figure:
    """Answer for a spot that nobody has hovered over, at the slowest size."""
    view = bench.collection
    seconds = _answered(view, ModeFinder(view).find)
    spot = _central(view, max(seconds, key=lambda side: seconds[side]))[0]
    compared = min(BRUTE_IMAGES, view.size)
    brute = seconds_of(partial(_brute_force, view, spot)) * view.size / compared
    windows = windows_of(spot, _grid(view), is_priced=False)
    _, _, rows, columns = box_around(windows)
    return Figure(
        seconds=max(seconds.values()),
        brute_force_seconds=brute,
        bytes_read=rows * columns * len(view.shards("hog_planes")[0]) * view.size,
        notes=_by_size(seconds) | {"brute_force_images": compared},
    )


def hover_coarse(bench: Bench) -> Figure:
    """Give the first answer, from a sample of the images, at the slowest size."""
    seconds = _answered(bench.collection, ModeFinder(bench.collection).coarse)
    return Figure(seconds=max(seconds.values()), notes=_by_size(seconds))


def hover_cached(bench: Bench) -> Figure:
    """Answer for a spot whose modes are known, at the slowest size."""
    view, finder, seconds = bench.collection, ModeFinder(bench.collection), {}
    for side in sides_of(view.height, view.width):
        spot = _central(view, side)[0]
        finder.find(spot)
        seconds[side] = median_seconds(partial(_answer, view, finder.find, spot))
    return Figure(seconds=max(seconds.values()), notes=_by_size(seconds))


def _cost(view: View, core_seconds: float, brute: float | None, notes: dict[str, Any]) -> Figure:
    """Return the cost of a thousand images; a collection's grows as it does."""
    each = core_seconds / view.size
    core_hours = each * PAPER_IMAGES / HOUR_S
    times = PAPER_CORE_HOURS / core_hours
    return Figure(
        seconds=each * THOUSAND,
        brute_force_seconds=None if brute is None else brute / view.size * THOUSAND,
        told=f"{each * THOUSAND:.1f} core-seconds per 1,000 images, {core_hours:.2f} core-hours "
        f"per 10,000: {times:,.0f} times less than the paper's 1,500",
        notes={
            "core_seconds_per_1000_images": each * THOUSAND,
            "core_hours_per_10000_images": core_hours,
            "paper_core_hours_per_10000_images": PAPER_CORE_HOURS,
            "times_less_than_the_paper": times,
            **notes,
        },
    )


def _warm(miner: Miner, view: View) -> Miner:
    """Let a miner load what each size needs, as a build does once."""
    for side in sides_of(view.height, view.width):
        miner.mine(_central(view, side)[0])
    return miner


def _swept(view: View, mine: Callable[[Spot], object], tried: int, step: int = CELL) -> float:
    """Return the core-seconds of all spots `step` pixels apart, from `tried` spots of each size."""
    rng, total = np.random.default_rng(0), 0.0
    for side in sides_of(view.height, view.width):
        spots = spots_of(side, view.height, view.width)
        chosen = rng.choice(len(spots), min(tried, len(spots)), replace=False)
        start = time.process_time()
        for place in chosen:
            mine(spots[place])
        seconds = (time.process_time() - start) / len(chosen)
        rows, columns = ((of - side * CELL) // step + 1 for of in (view.height, view.width))
        total += seconds * rows * columns
    return total


def _brute_force(view: View, spot: Spot) -> FloatArray:
    """Compare whole patches of 31 channels at every place; return the best scores (S, n)."""
    maps = np.concatenate([shard[:BRUTE_IMAGES] for shard in view.shards("hog")])[:BRUTE_IMAGES]
    maps = maps.astype(np.float32)

    def patches(row: int, column: int) -> FloatArray:
        cut = maps[:, row : row + spot.side, column : column + spot.side].reshape(len(maps), -1)
        lengths = np.linalg.norm(cut, axis=1, keepdims=True)
        unit: FloatArray = cut / np.maximum(lengths, np.float32(1e-6))
        return unit

    seeds = patches(spot.row, spot.column)[: FAST.seeds]
    best = np.full((len(seeds), len(maps)), -1, np.float32)
    for window in windows_of(spot, _grid(view), is_priced=False):
        np.maximum(best, seeds @ patches(*window.place).T, out=best)
    return best


def _stored_bytes(mined: list[SpotModes]) -> float:
    """Return how many bytes a spot takes on disk."""
    names = [field.name for field in fields(SpotModes) if field.name != "spot"]
    arrays = {
        (one.spot.side, one.spot.row, one.spot.column): {name: getattr(one, name) for name in names}
        for one in sorted(mined, key=lambda one: one.spot)
    }
    with TemporaryDirectory(prefix="avex-bench-") as folder:
        part, store = Path(folder) / "part.npz", Path(folder) / "modes"
        write_part(part, arrays)
        join_parts([part], store)
        return sum(file.stat().st_size for file in store.iterdir()) / len(arrays)


def _answered(view: View, find: Find) -> dict[int, float]:
    """Return the median time of the answer at a few spots in the middle, by size in cells."""
    seconds = {}
    for side in sides_of(view.height, view.width):
        first, *others = _central(view, side)[: TRIED + 1]
        _answer(view, find, first)  # loads what the size needs
        times = [seconds_of(partial(_answer, view, find, spot)) for spot in others or [first]]
        seconds[side] = float(np.median(times))
    return seconds


def _answer(view: View, find: Find, spot: Spot) -> list[bytes]:
    """Find the modes, rank them, and draw and encode their average patches."""
    found = find(spot)
    weights = np.full(len(found.best), 1 / len(found.best), np.float32)
    return [
        encode_jpeg(average_patch(view, found, mode.index, weights))
        for mode in rank_modes(found, weights)
    ]


def _by_size(seconds: dict[int, float]) -> dict[str, float]:
    return {f"seconds_{side * CELL}_px": of for side, of in seconds.items()}


def _central(view: View, side: int) -> list[Spot]:
    """Return all spots of one side, those in the middle first."""
    rows, columns = _grid(view)

    def away(spot: Spot) -> float:
        return abs(2 * spot.row + side - rows) + abs(2 * spot.column + side - columns)

    return sorted(spots_of(side, view.height, view.width), key=away)


def _grid(view: View) -> tuple[int, int]:
    return view.height // CELL, view.width // CELL
