"""The HTTP routes of the explorer brush: where to begin, and the modes of a place to take home."""

import asyncio
import dataclasses
from concurrent.futures import Future
from typing import Annotated, Any, TypeAlias

import numpy as np
from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from explorer.arrays import FloatArray
from explorer.edits import LikeImage
from explorer.engine import Exploration
from explorer.matching import CELL
from explorer.modes.interest import best_spots
from explorer.modes.report import ModeReport, mode_report
from explorer.modes.spots import Spot
from explorer.session import Cluster, Entry
from explorer.start import OFFERED, StartAverage, start_averages, widened
from ui.computing.images import jpeg_text
from ui.computing.mode_answers import USUAL_SIZE, spot_of
from ui.library import Library
from ui.rooms.hub import UnknownError
from ui.routes.downloads import download, stem_of
from ui.routes.interest import InterestMaps, encode_interest
from ui.routes.modes_report import report_csv, report_html
from ui.routes.roles import least
from ui.services import Services
from ui.wire.protocol import SIZE_LIMIT

Unit: TypeAlias = Annotated[float, Query(ge=0, le=1)]
Pixels: TypeAlias = Annotated[int, Query(ge=1, le=SIZE_LIMIT)]

START = "-start-"
"""Id of what is tried in search of averages to begin with; no room has it."""

START_LIMIT = 24


def modes_routes(services: Services) -> APIRouter:
    """Return the routes of the explorer brush under `/api/{collection}`."""
    router = APIRouter(prefix="/api/{collection}", dependencies=[least("viewer")])
    router.include_router(_start_routes(services))
    router.include_router(_interest_routes(services))
    router.include_router(_report_routes(services))
    return router


def _start_routes(services: Services) -> APIRouter:
    router = APIRouter()

    @router.get("/start")
    async def start(
        collection: str,
        cluster: str = "",
        count: Annotated[int, Query(ge=1, le=START_LIMIT)] = OFFERED,
    ) -> dict[str, Any]:
        hub = services.hub
        library = hub.room(collection).library
        session = hub.room(collection).state.session
        edits = session.cluster(hub.cluster_id(collection, cluster))

        def tried(cluster: Cluster) -> "Future[Exploration]":
            """Explore one in place of the cluster, under an id that no room has."""
            others = tuple(
                dataclasses.replace(cluster, id=START) if known.id == edits.id else known
                for known in session.clusters
            )
            trial = dataclasses.replace(session, clusters=others)
            return hub.explore_in(collection, trial, START)

        weights = (await asyncio.wrap_future(tried(widened(edits, library.size)))).weights

        def explore(row: int) -> Exploration:
            example = LikeImage(id=START, image=library.names[row])
            return tried(edits.put(Entry(edit=example))).result()

        found = await asyncio.to_thread(start_averages, library, explore, weights, count)
        return {"averages": [_start_answer(library, average) for average in found]}

    return router


def _interest_routes(services: Services) -> APIRouter:
    router = APIRouter()
    maps = InterestMaps(services.hub)

    async def find(collection: str, size: int) -> tuple[Library, FloatArray, list[Spot]]:
        library = services.hub.room(collection).library
        middle = spot_of(library, (0.5, 0.5), size)
        if middle is None:
            grid = max(1, library.height // CELL), max(1, library.width // CELL)
            return library, np.zeros(grid, np.float32), []
        found = asyncio.wrap_future(maps.ask(collection, middle.side))
        interest = await asyncio.shield(found)  # others may wait for the same map
        return library, interest, best_spots(interest, middle.side)

    @router.get("/interest.png")
    async def picture(collection: str, size: Pixels = USUAL_SIZE) -> Response:
        library, interest, _ = await find(collection, size)
        content = encode_interest(interest, library.height, library.width)
        return Response(content, media_type="image/png", headers={"cache-control": "no-store"})

    @router.get("/interest.json")
    async def numbers(collection: str, size: Pixels = USUAL_SIZE) -> dict[str, Any]:
        library, interest, best = await find(collection, size)
        return {
            "map": np.round(interest.astype(float), 3).tolist(),
            "best": [_middle(library, spot) for spot in best],
        }

    return router


def _middle(library: Library, spot: Spot) -> dict[str, Any]:
    """Return where a cursor points at a spot: what a `hover` needs."""
    x, y, side, _ = spot.box
    return {"x": (x + side / 2) / library.width, "y": (y + side / 2) / library.height, "size": side}


def _start_answer(library: Library, average: StartAverage) -> dict[str, Any]:
    return {
        "image": library.names[average.image],
        "share": average.share,
        "images": average.images,
        "picture": jpeg_text(average.average),
    }


def _report_routes(services: Services) -> APIRouter:
    router = APIRouter()

    @router.get("/modes.html")
    async def page(
        collection: str, x: Unit, y: Unit, size: Pixels = USUAL_SIZE, cluster: str = ""
    ) -> Response:
        library, spot = _place(services, collection, x, y, size)
        session = services.hub.room(collection).state.session
        edits = session.cluster(services.hub.cluster_id(collection, cluster))
        exploration, report = await _report(services, collection, cluster, spot)
        text = await asyncio.to_thread(report_html, library, edits, exploration, report)
        return HTMLResponse(text)

    @router.get("/modes.csv")
    async def table(
        collection: str, x: Unit, y: Unit, size: Pixels = USUAL_SIZE, cluster: str = ""
    ) -> Response:
        library, spot = _place(services, collection, x, y, size)
        _, report = await _report(services, collection, cluster, spot)
        text = report_csv(library, report)
        name = f"{stem_of(services.hub.room(collection))}-modes.csv"
        return download(text.encode(), "text/csv; charset=utf-8", name)

    return router


def _place(
    services: Services, collection: str, x: float, y: float, size: int
) -> tuple[Library, Spot]:
    library = services.hub.room(collection).library
    spot = spot_of(library, (x, y), size)
    if spot is None:
        raise UnknownError(
            "modes need two images of at least 32 x 32 pixels, here are "
            f"{library.size} of {library.width} x {library.height}"
        )
    return library, spot


async def _report(
    services: Services, collection: str, cluster: str, spot: Spot
) -> tuple[Exploration, ModeReport]:
    hub = services.hub
    room = hub.room(collection)
    library = room.library
    exploration = await asyncio.wrap_future(hub.explore(collection, cluster))
    question = hub.modes.ask(
        room.seat, lambda finder: mode_report(library, finder, spot, exploration.weights)
    )
    return exploration, await asyncio.wrap_future(question)
