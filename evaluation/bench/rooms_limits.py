"""What the machine allows in the same run.

The disk's fsync, the loopback's round trip, and what one transaction for each operation would cost.
"""

import os
import socket
import sqlite3
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TIMES = 200
PAGE = 4096
ROW = "x" * 400
"""As long as an operation usually is."""


def limits(folder: Path) -> dict[str, Any]:
    """Measure the limits, in a folder on the disk that the rooms are on; seconds are medians."""
    transaction = _transaction_s(folder)
    return {
        "fsync_s": _fsync_s(folder),
        "loopback_round_trip_s": _round_trip_s(),
        "one_transaction_s": transaction,
        "one_transaction_each_per_s": 1 / transaction,
        "load_average": os.getloadavg()[0],
        "cores": os.cpu_count(),
    }


def _median_s(act: Callable[[], object], times: int = TIMES) -> float:
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def _fsync_s(folder: Path) -> float:
    with (folder / "fsync").open("wb", buffering=0) as file:

        def write() -> None:
            file.write(bytes(PAGE))
            os.fsync(file.fileno())

        return _median_s(write)


def _transaction_s(folder: Path) -> float:
    connection = sqlite3.connect(folder / "transactions.sqlite", isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE rows (text TEXT)")
        return _median_s(lambda: connection.execute("INSERT INTO rows VALUES (?)", (ROW,)))
    finally:
        connection.close()


def _round_trip_s() -> float:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_echo, args=(listener,), daemon=True).start()
        with socket.create_connection(listener.getsockname()) as ours:
            ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

            def ask() -> None:
                ours.sendall(b"x")
                ours.recv(1)

            return _median_s(ask)


def _echo(listener: socket.socket) -> None:
    theirs, _ = listener.accept()
    with theirs:
        theirs.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while content := theirs.recv(1):
            theirs.sendall(content)
