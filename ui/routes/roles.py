"""Which role a route asks for: declared at the route, checked before it runs.

A route under `/api` that declares none is found by a test. A room that somebody may not know of is
answered like one that there is not.
"""

from fastapi import Depends, Request
from fastapi.params import Depends as Dependency

from ui.access.identity import identity_of
from ui.rooms.hub import Hub, UnknownError
from ui.wire.roles import Role, is_at_least


class NotAllowedError(ValueError):
    """Somebody asks for what their role does not allow."""


class Least:
    """A check of the role in the room that stands in the path as `{collection}`."""

    def __init__(self, role: Role) -> None:
        self.role = role

    async def __call__(self, request: Request) -> None:
        """Let the request pass.

        Raises
        ------
        UnknownError
            If there is no such room, or whoever asks may not know of it.
        NotAllowedError
            If their role does not allow it.
        """
        address = request.path_params["collection"]
        hub: Hub = request.app.state.services.hub
        await hub.opened(address)
        check_role(request, address, self.role)


class OfServer:
    """A check that whoever asks owns the server."""

    async def __call__(self, request: Request) -> None:
        """Let the request pass.

        Raises
        ------
        NotAllowedError
            If somebody else asks.
        """
        if not identity_of(request).is_owner:
            raise NotAllowedError("this is for the owner of the server")


class OfAnybody:
    """A check that lets everybody pass whom the guard lets in: the answer depends on who asks."""

    async def __call__(self) -> None:
        """Let the request pass."""


def least(role: Role) -> Dependency:
    """Return what a route declares that needs a role in its room: `dependencies=[least("editor")]`.

    A router's role holds for all of its routes; a route may ask for more.
    """
    dependency: Dependency = Depends(Least(role))
    return dependency


def check_role(request: Request, address: str, role: Role) -> None:
    """Check the role in a room that does not stand in the path.

    Raises
    ------
    UnknownError
        If there is no such room, or whoever asks may not know of it.
    NotAllowedError
        If their role does not allow it.
    """
    hub: Hub = request.app.state.services.hub
    granted = identity_of(request).role_in(hub.room(address).about)
    if granted is None:
        raise UnknownError(f"there is no collection {address!r} here")
    if not is_at_least(granted, role):
        raise NotAllowedError(f"this needs the role {role}, yours is {granted}")


OWNER_OF_SERVER: Dependency = Depends(OfServer())
ANYBODY: Dependency = Depends(OfAnybody())
