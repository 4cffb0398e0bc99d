"""Asks the workers for what the members of a room look at.

One job is for all who look at a cluster at rest; who draws a stroke has one of its own. Operations
may come in faster than averages can be made, so a room asks again at once, then after a pause.
"""

import asyncio
from collections.abc import Hashable

from ui.computing.jobs import Job
from ui.computing.mode_answers import HoverJob
from ui.computing.modes_worker import ModesWorker
from ui.computing.worker import Worker
from ui.rooms.live_room import LiveRoom
from ui.rooms.member import Member
from ui.rooms.showing import key_of
from ui.wire.protocol import Hover

EVERY_S = 0.03
"""How often a room asks for averages because of operations."""


class Asking:
    """The way from the members to the workers.

    Parameters
    ----------
    worker
        Makes averages.
    modes
        Finds the modes under cursors.
    """

    def __init__(self, worker: Worker, modes: ModesWorker) -> None:
        self._worker = worker
        self._modes = modes
        self._next_s: dict[str, float] = {}
        self._timers: dict[str, asyncio.AbstractEventLoop] = {}

    def frame(self, room: LiveRoom, member: Member) -> None:
        """Ask for the average that a member looks at."""
        if member.cluster not in {cluster.id for cluster in room.state.session.clusters}:
            return  # an operation was just carried out, and the member is soon to look elsewhere
        looks = {other.cluster for other in room.members.values() if other.live is None}
        self._worker.submit(
            Job(
                key=_job_key(room, member),
                collection=room.seat,
                room=room.info.name,
                session=room.state.session,
                cluster=member.cluster,
                revision=room.state.revision,
                request=0 if member.live is None else member.request,
                live=member.live,
                is_alone=member.live is not None or looks == {member.cluster},
            )
        )

    def frames(self, room: LiveRoom) -> None:
        """Ask for the averages that the members of a room look at, soon, and once for all."""
        name, loop = room.info.name, asyncio.get_running_loop()
        if self._timers.get(name) is loop:
            return
        if loop.time() >= self._next_s.get(name, 0.0):
            self._ask(room)
        else:
            self._timers[name] = loop
            loop.call_at(self._next_s[name], self._ask, room)

    def _ask(self, room: LiveRoom) -> None:
        self._timers.pop(room.info.name, None)
        self._next_s[room.info.name] = asyncio.get_running_loop().time() + EVERY_S
        for member in {_job_key(room, one): one for one in room.members.values()}.values():
            self.frame(room, member)

    def hover(self, room: LiveRoom, member: Member, message: Hover) -> None:
        """Ask for the modes under a cursor."""
        self._modes.submit(
            HoverJob(
                key=key_of(room, member),
                collection=room.seat,
                session=room.state.session,
                cluster=message.cluster,
                revision=room.state.revision,
                request=message.request,
                point=(message.x, message.y),
                size=message.size,
            )
        )

    def give_up(self, room: LiveRoom, cluster_id: str) -> None:
        """End the sharpening of a cluster."""
        self._worker.give_up(room.info.name, cluster_id)

    def forget(self, room: LiveRoom, member: Member) -> None:
        """Drop what only a member who has left waits for."""
        self._modes.forget(key_of(room, member))
        self._worker.forget(key_of(room, member))
        if not room.members:
            self._worker.forget(room.info.name)


def _job_key(room: LiveRoom, member: Member) -> Hashable:
    """Return whom a job is for: the painter of a stroke, or all who look at a cluster."""
    if member.live is not None:
        return key_of(room, member)
    return "rest", room.info.name, member.cluster
