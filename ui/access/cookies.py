"""The cookie that a pass lies in."""

from starlette.responses import Response
from starlette.types import Scope

from ui.access.passes import AGE_S, Pass, Passes


def cookie_name(scope: Scope) -> str:
    """Return the cookie's name: of its own for each port, as browsers share cookies among ports."""
    server = scope.get("server") or ("", None)
    return f"avex-{server[1] or 0}"


def cookie_in(header: str, name: str) -> str:
    """Return a cookie's value, "" if there is none; of two it takes the first.

    Examples
    --------
    >>> cookie_in("a=1; avex-7860=x.y; avex-7860=z", "avex-7860")
    'x.y'
    """
    for part in header.split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value.strip('"')
    return ""


def set_pass(response: Response, scope: Scope, passes: Passes, known: Pass) -> None:
    """Put a pass into a browser; no script can read it, and no other site can send it along."""
    response.set_cookie(
        cookie_name(scope),
        passes.sign(known),
        max_age=int(AGE_S),
        path=scope.get("root_path") or "/",
        httponly=True,
        samesite="lax",
        secure=is_secure(scope),
    )


def drop_pass(response: Response, scope: Scope) -> None:
    """Take the pass out of a browser."""
    response.delete_cookie(
        cookie_name(scope),
        path=scope.get("root_path") or "/",
        httponly=True,
        samesite="lax",
        secure=is_secure(scope),
    )


def is_secure(scope: Scope) -> bool:
    """Return whether a request came by https, as far as the proxy says."""
    return scope.get("scheme") in ("https", "wss")
