"""Where the explorer brush looks: square patches on the grid of cells."""

from dataclasses import dataclass

import numpy as np

from explorer.edits import Point
from explorer.matching import CELL

SIDES = (4, 6, 10, 16)
"""Sides of the patches in cells: 32, 48, 80 and 128 pixels."""


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A square patch of whole cells.

    Attributes
    ----------
    side
        In cells, one of `SIDES`.
    row, column
        The first cell.
    """

    side: int
    row: int
    column: int

    @property
    def box(self) -> tuple[int, int, int, int]:
        """(x, y, width, height) in pixels."""
        side = self.side * CELL
        return self.column * CELL, self.row * CELL, side, side


def sides_of(height: int, width: int) -> tuple[int, ...]:
    """Return the sides, in cells, of the patches that fit into images of that size in pixels."""
    return tuple(side for side in SIDES if side * CELL <= min(height, width))


def spots_of(side: int, height: int, width: int) -> list[Spot]:
    """Return all spots of one side, row by row."""
    rows, columns = height // CELL - side + 1, width // CELL - side + 1
    return [Spot(side, row, column) for row in range(rows) for column in range(columns)]


def spot_at(point: Point, size: float, height: int, width: int) -> Spot:
    """Return the spot nearest to a cursor.

    Parameters
    ----------
    point
        The cursor, (x, y) in canvas units.
    size
        Wished side of the patch, in pixels; the nearest of those that fit counts.
    height, width
        Of the images, in pixels.
    """
    sides = np.array(sides_of(height, width) or [min(height, width) // CELL])
    side = int(sides[np.abs(sides * CELL - size).argmin()])
    column, row = (
        int(np.clip(round(unit * pixels / CELL - side / 2), 0, pixels // CELL - side))
        for unit, pixels in zip(point, (width, height), strict=True)
    )
    return Spot(side, row, column)
