"""What those who run the server ask: whether all is well, and its figures."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from ui.access.identity import identity_of
from ui.services import Services
from ui.watching.metrics import metrics_text
from ui.wire.protocol import PROTOCOL

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def watching_routes(services: Services) -> APIRouter:
    """Return `/healthz`, for anybody, and `/metrics`, for owners."""
    router = APIRouter()
    hub = services.hub

    @router.get("/healthz")
    def health(request: Request) -> Response:
        troubles = hub.troubles()
        asker = identity_of(request)
        answer: dict[str, Any] = {"status": "failing" if troubles else "ok"}
        if asker.is_known:
            answer |= {"protocol": PROTOCOL}
        if asker.is_owner:
            answer |= {"collections": [info.name for info in hub.collections()]}
            answer |= {"troubles": troubles} if troubles else {}
        return JSONResponse(answer, 503 if troubles else 200)

    if services.settings.metrics:

        @router.get("/metrics")
        def metrics() -> Response:
            return Response(metrics_text(hub.gauges()), media_type=METRICS_TYPE)

    return router
