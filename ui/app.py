"""The server put together: rooms, workers, builds, our routes, and the page last."""

import asyncio
import contextlib
import errno
import glob
import logging
import os
import socket as sockets
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from starlette.responses import Response
from starlette.routing import Match, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from explorer.engine import Engine as ExplorerEngine
from explorer.modes.finder import ModeFinder
from index.collection import open_collection
from index.errors import CollectionError
from ui.access.access import Access
from ui.access.guard import Guard
from ui.access.links import LinkError
from ui.access.login import login_routes
from ui.building.builds import Build, Builds, Finished
from ui.building.built_here import remember, remembered
from ui.computing.averages import Engine
from ui.computing.warmup import warm_up
from ui.exposed import address_of
from ui.keypoints.service import Propagations
from ui.library import Library, Nearest, nearest
from ui.patience import Patient, hide_links
from ui.patient_socket import PatientSocket
from ui.rooms.hub import Hub
from ui.rooms.room import OperationError
from ui.rooms.store import StoreError
from ui.routes.assembled import add_routes
from ui.services import Services
from ui.settings import Settings
from ui.socket import socket_routes
from ui.stopping import GracefulServer, leave, stopped
from ui.tours import Tours
from ui.watching.logs import set_up_logs
from ui.watching.requests import Counted

STATIC = Path(__file__).parent / "static"
SHUTDOWN_S = 2
SWITCH_S = 0.0005
"""How long a thread that computes keeps others waiting: by default ten times as long, which every
message to a member would wait."""
LOOK_S = 5.0
REQUESTS_AT_ONCE = 512
"""Connections that may be open beside sockets; more are told to come back later."""

_logger = logging.getLogger(__name__)


def finder_of(library: Library) -> ModeFinder:
    """Return what finds the modes of a collection, those included that a build has stored."""
    return ModeFinder(library, library.modes_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the server is made from; tests put in smaller ones."""

    open_library: Callable[[Path], Library] = open_collection
    make_engine: Callable[[Library], Engine] = ExplorerEngine
    make_finder: Callable[[Library], ModeFinder] = finder_of
    nearest: Nearest = nearest
    warm_up: Callable[[Sequence[Library]], object] = warm_up
    build: Build | None = None


def create_app(settings: Settings, build: Build | None = None) -> FastAPI:
    """Return the whole application, with the page.

    Parameters
    ----------
    settings
        What to serve and where.
    build
        How the page builds a collection; None: it cannot.

    Raises
    ------
    CollectionError, StoreError
        If a collection or its rooms' log cannot be opened.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    app = create_server(settings, Parts(build=build))
    from ui.page import mount_page

    return mount_page(app, app.state.services)


def create_server(settings: Settings, parts: Parts) -> FastAPI:
    """Return the application without the page: socket, HTTP routes, static files.

    Raises
    ------
    CollectionError, StoreError
        If a collection or its rooms' log cannot be opened.
    UnknownError, OperationError
        If a session is to be shown, and there is no collection, or it has been edited.
    """
    services = _opened(settings, parts)
    app = FastAPI(
        lifespan=lambda _: _running(services, parts),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.services = services
    app.include_router(socket_routes(services.hub, services.access))
    app.include_router(login_routes(services.access))
    add_routes(app, services)
    app.router.routes.append(_OwnFiles("/static", app=_Static(directory=STATIC)))
    app.add_middleware(Guard, settings=settings, access=services.access)
    app.add_middleware(Counted)
    return app


def _opened(settings: Settings, parts: Parts) -> Services:
    """Open the collections, and return what serves them."""
    access = Access(settings)
    hub = Hub(settings, parts.make_engine, parts.make_finder)

    def add(path: Path) -> str:
        name = hub.add(parts.open_library(path))
        access.links.serve(name, hub.rooms[name].store.path)
        if settings.is_guarded:
            _keep_private(hub.rooms[name].store.path)
        return name

    def finished(path: Path) -> Finished:
        name = add(path)
        library = hub.rooms[name].library
        rejected = tuple((item["path"], item["reason"]) for item in library.report["rejected"])
        remember(path)
        return Finished(collection=name, images=library.size, rejected=rejected)

    for path in settings.collections:
        add(path)
    if settings.session is not None:
        hub.room(None).begin(settings.session)
    for path in remembered(settings.builds_folder, settings.collections):
        _add_remembered(add, path)
    builds = Builds(settings.builds_folder, parts.build, finished)
    return Services(settings, hub, builds, parts.nearest, Tours(hub), Propagations(hub), access)


@asynccontextmanager
async def _running(services: Services, parts: Parts) -> AsyncIterator[None]:
    """Run what works beside the routes, as long as the block does."""
    hub = services.hub
    hub.start()
    services.builds.start()
    parts.warm_up([room.library for room in hub.rooms.values()])
    hub.modes.warm_up()
    looking = asyncio.create_task(_look_after(services.access))
    try:
        yield
    finally:
        looking.cancel()
        await stopped(services.builds.stop, services.tours.stop, services.propagations.stop)
        await hub.stop()


async def _look_after(access: Access) -> None:
    """Shut the sockets of those whose pass has ended, or who are out of the file of people."""
    while True:
        await asyncio.sleep(LOOK_S)
        access.doors.look()


def _add_remembered(add: Callable[[Path], str], path: Path) -> None:
    """Serve a collection that nobody asked for by name: if it cannot be, the others still are."""
    try:
        add(path)
    except (CollectionError, OperationError, StoreError, LinkError) as error:
        _logger.warning("%s was built from a page, but cannot be served: %s", path, error)


def _keep_private(path: Path) -> None:
    """Let nobody else on this machine read a room's log, nor what SQLite writes beside it."""
    for file in path.parent.glob(f"{glob.escape(path.name)}*"):
        with contextlib.suppress(FileNotFoundError):
            file.chmod(0o600)


class _OwnFiles(Mount):
    """Takes only the paths of files that we have: Gradio has others under the same prefix."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return whether one of our files is asked for."""
        match, child = super().matches(scope)
        name = scope["path"].rpartition("/static/")[2]
        return (match, child) if _is_ours(name) else (Match.NONE, {})


def _is_ours(name: str) -> bool:
    """Return whether a file is one of ours; of others it must not show whether they are there."""
    file = Path(os.path.normpath(STATIC / name))
    try:
        return file.is_relative_to(STATIC) and file.is_file()
    except (OSError, ValueError):  # longer than names may be, for example
        return False


class _Static(StaticFiles):
    """Our own files: always asked for again, answered with 304 as long as they are the same."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file, not to be used again without asking."""
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-cache"
        return response


def serve(settings: Settings, build: Build | None = None) -> None:
    """Serve until interrupted, then end the program; print the address as soon as it answers.

    Raises
    ------
    CollectionError, StoreError
        If a collection or its rooms' log cannot be opened.
    OSError
        If the host cannot be listened on.
    """
    set_up_logs(settings.log_format, settings.log_level)
    sys.setswitchinterval(SWITCH_S)
    listener = _listen(settings)
    port = listener.getsockname()[1]
    app = create_app(settings, build)
    if settings.port not in (0, port):
        print(f"port {settings.port} is taken, using {port}", flush=True)  # noqa: T201
    logging.getLogger("uvicorn.access").addFilter(hide_links)
    config = uvicorn.Config(
        app,
        http=Patient,
        ws=PatientSocket,
        limit_concurrency=settings.sockets_limit + REQUESTS_AT_ONCE,
        log_config=None,
        access_log=settings.log_level == "debug",
        ws_per_message_deflate=False,
        ws_max_size=settings.message_limit,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    access: Access = app.state.services.access
    address = address_of(settings.host, port)
    if access.has_new_token:
        address += f"/join/{access.token}"
    with contextlib.suppress(KeyboardInterrupt):
        send_away = app.state.services.hub.send_away
        GracefulServer(config, address, send_away).run(sockets=[listener])
    leave()


def _listen(settings: Settings) -> sockets.socket:
    """Return a listening socket on the port, or on a free one if it is taken.

    Raises
    ------
    ValueError
        If the host is none of this machine, or the port not for this user.
    """
    try:
        return _listener(settings.host, settings.port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise ValueError(
                f"--host and --port must be an address of this machine, got {settings.host} "
                f"{settings.port}: {error.strerror}"
            ) from error
        return _listener(settings.host, 0)


def _listener(host: str, port: int) -> sockets.socket:
    listener = sockets.socket(sockets.AF_INET6 if ":" in host else sockets.AF_INET)
    try:
        listener.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener
