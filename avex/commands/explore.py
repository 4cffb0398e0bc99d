"""`avex explore`: averages that nobody painted."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from avex.console import CommandError, InterruptedCommand, say

if TYPE_CHECKING:
    from explorer.engine import Exploration
    from explorer.session import Cluster

MOST = 64
"""Clusters that a room of the page can have."""


def explore(
    collection: Annotated[Path, typer.Argument(metavar="NAME.avex", help="The collection.")],
    clusters: Annotated[
        int, typer.Option(min=1, max=MOST, metavar="K", help="How many averages.")
    ] = 9,
    minutes: Annotated[
        float | None,
        typer.Option(
            min=0.05,
            metavar="M",
            help="Begin nothing new after so many; without it, whatever is worth trying is tried.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The session to write; NAME-explored.json here by default."
        ),
    ] = None,
    sheet: Annotated[
        Path | None,
        typer.Option(metavar="FILE.png", help="Draw the averages there, side by side."),
    ] = None,
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Write over files that are there.")
    ] = False,
) -> None:
    """Find sharp, different averages without a person.

    It uses the edits that a person would: modes, images like one, sharpening. What it finds is an
    ordinary session, to be opened in the page and edited on. Without --minutes the same collection
    gives the same session.
    """
    from avex.exploring import ENDING, draw_averages, explore_collection
    from avex.progress import Counted, progress_line
    from avex.sessions import save_session
    from explorer.tour import TourOptions
    from index.collection import open_collection

    opened = open_collection(collection)
    target = out or Path(f"{opened.name}{ENDING}")
    for path in (target, sheet):
        if path is not None:
            _check_writable(path, force=force)
    if sheet is not None and sheet.suffix.lower() != ".png":
        raise CommandError(f"--sheet must end in .png, got {sheet}")
    try:
        with progress_line() as show:
            found = explore_collection(
                opened,
                TourOptions(clusters=clusters, minutes=minutes),
                progress=lambda share, what: show(Counted(what, round(100 * share), 100, 0.0)),
            )
    except KeyboardInterrupt as error:
        raise InterruptedCommand("interrupted, nothing was written") from error
    save_session(found.session, target)
    if sheet is not None:
        draw_averages(found, sheet)
    for cluster, exploration in found.clusters:
        say(line(cluster, exploration))
    count = len(found.clusters)
    say(f"{target}: {count} average{'s' if count > 1 else ''}")
    say(f"Look at them: avex serve {collection} --session {target}")


def line(cluster: "Cluster", exploration: "Exploration") -> str:
    """Return what a cluster is, for people."""
    return (
        f"{cluster.name}: {exploration.share:.0%} of the collection, drawn from about "
        f"{exploration.effective_images:.0f} images, sharpness {exploration.sharpness:.1f}"
    )


def _check_writable(path: Path, *, force: bool) -> None:
    """Say before the work whether its result could not be written."""
    if path.is_dir():
        raise CommandError(f"{path} is a folder: name a file")
    if path.exists() and not force:
        raise CommandError(f"{path} is there already: --force writes over it")
    if not path.parent.is_dir():
        raise CommandError(f"{path.parent} is no folder: make it first")
