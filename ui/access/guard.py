"""Who may speak to the server, and how much: hosts, origins, passes, sizes, rates, and headers.

Browsers do not apply the same-origin rule to sockets, and a name that resolves to 127.0.0.1 reaches
a server there (DNS rebinding). So the host must be one that the server is meant to have, and what a
page of another host asks for is refused. On a guarded server nobody gets past here without a pass
or a token but to the pages where one gets one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.access.access import Access, bearer_in
from ui.access.addresses import counted_as
from ui.access.cookies import is_secure
from ui.access.doors import CLOSE_LOG_IN
from ui.access.headers import with_headers
from ui.access.hosts import host_name, is_foreign, is_own_host, own_names
from ui.access.identity import IDENTITY, NOBODY, Identity
from ui.access.paths import Limits, is_of_owner, is_public
from ui.access.rates import Rate
from ui.settings import LOOPBACK_NAMES, Settings

SAFE_METHODS = ("GET", "HEAD")
SOCKET = "/ws"
ONCE = ("host", "origin", "content-length", "authorization")
"""Headers that must not come twice: two readers could believe different ones."""

TOO_MUCH, HELD_S = "other files are being read: try again soon", 5.0
"""What is said to whom there is no memory for, and after how long to ask again."""

SAID_HOSTS = (b"x-forwarded-host", b"x-forwarded-server", b"forwarded")
"""Headers that say another host than the one that was checked: hidden from all else."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something is not passed on: the status of HTTP, what to say, and when to ask again.

    `ends` closes the connection: a proxy may take what follows for part of the same request.
    """

    status: int
    text: str
    wait_s: float = 0
    ends: bool = False


class Guard:
    """Middleware around the whole application, Gradio's routes included."""

    def __init__(self, app: ASGIApp, settings: Settings, access: Access) -> None:
        self._app = app
        self._settings = settings
        self._access = access
        self._names = own_names(settings)
        self._limits = Limits(settings)
        self._guesses = Rate(per_s=0.5, burst=20)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what must not be, and pass on the rest."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers, refusal = _headers(scope)
        if scope["type"] == "http":
            is_here = host_name(headers.get("host", "")) in LOOPBACK_NAMES
            send = with_headers(
                send, path=scope["path"], is_secure=is_secure(scope), is_here=is_here
            )
        refusal = refusal or self._refusal(scope, headers)
        if refusal is not None:
            await _refuse(refusal, scope, receive, send)
            return
        asker, refusal = self._identified(scope, headers)
        if refusal is not None:
            await _refuse(refusal, scope, receive, send)
            return
        if asker is None and not is_public(scope["path"]):
            await self._ask_in(scope, headers, receive, send)
            return
        is_owner = asker is not None and asker.is_owner
        refusal = self._not_for(asker, scope) or self._too_large(scope, headers, is_owner=is_owner)
        if refusal is not None:
            await _refuse(refusal, scope, receive, send)
            return
        scope[IDENTITY] = asker or NOBODY
        scope["headers"] = [pair for pair in scope["headers"] if pair[0].lower() not in SAID_HOSTS]
        with self._limits.held(scope, _counted_as(asker, scope), is_owner=is_owner) as has_room:
            if has_room:
                counted = self._limits.counted(scope, receive, is_owner=is_owner)
                await self._app(scope, counted, send)
            else:
                await _refuse(Refusal(429, TOO_MUCH, HELD_S), scope, receive, send)

    def _identified(
        self, scope: Scope, headers: Mapping[str, str]
    ) -> tuple[Identity | None, Refusal | None]:
        """Return who asks. After many wrong tokens none is looked at, or one could go on guessing.

        That counts on every path and for sockets too: each of them tells a right token from others.
        """
        has_token, address = bearer_in(headers) is not None, address_of(scope)
        if has_token and self._access.is_guarded and self._guesses.is_over(address):
            wait_s = max(1.0, self._guesses.wait_s(address))
            return None, Refusal(429, "too many wrong tokens", wait_s)
        asker = self._access.identify(scope, headers)
        if has_token and asker is None:
            self._guesses.take(address)
        return asker, None

    def _refusal(self, scope: Scope, headers: Mapping[str, str]) -> Refusal | None:
        """Return what is wrong with a request, whoever asks."""
        host = headers.get("host", "")
        if not is_own_host(host, self._names, is_loopback=self._settings.is_loopback):
            return Refusal(
                403, f"this server has another name than {host[:80]!r}: see --allow-host"
            )
        if is_foreign(headers) and not _is_opened_by_link(scope, headers):
            return Refusal(403, "this came from a page of another host")
        if "transfer-encoding" in headers and "content-length" in headers:
            return Refusal(400, "a request must say its length in one way", ends=True)
        return self._too_large(scope, headers, is_owner=True)

    def _too_large(
        self, scope: Scope, headers: Mapping[str, str], *, is_owner: bool
    ) -> Refusal | None:
        length = headers.get("content-length", "0")
        limit = self._limits.size(scope, is_owner=is_owner)
        if not (length.isascii() and length.isdigit()) or int(length[:20]) > limit:
            return Refusal(413, f"a request must have at most {limit} bytes, got {length[:20]}")
        return None

    def _not_for(self, asker: Identity | None, scope: Scope) -> Refusal | None:
        """Return why somebody may not have this path, or not now."""
        path = scope["path"]
        if is_of_owner(path) and not (asker is not None and asker.is_owner):
            return Refusal(403, "this is for the owner of the server")
        wait_s = self._limits.wait_s(scope, _counted_as(asker, scope))
        return Refusal(429, "too many requests: try again soon", wait_s) if wait_s else None

    async def _ask_in(
        self, scope: Scope, headers: Mapping[str, str], receive: Receive, send: Send
    ) -> None:
        """Answer somebody without a pass: browsers are sent to the page where one gets one."""
        if scope["type"] == "websocket":
            await _close_unknown(scope, receive, send)
            return
        answer: Response = JSONResponse(
            {"error": "log in, or send a token"}, 401, {"www-authenticate": "Bearer"}
        )
        is_page = scope["method"] in SAFE_METHODS and "text/html" in headers.get("accept", "")
        if is_page and bearer_in(headers) is None:
            query = scope.get("query_string", b"").decode("latin-1")
            then = quote(scope["path"] + (f"?{query}" if query else ""), safe="")
            answer = RedirectResponse(f"{scope.get('root_path', '')}/login?next={then}", 303)
        await answer(scope, receive, send)


def _counted_as(asker: Identity | None, scope: Scope) -> str:
    """Return under which name requests are counted: of whoever asks, or of their address."""
    return asker.author if asker is not None and asker.is_guarded else address_of(scope)


def address_of(scope: Scope) -> str:
    """Return the address of who asks; "" if it is not known. See `addresses.counted_as`."""
    client = scope.get("client")
    return counted_as(client[0]) if client else ""


def _headers(scope: Scope) -> tuple[dict[str, str], Refusal | None]:
    headers: dict[str, str] = {}
    for key, value in scope["headers"]:
        name = key.decode("latin-1").lower()
        if name in headers and name in ONCE:
            return headers, Refusal(400, f"the header {name} came twice")
        glue = "; " if name == "cookie" else ", "
        text = value.decode("latin-1")
        headers[name] = f"{headers[name]}{glue}{text}" if name in headers else text
    return headers, None


def _is_opened_by_link(scope: Scope, headers: Mapping[str, str]) -> bool:
    """Return whether somebody follows a link from another site to here: that tells it nothing."""
    return (
        scope["type"] == "http"
        and scope["method"] in SAFE_METHODS
        and "origin" not in headers
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest", "document") == "document"
    )


async def _refuse(refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": refusal.text})
        return
    headers = {"retry-after": f"{refusal.wait_s:.0f}"} if refusal.wait_s else {}
    if refusal.ends:
        headers["connection"] = "close"
    await JSONResponse({"error": refusal.text}, refusal.status, headers)(scope, receive, send)


async def _close_unknown(scope: Scope, receive: Receive, send: Send) -> None:
    """Say with a code to log in: a handshake that is refused has no code that a page can read."""
    message: Message = await receive()
    if message["type"] != "websocket.connect":
        return
    if scope["path"] == SOCKET:
        await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": CLOSE_LOG_IN, "reason": "log in first"})
