"""The HTTP routes of rooms: which there are, new ones, their titles, publishing, archives."""

import asyncio
import dataclasses
import io
import tempfile
from typing import Annotated, Any, BinaryIO, cast

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.background import BackgroundTask
from starlette.responses import StreamingResponse

from ui.access.identity import Identity, author_for, identity_of
from ui.keypoints.kept import copy_found
from ui.rooms.archive import PRINTABLE, Archive, Manifest, write_archive
from ui.rooms.branches import Branches, Listed, Wanted, parent_of
from ui.rooms.bringing import check_share
from ui.rooms.digest import digest_of
from ui.rooms.hub import Hub
from ui.rooms.live_room import LiveRoom
from ui.routes.downloads import stem_of
from ui.routes.roles import check_role, least
from ui.services import Services
from ui.wire.base import COUNT_LIMIT, ID_LIMIT, TEXT_LIMIT

SPOOLED_BYTES = 16 * 1024**2
"""An archive that is larger goes over the disk."""
CHUNK_BYTES = 256 * 1024

Title = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=TEXT_LIMIT, pattern=PRINTABLE
    ),
]


class NewBranch(BaseModel):
    """A branch that is to be made; `revision` null: of the room as it is now."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Title
    revision: Annotated[int, Field(ge=0, le=COUNT_LIMIT)] | None = None
    is_private: bool = False
    author: str = ""


class About(BaseModel):
    """What is to be changed of a room; null: nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Title | None = None
    is_private: bool | None = None
    is_archived: bool | None = None


class Publish(BaseModel):
    """Who publishes; the same `op_id` twice publishes once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    author: str = ""
    op_id: Annotated[str, Field(max_length=ID_LIMIT)] = ""


def room_routes(services: Services) -> APIRouter:
    """Return the routes of rooms under `/api/{collection}`."""
    router = APIRouter(prefix="/api/{collection}")
    branches = Branches(services.hub)
    router.include_router(_list(services, branches))
    router.include_router(_changes(services, branches))
    router.include_router(_archives(services, branches))
    return router


def _list(services: Services, branches: Branches) -> APIRouter:
    router = APIRouter()
    hub = services.hub

    @router.get("/rooms", dependencies=[least("viewer")])
    async def rooms(
        collection: str, request: Request, author: str = "", *, archived: bool = False
    ) -> list[dict[str, Any]]:
        asker = _asker(request, author)
        listed = await asyncio.to_thread(branches.listed, hub.room(collection).seat)
        return [
            _told(room) | {"role": asker.role_in(room.about)}
            for room in listed
            if asker.lists(room.about) and (archived or not room.record.is_archived)
        ]

    @router.get("/about", dependencies=[least("viewer")])
    async def about(collection: str) -> dict[str, Any]:
        return hub.room(collection).about.model_dump()

    @router.post("/rooms", dependencies=[least("editor")])
    async def create(collection: str, request: Request, asked: NewBranch) -> dict[str, Any]:
        room = hub.room(collection)
        author = author_for(request, asked.author)
        _check_share(hub, request, room, author)
        wanted = Wanted(
            title=asked.title,
            author=author,
            revision=asked.revision,
            is_private=asked.is_private or room.about.is_private,
        )
        made = await branches.create(room, wanted)
        await asyncio.to_thread(copy_found, room, made)
        return made.about.model_dump()

    return router


def _changes(services: Services, branches: Branches) -> APIRouter:
    router = APIRouter()
    hub = services.hub

    @router.patch("/about", dependencies=[least("owner")])
    async def describe(collection: str, asked: About) -> dict[str, Any]:
        about = await branches.change(
            hub.room(collection),
            title=asked.title,
            is_private=asked.is_private,
            is_archived=asked.is_archived,
        )
        return about.model_dump()

    @router.delete("/about", dependencies=[least("owner")])
    async def archive(collection: str) -> dict[str, Any]:
        about = await branches.change(hub.room(collection), is_archived=True)
        return about.model_dump()

    @router.post("/publish", dependencies=[least("editor")])
    async def publish(collection: str, request: Request, asked: Publish) -> dict[str, Any]:
        room = hub.room(collection)
        await hub.opened(parent_of(room))
        check_role(request, parent_of(room), "editor")
        author = author_for(request, asked.author)
        return dataclasses.asdict(await branches.publish(room, author, asked.op_id))

    return router


def _archives(services: Services, branches: Branches) -> APIRouter:
    router = APIRouter()
    hub = services.hub

    @router.get("/room.zip", dependencies=[least("viewer")])
    async def take(collection: str) -> Response:
        room = hub.room(collection)
        file = await asyncio.to_thread(_packed, room)
        headers = {"content-disposition": f'attachment; filename="{stem_of(room)}-room.zip"'}
        chunks = iter(lambda: file.read(CHUNK_BYTES), b"")
        done = BackgroundTask(file.close)
        return StreamingResponse(
            chunks, media_type="application/zip", headers=headers, background=done
        )

    @router.post("/rooms/import", dependencies=[least("editor")])
    async def bring(
        collection: str,
        request: Request,
        author: str = "",
        name: Annotated[str, Query(max_length=TEXT_LIMIT)] = "the file",
    ) -> dict[str, Any]:
        room, author = hub.room(collection), author_for(request, author)
        _check_share(hub, request, room, author)
        content = io.BytesIO(await request.body())
        archive = await asyncio.to_thread(Archive, content, name)
        made = await branches.bring(room, archive, author)
        warnings = archive.warnings(room.library.name, room.info.version)
        return {**made.about.model_dump(), "warnings": warnings}

    return router


def _check_share(hub: Hub, request: Request, room: LiveRoom, author: str) -> None:
    """Let nobody but the owner of the server fill a collection with rooms."""
    if not identity_of(request).is_owner:
        check_share([record for _, record in hub.opening.known(room.seat)], author)


def _packed(room: LiveRoom) -> BinaryIO:
    """Return a room as a file, as it is now."""
    state = room.state
    manifest = Manifest(
        collection=room.library.name,
        collection_version=room.info.version,
        title=room.about.title,
        operations=state.revision,
        digest=digest_of(state),
        names=room.names.known,
    )
    file = cast(BinaryIO, tempfile.SpooledTemporaryFile(SPOOLED_BYTES))  # noqa: SIM115 - the answer closes it
    write_archive(file, manifest, room.store.load(room.id, up_to=state.revision))
    file.seek(0)
    return file


def _asker(request: Request, said: str) -> Identity:
    """Return who asks; on an open server it is the page that says which author that is."""
    return dataclasses.replace(identity_of(request), author=author_for(request, said))


def _told(room: Listed) -> dict[str, Any]:
    return {
        **room.about.model_dump(),
        "is_archived": room.record.is_archived,
        "created": room.record.created,
        "revision": room.revision,
        "members": len(room.people),
        "people": room.people,
        "updated": room.updated,
    }
