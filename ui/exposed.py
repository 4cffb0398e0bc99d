"""What a server lets others reach, in plain words, and under which address they do."""

import socket

from ui.settings import Settings

ANYWHERE = {"0.0.0.0": socket.AF_INET, "::": socket.AF_INET6}  # noqa: S104
SOMEWHERE = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}
"""Addresses that no machine has: what would be sent there shows by which way it would go."""


def exposed(settings: Settings) -> tuple[str, ...]:
    """Return what to tell whoever starts a server, nothing if only this machine reaches it."""
    if settings.is_local:
        return ()
    what = ", ".join(path.stem for path in settings.collections) or "all that is built here"
    return (
        f"other machines can reach this server at {settings.host}: who has a link, the token or a "
        f"password sees every image of {what} and all edits, and may do what their role says",
        "nothing is encrypted: who can listen on the network reads all of it, passwords and links "
        "too; put a proxy with TLS in front of it where that matters (SECURITY.md)",
    )


def address_of(host: str, port: int) -> str:
    """Return an address that a browser can open; of this machine, if it listens everywhere.

    Examples
    --------
    >>> address_of("127.0.0.1", 7860), address_of("::1", 80)
    ('http://127.0.0.1:7860', 'http://[::1]:80')
    """
    shown = own_address(ANYWHERE[host]) if host in ANYWHERE else host
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def own_address(family: int) -> str:
    """Return the address under which others see this machine, its own if there is no network."""
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as looking:
            looking.connect((SOMEWHERE[socket.AddressFamily(family)], 9))  # sends nothing
            return str(looking.getsockname()[0])
    except OSError:
        return "::1" if family == socket.AF_INET6 else "127.0.0.1"
