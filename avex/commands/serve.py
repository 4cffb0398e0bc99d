"""`avex serve`: the page, for one or several collections."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from avex.console import note

if TYPE_CHECKING:
    from ui.settings import Settings


def serve(
    collections: Annotated[
        list[Path] | None,
        typer.Argument(metavar="NAME.avex ...", help="Collections; the first is shown first."),
    ] = None,
    session: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Open this session in the first collection, if nobody edited it."
        ),
    ] = None,
    host: Annotated[
        str, typer.Option(help="Where to listen; the default can be reached from here only.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port; a free one is taken if it is in use.")
    ] = 7860,
    builds: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Where collections go that are built from the page, and are served from again; "
            "beside the first collection by default.",
        ),
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Where the edits of every collection are kept; in its own folder by default.",
        ),
    ] = None,
) -> None:
    """Serve the page in which averages are painted.

    It prints the page's address. Nothing leaves this machine. There is no login, so nothing but
    this machine reaches the page unless --host says so.
    """
    from avex.sessions import load_session
    from ui.settings import Settings

    if session and not collections:
        raise typer.BadParameter("--session FILE is opened in a collection: name one")
    serve_collections(
        Settings(
            collections=tuple(collections or ()),
            session=load_session(session) if session else None,
            host=host,
            port=port,
            builds_dir=builds,
            state_dir=state,
        )
    )


def serve_collections(settings: "Settings") -> None:
    """Serve until interrupted."""
    from avex.building import build_for_page
    from ui.app import serve as serve_page

    if not settings.is_loopback:
        note(f"{settings.host} is open to other machines, and there is no login (SECURITY.md)")
    serve_page(settings, build=build_for_page)
