"""Whether a server can do its work, and how much it has to do."""

import os
import shutil
from collections.abc import Iterable

from ui.computing.modes_worker import ModesWorker
from ui.computing.worker import Worker
from ui.rooms.live_room import LiveRoom

LEAST_FREE = 16 * 1024**2
"""Bytes that must be free where operations are written."""


def troubles_of(rooms: Iterable[LiveRoom], worker: Worker, modes: ModesWorker) -> list[str]:
    """Return what keeps a server from its work, in plain words; nothing if all is well."""
    found = []
    if not worker.is_alive:
        found.append("no averages are computed")
    if not modes.is_alive:
        found.append("no modes are found")
    paths = {room.store.path for room in rooms}
    for path in sorted(paths):
        if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
            found.append("operations cannot be written")
        elif shutil.disk_usage(path.parent).free < LEAST_FREE:
            found.append("the disk is full")
    return sorted(set(found))


def gauges_of(
    rooms: Iterable[LiveRoom], worker: Worker, modes: ModesWorker
) -> dict[str, tuple[str, float]]:
    """Return what is the case just now, by the name of its metric what it says and its value."""
    rooms = list(rooms)
    members = [member for room in rooms for member in room.members.values()]
    busy = sum(bool(room.members) for room in rooms)
    waiting = sum(room.waiting for room in rooms)
    outbox = max((member.waiting for member in members), default=0)
    return {
        "avex_members": ("Pages that are connected.", len(members)),
        "avex_rooms": ("Rooms that are open, branches included.", len(rooms)),
        "avex_rooms_busy": ("Rooms with somebody in them.", busy),
        "avex_frame_queue": ("Averages and questions that wait for the worker.", worker.waiting),
        "avex_modes_queue": ("Hovers and questions that wait for modes.", modes.waiting),
        "avex_write_queue": ("Operations that wait to be written.", waiting),
        "avex_outbox_longest": ("Messages that wait for the slowest member.", outbox),
    }
