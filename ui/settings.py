"""What a server is started with: one value that never changes."""

import ipaddress
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from explorer.session import Session

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
TOKEN_LEAST = 16
"""Fewest characters of a token that a person chooses."""

LogFormat: TypeAlias = Literal["text", "json"]
LogLevel: TypeAlias = Literal["debug", "info", "warning", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the page is served.

    Attributes
    ----------
    collections
        The collection folders to serve; the first is shown first.
    session
        What the first collection is to show at first; None: what it showed last.
    host, port
        Where to listen. A taken port is replaced by a free one, which is said.
    token
        Who shows it owns the server. "": one is made; None: one is made where people are asked
        who they are, and there is no file of them.
    users
        A file of people who may log in, see `ui.access.users`.
    allowed_hosts
        Other names by which the server is reached, for example through a proxy.
    metrics
        Whether the server tells figures of itself at `/metrics`, to its owner.
    log_format, log_level
        How the log is written to standard error, and from which level on.
    state_dir
        Where the rooms' logs are kept; None keeps each in its collection's folder.
    builds_dir
        Where collections that the page builds are written; None: beside the first collection.
        Those that pages have built there before are served as well.
    upload_limit
        Most bytes that an upload of photographs may have.
    document_limit
        Most bytes that a session or a file of keypoints may have: a million points are 40 MB.
    request_limit
        Most bytes that any other request may have.
    message_limit
        Most bytes that a message on the socket may have.
    outbox_limit
        Most messages of state that may wait for one member before it has to rejoin.
    sockets_limit, address_sockets_limit, author_sockets_limit
        Most sockets in all, from one address, and of one person.
    """

    collections: tuple[Path, ...] = ()
    session: Session | None = None
    host: str = "127.0.0.1"
    port: int = 7860
    token: str | None = field(default=None, repr=False)
    users: Path | None = None
    allowed_hosts: tuple[str, ...] = ()
    metrics: bool = True
    log_format: LogFormat = "text"
    log_level: LogLevel = "warning"
    state_dir: Path | None = None
    builds_dir: Path | None = None
    upload_limit: int = 4 * 1024**3
    document_limit: int = 512 * 1024**2
    request_limit: int = 1024**2
    message_limit: int = 1024**2
    outbox_limit: int = 4096
    operations_per_s: float = 50.0
    operations_burst: int = 200
    sockets_limit: int = 1024
    address_sockets_limit: int = 256
    author_sockets_limit: int = 64

    def __post_init__(self) -> None:
        if self.token and len(self.token) < TOKEN_LEAST:
            raise ValueError(
                f"a token must have at least {TOKEN_LEAST} characters, got {len(self.token)}: "
                "leave it out, and one is made"
            )

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        if self.host in LOOPBACK_NAMES:
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def is_local(self) -> bool:
        """Whether only this machine is to reach the server, by no other name either."""
        return self.is_loopback and not self.allowed_hosts

    @property
    def is_guarded(self) -> bool:
        """Whether the server asks who people are: unless nobody but this machine reaches it."""
        is_asked = self.token is not None or self.users is not None
        return is_asked or not self.is_local

    @property
    def secrets_folder(self) -> Path:
        """Where the key of cookies lies: never in a collection, which may be given away."""
        if self.state_dir is not None:
            return self.state_dir
        home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
        return Path(home) / "average-explorer"

    @property
    def builds_folder(self) -> Path:
        """Where collections that the page builds are written."""
        if self.builds_dir is not None:
            return self.builds_dir
        return self.collections[0].resolve().parent if self.collections else Path.cwd()
