"""Hands what the workers have made to the members that asked for it; what is late is dropped."""

import asyncio
from collections.abc import Callable, Mapping

from ui.computing.mode_answers import HoverJob
from ui.computing.worker import Carded, Job, Rendered
from ui.rooms.live_room import LiveRoom
from ui.rooms.member import Member
from ui.wire.figures import Modes, Progress
from ui.wire.protocol import Status


class Showing:
    """The way back from the workers' threads to the members.

    Parameters
    ----------
    rooms
        The rooms by name, those included that open later.
    refresh
        Asks for the averages of everybody in a room again.
    """

    def __init__(self, rooms: Mapping[str, LiveRoom], refresh: Callable[[LiveRoom], None]) -> None:
        self._rooms = rooms
        self._refresh = refresh
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Show what comes from now on; call it on the event loop."""
        self._loop = asyncio.get_running_loop()

    def deliver(self, job: Job, answer: Rendered | Carded | None) -> None:
        """Take the answer to a job, in the worker's thread."""
        self._soon(self.show_card if isinstance(answer, Carded) else self.show, job, answer)

    def deliver_modes(self, job: HoverJob, modes: Modes | None) -> None:
        """Take the answer to a hover, in the worker's thread."""
        self._soon(self.show_modes, job, modes)

    def tell(self, name: str, progress: Progress) -> None:
        """Take how far something is, in the worker's thread."""
        self._soon(self.show_progress, name, progress)

    def _soon(self, show: Callable[..., None], *values: object) -> None:
        """Call something on the event loop, from another thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(show, *values)

    def show(self, job: Job, rendered: Rendered | None) -> None:
        """Show a frame to whoever asked for it, unless a newer one was shown."""
        member = self._asker(job)
        is_late = member is None or (job.revision, job.request) < member.shown
        if member is None or is_late or job.cluster != member.cluster:
            return
        if rendered is None:
            text = "the average could not be computed: the server's log says why"
            status = Status(level="error", text=text, request=job.request)
            member.show("status", status.model_dump_json())
            return
        member.shown = (job.revision, job.request)
        member.show("frame", rendered.frame.to_bytes())
        if rendered.ranking is not None:
            member.show("ranking", rendered.ranking.model_dump_json())
        if rendered.hint is not None:
            member.show("status", Status(level="info", text=rendered.hint).model_dump_json())

    def show_card(self, job: Job, carded: Carded) -> None:
        """Show a card and the figures of the clusters."""
        member = self._asker(job)
        if member is None:
            return
        if carded.frame is not None:
            member.show(f"card {carded.frame.cluster}", carded.frame.to_bytes())
        member.show("clusters", carded.clusters.model_dump_json())

    def show_progress(self, name: str, progress: Progress) -> None:
        """Tell everybody in a room how far a sharpening is."""
        room = self._rooms[name]
        for member in room.members.values():
            member.show(f"progress {progress.cluster}", progress.model_dump_json())
        if progress.state == "done":
            self._refresh(room)

    def show_modes(self, job: HoverJob, modes: Modes | None) -> None:
        """Show the modes under a cursor, unless newer ones were shown."""
        member = self._asker(job)
        if member is None or job.request < member.hovered:
            return
        if modes is None:
            text = "the modes here could not be found: the server's log says why"
            member.show("status", Status(level="error", text=text).model_dump_json())
            return
        member.hovered = job.request
        member.show("modes", modes.model_dump_json())

    def _asker(self, job: Job | HoverJob) -> Member | None:
        room = self._rooms[job.collection]
        return next((m for m in room.members.values() if key_of(room, m) == job.key), None)


def key_of(room: LiveRoom, member: Member) -> tuple[str, str]:
    """Return by what the workers know a member."""
    return room.info.name, member.id
