"""Two ways from marks on averages to places in images: each average by itself, and all together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from explorer.alignment.congealing import congeal
from explorer.alignment.guard import unfolded
from explorer.alignment.maps import Maps, grid_points
from explorer.alignment.points import mapped, mirrored_points, unwarp_points, warp_points
from explorer.alignment.sharpening import placed, seen
from explorer.alignment.warped import warped_average
from explorer.arrays import BoolArray, ByteArray, FloatArray, IntArray
from explorer.correspondence.levels import COARSE_TO_FINE, REFINE
from explorer.correspondence.matching import correspond
from explorer.kernels.threads import blocks
from explorer.keypoints.shapes import as_complex, as_points, common_shape, fitted_pose
from explorer.keypoints.values import MarkedAverage
from explorer.view import View

ROUNDS = 6
LIGHTEST = 0.02
"""An image of a cluster counts at least so much of what its heaviest one does."""
TELLING = 10
"""So many of the heaviest images of an average say where its marks lie among all images."""

SEARCHES = (REFINE, COARSE_TO_FINE)
"""Near what is lined up already, and further away: each errs in its own way."""
AT_ONCE = 16
"""So many images are searched before progress is told."""

Told = Callable[[float], None]
"""Is told how much is done, from 0 to 1, and raises `Cancelled` where that is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pool:
    """The images that are looked at together. M images, A averages.

    Attributes
    ----------
    rows : (M,) int32
        The images, average by average.
    owners : (M,) int32
        The average that each belongs to; those of an average lie side by side.
    weights : (M,) float32
        Its weight there.
    mirrored : (M,) bool
        Whether it takes part mirrored.
    images : (M, H, W, 3) uint8
        As they take part.
    nodes : (M, Y, X, 2) float32
        How their averages move them.
    """

    rows: IntArray
    owners: IntArray
    weights: FloatArray
    mirrored: BoolArray
    images: ByteArray
    nodes: FloatArray


def pooled(view: View, averages: Sequence[MarkedAverage], chosen: Sequence[IntArray]) -> Pool:
    """Take some images of each average, ascending, into a pool."""
    parts = [
        (rows, placed(view, average.maps, rows))
        for average, rows in zip(averages, chosen, strict=True)
    ]
    mirrored = np.concatenate([maps.mirrored for _, maps in parts])
    return Pool(
        rows=np.concatenate([rows for rows, _ in parts]).astype(np.int32),
        owners=np.repeat(np.arange(len(parts)), [len(rows) for rows, _ in parts]).astype(np.int32),
        weights=np.concatenate(
            [average.weights[rows] for average, rows in zip(averages, chosen, strict=True)]
        ),
        mirrored=mirrored,
        images=np.concatenate([seen(view, rows, maps.mirrored) for rows, maps in parts]),
        nodes=np.concatenate([maps.nodes for _, maps in parts]),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Located:
    """Where the marks of its own average lie in each image. M images, K keypoints.

    Attributes
    ----------
    warped : (M, K, 2) float32
        By how the average's images are lined up; pixels of the images as they take part, NaN for
        what is not marked on the average.
    found : (S, M, K, 2) float32
        By S searches for what corresponds to the average, each from there.
    missed : (M, K) float32
        By how many pixels one misses the mark on the way there and back, the mean of the searches.
    """

    warped: FloatArray
    found: FloatArray
    missed: FloatArray


def by_each_average(pool: Pool, averages: Sequence[MarkedAverage], told: Told) -> Located:
    """Return where the marks of its own average lie in each image.

    The images of each average are lined up with each other first, as for `Sharpen`; then each is
    compared with their average.
    """
    shape = len(pool.rows), *averages[0].points.shape
    warped = np.full(shape, np.nan, np.float32)
    found = np.full((len(SEARCHES), *shape), np.nan, np.float32)
    missed = np.full(shape[:2], np.nan, np.float32)
    done = 0
    for number, average in enumerate(averages):
        here = np.flatnonzero(pool.owners == number)
        if not len(here):
            continue

        def tell(share: float, done: int = done, count: int = len(here)) -> None:
            told((done + share * count) / len(pool.rows))

        heaviest = float(pool.weights[here].max()) or 1.0
        weights = np.maximum(pool.weights[here], np.float32(LIGHTEST * heaviest))
        nodes = _lined_up(pool, here, pool.nodes[here], weights, _half(tell, 0))
        warped[here] = np.stack([warp_points(one, average.points) for one in nodes])
        picture = _average(pool, here, nodes)
        found[:, here], missed[here] = _searched(
            pool, here, nodes, (picture, average.points), _half(tell, 1)
        )
        done += len(here)
    return Located(warped=warped, found=found, missed=missed)


def _half(told: Told, number: int) -> Told:
    return lambda share: told((number + share) / 2)


def _average(pool: Pool, here: npt.NDArray[np.integer], nodes: FloatArray) -> ByteArray:
    """Return the average of some images, moved by nodes, (H, W, 3) uint8."""
    weights = np.maximum(pool.weights[here], 1e-6).astype(np.float32)
    maps = Maps(
        rows=np.arange(len(here), dtype=np.int32),
        nodes=nodes,
        mirrored=np.zeros(len(here), np.bool_),
    )
    average = warped_average([np.ascontiguousarray(pool.images[here])], weights, maps)
    return np.rint(average * 255).astype(np.uint8)


def _searched(
    pool: Pool,
    here: npt.NDArray[np.integer],
    nodes: FloatArray,
    marked: tuple[ByteArray, FloatArray],
    told: Told,
) -> tuple[FloatArray, FloatArray]:
    """Return where marks are found (S, n, K, 2), and by how much they are missed (n, K)."""
    picture, points = marked
    found = np.empty((len(SEARCHES), len(here), *points.shape), np.float32)
    missed = np.empty(found.shape[:-1], np.float32)
    parts = blocks(len(here), AT_ONCE)
    for k, (part, (search, levels)) in enumerate(product(parts, enumerate(SEARCHES))):
        seen_there = correspond(picture, pool.images[here[part]], nodes[part], levels=levels)
        found[search, part], missed[search, part], _ = seen_there.located(points)
        told((k + 1) / (len(parts) * len(SEARCHES)))
    return found, missed.mean(axis=0)


def by_all_averages(
    pool: Pool,
    averages: Sequence[MarkedAverage],
    own: FloatArray,
    told: Told,
) -> tuple[FloatArray, FloatArray]:
    """Return where the marks lie in each image if all images are lined up together.

    Parameters
    ----------
    pool
        The images.
    averages
        What is marked.
    own : (M, K, 2) float32
        What `by_each_average` found.
    told
        Is told how much is done.

    Returns
    -------
    (M, K, 2) float32
        Pixels of the images as they take part; NaN for what is marked nowhere.
    (M, Y, X, 2) float32
        How the images are moved onto the frame that they share.
    """
    marks = as_complex(np.stack([average.points for average in averages]))
    shared = common_shape(marks)
    grid = grid_points(*pool.images.shape[1:3])
    start = np.empty_like(pool.nodes)
    for k, (owner, nodes) in enumerate(zip(pool.owners, pool.nodes, strict=True)):
        turn, shift = fitted_pose(shared, marks[owner])
        there = as_points(as_complex(grid).ravel() * turn + shift).astype(np.float64)
        start[k] = mapped(nodes, there)[0].reshape(grid.shape)
    everyone = np.arange(len(pool.rows))
    nodes = _lined_up(pool, everyone, start, np.ones(len(everyone), np.float32), told)
    telling = []
    for number in range(len(averages)):
        here = np.flatnonzero(pool.owners == number)
        heaviest = here[np.argsort(-pool.weights[here], kind="stable")[:TELLING]]
        on_frame = [unwarp_points(nodes[k], own[k]) for k in heaviest]
        if on_frame:
            telling.append(_middle(np.stack(on_frame)))
    points = _middle(np.stack(telling))
    points = np.where(np.isfinite(points), points, as_points(shared))
    return np.stack([warp_points(one, points) for one in nodes]), nodes


def _lined_up(
    pool: Pool,
    here: npt.NDArray[np.integer],
    start: FloatArray,
    weights: FloatArray,
    told: Told,
) -> FloatArray:
    if len(here) < 2:
        return start
    nodes = congeal(
        pool.images[here],
        (weights / weights.sum()).astype(np.float32),
        start,
        ROUNDS,
        progress=told,
    )
    return unfolded(nodes)


def _middle(points: FloatArray) -> FloatArray:
    """Return the median (K, 2) of points (n, K, 2), NaN where none is known."""
    middle = np.full(points.shape[1:], np.nan, np.float32)
    for k in range(points.shape[1]):
        known = points[np.isfinite(points[:, k]).all(axis=-1), k]
        if len(known):
            middle[k] = np.median(known, axis=0)
    return middle


def turned(
    points: FloatArray, mirrored: BoolArray, width: int, pairs: Sequence[tuple[int, int]]
) -> FloatArray:
    """Return points of images as they are, as they take part, or the other way round.

    Parameters
    ----------
    points : (M, K, C) float32
        x and y in pixels, and whatever else is said of each keypoint.
    mirrored : (M,) bool
        Which images take part mirrored.
    width
        Of the images, in pixels.
    pairs
        Numbers of keypoints that change places in a mirrored image.
    """
    order = np.arange(points.shape[1])
    for one, other in pairs:
        order[[one, other]] = other, one
    flipped = points[:, order].copy()
    flipped[..., :2] = mirrored_points(flipped[..., :2], width)
    return np.where(mirrored[:, None, None], flipped, points)
