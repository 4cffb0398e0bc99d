"""Who gets in: finds out who asks, by token, cookie or link, and gives out passes.

What a pass is good for is looked up anew each time, so nothing outlives what it came from: a link
that is revoked, a person who is taken out of the file, another password, another token.
"""

import dataclasses
import hashlib
import hmac
import secrets
from collections.abc import Mapping

from starlette.datastructures import QueryParams
from starlette.types import Scope

from ui.access.cookies import cookie_in, cookie_name
from ui.access.doors import Doors
from ui.access.ended import Ended
from ui.access.identity import OPEN, Identity, author_of, highest
from ui.access.links import Link, Links
from ui.access.passes import Pass, Passes, new_pass
from ui.access.users import User, Users, user_of
from ui.settings import Settings
from ui.wire.roles import Role

BEARER = "bearer "


class Access:
    """Who may use one server.

    Attributes
    ----------
    is_guarded
        Whether people are asked who they are.
    token, has_new_token
        Who shows it owns the server; None: nobody can. Whether it was made for this run.
    users
        Those who may log in; None: nobody by name.
    links, doors, passes
        The ways into single rooms, the sockets that are open, and what signs cookies.

    Raises
    ------
    UsersError, OSError
        If there is a file of people that cannot be read.
    """

    def __init__(self, settings: Settings) -> None:
        self.is_guarded = settings.is_guarded
        self.users = None if settings.users is None else Users(settings.users)
        self.token = settings.token or None
        needs_one = self.is_guarded and settings.token is None and self.users is None
        self.has_new_token = needs_one or settings.token == ""
        if self.has_new_token:
            self.token = secrets.token_urlsafe(24)
        self.links = Links()
        self.doors = Doors(settings)
        self.passes = Passes(settings.secrets_folder)
        self._ended = Ended(settings.secrets_folder)

    def identify(self, scope: Scope, headers: Mapping[str, str]) -> Identity | None:
        """Return who asks; None: somebody whom this server does not let in."""
        bearer = bearer_in(headers)
        if bearer is not None and self.is_guarded:
            return self._of_bearer(bearer)
        known = self.pass_in(scope, headers)
        found = None if known is None else self._of_pass(known)
        return found if self.is_guarded else _opened(scope, found)

    def pass_in(self, scope: Scope, headers: Mapping[str, str]) -> Pass | None:
        """Return the pass in a request's cookie, if it was signed here and has not ended."""
        text = cookie_in(headers.get("cookie", ""), cookie_name(scope))
        known = self.passes.read(text) if text else None
        return None if known is None or self._ended.has(known.id) else known

    def is_token(self, text: str) -> bool:
        """Return whether a text is the server's token."""
        return self.token is not None and hmac.compare_digest(_print(text), _print(self.token))

    def with_token(self, known: Pass | None) -> Pass:
        """Return the pass of somebody who has shown the token.

        They stay who they were if they had shown it before, and are somebody new else: whoever had
        planted another pass in this browser would be the same author, and own what they make.
        """
        proof = self.passes.proof(self.token or "")
        is_same = known is not None and self._role_of_token(known) is not None
        author = known.author if known is not None and is_same else ""
        return self._renewed(known, new_pass(author, proof=proof))

    def with_user(self, known: Pass | None, user: User) -> Pass:
        """Return the pass of somebody who has logged in."""
        proof = self.passes.proof(user.line)
        return self._renewed(known, new_pass(user.author, user=user.name, proof=proof))

    def with_link(self, known: Pass | None, link: Link) -> Pass:
        """Return the pass of somebody who has followed a link, and stays who they were."""
        begun = new_pass() if known is None else known
        others = tuple(other for other in begun.links if other != link.id)
        return dataclasses.replace(begun, links=(*others, link.id))

    def is_open(self, link: Link) -> bool:
        """Return whether a link lets anybody in: not if its author is out of the file of people."""
        name = user_of(link.author)
        is_out = self.users is not None and name != "" and self.users.get(name) is None
        return not is_out and self.links.is_open(link)

    def may_be_called(self, name: str) -> bool:
        """Return whether a guest may go by a name: not by one of somebody in the file of people."""
        return self.users is None or not self.users.has_like(name)

    def end(self, known: Pass) -> None:
        """Make a pass good for nothing, in whichever browser it lies, and shut its sockets."""
        self._ended.add(known.id, known.expires)
        self.doors.look()

    def _renewed(self, known: Pass | None, new: Pass) -> Pass:
        return new if known is None else dataclasses.replace(new, links=known.links)

    def _of_pass(self, known: Pass) -> Identity | None:
        links = [link for link in map(self.links.get, known.links) if link and self.is_open(link)]
        user = None if self.users is None or not known.user else self.users.get(known.user)
        if user is not None and not self._proves(known, user.line):
            user = None
        role = user.role if user is not None else self._role_of_token(known)
        if known.user and user is None:
            return None  # taken out, or the password is another one
        if role is None and not links:
            return None
        return Identity(
            author=known.author,
            name="" if user is None else user.name,
            role=role,
            grants=_grants(links),
            links=frozenset(link.id for link in links),
        )

    def _role_of_token(self, known: Pass) -> Role | None:
        is_of_token = self.token is not None and not known.user and known.proof != ""
        return "owner" if is_of_token and self._proves(known, self.token or "") else None

    def _proves(self, known: Pass, secret: str) -> bool:
        return hmac.compare_digest(known.proof, self.passes.proof(secret))

    def _of_bearer(self, text: str) -> Identity | None:
        if self.is_token(text):
            return Identity(author="program", role="owner")
        link = self.links.find(text)
        if link is None or not self.is_open(link):
            return None
        return Identity(
            author=f"link-{link.id}", grants=_grants([link]), links=frozenset({link.id})
        )


def bearer_in(headers: Mapping[str, str]) -> str | None:
    """Return the token in the header `Authorization: Bearer TOKEN`.

    Examples
    --------
    >>> bearer_in({"authorization": "Bearer abc"}), bearer_in({})
    ('abc', None)
    """
    said = headers.get("authorization", "")
    return said[len(BEARER) :].strip() if said.lower().startswith(BEARER) else None


def _opened(scope: Scope, found: Identity | None) -> Identity:
    """Return who asks an open server: an owner, but where a link was followed."""
    said = QueryParams(scope.get("query_string", b"")).get("author", "")
    author = author_of(said) if said else ""
    if found is None:
        return dataclasses.replace(OPEN, author=author)
    return dataclasses.replace(OPEN, author=author, grants=found.grants, links=found.links)


def _grants(links: list[Link]) -> dict[str, Role]:
    grants: dict[str, Role] = {}
    for link in links:
        grants[link.address] = highest(link.role, grants.get(link.address)) or link.role
    return grants


def _print(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()
