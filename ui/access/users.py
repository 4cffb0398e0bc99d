"""The people who may log in: a file with a line `name:role:salt:hash` for each.

Passwords are kept as scrypt hashes, which cost 32 MB and some tens of milliseconds to try.
"""

import base64
import binascii
import hashlib
import hmac
import logging
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from ui.wire.roles import Role

AUTHOR = "user-"
"""How the ids begin under which they write."""
NAME_PATTERN = r"[A-Za-z0-9_-]{1,40}"
PASSWORD_LEAST, PASSWORD_MOST = 8, 1024
COST, BLOCK, LANES = 2**15, 8, 1
MEMORY = 2 * 128 * COST * BLOCK
SALT_BYTES, HASH_BYTES = 16, 32

_logger = logging.getLogger(__name__)


class UsersError(ValueError):
    """The file of people cannot be read, or a name or password is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """One who may log in; `hash` is of the password with the salt."""

    name: str
    role: Role
    salt: bytes
    hash: bytes

    @property
    def author(self) -> str:
        """The id under which this one writes."""
        return f"{AUTHOR}{self.name}"

    @property
    def line(self) -> str:
        """The line in the file."""
        return f"{self.name}:{self.role}:{_text(self.salt)}:{_text(self.hash)}"


def user_of(author: str) -> str:
    """Return the name of who writes under an id, "" if it is nobody of a file.

    Examples
    --------
    >>> user_of("user-ann"), user_of("p-0123")
    ('ann', '')
    """
    return author.removeprefix(AUTHOR) if author.startswith(AUTHOR) else ""


def new_user(name: str, role: Role, password: str) -> User:
    """Return somebody new.

    Raises
    ------
    UsersError
        If the name or the password is none.
    """
    if not re.fullmatch(NAME_PATTERN, name):
        raise UsersError(f"a name must have 1 to 40 letters, digits, _ or -, got {name[:60]!r}")
    if "\0" in password:
        raise UsersError("a password must have no zero character, it has one")
    if not PASSWORD_LEAST <= len(password) <= PASSWORD_MOST:
        raise UsersError(
            f"a password must have {PASSWORD_LEAST} to {PASSWORD_MOST} characters, "
            f"got {len(password)}"
        )
    salt = secrets.token_bytes(SALT_BYTES)
    return User(name=name, role=role, salt=salt, hash=_hash(password, salt))


def read_users(path: Path) -> dict[str, User]:
    """Return the people in a file, by name.

    Raises
    ------
    UsersError
        If a line is none, or a name stands there twice; the message names the line.
    OSError
        If the file cannot be read.
    """
    users: dict[str, User] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            user = _read(line.strip(), f"line {number} of {path}")
            if user.name in users:
                raise UsersError(f"line {number} of {path} names {user.name} a second time")
            users[user.name] = user
    return users


def write_users(path: Path, users: Mapping[str, User]) -> None:
    """Write a file that only its owner can read; who reads it meanwhile sees the old one."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.partial")
    part.touch(mode=0o600, exist_ok=False)
    part.write_text("".join(f"{user.line}\n" for user in users.values()), "utf-8")
    part.replace(path)


class Users:
    """The people in a file; when the file changes, so do they.

    Raises
    ------
    UsersError, OSError
        If the file cannot be read or nobody is in it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._users = read_users(path)
        self._seen = _seen(path)
        self._nobody = User(
            name="nobody",
            role="viewer",
            salt=secrets.token_bytes(SALT_BYTES),
            hash=secrets.token_bytes(HASH_BYTES),
        )
        if not self._users:
            raise UsersError(f"{path} names nobody: use `avex users add {path} NAME`")

    def get(self, name: str) -> User | None:
        """Return somebody by name, as the file is now."""
        self._look()
        return self._users.get(name)

    def has_like(self, name: str) -> bool:
        """Return whether somebody is called like this, however wide or large it is written."""
        self._look()
        return _plain(name) in set(map(_plain, self._users))

    def check(self, name: str, password: str) -> User | None:
        """Return who has this name and password; for a name that is not there it takes as long."""
        user = self.get(name)
        asked = user or self._nobody
        found = _hash(password[:PASSWORD_MOST], asked.salt)
        # HMAC takes zeros at the end of a key for none, so a password could have more of them.
        is_right = hmac.compare_digest(found, asked.hash) and "\0" not in password
        return user if is_right else None

    def _look(self) -> None:
        seen = _seen(self._path)
        if seen == self._seen:
            return
        self._seen = seen
        try:
            self._users = read_users(self._path)
        except (UsersError, OSError, UnicodeDecodeError) as error:
            # Nobody rather than those of before: one of them may have been taken out.
            self._users = {}
            _logger.warning("nobody can log in: %s", error)


def _plain(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(plain.split())


def _seen(path: Path) -> tuple[int, ...]:
    try:
        known = path.stat()
    except OSError:
        return ()
    return known.st_ino, known.st_mtime_ns, known.st_size


def _read(line: str, where: str) -> User:
    parts = line.split(":")
    if len(parts) != 4 or not re.fullmatch(NAME_PATTERN, parts[0]):
        raise UsersError(f"{where} must be name:role:salt:hash, as `avex users add` writes it")
    name, role, salt, digest = parts
    if role not in get_args(Role):
        raise UsersError(f"{where}: the role must be one of {', '.join(get_args(Role))}")
    try:
        known, found = (
            base64.b64decode(salt, validate=True),
            base64.b64decode(digest, validate=True),
        )
    except binascii.Error as error:
        raise UsersError(f"{where}: the salt and hash must be base64: {error}") from error
    if len(found) != HASH_BYTES or len(known) != SALT_BYTES:
        raise UsersError(
            f"{where}: the salt and hash must have {SALT_BYTES} and {HASH_BYTES} bytes"
        )
    return User(name=name, role=cast("Role", role), salt=known, hash=found)


def _hash(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        password.encode(errors="surrogatepass"),
        salt=salt,
        n=COST,
        r=BLOCK,
        p=LANES,
        maxmem=MEMORY,
        dklen=HASH_BYTES,
    )


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
