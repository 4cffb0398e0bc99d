"""Averages of warped images, each pixel of those that cover it, and single warped images."""

from collections.abc import Sequence

import numpy as np

from explorer.alignment.maps import NODE, Maps
from explorer.arrays import ByteArray, FloatArray, IntArray, check_array
from explorer.average import shares_of
from explorer.errors import ArrayError
from explorer.kernels import kernels
from explorer.kernels.backend import Axis

COVERED = 1e-6
"""Share of the weights that must cover a pixel; less is an error of rounding."""

Size = tuple[int, int]


def warped_average(
    shards: Sequence[ByteArray], weights: FloatArray, maps: Maps, *, canvas: Size | None = None
) -> FloatArray:
    """Average images by weight, each warped by its map.

    Parameters
    ----------
    shards : (n, h, w, 3) uint8 each, sRGB
        The images, N in all, at the canvas's size or smaller ("pixels" or "thumbs").
    weights : (N,) float32
        How much each counts, >= 0; at least one is > 0.
    maps
        How images are warped; those without a map are drawn as they are.
    canvas
        Height and width of what the nodes lie on and point at; that of `shards` if None.

    Returns
    -------
    (h, w, 3) float32, sRGB
        In [0, 1]. A pixel is the mean of the images that cover it; where none does, it is that of
        all images as they are.

    Raises
    ------
    ArrayError
        If `weights` average nothing, or an array has another shape or dtype, or a value that is
        not finite.
    """
    shares = shares_of(weights, sum(map(len, shards)))
    height, width = shards[0].shape[1:3]
    canvas = canvas or (height, width)
    _check_maps(maps, len(weights), canvas)
    drawn = shares[maps.rows] > 0
    rows, nodes = maps.rows[drawn], at_level(maps, canvas, (height, width))[drawn]
    still = shares.copy()
    still[maps.rows] = 0
    sums, cover = kernels().warped_sum(
        shards, shares[rows], (rows, nodes), axes_of(canvas, (height, width))
    )
    sums = sums + kernels().weighted_sum(shards, still)
    cover = (cover + still.sum(dtype=np.float64))[..., None]
    average = sums / np.maximum(255 * cover, COVERED)
    if cover.min() < COVERED:
        plain = kernels().weighted_sum(shards, shares) / np.float32(255)
        average = np.where(cover < COVERED, plain, average)
    return np.asarray(np.minimum(average, 1), np.float32)


def warp_image(
    image: ByteArray,
    nodes: FloatArray,
    *,
    is_mirrored: bool = False,
    canvas: Size | None = None,
    outside: int = 255,
) -> ByteArray:
    """Draw one image as its map has it.

    Parameters
    ----------
    image : (h, w, 3) uint8, sRGB
        At the canvas's size or smaller.
    nodes : (Y, X, 2) float32
        As in `Maps.nodes`.
    is_mirrored
        As in `Maps.mirrored`.
    canvas
        Height and width of what the nodes lie on and point at; that of `image` if None.
    outside
        Grey level where the image does not reach.

    Returns
    -------
    (h, w, 3) uint8, sRGB

    Raises
    ------
    ArrayError
        If an array has another shape or dtype, or `nodes` a value that is not finite.
    """
    check_array(image, "image", "h w 3", np.uint8)
    height, width = image.shape[:2]
    canvas = canvas or (height, width)
    row = np.zeros(1, np.int32)
    maps = Maps(rows=row, nodes=nodes[None], mirrored=np.array([is_mirrored]))
    _check_maps(maps, 1, canvas)
    level = at_level(maps, canvas, (height, width))
    sums, cover = kernels().warped_sum(
        [image[None]], np.ones(1, np.float32), (row, level), axes_of(canvas, (height, width))
    )
    drawn = sums + np.float32(outside) * (1 - cover[..., None])
    return np.clip(np.rint(drawn), 0, 255).astype(np.uint8)


def _check_maps(maps: Maps, size: int, canvas: Size) -> None:
    down, right = (-(-(side - 1) // NODE) + 1 for side in canvas)
    count = check_array(maps.rows, "maps.rows", "M", np.int32)["M"]
    check_array(maps.nodes, "maps.nodes", f"{count} {down} {right} 2")
    check_array(maps.mirrored, "maps.mirrored", str(count), np.bool_)
    rows = maps.rows
    if count and (rows[0] < 0 or rows[-1] >= size or (np.diff(rows) <= 0).any()):
        raise ArrayError(f"maps.rows must rise, each once, within the {size} images")
    if not np.isfinite(maps.nodes).all():
        raise ArrayError("maps.nodes must be finite: leave out images that have no map")


def at_level(maps: Maps, canvas: Size, level: Size) -> FloatArray:
    """Return the nodes (M, Y, X, 2) in pixels of images of another size, that are not mirrored."""
    scale = np.array([level[1] / canvas[1], level[0] / canvas[0]])
    nodes = maps.nodes * scale.astype(np.float32) + (0.5 * scale - 0.5).astype(np.float32)
    mirrored = maps.mirrored
    nodes[mirrored, ..., 0] = np.float32(level[1] - 1) - nodes[mirrored, ..., 0]
    return np.asarray(nodes, np.float32)


def axes_of(canvas: Size, level: Size) -> tuple[Axis, Axis]:
    """Return between which nodes of the canvas the rows and columns of a smaller image lie."""
    down, right = (_axis(*sides) for sides in zip(level, canvas, strict=True))
    return down, right


def _axis(pixels: int, side: int) -> tuple[IntArray, FloatArray]:
    at = ((np.arange(pixels) + 0.5) * (side / pixels) - 0.5) / NODE
    before = np.minimum(at.astype(np.int32), -(-(side - 1) // NODE) - 1)
    return before, (at - before).astype(np.float32)
