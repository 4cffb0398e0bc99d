"""By which names a server is asked, and from which pages: the Host and Origin headers.

A name that an attacker owns can be made to resolve to this machine (DNS rebinding), so a server has
a list of names. A number cannot, so every IP address is fine where other machines reach the server.
"""

import ipaddress
import re
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

from ui.settings import LOOPBACK_NAMES, Settings

HOST = re.compile(r"(\[[0-9A-Fa-f:.%\w]+\]|[^\[\]:@/\s]+)(:\d{0,5})?|[0-9A-Fa-f:.]+", re.ASCII)
"""A name or a number, with a port or without; nothing else that a reader could take for another."""
ANYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, not listened on


def own_names(settings: Settings) -> frozenset[str]:
    """Return the names by which a server may be asked, in lower case."""
    names = {*LOOPBACK_NAMES, *(host_name(name) for name in settings.allowed_hosts)}
    if settings.host not in ANYWHERE:
        names.add(settings.host.lower())
    if not settings.is_loopback:
        name = socket.gethostname().lower()
        names |= {name, f"{name}.local", f"{name}.lan"} if name else set()
    return frozenset(names)


def is_own_host(host: str, names: frozenset[str], *, is_loopback: bool) -> bool:
    """Return whether a Host header is one that the server is meant to have."""
    name = host_name(host)
    if not HOST.fullmatch(host):
        return False
    return name in names or (not is_loopback and _is_number(name))


def is_foreign(headers: Mapping[str, str]) -> bool:
    """Return whether a request comes from a page of another host.

    A program that sends neither header is no page; browsers send `Origin` with every socket and
    every request that changes something, and `Sec-Fetch-Site` besides.
    """
    origin = headers.get("origin")
    if origin is not None and not _is_same(origin, headers.get("host", "")):
        return True
    return headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")


def host_name(host: str) -> str:
    """Return the name in a Host header, without the port.

    Examples
    --------
    >>> host_name("localhost:7860"), host_name("[::1]:7860"), host_name("::1")
    ('localhost', '::1', '::1')
    """
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.lower() if host.count(":") > 1 else host.partition(":")[0].lower()


def _is_same(origin: str, host: str) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
