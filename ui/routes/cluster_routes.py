"""The HTTP routes of several clusters: one beside another, and what no cluster explains."""

import asyncio
import dataclasses
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Response

from explorer.arrays import ByteArray
from explorer.clusters import WELL
from explorer.session import Session
from explorer.session_json import session_to_json
from ui.computing.averages import Averages
from ui.computing.images import REST_QUALITY, difference, encode_jpeg, encode_png
from ui.routes.roles import least
from ui.routes.single_images import ImageSize, as_it_takes_part, with_image
from ui.services import Services
from ui.tours import Tours, TourStatus

OUTLIERS_SHOWN = 48
TOUR_CLUSTERS, TOUR_LIMIT = 9, 24
OUTLIERS_LIMIT = 1000
NOT_KEPT = {"cache-control": "no-store"}


def cluster_routes(services: Services) -> APIRouter:
    """Return the routes of several clusters under `/api/{collection}`."""
    router = APIRouter(prefix="/api/{collection}", dependencies=[least("viewer")])
    router.include_router(_side_by_side(services))
    router.include_router(_outliers(services))
    router.include_router(_tours(services.tours))
    return router


def _tours(tours: Tours) -> APIRouter:
    router = APIRouter()

    @router.post("/explore", dependencies=[least("editor")])
    async def start(
        collection: str, clusters: Annotated[int, Query(ge=1, le=TOUR_LIMIT)] = TOUR_CLUSTERS
    ) -> dict[str, Any]:
        return _told(tours.start(collection, clusters))

    @router.get("/explore")
    async def status(collection: str) -> dict[str, Any]:
        return _told(tours.status(collection))

    @router.delete("/explore", dependencies=[least("editor")])
    async def cancel(collection: str) -> dict[str, Any]:
        return _told(tours.cancel(collection))

    return router


def _told(status: TourStatus) -> dict[str, Any]:
    session = None if status.session is None else session_to_json(status.session)
    return {"state": status.state, "share": status.share, "what": status.what, "session": session}


def _side_by_side(services: Services) -> APIRouter:
    router = APIRouter()
    hub = services.hub

    @router.get("/clusters/{cluster}.jpg")
    async def picture(collection: str, cluster: str, *, aligned: bool = True) -> Response:
        session = hub.room(collection).state.session
        if aligned:
            average = (await asyncio.wrap_future(hub.explore(collection, cluster))).average
        else:
            session.cluster(cluster)
            asked = hub.ask(collection, lambda averages: unmoved(averages, session, cluster))
            average = await asyncio.wrap_future(asked)
        content = encode_jpeg(average, quality=REST_QUALITY)
        return Response(content, media_type="image/jpeg", headers=NOT_KEPT)

    @router.get("/clusters/{cluster}/images/{image_id}.jpg")
    async def member(
        collection: str, cluster: str, image_id: int, size: ImageSize = "full"
    ) -> Response:
        library = with_image(hub.room(collection).library, image_id)
        exploration = await asyncio.wrap_future(hub.explore(collection, cluster))
        pixels = await asyncio.to_thread(as_it_takes_part, library, exploration, image_id, size)
        content = encode_jpeg(pixels, quality=REST_QUALITY)
        return Response(content, media_type="image/jpeg", headers=NOT_KEPT)

    @router.get("/difference.png")
    async def compare(
        collection: str, a: str, b: str, gain: Annotated[float, Query(ge=0.5, le=16)] = 1.0
    ) -> Response:
        asked = [asyncio.wrap_future(hub.explore(collection, cluster)) for cluster in (a, b)]
        first, second = await asyncio.gather(*asked)
        content = encode_png(difference(first.average, second.average, gain))
        return Response(content, media_type="image/png", headers=NOT_KEPT)

    return router


def _outliers(services: Services) -> APIRouter:
    router = APIRouter()
    hub = services.hub

    @router.get("/outliers")
    async def images(
        collection: str, count: Annotated[int, Query(ge=1, le=OUTLIERS_LIMIT)] = OUTLIERS_SHOWN
    ) -> dict[str, Any]:
        room = hub.room(collection)
        session = room.state.session
        asked = hub.ask(collection, lambda averages: averages.outliers(session))
        unexplained = await asyncio.wrap_future(asked)
        order = np.argsort(-unexplained, kind="stable")[:count].tolist()
        names = room.library.names
        return {
            "share": float((unexplained > 1 - WELL).mean()),
            "images": [
                {"id": row, "name": names[row], "unexplained": float(unexplained[row])}
                for row in order
            ],
        }

    @router.get("/outliers.jpg")
    async def picture(collection: str) -> Response:
        session = hub.room(collection).state.session
        asked = hub.ask(collection, lambda averages: averages.engine.explore_outliers(session))
        average = (await asyncio.wrap_future(asked)).average
        content = encode_jpeg(average, quality=REST_QUALITY)
        return Response(content, media_type="image/jpeg", headers=NOT_KEPT)

    return router


def unmoved(averages: Averages, session: Session, cluster_id: str) -> ByteArray:
    """Return the average (H, W, 3) of a cluster without moving its images; it is not kept."""
    cluster = dataclasses.replace(session.cluster(cluster_id), alignment="none")
    plain = session.put_cluster(cluster)
    return averages.engine.explore_in(plain, cluster_id, wait=False).average
