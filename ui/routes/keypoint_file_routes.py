"""The HTTP routes of keypoints as files: to take home, and to bring."""

import asyncio
import uuid
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Query, Request, Response

from explorer.annotation import Merge
from explorer.keypoints.formats.files import (
    ENDINGS,
    MEDIA_TYPES,
    FormatName,
    from_bytes,
    to_bytes,
)
from explorer.keypoints.formats.photos import Sizes, confident
from index.photographs import Photographs
from ui.access.identity import author_for
from ui.library import Library
from ui.rooms.room import OperationError
from ui.routes.downloads import download, stem_of
from ui.routes.roles import least
from ui.services import Services
from ui.wire.base import ID_LIMIT
from ui.wire.operations import PutLayer, SetSchema

OpId: TypeAlias = Annotated[str, Query(max_length=ID_LIMIT)]


def keypoint_file_routes(services: Services) -> APIRouter:
    """Return the routes under `/api/{collection}/keypoints`, a prefix that is not theirs."""
    router = APIRouter()
    hub = services.hub

    @router.get("/export")
    def take(
        collection: str,
        format: FormatName = "coco",
        threshold: Annotated[float, Query(ge=0, le=1)] = 0,
    ) -> Response:
        known = services.propagations.known(collection)
        schema = known.annotation.schema
        if not schema.keypoints:
            raise OperationError("there are no keypoints yet: choose a schema first")
        room = hub.room(collection)
        sizes = sizes_of(room.library)
        content = to_bytes(format, schema, confident(known.laid, threshold), sizes)
        name = f"{stem_of(room)}-keypoints{ENDINGS[format]}"
        return download(content, MEDIA_TYPES[format], name)

    @router.post("/import", dependencies=[least("editor")])
    async def bring(
        collection: str,
        request: Request,
        format: FormatName = "coco",
        author: str = "",
        op_id: OpId = "",
        merge: Merge = "overwrite",
    ) -> dict[str, Any]:
        room = hub.room(collection)
        schema = room.state.session.annotation.schema
        has_schema = bool(schema.keypoints)
        sizes = await asyncio.to_thread(sizes_of, room.library)
        content = await request.body()
        reading = await asyncio.to_thread(
            from_bytes, format, content, sizes, schema if has_schema else None
        )
        op_id, author = op_id or uuid.uuid4().hex, author_for(request, author)
        layers = reading.layers(f"imported-{op_id}", author=author, merge=merge)
        if not layers:
            raise OperationError(
                "the file has no point of an image of this collection: "
                + "; ".join(reading.warnings())
            )
        if not has_schema:
            await hub.carry_out(collection, SetSchema(schema_=reading.schema), author)
        for number, layer in enumerate(layers):
            part = f"{op_id}-{number + 1}" if number else op_id
            await hub.carry_out(collection, PutLayer(layer=layer), author, part)
        return {
            "layer": layers[0].id,
            "layers": [layer.id for layer in layers],
            "images": reading.images,
            "points": reading.count,
            "schema": reading.schema.name,
            "unknown": list(reading.unknown),
            "warnings": list(reading.warnings()),
        }

    return router


def sizes_of(library: Library) -> Sizes:
    """Return the (height, width) of every photograph of a collection, by its name."""
    photographs = Photographs(library)
    return {name: photographs.size(row) for row, name in enumerate(library.names)}
