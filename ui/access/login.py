"""The routes at the door: log in, follow a link, log out."""

import asyncio
from urllib.parse import parse_qs, quote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from ui.access.access import Access
from ui.access.cookies import drop_pass, set_pass
from ui.access.guard import address_of
from ui.access.login_page import login_page, told_page
from ui.access.passes import Pass
from ui.access.rates import Rate
from ui.access.users import User

FORM_LIMIT = 8192
FAILURE_S = 0.5
"""How long a wrong password waits for its answer, beside the time that scrypt takes."""
TRIES_AT_ONCE = 2
"""Passwords that are checked at the same time: each takes 32 MB and a processor."""

WRONG = "That is not right: check the name and the password, and try again."
WRONG_TOKEN = "That is not the token of this server."  # noqa: S105 - a sentence
TOO_OFTEN = "Too many tries: wait a minute, and try again."
NO_LINK = "This link does not exist, has ended, or was revoked. Ask whoever sent it for a new one."


class Door:
    """Lets people in.

    Parameters
    ----------
    access
        Who may.
    """

    def __init__(self, access: Access) -> None:
        self._access = access
        self._by_address = Rate(per_s=0.2, burst=10)
        self._by_name = Rate(per_s=0.1, burst=10)
        self._links = Rate(per_s=1, burst=30)
        self._checking = asyncio.Semaphore(TRIES_AT_ONCE)

    def page(self, wrong: str = "", status: int = 200) -> Response:
        """Return the page where people log in."""
        users, token = self._access.users, self._access.token
        return login_page(
            has_users=users is not None, has_token=token is not None, wrong=wrong, status=status
        )

    async def log_in(self, request: Request) -> Response:
        """Take a name and a password, or the token."""
        fields = await _form(request)
        name, address = fields.get("name", ""), address_of(request.scope)
        if not (self._by_address.take(address) and self._by_name.take(name or f"token {address}")):
            return self.page(TOO_OFTEN, 429)
        known = self._access.pass_in(request.scope, request.headers)
        new = await self._checked(fields, known)
        if new is None:
            await asyncio.sleep(FAILURE_S)
            return self.page(WRONG_TOKEN if "token" in fields else WRONG, 401)
        then = RedirectResponse(_here(request, request.query_params.get("next", "")), 303)
        set_pass(then, request.scope, self._access.passes, new)
        return then

    def join(self, request: Request, token: str) -> Response:
        """Let in who follows a link, or has the server's token in one."""
        if not self._links.take(address_of(request.scope)):
            return told_page("Not now", TOO_OFTEN, 429)
        known = self._access.pass_in(request.scope, request.headers)
        link = self._access.links.find(token)
        if self._access.is_token(token):
            new, there = self._access.with_token(known), "/"
        elif link is not None and self._access.is_open(link):
            new = self._access.with_link(known, link)
            there = f"/?collection={quote(link.address, safe='~')}"
        else:
            return told_page("This link does not work", NO_LINK, 404)
        then = RedirectResponse(_here(request, there), 303)
        set_pass(then, request.scope, self._access.passes, new)
        return then

    def log_out(self, request: Request) -> Response:
        """Let out, and end the pass for good."""
        known = self._access.pass_in(request.scope, request.headers)
        if known is not None:
            self._access.end(known)
        there = "/login" if self._access.is_guarded else "/"
        then = RedirectResponse(_here(request, there), 303)
        drop_pass(then, request.scope)
        return then

    async def _checked(self, fields: dict[str, str], known: Pass | None) -> Pass | None:
        if "token" in fields:
            is_right = self._access.is_token(fields["token"])
            return self._access.with_token(known) if is_right else None
        user = await self._user(fields.get("name", ""), fields.get("password", ""))
        return None if user is None else self._access.with_user(known, user)

    async def _user(self, name: str, password: str) -> User | None:
        if self._access.users is None:
            return None
        async with self._checking:
            return await asyncio.to_thread(self._access.users.check, name, password)


def login_routes(access: Access) -> APIRouter:
    """Return the routes `/login`, `/join/TOKEN` and `/logout`."""
    router = APIRouter()
    door = Door(access)

    @router.get("/login")
    async def ask(request: Request) -> Response:
        is_in = not access.is_guarded or access.identify(request.scope, request.headers) is not None
        return RedirectResponse(_here(request, "/"), 303) if is_in else door.page()

    @router.post("/login")
    async def log_in(request: Request) -> Response:
        return await door.log_in(request)

    @router.get("/join/{token}")
    async def join(request: Request, token: str) -> Response:
        return door.join(request, token)

    @router.post("/logout")
    async def log_out(request: Request) -> Response:
        return door.log_out(request)

    return router


async def _form(request: Request) -> dict[str, str]:
    content = b""
    async for part in request.stream():
        content += part
        if len(content) > FORM_LIMIT:
            return {}
    try:
        text = content.decode("utf-8", "replace")
        fields = parse_qs(text, keep_blank_values=True, max_num_fields=8)
    except ValueError:  # more fields than any form of ours has
        return {}
    return {name: values[0] for name, values in fields.items()}


def _here(request: Request, there: str) -> str:
    """Return a path of this server: what is none of its own leads to its page."""
    is_path = there.startswith("/") and not there.startswith(("//", "/\\", "/login", "/logout"))
    is_plain = all(" " < character < "\x7f" and character != "\\" for character in there)
    path = there if is_path and is_plain else "/"
    return f"{request.scope.get('root_path', '')}{'/login' if there == '/login' else path}"
