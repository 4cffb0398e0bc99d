"""Who may speak to the server, and how much: hosts, origins, sizes, and headers on every answer.

Browsers do not apply the same-origin rule to sockets, and a name that resolves to 127.0.0.1 reaches
a server there (DNS rebinding). So the host must be one that the server is meant to have, and a
request that changes anything must come from a page of that host.
"""

import dataclasses
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import QueryParams
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from ui.access.identity import IDENTITY, OPEN
from ui.settings import LOOPBACK_NAMES, Settings

UPLOAD_PATHS = ("/api/builds", "/gradio_api/upload")
"""How the paths of uploads of photographs begin."""
DOCUMENT_PATHS = ("/session.json", "/keypoints/import")
"""How the paths of sessions and files of keypoints end."""
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Guard:
    """Middleware around the whole application, Gradio's routes included."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what must not be, and pass on the rest."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {
            key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]
        }
        refusal = self._refusal(scope, headers)
        said = QueryParams(scope["query_string"]).get("author", "")
        scope[IDENTITY] = dataclasses.replace(OPEN, author=said)
        if refusal is None:
            await self._app(scope, self._counted(scope, receive), _with_headers(scope, send))
        elif scope["type"] == "websocket":
            await WebSocketClose(1008, refusal[1])(scope, receive, send)
        else:
            status, text = refusal
            await JSONResponse({"error": text}, status)(scope, receive, _with_headers(scope, send))

    def _refusal(self, scope: Scope, headers: Mapping[str, str]) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if self._settings.is_loopback and host_name(host) not in self._names():
            return 403, f"the host must be {self._settings.host} or localhost, got {host!r}"
        origin = headers.get("origin")
        changes = scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS
        if changes and origin is not None and urlsplit(origin).netloc != host:
            return 403, f"the origin must be the host {host!r}, got {origin!r}"
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._limit(scope):
            return 413, f"a request must have at most {self._limit(scope)} bytes, got {length}"
        return None

    def _names(self) -> tuple[str, ...]:
        return (*LOOPBACK_NAMES, self._settings.host)

    def _limit(self, scope: Scope) -> int:
        path = scope["path"]
        if path.startswith(UPLOAD_PATHS):
            return self._settings.upload_limit
        is_document = path.endswith(DOCUMENT_PATHS)
        return self._settings.document_limit if is_document else self._settings.request_limit

    def _counted(self, scope: Scope, receive: Receive) -> Receive:
        """Cut off a body that is longer than it said, or that never said how long it is."""
        left = self._limit(scope)

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            if message["type"] == "http.request":
                left -= len(message.get("body", b""))
            return {"type": "http.disconnect"} if left < 0 else message

        return counted if scope["type"] == "http" else receive


def host_name(host: str) -> str:
    """Return the name in a Host header, without the port.

    Examples
    --------
    >>> host_name("localhost:7860"), host_name("[::1]:7860"), host_name("::1")
    ('localhost', '::1', '::1')
    """
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host if host.count(":") > 1 else host.partition(":")[0].lower()


def _with_headers(scope: Scope, send: Send) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            names = {key.lower() for key, _ in message["headers"]}
            extra = [
                (name.encode(), value.encode())
                for name, value in HEADERS.items()
                if name.encode() not in names
            ]
            message = {**message, "headers": [*message["headers"], *extra]}
        await send(message)

    return sender if scope["type"] == "http" else send
