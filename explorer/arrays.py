"""Names for the arrays of the engine, and the one check of their shapes.

Checks stand at public edges only, and never convert silently.
"""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from explorer.errors import ArrayError

FloatArray: TypeAlias = npt.NDArray[np.float32]
ByteArray: TypeAlias = npt.NDArray[np.uint8]
BoolArray: TypeAlias = npt.NDArray[np.bool_]
IntArray: TypeAlias = npt.NDArray[np.int32]
DoubleArray: TypeAlias = npt.NDArray[np.float64]


def check_array(
    array: npt.NDArray[Any], name: str, shape: str, dtype: npt.DTypeLike = np.float32
) -> dict[str, int]:
    """Return the size of each named axis, or raise `ArrayError`.

    Parameters
    ----------
    array
        The array to check.
    name
        What the caller calls it.
    shape
        One word an axis: a number is the size that it must have, a letter names the size.
    dtype
        The dtype that it must have.

    Returns
    -------
    dict
        The size of each named axis.

    Raises
    ------
    ArrayError
        If the shape or the dtype is another one.

    Examples
    --------
    >>> check_array(np.zeros((5, 8, 8, 3), np.float32), "cells", "N G G 3")
    {'N': 5, 'G': 8}
    """
    sizes: dict[str, int] = {}
    words = shape.split()
    fits = array.ndim == len(words) and all(
        size == (int(word) if word.isdigit() else sizes.setdefault(word, size))
        for word, size in zip(words, array.shape, strict=True)
    )
    if not fits or array.dtype != np.dtype(dtype):
        expected = f"({', '.join(words)}) {np.dtype(dtype)}"
        raise ArrayError(f"{name} must be {expected}, got {array.shape} {array.dtype}")
    return sizes
