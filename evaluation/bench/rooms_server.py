"""`avex serve` as a process on loopback that can be killed and started again."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

START_S = 120.0
SETTLED = 0.1
"""Part of a core that a server takes at most that has nothing to do."""


class ServerError(RuntimeError):
    """The server did not start; the message is what it said."""


class Server:
    """A server on a collection; use it in a `with`, at whose end it is gone.

    Attributes
    ----------
    port
        Where it listens, on 127.0.0.1.
    """

    def __init__(self, collection: Path, state: Path) -> None:
        self._collection = collection
        self._state = state
        self._process: subprocess.Popen[str] | None = None
        self.port = _free_port()

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end(signal.SIGTERM)

    @property
    def url(self) -> str:
        """The socket of the collection's main room."""
        return f"ws://127.0.0.1:{self.port}/ws?collection={self.address}"

    @property
    def address(self) -> str:
        """The collection's name in URLs."""
        from ui.library import url_name

        return url_name(self._collection.name.removesuffix(".avex"), ())

    @property
    def cpu_s(self) -> float:
        """Seconds of all cores that the running server has taken; 0 where that cannot be said."""
        if self._process is None:
            return 0.0
        try:
            text = Path(f"/proc/{self._process.pid}/stat").read_text()
        except OSError:
            return 0.0
        user, system = text.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def start(self) -> None:
        """Start it, and wait until it answers.

        Raises
        ------
        ServerError
            If it ends instead, or listens elsewhere.
        """
        words = [sys.executable, "-m", "avex", "serve", str(self._collection)]
        words += ["--port", str(self.port), "--state", str(self._state)]
        words += ["--builds", str(self._state)]
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            words,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        said = []
        for line in self._process.stdout or ():
            said.append(line.strip())
            if line.startswith("http"):
                break
        if not said or said[-1] != f"http://127.0.0.1:{self.port}":
            self.end(signal.SIGKILL)
            raise ServerError(f"avex serve must listen on port {self.port}, it said {said}")

    def settle(self) -> float:
        """Wait until it has compiled its kernels and rests; return how many seconds that took.

        A fresh checkout compiles for most of a minute, once; that is no part of a room's speed.
        """
        begun = time.monotonic()
        while time.monotonic() - begun < START_S:
            before_s = self.cpu_s
            time.sleep(1)
            if self.cpu_s - before_s < SETTLED:
                break
        return time.monotonic() - begun

    def end(self, by: signal.Signals) -> None:
        """End it by a signal, and wait until it is gone."""
        if self._process is None:
            return
        self._process.send_signal(by)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None

    def kill(self) -> None:
        """Kill it as a power cut does."""
        self.end(signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
