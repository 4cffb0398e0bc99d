"""Long work in a thread of its own, which stands still while somebody paints."""

import threading
import time
from abc import ABC, abstractmethod

from ui.computing.manners import step_back
from ui.rooms.hub import Hub

PAUSE_S = 0.05
JOIN_S = 10.0


class Aside(ABC):
    """One piece of long work and its thread.

    Parameters
    ----------
    hub
        Where people paint, who go first.
    name
        Of the thread.
    """

    def __init__(self, hub: Hub, name: str) -> None:
        self._hub = hub
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._go, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def cancel(self) -> None:
        """Ask it to end."""
        self._cancelled.set()

    def join(self) -> None:
        """Wait until it has ended, but not for good."""
        self._thread.join(JOIN_S)

    def _go(self) -> None:
        step_back()
        self._run()

    @abstractmethod
    def _run(self) -> None:
        """Do the work, and ask `_is_cancelled` all the time."""

    def _is_cancelled(self) -> bool:
        """Wait as long as averages are made; return whether this is to end."""
        while self._hub.is_painting and not self._cancelled.is_set():
            time.sleep(PAUSE_S)
        return self._cancelled.is_set()
