"""Timing, and what this machine can do: cores, and bytes it reads a second."""

import os
import platform
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.kernels.threads import blocks, core_count, for_each

READ_BYTES = 1 << 28
READ_TIMES = 5


def median_seconds(function: Callable[[], object], times: int = 9) -> float:
    """Return the median wall time of `times` calls, after one that does not count."""
    function()
    return float(np.median([seconds_of(function) for _ in range(times)]))


def seconds_of(function: Callable[[], object]) -> float:
    """Return the wall time of one call."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def read_rate() -> float:
    """Return the greatest rate, in bytes a second, at which all cores together read memory."""
    words = np.ones(READ_BYTES // 8, np.int64)
    parts = [words[part] for part in blocks(len(words), -(-len(words) // core_count()))]

    def read(part: npt.NDArray[np.int64]) -> int:
        return int(np.bitwise_or.reduce(part))

    times = [seconds_of(lambda: for_each(read, parts)) for _ in range(READ_TIMES)]
    return READ_BYTES / min(times)


def machine(read_bytes_per_second: float) -> dict[str, Any]:
    """Describe the machine that the figures are of."""
    return {
        "processor": platform.machine(),
        "cores": core_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
        "read_bytes_per_second": read_bytes_per_second,
        "device": _device(),
    }


def _device() -> str | None:
    import torch

    return torch.cuda.get_device_name() if torch.cuda.is_available() else None
