"""Which paths are for whom, how much may be sent to them, and how often."""

import contextlib
import re
from collections import Counter
from collections.abc import Iterator

from starlette.types import Message, Receive, Scope

from ui.access.rates import Rate
from ui.settings import Settings

PUBLIC = ("/healthz", "/login")
JOIN = "/join/"
OF_OWNER = ("/api/builds", "/gradio_api/upload", "/metrics")
"""How paths begin that only the owner of the server may ask for."""
UPLOAD_PATHS = ("/api/builds", "/gradio_api/upload")
"""How the paths of uploads of photographs begin."""
FORM_PATH = "/gradio_api/run/predict"
"""What the forms of the page are sent to: an owner's may name as many files as an upload has."""
FORM_LIMIT = 32 * 1024**2
LARGE_BYTES = 64 * 1024
"""From here on reading what is sent takes so long that others would notice it, if it came often."""
HELD_OF_ALL = 4
"""How many of the largest documents may be in memory at once, one of them of one person."""
DOCUMENT_PATHS = ("/session.json", "/keypoints/import", "/rooms/import")
"""How the paths of sessions, files of keypoints and whole rooms end."""
COSTLY = re.compile(
    r"/api/builds|/gradio_api/upload|/api/[^/]+/"
    r"(explore|links|rooms|rooms/import|publish|restore|session\.json|keypoints/(propagate|accept|import))"
)
"""What makes work or files when it is posted to."""
TAKEN_HOME = re.compile(
    r"/api/[^/]+/(export\.\w+|room\.zip|average\.png|ranking\.csv|modes\.(html|csv)"
    r"|start|keypoints/export)"
)
"""What takes long to answer."""


def is_public(path: str) -> bool:
    """Return whether everybody may ask for a path: where one gets in, and whether it runs."""
    is_link = path.startswith(JOIN) and "/" not in path.removeprefix(JOIN)
    return path in PUBLIC or is_link


def is_of_owner(path: str) -> bool:
    """Return whether only the owner of the server may have a path."""
    return path.startswith(OF_OWNER)


def is_large(scope: Scope) -> bool:
    """Return whether a request is large, or does not say how large it is."""
    length = _length(scope)
    return length is None or length > LARGE_BYTES


def _length(scope: Scope) -> int | None:
    """Return how long what a request brings is, 0 for nothing; None: it does not say."""
    headers = dict(scope["headers"])
    if b"transfer-encoding" in headers:
        return None
    length = headers.get(b"content-length", b"")
    return int(length) if length.isdigit() else 0


class Limits:
    """How much and how often each may ask."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._costly = Rate(per_s=2, burst=60)
        self._taken_home = Rate(per_s=4, burst=120)
        self._large = Rate(per_s=0.5, burst=10)
        self._all = Rate(per_s=200, burst=2000)
        self._held: Counter[str] = Counter()

    def wait_s(self, scope: Scope, who: str) -> float:
        """Count a request, and return 0; or, if it is one too many, after how long to ask again."""
        for rate in self._rates(scope):
            if not rate.take(who):
                return max(1.0, rate.wait_s(who))
        return 0

    def size(self, scope: Scope, *, is_owner: bool) -> int:
        """Return how many bytes a request may have of the server's owner, or of others."""
        path = scope["path"]
        if path == FORM_PATH and is_owner:
            return FORM_LIMIT
        if path.startswith(UPLOAD_PATHS):
            return self._settings.upload_limit
        is_document = path.endswith(DOCUMENT_PATHS)
        return self._settings.document_limit if is_document else self._settings.request_limit

    @contextlib.contextmanager
    def held(self, scope: Scope, who: str, *, is_owner: bool) -> Iterator[bool]:
        """Count what a request brings as long as the block runs; yields whether there is room.

        Documents are read as a whole, so that a few large ones at once would fill the memory.
        """
        size = _length(scope)
        if size is None:
            size = self.size(scope, is_owner=is_owner)
        if scope["path"].startswith(UPLOAD_PATHS) or not is_large(scope):
            size = 0
        most = self._settings.document_limit
        if size and (
            self._held[who] + size > most or self._held.total() + size > most * HELD_OF_ALL
        ):
            yield False
            return
        self._held[who] += size
        try:
            yield True
        finally:
            self._held[who] -= size
            if not self._held[who]:
                del self._held[who]

    def counted(self, scope: Scope, receive: Receive, *, is_owner: bool) -> Receive:
        """Cut off a body that is longer than it said, or that never said how long it is."""
        left = self.size(scope, is_owner=is_owner)

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            if message["type"] == "http.request":
                left -= len(message.get("body", b""))
            return {"type": "http.disconnect"} if left < 0 else message

        return counted if scope["type"] == "http" else receive

    def _rates(self, scope: Scope) -> tuple[Rate, ...]:
        path, method = scope["path"], scope.get("method", "GET")
        if method == "POST" and COSTLY.fullmatch(path):
            return self._all, self._costly
        if method not in ("GET", "HEAD") and is_large(scope) and not path.startswith(UPLOAD_PATHS):
            return self._all, self._large
        if method == "GET" and TAKEN_HOME.fullmatch(path):
            return self._all, self._taken_home
        return (self._all,)
