"""What a server is started with: one value that never changes."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from explorer.session import Session

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


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
    """

    collections: tuple[Path, ...] = ()
    session: Session | None = None
    host: str = "127.0.0.1"
    port: int = 7860
    state_dir: Path | None = None
    builds_dir: Path | None = None
    upload_limit: int = 4 * 1024**3
    document_limit: int = 512 * 1024**2
    request_limit: int = 16 * 1024**2
    message_limit: int = 1024**2
    outbox_limit: int = 256

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
    def builds_folder(self) -> Path:
        """Where collections that the page builds are written."""
        if self.builds_dir is not None:
            return self.builds_dir
        return self.collections[0].resolve().parent if self.collections else Path.cwd()
