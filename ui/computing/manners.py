"""Threads that compute step back for the one that answers people."""

import contextlib
import os
import threading

NICE = 19
"""Last on the scale of Unix."""


def step_back() -> None:
    """Let this thread, and those that it starts, have what of the processor others leave.

    On two cores thirty people and the averages they ask for take all there is: then answers come
    first, and averages a little later. Only where the system knows priorities of threads: Linux.
    """
    if hasattr(os, "setpriority") and os.uname().sysname == "Linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
