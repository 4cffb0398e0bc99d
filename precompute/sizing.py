"""How large the pictures of a collection are."""

from collections.abc import Iterable

import numpy as np

from index.schema import CELL
from precompute.decode import Picture, Unusable
from precompute.errors import BuildError
from precompute.options import SIDE_MIN

SAMPLE = 4096
"""So many photographs tell the mean size: the first ones, which are a fair sample."""


def mean_size(pictures: Iterable[Picture | Unusable], longer_side: int) -> tuple[int, int]:
    """Return the mean (height, width), at most `longer_side`, in whole cells.

    Raises
    ------
    BuildError
        If no picture can be used.
    """
    usable = [(found.height, found.width) for found in pictures if isinstance(found, Picture)]
    if not usable:
        raise BuildError("there must be a photograph to learn the size from, none can be used")
    height, width = np.mean(usable, axis=0)
    scale = min(1.0, longer_side / max(height, width))
    return _whole_cells(height * scale), _whole_cells(width * scale)


def _whole_cells(side: float) -> int:
    return max(SIDE_MIN, CELL * round(side / CELL))
