"""`avex serve`: the page, for one or several collections."""

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer
from typer.core import TyperCommand

from avex.commands.serve_settings import MAKE_TOKEN, with_settings
from avex.console import note

if TYPE_CHECKING:
    from ui.settings import Settings


class ServeCommand(TyperCommand):
    """Lets `--token` stand without a token."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words, and ask for a new token where none follows."""
        words = []
        for word, after in itertools.zip_longest(args, args[1:], fillvalue="-"):
            words.append(word)
            if word == "--token" and after.startswith("-"):
                words.append(MAKE_TOKEN)
        return super().parse_args(ctx, words)


@with_settings
def serve(
    collections: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="NAME.avex ...",
            help="Collections; the first is shown first.",
            envvar="AVEX_COLLECTIONS",
        ),
    ] = None,
    session: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Open this session in the first collection, if nobody edited it.",
            envvar="AVEX_SESSION",
        ),
    ] = None,
    **options: Any,
) -> None:
    """Serve the page in which averages are painted.

    It prints the page's address. Nothing leaves this machine, and no tunnel is opened. Only this
    machine reaches the page, and nobody logs in, unless --host says so: then everybody needs a
    token, a link or a password (SECURITY.md).
    """
    from avex.sessions import load_session

    if session and not collections:
        raise typer.BadParameter("--session FILE is opened in a collection: name one")
    opened = load_session(session) if session else None
    serve_collections(_settings(tuple(collections or ()), opened, options))


def _settings(collections: tuple[Path, ...], session: Any, options: dict[str, Any]) -> "Settings":
    from ui.settings import LogFormat, LogLevel, Settings

    for name, kind in (("log_format", LogFormat), ("log_level", LogLevel)):
        if options[name] not in get_args(kind):
            words = ", ".join(get_args(kind))
            raise typer.BadParameter(f"{name} must be one of {words}, got {options[name]!r}")
    if options["token"] == "":
        raise typer.BadParameter("--token needs a token, or nothing after it, got an empty one")
    token = "" if options["token"] == MAKE_TOKEN else options["token"] or None
    try:
        return Settings(
            collections=collections,
            session=session,
            host=options["host"],
            port=options["port"],
            token=token,
            users=options["users"],
            allowed_hosts=tuple(options["allow_host"] or ()),
            builds_dir=options["builds"],
            state_dir=options["state"],
            metrics=options["metrics"],
            log_format=options["log_format"],
            log_level=options["log_level"],
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def serve_collections(settings: "Settings") -> None:
    """Serve until interrupted, and say first what others can reach."""
    from avex.building import build_for_page
    from ui.app import serve as serve_page
    from ui.exposed import exposed

    for line in exposed(settings):
        note(line)
    serve_page(settings, build=build_for_page)
