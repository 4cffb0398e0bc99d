"""Hands what the workers have made to the members that asked for it; what is late is dropped."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace

from ui.computing.jobs import Carded, Job, Rendered
from ui.computing.mode_answers import HoverJob
from ui.computing.shared import with_request
from ui.rooms.live_room import LiveRoom
from ui.rooms.member import Member
from ui.wire.figures import Modes, Progress
from ui.wire.frame import Frame
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
        """Show a frame to all whom it is for, unless they have been shown a newer one."""
        frames: dict[int, bytes] = {}
        for member in self._receivers(job):
            request = _request_of(member, job)
            is_late = (job.revision, request) < member.shown or job.revision < member.rest_from
            if is_late or job.cluster != member.cluster:
                continue
            if rendered is None:
                _tell_failed(member, "the average could not be computed", request)
                continue
            member.shown = (job.revision, request)
            seen = (job.cluster, job.revision, request, rendered.frame.picture)
            if seen == member.seen:
                continue  # it was made for somebody else who looks at the same
            member.seen = seen
            if request not in frames:
                frames[request] = replace(rendered.frame, request=request).to_bytes()
            member.show("frame", frames[request])
            if rendered.ranking is not None:
                member.show("ranking", with_request(rendered.ranking_text, request))
            if rendered.hint is not None and member.author in _painters(job):
                member.show("status", Status(level="info", text=rendered.hint).model_dump_json())

    def show_card(self, job: Job, carded: Carded) -> None:
        """Show a card and the figures of the clusters, to whom they are new."""
        known = {cluster.id for cluster in job.session.clusters}
        for member in self._receivers(job):
            member.cards = {name: card for name, card in member.cards.items() if name in known}
            request = _request_of(member, job)
            if carded.frame is not None:
                _show_card(member, replace(carded.frame, request=request))
            text = with_request(carded.clusters_text, request)
            if text != member.figures:
                member.figures = text
                member.show("clusters", text)

    def show_progress(self, name: str, progress: Progress) -> None:
        """Tell everybody in a room how far a sharpening is."""
        room = self._rooms.get(name)
        if room is None:
            return
        for member in room.members.values():
            member.show(f"progress {progress.cluster}", progress.model_dump_json())
        if progress.state == "done":
            self._refresh(room)

    def show_modes(self, job: HoverJob, modes: Modes | None) -> None:
        """Show the modes under a cursor, unless newer ones were shown."""
        room = self._rooms.get(job.key[0])
        member = None if room is None else room.members.get(job.key[1])
        if member is None or job.request < member.hovered:
            return
        if modes is None:
            _tell_failed(member, "the modes here could not be found")
            return
        member.hovered = job.request
        member.show("modes", modes.model_dump_json())

    def _receivers(self, job: Job) -> list[Member]:
        """Return the painter of a stroke, or all in the room who paint none just now."""
        room = self._rooms.get(job.room)
        if room is None:
            return []
        if job.live is None:
            return [member for member in room.members.values() if member.live is None]
        return [member for member in room.members.values() if key_of(room, member) == job.key]


def key_of(room: LiveRoom, member: Member) -> tuple[str, str]:
    """Return by what the workers know a member."""
    return room.info.name, member.id


def _request_of(member: Member, job: Job) -> int:
    """Return up to which preview of a member the answer to a job shows everything."""
    return member.request if job.live is None else job.request


def _painters(job: Job) -> set[str]:
    """Return who made the newest edit of a job's cluster, or draws one."""
    entries = job.session.cluster(job.cluster).entries
    return {entries[-1].author} if entries else set()


def _show_card(member: Member, frame: Frame) -> None:
    """Show a card unless it is older than the one that is there, or its picture is the same."""
    known = member.cards.get(frame.cluster, (-1, -1, b""))
    is_late = (frame.revision, frame.request) < known[:2]
    if is_late or frame.cluster == member.cluster or frame.picture == known[2]:
        return
    member.cards[frame.cluster] = (frame.revision, frame.request, frame.picture)
    member.show(f"card {frame.cluster}", frame.to_bytes())


def _tell_failed(member: Member, what: str, request: int | None = None) -> None:
    text = f"{what}: the server's log says why"
    member.show("status", Status(level="error", text=text, request=request).model_dump_json())
