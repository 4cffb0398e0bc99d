"""What is left of Gradio's routes: those that our page uses.

Others fetch addresses for whoever asks (`file=http...`, `proxy=`), hand out uploads, or run things
that the page does not have. What is not on the list is not there.
"""

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.building.uploads import UploadError, check_room

_WORD = r"[A-Za-z0-9_.-]+"
_READ = (
    "/",
    "/config/?",
    "/theme.css",
    "/favicon.ico",
    "/manifest.json",
    "/robots.txt",
    rf"/assets/{_WORD}(/{_WORD})*",
    rf"/static/{_WORD}(/{_WORD})*",
    r"/gradio_api/startup-events",
    r"/gradio_api/upload_progress",
    rf"/gradio_api/heartbeat/{_WORD}",
)
UPLOAD = "/gradio_api/upload"
NO_ROOM = "the server's disk has no room for this upload"
_WRITTEN = ("/gradio_api/run/predict", UPLOAD)
_DOTS = re.compile(r"(^|/)\.\.?(/|$)")

PATHS: Mapping[str, re.Pattern[str]] = {
    "GET": re.compile("|".join(_READ)),
    "HEAD": re.compile("|".join(_READ)),
    "POST": re.compile("|".join(_WRITTEN)),
}
"""What may be asked for, by method."""


class Narrowed:
    """Middleware around Gradio alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what the page uses, and answer 404 to the rest."""
        if scope["type"] == "http" and _path(scope) == UPLOAD and not has_room(scope):
            await JSONResponse({"error": NO_ROOM}, 507)(scope, receive, send)
        elif scope["type"] == "lifespan" or is_used(scope.get("method", ""), _path(scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await JSONResponse({"error": "there is no such page"}, 404)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})


def is_used(method: str, path: str) -> bool:
    """Return whether the page asks Gradio for this.

    Examples
    --------
    >>> is_used("GET", "/assets/index.js"), is_used("GET", "/gradio_api/file=http://a.example/")
    (True, False)
    """
    known = PATHS.get(method)
    return bool(known and known.fullmatch(path)) and not _DOTS.search(path)


def has_room(scope: Scope) -> bool:
    """Return whether the disk has room for what a request says it brings."""
    length = dict(scope["headers"]).get(b"content-length", b"0")
    try:
        check_room(Path(os.environ.get("GRADIO_TEMP_DIR", tempfile.gettempdir())), int(length))
    except (UploadError, ValueError, OSError):
        return False
    return True


def _path(scope: Scope) -> str:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")) or "/"
