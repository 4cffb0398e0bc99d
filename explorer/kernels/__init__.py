"""The loops that must be fast: compiled for the processor, or on a CUDA device if there is one."""

import ctypes
from functools import cache
from typing import cast

from explorer.kernels.backend import Kernels


@cache
def kernels() -> Kernels:
    """Return the backend for this machine: torch if it has a CUDA device, else numba."""
    if _has_driver():
        import torch

        if torch.cuda.is_available():
            from explorer.kernels import on_torch

            return cast(Kernels, on_torch)
    from explorer.kernels import on_numba

    return cast(Kernels, on_numba)


def compile_kernels() -> None:
    """Compile or load every kernel now, so that the first stroke need not wait for it."""
    from explorer.kernels.warm import warm_up

    warm_up(kernels())


def _has_driver() -> bool:
    """Return whether NVIDIA's driver is there, without the second that importing torch takes."""
    try:
        ctypes.CDLL("libcuda.so.1")
    except OSError:
        return False
    return True
