"""How a kernel is compiled: without the interpreter's lock, and kept on disk for the next start."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def compiled(function: Kernel) -> Kernel:
    """Compile `function` at its first call.

    The machine code is kept beside the module, else in the user's cache (or in NUMBA_CACHE_DIR).
    Where none can be written, every process compiles for itself.
    """
    return _compiled(function)


def contracted(function: Kernel) -> Kernel:
    """Compile `function` so that a * b + c may be one instruction, which rounds once."""
    return _compiled(function, fastmath={"contract"})


def reassociated(function: Kernel) -> Kernel:
    """Compile `function` so that a sum may be added up in another order, many terms at once."""
    return _compiled(function, fastmath={"contract", "reassoc"})


def _compiled(function: Kernel, **options: Any) -> Kernel:
    try:
        return cast(Kernel, numba.njit(nogil=True, cache=True, **options)(function))
    except RuntimeError:  # numba's word for "no place to keep the machine code"
        return cast(Kernel, numba.njit(nogil=True, **options)(function))


def read_only(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a contiguous view that cannot be written to (a copy if the array is not contiguous).

    Numba compiles anew for every kind of array: of another layout, or that can be written to, or
    that is a map of a file. With this there is one kind.
    """
    view = np.ascontiguousarray(array).view(np.ndarray)
    view.flags.writeable = False
    return view
