"""The HTTP routes of who gets in: who I am, and the links into a room."""

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from ui.access.access import Access
from ui.access.identity import author_for, identity_of, rooms_above
from ui.access.links import LABEL_LIMIT, Link
from ui.routes.roles import ANYBODY, least
from ui.services import Services

DAYS_LIMIT = 3650


class NewLink(BaseModel):
    """A link that is to be made; `days` is after how many it ends, null: not by itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Literal["viewer", "annotator", "editor", "owner"]
    label: Annotated[str, Field(max_length=LABEL_LIMIT)] = ""
    days: Annotated[int, Field(ge=1, le=DAYS_LIMIT)] | None = None
    author: str = ""


def access_routes(services: Services) -> APIRouter:
    """Return `/api/me` and the routes under `/api/{collection}/links`."""
    router = APIRouter()
    router.include_router(_me())
    router.include_router(_links(services))
    return router


def _me() -> APIRouter:
    router = APIRouter()

    @router.get("/api/me", dependencies=[ANYBODY])
    async def me(request: Request) -> dict[str, Any]:
        asker = identity_of(request)
        return {
            "author": asker.author,
            "name": asker.name,
            "is_guarded": asker.is_guarded,
            "is_owner": asker.is_owner,
        }

    return router


def _links(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/{collection}/links", dependencies=[least("owner")])
    access = services.access

    @router.get("")
    def links(collection: str) -> list[dict[str, Any]]:
        return [_told(access, link) for link in access.links.of(collection)]

    @router.post("")
    def create(collection: str, request: Request, asked: NewLink) -> dict[str, str]:
        access.links.make_room(collection, is_owner=identity_of(request).is_owner)
        link, token = access.links.create(
            collection,
            asked.role,
            label=asked.label.strip(),
            author=author_for(request, asked.author),
            days=asked.days,
            via=_came_by(services, request, collection),
        )
        return {"id": link.id, "role": link.role, "path": f"join/{token}"}

    @router.delete("/{link_id}")
    async def revoke(collection: str, link_id: str) -> dict[str, Any]:
        link = await asyncio.to_thread(access.links.revoke, collection, link_id)
        access.doors.look()
        return _told(access, link)

    return router


def _came_by(services: Services, request: Request, address: str) -> list[str]:
    """Return the links that let somebody into a room who has no role on the whole server."""
    asker, above = identity_of(request), rooms_above(services.hub.room(address).about)
    if asker.role is not None:
        return []
    known = (services.access.links.get(link_id) for link_id in asker.links)
    return [link.id for link in known if link is not None and link.address in above]


def _told(access: Access, link: Link) -> dict[str, Any]:
    return {
        "id": link.id,
        "role": link.role,
        "label": link.label,
        "author": link.author,
        "created": link.created,
        "expires": link.expires,
        "is_revoked": link.is_revoked or (link.is_open and not access.is_open(link)),
    }
