"""The HTTP routes of keypoints: propagation, proposals, review, agreement, trust."""

import asyncio
import time
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from explorer.arrays import FloatArray
from ui.access.identity import author_for
from ui.keypoints.accepting import Accept, Acceptances
from ui.keypoints.agreement import agreement_answer
from ui.keypoints.answers import (
    Claimed,
    Holders,
    Order,
    ReviewState,
    changes_answer,
    image_answer,
    proposals_answer,
    queue_answer,
)
from ui.keypoints.trust import Trusts, overlay, trust_at
from ui.routes.keypoint_file_routes import keypoint_file_routes
from ui.routes.roles import least
from ui.routes.single_images import with_image
from ui.services import Services

PREFIX = "/api/{collection}/keypoints"
NOT_KEPT = {"cache-control": "no-store"}
CHANGES_SHOWN, CHANGES_LIMIT = 48, 1000

Share: TypeAlias = Annotated[float, Query(ge=0, le=1)]


class Asked(BaseModel):
    """The clusters whose images are to have proposals; null: all that are marked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    clusters: tuple[str, ...] | None = None


class QueueAsked(BaseModel):
    """Which images the queue is to have, in which order; `author` asks, for what is their own."""

    model_config = ConfigDict(frozen=True)

    order: Order = "worst"
    cluster: str = ""
    state: ReviewState = "all"
    claimed: Claimed = "all"
    author: str = ""


def keypoint_routes(services: Services) -> APIRouter:
    """Return the routes of keypoints under `/api/{collection}/keypoints`."""
    router = APIRouter(prefix=PREFIX, dependencies=[least("viewer")])
    router.include_router(_propagation(services))
    router.include_router(_answers(services))
    router.include_router(_trust(services))
    router.include_router(keypoint_file_routes(services))
    return router


def _propagation(services: Services) -> APIRouter:
    router = APIRouter()
    propagations = services.propagations
    acceptances = Acceptances(services.hub, propagations)

    def told(collection: str) -> dict[str, Any]:
        status, found = propagations.status(collection), propagations.found(collection)
        stale = propagations.stale(collection)
        points, images = propagations.moved(collection)
        return {
            "state": status.state,
            "share": status.share,
            "what": status.what,
            "version": 0 if found is None else found.version,
            "revision": 0 if found is None else found.revision,
            "clusters": [] if found is None else list(found.bases),
            "stale": bool(stale),
            "stale_clusters": stale,
            "corrections": propagations.corrections(collection),
            "moved_points": points,
            "moved_images": images,
        }

    @router.post("/propagate", dependencies=[least("annotator")])
    def start(collection: str, asked: Asked | None = None) -> dict[str, Any]:
        propagations.start(collection, None if asked is None else asked.clusters)
        return told(collection)

    @router.get("/propagate")
    def status(collection: str) -> dict[str, Any]:
        return told(collection)

    @router.delete("/propagate", dependencies=[least("annotator")])
    def cancel(collection: str) -> dict[str, Any]:
        propagations.cancel(collection)
        return told(collection)

    @router.post("/accept", dependencies=[least("annotator")])
    async def accept(collection: str, request: Request, asked: Accept) -> dict[str, Any]:
        author = author_for(request, asked.author)
        return await acceptances.accept(collection, asked.model_copy(update={"author": author}))

    return router


def _answers(services: Services) -> APIRouter:
    router = APIRouter()
    known = services.propagations.known

    @router.get("/proposals")
    def proposals(collection: str, cluster: str = "", threshold: Share = 0) -> dict[str, Any]:
        return proposals_answer(known(collection), cluster, threshold)

    @router.get("/images/{image_id}")
    def image(collection: str, image_id: int) -> dict[str, Any]:
        with_image(services.hub.room(collection).library, image_id)
        return image_answer(known(collection), image_id)

    @router.get("/review")
    def queue(collection: str, asked: Annotated[QueueAsked, Query()]) -> list[dict[str, Any]]:
        claims = services.hub.room(collection).state.board.claims_at(time.time())
        return queue_answer(
            known(collection),
            order=asked.order,
            cluster=asked.cluster,
            state=asked.state,
            holders=Holders(claims, asked.author, asked.claimed),
        )

    @router.get("/changes")
    def changes(
        collection: str, limit: Annotated[int, Query(ge=1, le=CHANGES_LIMIT)] = CHANGES_SHOWN
    ) -> list[dict[str, Any]]:
        return changes_answer(known(collection), limit)

    @router.get("/agreement")
    def agreement(collection: str, a: str = "", b: str = "") -> dict[str, Any]:
        room = services.hub.room(collection)
        return agreement_answer(room.state.session, room.library, a, b)

    return router


def _trust(services: Services) -> APIRouter:
    router = APIRouter()
    trusts = Trusts()

    async def trust_of(collection: str, cluster: str) -> FloatArray:
        library = services.hub.room(collection).library
        cluster = services.hub.cluster_id(collection, cluster)
        exploration = await asyncio.wrap_future(services.hub.explore(collection, cluster))
        return await asyncio.to_thread(trusts.of, library, collection, cluster, exploration)

    @router.get("/trust/{cluster}.png")
    async def picture(collection: str, cluster: str) -> Response:
        content = await asyncio.to_thread(overlay, await trust_of(collection, cluster))
        return Response(content, media_type="image/png", headers=NOT_KEPT)

    @router.get("/trust")
    async def at(collection: str, x: Share, y: Share, cluster: str = "") -> dict[str, float]:
        return {"trust": trust_at(await trust_of(collection, cluster), x, y)}

    return router
