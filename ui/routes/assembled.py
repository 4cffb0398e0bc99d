"""The HTTP routes beside the socket: pictures, questions about them, files to take home."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from explorer.alignment.originals import warp_of
from explorer.arrays import BoolArray
from explorer.brushes import CELL, covered_cells
from explorer.color import palette
from explorer.edits import UP_TO_FIRST_WRONG, ColorStroke, Path
from explorer.errors import EngineError, SessionError
from explorer.large_json import read_large_json
from explorer.session import Session
from explorer.session_json import session_to_json
from index.errors import CollectionError
from index.originals import LONG_SIDE_LIMIT, average_originals, read_original
from ui.access.identity import author_for, identity_of
from ui.access.links import LinkError, TooManyLinksError, UnknownLinkError
from ui.building.builds import BuildError
from ui.computing.images import REST_QUALITY, encode_jpeg, encode_png
from ui.computing.ranking import why
from ui.library import Library
from ui.rooms.archive_zip import ArchiveError
from ui.rooms.bringing import RoomsError
from ui.rooms.hub import UnknownError
from ui.rooms.past import RevisionError
from ui.rooms.room import OperationError
from ui.rooms.store import StoreError
from ui.routes.access_routes import access_routes
from ui.routes.build_routes import build_routes
from ui.routes.cluster_routes import cluster_routes
from ui.routes.downloads import download, stem_of
from ui.routes.export import heaviest_only, ranking_csv
from ui.routes.fullsize import Kind, encode_full_size
from ui.routes.keypoint_routes import keypoint_routes
from ui.routes.modes_routes import modes_routes
from ui.routes.roles import ANYBODY, NotAllowedError, least
from ui.routes.room_routes import room_routes
from ui.routes.single_images import pixels_of, with_image
from ui.routes.timeline_routes import timeline_routes
from ui.routes.watching import watching_routes
from ui.services import Services
from ui.wire.operations import ReplaceSession, read_session
from ui.wire.validation import first_wrong

STATUS_OF = {
    UnknownError: 404,
    CollectionError: 404,
    EngineError: 422,
    OperationError: 409,
    BuildError: 409,
    RoomsError: 409,
    RevisionError: 404,
    ArchiveError: 422,
    NotAllowedError: 403,
    UnknownLinkError: 404,
    TooManyLinksError: 409,
}
"""HTTP status of the errors that a caller can mend; their message is the answer."""

_logger = logging.getLogger(__name__)

NEIGHBORS_LIMIT = 200
ORIGINALS_LIMIT = 1000
"""An export from the page is made of at most so many originals: a minute or so."""


class Brush(BaseModel):
    """The brush whose colors are asked for; `cluster` weighs images as its average does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paths: Annotated[tuple[Path, ...], Field(min_length=1), UP_TO_FIRST_WRONG]
    radius: Annotated[float, Field(gt=0, le=1)]
    cluster: str | None = None


def add_routes(app: FastAPI, services: Services) -> None:
    """Add every HTTP route, and turn the errors that a caller can mend into answers."""
    for error_type, status in STATUS_OF.items():
        app.add_exception_handler(error_type, _answer(status))
    for error_type in (StoreError, LinkError):
        app.add_exception_handler(error_type, _answer_unwritten)
    app.add_exception_handler(RequestValidationError, _answer_wrong)
    app.include_router(watching_routes(services))
    app.include_router(_general(services))
    app.include_router(access_routes(services))
    app.include_router(build_routes(services))
    app.include_router(_picture_routes(services))
    app.include_router(_question_routes(services))
    app.include_router(_file_routes(services))
    app.include_router(modes_routes(services))
    app.include_router(cluster_routes(services))
    app.include_router(keypoint_routes(services))
    app.include_router(room_routes(services))
    app.include_router(timeline_routes(services))


def _answer(status: int) -> Callable[[Request, Exception], Response]:
    return lambda _, error: JSONResponse({"error": str(error)}, status)


def _answer_unwritten(_: Request, error: Exception) -> Response:
    """Answer that a file cannot be used, and name it in the log alone."""
    _logger.error("a request could not be answered: %s", error)
    told = error.told if isinstance(error, StoreError) else StoreError.told
    return JSONResponse({"error": told}, 507)


async def _answer_wrong(request: Request, error: Exception) -> Response:
    """Answer a request whose parts are not what they must be: the outermost name is the part."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - it is registered for no other
    return JSONResponse({"error": first_wrong(error.errors(), outer=1)}, 422)


def _general(services: Services) -> APIRouter:
    router = APIRouter()

    @router.get("/api/collections", dependencies=[ANYBODY])
    async def collections(request: Request) -> list[dict[str, Any]]:
        seen = services.hub.seen_by(identity_of(request).lists)
        return [info.model_dump() for info in services.hub.collections() if info.name in seen]

    return router


def _picture_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/{collection}", dependencies=[least("viewer")])

    @router.get("/images/{image_id}")
    def image(
        request: Request,
        collection: str,
        image_id: int,
        size: Literal["thumb", "full", "original"] = "full",
        v: str = "",
    ) -> Response:
        room = services.hub.room(collection)
        library = with_image(room.library, image_id)
        headers = _cache_headers(f"{room.info.version}-{image_id}-{size}", v == room.info.version)
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
        if size == "original":
            pixels = read_original(library.original(image_id))
        else:
            pixels = pixels_of(library, image_id, size)
        picture = encode_jpeg(pixels, quality=REST_QUALITY)
        return Response(picture, media_type="image/jpeg", headers=headers)

    @router.get("/average.png")
    async def average(collection: str, cluster: str = "") -> Response:
        exploration = await asyncio.wrap_future(services.hub.explore(collection, cluster))
        name = f"{stem_of(services.hub.room(collection))}-average.png"
        return download(encode_png(exploration.average), "image/png", name)

    return router


def _question_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/{collection}", dependencies=[least("viewer")])

    @router.get("/images")
    def find(collection: str, name: str) -> dict[str, int | None]:
        return {"id": services.hub.room(collection).library.image_id(name)}

    @router.get("/images/{image_id}/why")
    async def why_image(collection: str, image_id: int, cluster: str = "") -> dict[str, Any]:
        room = services.hub.room(collection)
        library = with_image(room.library, image_id)
        cluster = services.hub.cluster_id(collection, cluster)
        edits = room.state.session.cluster(cluster)
        exploration = await asyncio.wrap_future(services.hub.explore(collection, cluster))
        answer = why(library, edits, exploration, image_id)
        return {
            "id": image_id,
            "name": library.names[image_id],
            "metadata": dict(library.metadata(image_id)),
            **asdict(answer),
        }

    @router.get("/similar/{image_id}")
    def similar(collection: str, image_id: int, k: int = 24) -> dict[str, Any]:
        library = with_image(services.hub.room(collection).library, image_id)
        found = services.nearest(library, image_id, max(1, min(k, NEIGHBORS_LIMIT)))
        images = [
            {"id": i, "name": library.names[i], "similarity": similarity} for i, similarity in found
        ]
        return {"id": image_id, "images": images}

    @router.post("/palette")
    async def colors(collection: str, brush: Brush) -> dict[str, Any]:
        library = services.hub.room(collection).library
        cells = await asyncio.to_thread(_under, library, brush)
        weights = None
        if brush.cluster is not None:
            asked = services.hub.explore(collection, brush.cluster)
            weights = (await asyncio.wrap_future(asked)).weights
        found = await asyncio.to_thread(palette, library.shards("color"), cells, weights)
        return {"colors": [{"color": color, "share": share} for color, share in found]}

    return router


def _under(library: Library, brush: Brush) -> BoolArray:
    """Return the cells under a brush, which must be one that could be painted with."""
    stroke = ColorStroke(id="brush", paths=brush.paths, radius=brush.radius, color=(0, 0, 0))
    grid = (library.height // CELL, library.width // CELL)
    return covered_cells(stroke.paths, stroke.radius, grid, library.height, library.width)


def _session_in(content: bytes) -> Session:
    try:
        return read_session(read_large_json(content))
    except (ValueError, RecursionError) as error:
        if isinstance(error, EngineError):
            raise
        raise SessionError(f"this is no session: it must be JSON, got {error}") from error


def _file_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/{collection}", dependencies=[least("viewer")])
    exporting = asyncio.Semaphore(1)

    @router.get("/session.json")
    def save(collection: str) -> Response:
        room = services.hub.room(collection)
        answer = JSONResponse(session_to_json(room.state.session))
        name = f"{stem_of(room)}-session.json"
        answer.headers["content-disposition"] = f'attachment; filename="{name}"'
        return answer

    @router.post("/session.json", dependencies=[least("editor")])
    async def open_session(collection: str, request: Request, author: str = "") -> dict[str, int]:
        # As a parameter it would be read before the role is checked, whoever sends it.
        content = await request.body()
        opened = await asyncio.to_thread(_session_in, content)  # it may have a million points
        operation = ReplaceSession(session=opened)
        return {
            "revision": await services.hub.carry_out(
                collection, operation, author_for(request, author)
            )
        }

    @router.get("/ranking.csv")
    async def ranking(collection: str, cluster: str = "") -> Response:
        room = services.hub.room(collection)
        cluster = services.hub.cluster_id(collection, cluster)
        edits = room.state.session.cluster(cluster)
        exploration = await asyncio.wrap_future(services.hub.explore(collection, cluster))
        votes = room.state.board.votes.values()
        text = await asyncio.to_thread(ranking_csv, room.library, edits, exploration, votes)
        return download(text.encode(), "text/csv; charset=utf-8", f"{stem_of(room)}-{cluster}.csv")

    @router.get("/export.{kind}")
    async def export(
        collection: str,
        kind: Kind,
        cluster: str = "",
        long_side: Annotated[int | None, Query(ge=16, le=LONG_SIDE_LIMIT)] = None,
    ) -> Response:
        room = services.hub.room(collection)
        library = room.library
        cluster = services.hub.cluster_id(collection, cluster)
        exploration = await asyncio.wrap_future(services.hub.explore(collection, cluster))
        weights = heaviest_only(exploration.weights, ORIGINALS_LIMIT)
        async with exporting:
            warp = warp_of(exploration.maps, (library.height, library.width))
            full = await asyncio.to_thread(
                average_originals, library, weights, long_side=long_side, warp=warp
            )
            content = await asyncio.to_thread(encode_full_size, full.average, kind)
        response = download(content, f"image/{kind}", f"{stem_of(room)}-{cluster}.{kind}")
        response.headers["x-originals"] = f"{full.used} of {full.used + len(full.missing)}"
        return response

    return router


def _cache_headers(tag: str, is_versioned: bool) -> dict[str, str]:  # noqa: FBT001
    age = "max-age=31536000, immutable" if is_versioned else "max-age=60"
    return {"etag": f'"{tag}"', "cache-control": f"private, {age}"}
