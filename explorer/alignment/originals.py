"""Original photographs warped as the collection's images are: for averages at full resolution."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from explorer.alignment.maps import Maps
from explorer.alignment.warped import Size, at_level, axes_of
from explorer.arrays import ByteArray, FloatArray
from explorer.kernels import kernels

LEAST = 2
"""Pixels a side between which one can interpolate."""

Warp: TypeAlias = Callable[[int, ByteArray], tuple[FloatArray, FloatArray] | None]
"""From an image's row and its pixels (h, w, 3) uint8, at any size of the canvas's shape, to those
pixels (h, w, 3) float32 where they are drawn, 0 to 255 and 0 outside, and which it covers, (h, w)
float32, 0 or 1; None if the image is drawn as it is."""


def warp_of(maps: Maps | None, canvas: Size) -> Warp | None:
    """Return what warps larger versions of the images that maps move, None without maps.

    Parameters
    ----------
    maps
        How images are moved.
    canvas
        Height and width of what the maps' nodes lie on.
    """
    if maps is None:
        return None
    places = {row: place for place, row in enumerate(maps.rows.tolist())}

    def warp(row: int, pixels: ByteArray) -> tuple[FloatArray, FloatArray] | None:
        place = places.get(row)
        if place is None or min(pixels.shape[:2]) < LEAST:
            return None
        one = slice(place, place + 1)
        first = np.zeros(1, np.int32)
        level: Size = (pixels.shape[0], pixels.shape[1])
        only = Maps(rows=first, nodes=maps.nodes[one], mirrored=maps.mirrored[one])
        nodes = at_level(only, canvas, level)
        shards = [np.ascontiguousarray(pixels[None])]
        return kernels().warped_sum(
            shards, np.ones(1, np.float32), (first, nodes), axes_of(canvas, level)
        )

    return warp
