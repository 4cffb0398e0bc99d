"""Benchmarks of the alignment path: the maps of a few hundred images, and their warped average."""

from collections.abc import Sequence
from functools import partial

import cv2
import numpy as np

from evaluation.bench.timing import median_seconds, seconds_of
from evaluation.bench.values import Bench, Figure
from explorer.alignment.guard import unfolded
from explorer.alignment.maps import NODE, Maps, grid_points
from explorer.alignment.mls import mls_nodes
from explorer.alignment.reference import mls_reference, warp_reference
from explorer.alignment.warped import at_level, axes_of, warped_average
from explorer.arrays import ByteArray, DoubleArray, FloatArray
from explorer.kernels import on_numba
from explorer.kernels.backend import Axis, Kernels
from explorer.kernels.threads import for_each

Size = tuple[int, int]

IMAGES = 256
SPREAD = 8.0  # pixels of the canvas, from where an edit is to where it matches
TARGETS = np.array([[52.3, 60.1], [140.8, 70.4], [95.2, 108.9], [101.5, 150.7]], np.float32)
EXACT_PX = 1e-3
GREY_LEVELS = 0.1  # on average in one image, where a place counts to 1 / 256 of a pixel
CHECKED_NODES = 60
MICRO = 1e6


def warp_maps(bench: Bench) -> Figure:
    """Map images by four control points; brute force maps every pixel, in float64."""
    size = _size(bench)
    sources = _sources(min(IMAGES, bench.collection.size))
    nodes = mls_nodes(TARGETS, sources, "similarity", *size)
    seconds = median_seconds(partial(mls_nodes, TARGETS, sources, "similarity", *size))
    shards, weights, maps = _task(bench, "pixels")
    warp = median_seconds(lambda: warped_average(shards, weights, maps), 3)
    error = _map_error(nodes, sources)
    each = seconds / len(sources) * MICRO
    return Figure(
        seconds=seconds,
        brute_force_seconds=seconds_of(lambda: _every_pixel(sources[:1], size)) * len(sources),
        exact=error <= EXACT_PX,
        told=f"{each:.1f} us an image, {seconds / warp:.1%} of the warp",
        notes={
            "images": len(sources),
            "error_px": error,
            "share_of_the_warp": seconds / warp,
            "seconds_rigid": median_seconds(partial(mls_nodes, TARGETS, sources, "rigid", *size)),
            "seconds_affine": median_seconds(partial(mls_nodes, TARGETS, sources, "affine", *size)),
            "seconds_guard": median_seconds(lambda: unfolded(nodes)),
        },
    )


def warp_average(bench: Bench) -> Figure:
    """Warp and average with numba; brute force only warps, with the maps of all pixels given."""
    return _measure(bench, "pixels", on_numba)


def warp_average_thumbs(bench: Bench) -> Figure:
    """Warp and average images of 100 pixels with numba; brute force only warps them."""
    return _measure(bench, "thumbs", on_numba)


def warp_average_torch(bench: Bench) -> Figure:
    """Warp and average with torch; brute force only warps, with the maps of all pixels given."""
    from explorer.kernels import on_torch

    return _measure(bench, "pixels", on_torch)


def _measure(bench: Bench, feature: str, backend: Kernels) -> Figure:
    shards, weights, maps = _task(bench, feature)
    count, canvas, level = len(maps.rows), _size(bench), shards[0].shape[1:3]
    nodes, axes = at_level(maps, canvas, level), axes_of(canvas, level)
    shares = weights[maps.rows]
    seconds = median_seconds(lambda: backend.warped_sum(shards, shares, (maps.rows, nodes), axes))
    images = np.concatenate([shard[:count] for shard in shards])[:count]
    remapped = _remap_seconds(images, nodes, axes)
    error = _drawing_error(backend, images, nodes, axes)
    return Figure(
        seconds=seconds,
        brute_force_seconds=remapped,
        bytes_read=images.nbytes,
        exact=error < GREY_LEVELS,
        told=f"{seconds / count * MICRO:.0f} us an image of {level[1]} px, "
        f"{seconds / remapped:.2f} of a remap alone",
        notes={
            "images": count,
            "error_in_grey_levels": error,
            "times_the_remap": seconds / remapped,
        },
    )


def _task(bench: Bench, feature: str) -> tuple[Sequence[ByteArray], FloatArray, Maps]:
    """Return images, the weights of all, and the maps of the first few hundred, some mirrored."""
    rows = np.arange(min(IMAGES, bench.collection.size), dtype=np.int32)
    weights = np.zeros(bench.collection.size, np.float32)
    weights[rows] = 1 / len(rows)
    nodes = mls_nodes(TARGETS, _sources(len(rows)), "similarity", *_size(bench))
    maps = Maps(rows=rows, nodes=unfolded(nodes), mirrored=rows % 4 == 0)
    return bench.collection.shards(feature), weights, maps


def _sources(images: int) -> FloatArray:
    moves = np.random.default_rng(0).normal(scale=SPREAD, size=(images, *TARGETS.shape))
    return (TARGETS + moves).astype(np.float32)


def _size(bench: Bench) -> Size:
    return bench.collection.height, bench.collection.width


def _map_error(nodes: FloatArray, sources: FloatArray) -> float:
    """Return the greatest error in pixels of some nodes that were not moved to land."""
    grid = grid_points(*((side - 1) * NODE + 1 for side in nodes.shape[1:3])).astype(np.float64)
    away = np.abs(grid[:, :, None] - TARGETS).max(axis=-1).min(axis=-1) >= NODE
    rng, free = np.random.default_rng(1), np.argwhere(away)
    errors = []
    for y, x in free[rng.choice(len(free), CHECKED_NODES, replace=False)]:
        m = rng.integers(len(sources))
        exact = mls_reference(
            TARGETS.astype(np.float64), sources[m].astype(np.float64), "similarity", grid[y, x]
        )
        errors.append(np.abs(nodes[m, y, x] - exact).max())
    return float(max(errors))


def _every_pixel(sources: FloatArray, size: Size) -> list[DoubleArray]:
    """Map every pixel of some images by the formulas of the paper, all pixels at once."""
    y, x = np.mgrid[: size[0], : size[1]]
    at = (x + 1j * y).reshape(-1, 1)
    points = TARGETS[:, 0] + 1j * TARGETS[:, 1].astype(np.float64)
    mapped = []
    for one in sources:
        moved = one[:, 0] + 1j * one[:, 1].astype(np.float64)
        weights = 1 / np.abs(points - at) ** 2
        weights /= weights.sum(axis=1, keepdims=True)
        middle, to = (weights @ ends for ends in (points, moved))
        spokes = points - middle[:, None]
        turn = (weights * spokes.conj() * (moved - to[:, None])).sum(axis=1)
        turn /= (weights * np.abs(spokes) ** 2).sum(axis=1)
        mapped.append(to + (at[:, 0] - middle) * turn)
    return mapped


def _remap_seconds(images: ByteArray, nodes: FloatArray, axes: tuple[Axis, Axis]) -> float:
    """Time OpenCV's warp with every pixel's place given, as many images at a time as cores."""
    down, right = (_shares(axis, nodes.shape[1 + i]) for i, axis in enumerate(axes))
    places = np.moveaxis(nodes, -1, 1)
    places = np.ascontiguousarray(down @ places @ right.T)  # (M, 2, h, w)

    def draw(k: int) -> None:
        cv2.remap(images[k], places[k, 0], places[k, 1], cv2.INTER_LINEAR)

    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        return median_seconds(lambda: for_each(draw, range(len(images))))
    finally:
        cv2.setNumThreads(threads)


def _shares(axis: Axis, nodes: int) -> FloatArray:
    before, ways = axis
    at = (before + ways)[:, None] - np.arange(nodes)
    return np.asarray(np.maximum(0, 1 - np.abs(at)), np.float32)


def _drawing_error(
    backend: Kernels, images: ByteArray, nodes: FloatArray, axes: tuple[Axis, Axis]
) -> float:
    """Return the mean error in grey levels of one image, against every pixel in float64."""
    maps = np.zeros(1, np.int32), nodes[:1]
    drawn, cover = backend.warped_sum([images[:1]], np.ones(1, np.float32), maps, axes)
    down, right = (_shares(axis, nodes.shape[1 + i]) for i, axis in enumerate(axes))
    places = np.einsum("hy,wx,yxc->hwc", down, right, nodes[0].astype(np.float64), optimize=True)
    exact, there = warp_reference(images[0], places)
    both = (cover == 1) & (there == 1)
    return float(np.abs(drawn - exact)[both].mean())
