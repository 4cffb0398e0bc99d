"""The HTTP routes of the explorer brush: reports of the modes of one place, to take home."""

import asyncio
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from explorer.engine import Exploration
from explorer.modes.report import ModeReport, mode_report
from explorer.modes.spots import Spot
from ui.downloads import download
from ui.hub import UnknownError
from ui.library import Library
from ui.mode_answers import spot_of
from ui.modes_report import report_csv, report_html
from ui.protocol import SIZE_LIMIT
from ui.services import Services

Unit: TypeAlias = Annotated[float, Query(ge=0, le=1)]
Pixels: TypeAlias = Annotated[int, Query(ge=1, le=SIZE_LIMIT)]

SIZE = 48
"""Side of the patch, in pixels, where none is asked for."""


def modes_routes(services: Services) -> APIRouter:
    """Return the routes of the explorer brush under `/api/{collection}`."""
    router = APIRouter(prefix="/api/{collection}")

    @router.get("/modes.html")
    async def page(
        collection: str, x: Unit, y: Unit, size: Pixels = SIZE, cluster: str = "main"
    ) -> Response:
        library, spot = _place(services, collection, x, y, size)
        edits = services.hub.room(collection).state.session.cluster(cluster)
        exploration, report = await _report(services, collection, cluster, spot)
        text = await asyncio.to_thread(report_html, library, edits, exploration, report)
        return HTMLResponse(text)

    @router.get("/modes.csv")
    async def table(
        collection: str, x: Unit, y: Unit, size: Pixels = SIZE, cluster: str = "main"
    ) -> Response:
        library, spot = _place(services, collection, x, y, size)
        _, report = await _report(services, collection, cluster, spot)
        text = report_csv(library, report)
        return download(text.encode(), "text/csv; charset=utf-8", f"{collection}-modes.csv")

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
    library = hub.room(collection).library
    exploration = await asyncio.wrap_future(hub.explore(collection, cluster))
    question = hub.modes.ask(
        collection, lambda finder: mode_report(library, finder, spot, exploration.weights)
    )
    return exploration, await asyncio.wrap_future(question)
