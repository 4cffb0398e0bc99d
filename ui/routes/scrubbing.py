"""Answers to somebody who drags through the history of a room: of many wishes only the newest."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Answer = TypeVar("Answer")


class Scrubbers:
    """Those who drag; each has one wish that is carried out, and one that waits."""

    def __init__(self) -> None:
        self._newest: dict[str, object] = {}
        self._turns: dict[str, asyncio.Lock] = {}

    async def newest(self, who: str, work: Callable[[], Awaitable[Answer]]) -> Answer | None:
        """Carry a wish out in its turn; return None if a newer one of the same one came first."""
        wish = self._newest[who] = object()
        turn = self._turns.setdefault(who, asyncio.Lock())
        try:
            async with turn:
                return await work() if self._newest.get(who) is wish else None
        finally:
            if self._newest.get(who) is wish:
                self._newest.pop(who)
                self._turns.pop(who, None)
