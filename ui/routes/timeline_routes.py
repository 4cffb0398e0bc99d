"""The HTTP routes of a room's history: the timeline, and what the room was at a revision."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from explorer.session import Session
from ui.access.identity import author_for, identity_of
from ui.computing.averages import Averages, Kept, is_sharpening_asked, state_of
from ui.computing.images import LIVE_QUALITY, encode_jpeg
from ui.rooms.hub import Hub
from ui.rooms.past import RevisionError
from ui.rooms.room import RoomState
from ui.rooms.timeline import LINES_LIMIT, timeline
from ui.routes.roles import least
from ui.routes.scrubbing import Scrubbers
from ui.services import Services
from ui.wire.base import COUNT_LIMIT, ID_LIMIT
from ui.wire.operations import ReplaceSession

LINES_SHOWN = 100
PICTURES_KEPT = 128
"""Averages of earlier revisions, as JPEG, of each collection."""
CACHED = {"cache-control": "private, max-age=60"}
"""Not for good: once a sharpening is computed, it shows."""

Answer = TypeVar("Answer")


class Restore(BaseModel):
    """Which revision is to be the present state; the same `op_id` twice restores it once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    revision: Annotated[int, Field(ge=0, le=COUNT_LIMIT)]
    author: str = ""
    op_id: Annotated[str, Field(max_length=ID_LIMIT)] = ""


def timeline_routes(services: Services) -> APIRouter:
    """Return the routes of history under `/api/{collection}`."""
    router = APIRouter(prefix="/api/{collection}", dependencies=[least("viewer")])
    history = _History(services.hub)

    @router.get("/timeline")
    async def lines(
        collection: str,
        before: Annotated[int | None, Query(ge=0, le=COUNT_LIMIT)] = None,
        limit: Annotated[int, Query(ge=1, le=LINES_LIMIT)] = LINES_SHOWN,
    ) -> dict[str, Any]:
        room = services.hub.room(collection)
        revision = room.state.revision
        up_to = revision if before is None else min(before - 1, revision)
        found = await history.soon(lambda: timeline(room.past, up_to, limit))
        return {"revision": revision, "items": [asdict(line) for line in found]}

    @router.get("/at/{revision}")
    async def at(collection: str, revision: int) -> dict[str, Any]:
        state = await history.at(collection, revision)
        return {
            "revision": revision,
            "session": state.shared.model_dump(mode="json"),
            "board": state.board.shared.model_dump(mode="json"),
        }

    @router.post("/restore", dependencies=[least("editor")])
    async def restore(collection: str, request: Request, asked: Restore) -> dict[str, Any]:
        then = (await history.at(collection, asked.revision)).session
        now = services.hub.room(collection).state
        if then == now.session:
            return {"revision": now.revision, "changed": False}
        operation = ReplaceSession(
            session=then,
            keeps_keypoints=then.annotation == now.session.annotation,
            restores=asked.revision,
        )
        author = author_for(request, asked.author)
        revision = await services.hub.carry_out(collection, operation, author, asked.op_id)
        return {"revision": revision, "changed": True}

    @router.get("/at/{revision}/average.jpg")
    async def average(
        request: Request,
        collection: str,
        revision: int,
        cluster: str = "",
        scrubber: Annotated[str, Query(max_length=ID_LIMIT)] = "",
    ) -> Response:
        async def work() -> bytes:
            state = await history.at(collection, revision)
            return await history.picture(collection, state.session, cluster)

        who = f"{collection} {identity_of(request).author} {scrubber}"
        picture = await (history.scrubbers.newest(who, work) if scrubber else work())
        if picture is None:  # nobody waits for it any more
            return Response(status_code=204)
        return Response(picture, media_type="image/jpeg", headers=CACHED)

    return router


class _History:
    """Finds what was; in threads of its own, so that replaying holds up nothing else."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="past")
        self._kept: dict[str, Kept[bytes]] = {}
        self.scrubbers = Scrubbers()

    async def soon(self, question: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._threads, question)

    async def at(self, collection: str, revision: int) -> RoomState:
        """Return what a room was; the one that is now is at hand."""
        room = self._hub.room(collection)
        now = room.state
        if not 0 <= revision <= now.revision:
            raise RevisionError(f"the room has no revision {revision}: it is at {now.revision}")
        if revision == now.revision:
            return now
        return await self.soon(lambda: room.past.at(revision))

    async def picture(self, collection: str, session: Session, cluster: str) -> bytes:
        found = session.cluster(cluster) if cluster else session.clusters[0]
        kept = self._kept.setdefault(self._hub.room(collection).seat, Kept(PICTURES_KEPT))

        def question(averages: Averages) -> bytes:
            engine = averages.engine
            is_sharp = is_sharpening_asked(found) and engine.is_sharpened(session, found.id)
            key = state_of(session), is_sharp
            known = kept.get(found.id, key)
            if known is None:
                exploration = engine.explore_in(session, found.id, wait=False)
                known = encode_jpeg(exploration.average, quality=LIVE_QUALITY)
                kept.put(found.id, key, known)
            return known

        return await asyncio.wrap_future(self._hub.ask(collection, question, is_patient=True))
