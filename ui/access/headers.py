"""What stands on every answer, so that browsers keep other pages out of this one."""

from collections.abc import Iterable

from starlette.types import Message, Send

POLICY = "; ".join(
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
UNUSED = ("camera", "microphone", "geolocation", "usb", "serial", "payment", "display-capture")
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": ", ".join(f"{name}=()" for name in UNUSED),
    "x-robots-tag": "noindex, nofollow",
    "cache-control": "no-store",
}
"""Without a referrer, forms would not say from which origin they come, and be refused.

A route that sets one of them itself, how long an answer may be kept for example, is left to."""
KEPT = ("/static/", "/assets/", "/svelte/", "/favicon", "/theme.css")
"""How paths begin of what is the same for everybody: browsers may keep it as its route says."""
ONLY_HTTPS = {"strict-transport-security": "max-age=31536000"}
ONLY_TRUSTED = {"cross-origin-opener-policy": "same-origin"}
"""Browsers heed it, and do not complain of it, only by https or from their own machine."""


def with_headers(send: Send, *, path: str, is_secure: bool, is_here: bool) -> Send:
    """Return what sends an answer with the headers of this module.

    Parameters
    ----------
    send
        What sends it without.
    path
        What was asked for.
    is_secure, is_here
        Whether it was asked for by https, and by a name of this machine alone.
    """
    ours = dict(HEADERS)
    if is_secure or is_here:
        ours |= ONLY_TRUSTED
    if path.startswith(KEPT):
        del ours["cache-control"]
    if is_secure:
        ours |= ONLY_HTTPS

    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            missing = _missing(ours, (key for key, _ in message["headers"]))
            message = {**message, "headers": [*message["headers"], *missing]}
        await send(message)

    return sender


def _missing(ours: dict[str, str], there: Iterable[bytes]) -> list[tuple[bytes, bytes]]:
    names = {key.lower() for key in there}
    return [
        (name.encode(), value.encode())
        for name, value in ours.items()
        if name.encode() not in names
    ]
