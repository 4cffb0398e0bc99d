"""Asks the workers for what the members of a room look at."""

from ui.computing.mode_answers import HoverJob
from ui.computing.modes_worker import ModesWorker
from ui.computing.worker import Job, Worker
from ui.rooms.live_room import LiveRoom
from ui.rooms.member import Member
from ui.rooms.showing import key_of
from ui.wire.protocol import Hover


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

    def frame(self, room: LiveRoom, member: Member) -> None:
        """Ask for the average that a member looks at."""
        if member.cluster not in {cluster.id for cluster in room.state.session.clusters}:
            return  # an operation was just carried out, and the member is soon to look elsewhere
        self._worker.submit(
            Job(
                key=key_of(room, member),
                collection=room.info.name,
                session=room.state.session,
                cluster=member.cluster,
                revision=room.state.revision,
                request=member.request,
                live=member.live,
            )
        )

    def frames(self, room: LiveRoom) -> None:
        """Ask for the average that each member of a room looks at."""
        for member in room.members.values():
            self.frame(room, member)

    def hover(self, room: LiveRoom, member: Member, message: Hover) -> None:
        """Ask for the modes under a cursor."""
        self._modes.submit(
            HoverJob(
                key=key_of(room, member),
                collection=room.info.name,
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
        """Drop what a member who has left waits for."""
        self._worker.forget(key_of(room, member))
        self._modes.forget(key_of(room, member))
