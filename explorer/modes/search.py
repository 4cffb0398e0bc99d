"""Find the best place of each template in each image: products of small integers, on all cores."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.arrays import FloatArray, IntArray
from explorer.kernels.patches import keep_best_kernel
from explorer.kernels.threads import torch_alone
from explorer.matching import CELL
from explorer.modes.patches import POOL, Region, SignedBytes, as_bytes, resized_templates
from explorer.modes.spots import Spot

NEARBY_SCALES = (0, -1, 1)
"""Pooled cells by which a side is longer; the first of equal scores is kept."""
OTHER_SCALE = 0.9
"""What a cosine at another scale is worth at most."""
FAR_AWAY = 0.2
"""Which part of a cosine is lost half a side away."""


@dataclass(frozen=True, slots=True)
class Window:
    """One place and scale at which a template is compared, by number of the list.

    Attributes
    ----------
    place
        (row, column) of the first cell.
    side
        Of the patch, in pooled cells.
    length
        The same in cells.
    move
        Middle of the patch less the middle of the spot, (x, y) in cells, halves included.
    scale
        Side of the patch over the side of the spot.
    worth
        What a cosine counts here: less far away, and less at another scale.
    """

    place: tuple[int, int]
    side: int
    length: int
    move: tuple[float, float]
    scale: float
    worth: float = 1.0


def windows_of(spot: Spot, grid: tuple[int, int], *, is_priced: bool) -> list[Window]:
    """List where patches are compared: middles up to half a side, and at least 2 cells, away.

    A region of twice the side (thesis, section 4.3.2); the nearest window of a scale first.

    Parameters
    ----------
    spot
        The place.
    grid
        (Y, X) cells of an image.
    is_priced
        Whether a match counts less at another place; then other scales are tried too. Where a
        patch is compared with the natural world, which has no places, it must not. Ours: where a
        part is tells what it is part of. On bags it raises the agreement of modes with labels from
        .21 to .24, on garments from .16 to .23.
    """
    steps, price = (NEARBY_SCALES, FAR_AWAY) if is_priced else ((0,), 0.0)
    pool = POOL[spot.side]
    reach = reach_of(spot)
    found = []
    for step in steps:
        side = spot.side // pool + step
        length = side * pool
        for row in range(grid[0] - length + 1):
            for column in range(grid[1] - length + 1):
                dy = row + length / 2 - spot.row - spot.side / 2
                dx = column + length / 2 - spot.column - spot.side / 2
                # Far away and at another scale, a match would hardly count.
                if side > 0 and max(abs(dy), abs(dx)) <= (reach if step == 0 else reach / 2):
                    scale = length / spot.side
                    worth = scale_worth(scale) * (1 - price * math.hypot(dx, dy) / reach)
                    found.append(Window((row, column), side, length, (dx, dy), scale, worth))
    order = {step: place for place, step in enumerate(steps)}
    return sorted(
        found,
        key=lambda window: (
            order[window.side - spot.side // pool],
            window.move[0] ** 2 + window.move[1] ** 2,
            window.place,
        ),
    )


def box_around(windows: list[Window]) -> tuple[int, int, int, int]:
    """Return (row, column, rows, columns) of the cells that the windows cover."""
    row = min(window.place[0] for window in windows)
    column = min(window.place[1] for window in windows)
    bottom = max(window.place[0] + window.length for window in windows)
    right = max(window.place[1] + window.length for window in windows)
    return row, column, bottom - row, right - column


def pixel_moves(windows: list[Window]) -> IntArray:
    """Return the windows' moves (P, 2) int32, (x, y) in pixels."""
    moves = CELL * np.array([window.move for window in windows])
    return moves.astype(np.int32)  # whole: a move is a multiple of half a cell


def best_windows(
    region: Region, windows: list[Window], templates: FloatArray
) -> tuple[FloatArray, npt.NDArray[np.uint16]]:
    """Compare templates with every window of every image of a region.

    Parameters
    ----------
    region
        The images' cells, n images.
    windows
        Places and scales.
    templates : (K, g * g * 16) float32
        Patches at the scale of the spot; at others they are stretched.

    Returns
    -------
    scores : (K, n) float32
        The greatest cosine, times what it is worth there.
    index : (K, n) uint16
        The first window that has it.
    """
    n = region.cells.shape[-1]
    best = np.full((len(templates), n), -1, np.float32)
    index = np.zeros((len(templates), n), np.uint16)
    prepared: dict[int, tuple[SignedBytes, FloatArray]] = {}
    with torch_alone():
        for number, window in enumerate(windows):
            if window.side not in prepared:
                prepared[window.side] = as_bytes(resized_templates(templates, window.side))
            queries, lengths = prepared[window.side]
            worths = lengths * np.float32(window.worth)
            patches, inverse = region.patches(window.place, window.side)
            keep_best_kernel(  # type: ignore[no-untyped-call]
                products(queries, patches), worths, inverse, number, best, index
            )
    return best, index


def reach_of(spot: Spot) -> int:
    """Return how many cells away, down and across, the middle of a match may be."""
    return max(2, spot.side // 2)


def scale_worth(scale: float) -> float:
    """Return what a cosine at another scale is worth.

    Fewer cells are alike by chance more often, and a stretched template is an approximation.
    """
    return 1.0 if scale == 1 else OTHER_SCALE * min(1.0, scale)


def products(queries: SignedBytes, patches: SignedBytes) -> npt.NDArray[np.int32]:
    """Return queries (K, d) @ patches (d, n), exact: whole numbers."""
    return _multiply()(queries, patches)


@cache
def _multiply() -> Callable[[SignedBytes, SignedBytes], npt.NDArray[np.int32]]:
    """Return how this machine multiplies small integers: torch's private product where it works."""
    import torch

    def by_bytes(queries: SignedBytes, patches: SignedBytes) -> npt.NDArray[np.int32]:
        product: Any = torch._int_mm(  # noqa: SLF001 - probed, and not needed
            torch.from_numpy(queries), torch.from_numpy(patches)
        )
        found: npt.NDArray[np.int32] = product.numpy()
        return found

    def by_floats(queries: SignedBytes, patches: SignedBytes) -> npt.NDArray[np.int32]:
        # Sums of at most 1000 products of 7 bits are below 2**24: float32 is exact.
        product = torch.from_numpy(queries).float() @ torch.from_numpy(patches).float()
        found: npt.NDArray[np.int32] = product.to(torch.int32).numpy()
        return found

    try:
        probe = np.arange(-32, 32, dtype=np.int8).reshape(2, 32)
        works = (by_bytes(probe, probe.T.copy()) == by_floats(probe, probe.T.copy())).all()
    except (AttributeError, RuntimeError):
        return by_floats
    return by_bytes if works else by_floats
