"""The pass that a browser carries in its cookie: what somebody came by, signed, with an end.

A pass says how somebody came in, never what that allows: roles are looked up at each request, so a
link that is revoked or a person who is taken out of the file is out at once.
"""

import base64
import binascii
import hashlib
import hmac
import json
import logging
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

KEY_NAME = "avex-cookies.key"
KEY_BYTES = 32
AGE_S = 30 * 24 * 3600.0
"""How long a pass is good for."""
TEXT_LIMIT = 3800
"""Most characters of a pass: browsers keep cookies of up to 4,096 bytes."""
LINKS_LIMIT = 40

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """How somebody came in.

    Attributes
    ----------
    author
        The id under which this browser writes: made by the server.
    id
        Of this pass: a logout ends all that have it.
    user, proof
        The name in the file of people, and a print of the password or token of that time.
    links
        Ids of the links that were followed, the newest last.
    expires
        When it ends, in seconds since 1970.
    """

    author: str
    id: str
    user: str = ""
    proof: str = ""
    links: tuple[str, ...] = ()
    expires: int = 0


def new_author() -> str:
    """Return an id that nobody has and nobody can guess."""
    return f"p-{secrets.token_hex(12)}"


def new_pass(author: str = "", *, user: str = "", proof: str = "") -> Pass:
    """Return a pass that begins now."""
    return Pass(
        author=author or new_author(),
        id=secrets.token_hex(8),
        user=user,
        proof=proof,
        expires=int(time.time() + AGE_S),
    )


class Passes:
    """Signs passes, and reads those that it has signed.

    Parameters
    ----------
    folder
        Where the key lies, in a file that only its owner can read; it is made when first needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key: bytes | None = None

    def sign(self, known: Pass) -> str:
        """Return a pass as it stands in a cookie; of too many links the oldest are left out."""
        fields = [
            known.author,
            known.id,
            known.user,
            known.proof,
            list(known.links[-LINKS_LIMIT:]),
            known.expires,
        ]
        content = _text(json.dumps(fields, separators=(",", ":")).encode())
        return f"{content}.{_text(self._mark(content))}"

    def read(self, text: str) -> Pass | None:
        """Return the pass in a cookie; None if it was not signed here, or is over."""
        content, _, mark = text.partition(".")
        if len(text) > TEXT_LIMIT or not text.isascii():
            return None
        if not hmac.compare_digest(_text(self._mark(content)), mark):
            return None
        try:
            author, known, user, proof, links, expires = json.loads(_content(content))
        except (ValueError, TypeError):  # signed by another version
            return None
        if expires <= time.time():
            return None
        return Pass(
            author=author,
            id=known,
            user=user,
            proof=proof,
            links=tuple(links),
            expires=expires,
        )

    def proof(self, secret: str) -> str:
        """Return a print of a password's hash or a token: it tells nothing of it."""
        return self._digest(b"proof", secret.encode()).hex()[:24]

    def _mark(self, content: str) -> bytes:
        return self._digest(b"pass", content.encode())

    def _digest(self, purpose: bytes, content: bytes) -> bytes:
        if self._key is None:
            self._key = key_in(self._folder)
        return hmac.digest(self._key, purpose + b":" + content, hashlib.sha256)


def key_in(folder: Path) -> bytes:
    """Return the key in a folder, made if there is none; if it cannot be kept, one for now."""
    path = folder / KEY_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make(path)
        key = path.read_bytes()
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as error:
        _logger.warning(
            "%s cannot be kept, everybody logs in again after a restart: %s", path, error
        )
        return secrets.token_bytes(KEY_BYTES)
    if len(key) != KEY_BYTES:
        _logger.warning("%s is no key of %d bytes: another one is used", path, KEY_BYTES)
        return secrets.token_bytes(KEY_BYTES)
    return key


def _make(path: Path) -> None:
    """Write a new key, whole or not at all; one that is there stays."""
    if path.exists():
        return
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "wb") as opened:
        opened.write(secrets.token_bytes(KEY_BYTES))
    try:
        path.hardlink_to(part)  # unlike a rename, this leaves alone what another server made first
    except FileExistsError:
        pass
    finally:
        part.unlink()


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _content(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError(str(error)) from error
