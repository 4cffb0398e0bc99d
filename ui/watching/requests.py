"""Counts the requests that are turned away, by status, around the whole application."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from ui.watching import metrics

Message: TypeAlias = MutableMapping[str, Any]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
App: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]

REJECTED_FROM = 400


class Counted:
    """ASGI middleware: the guard's refusals are counted too, so it stands around the guard."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass on, and count the answer."""
        is_open = False

        async def counted(message: Message) -> None:
            nonlocal is_open
            kind = message["type"]
            is_open = is_open or kind == "websocket.accept"
            if kind.endswith("response.start") and message["status"] >= REJECTED_FROM:
                metrics.REJECTED.labels(str(message["status"])).inc()
            if kind == "websocket.close" and not is_open:
                metrics.REJECTED.labels("socket").inc()
            await send(message)

        await self._app(scope, receive, counted)
