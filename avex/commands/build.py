"""`avex build`: photographs become a collection."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from avex.console import CommandError, note, say

if TYPE_CHECKING:
    from precompute.options import BuildReport

REASONS_SHOWN = 10


def build(  # noqa: PLR0913 - each parameter is an option of the command line
    photos: Annotated[
        Path,
        typer.Argument(
            exists=True,
            metavar="PHOTOS",
            help="A folder (any depth), a .zip, a video, or a CSV or Parquet table with a `path` "
            "column.",
        ),
    ],
    out: Annotated[
        Path, typer.Option(metavar="NAME.avex", help="The collection to write or to add to.")
    ],
    size: Annotated[
        str, typer.Option(metavar="auto|WxH", help="Size of every image; auto takes the mean size.")
    ] = "auto",
    fit: Annotated[
        Literal["stretch", "crop", "pad"],
        typer.Option(help="What to do with photographs of another shape."),
    ] = "stretch",
    longer_side: Annotated[
        int, typer.Option(metavar="PIXELS", help="Upper limit of the longer side for --size auto.")
    ] = 256,
    fps: Annotated[
        float, typer.Option(metavar="N", help="Frames a second that are taken from a video.")
    ] = 2.0,
    natural_world: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="A folder of unrelated photographs, for the statistics that tell a telling edge "
            "from a common one. Without it those that come with avex are used.",
        ),
    ] = None,
    modes: Annotated[
        Literal["fast", "exact", "none"] | None,
        typer.Option(
            help="What the explorer brush finds at every place, made beforehand: fast takes "
            "minutes, exact follows the paper, needs --natural-world and takes hours, none leaves "
            "it to the brush, which then needs a moment at each place. By default what the "
            "collection has, fast for a new one.",
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(metavar="N", help="Processes that decode; one a core by default.")
    ] = None,
    *,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Start afresh instead of adding what is new.")
    ] = False,
) -> None:
    """Build a collection from photographs.

    Files that cannot be used are listed with their reason, and the rest is built. Interrupt it
    whenever you like: the same command goes on where it stopped. Run it again when the folder has
    grown, and only the new files are worked on; the modes of the explorer brush are made anew then,
    for they depend on all images.
    """
    from avex.building import shown_build
    from avex.sizes import parse_size
    from precompute.build import build as build_collection
    from precompute.options import BuildOptions

    try:
        options = BuildOptions(
            size=parse_size(size),
            fit=fit,
            longer_side=longer_side,
            fps=fps,
            natural_world=natural_world,
            modes=modes,
            workers=workers,
            rebuild=rebuild,
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    with shown_build() as show:
        report = build_collection(photos, out, options, on_progress=show)
    _tell(report)


def _tell(report: "BuildReport") -> None:
    for path, reason in report.rejected[:REASONS_SHOWN]:
        note(f"left out: {path}: {reason}")
    if len(report.rejected) > REASONS_SHOWN:
        note(f"... and {len(report.rejected) - REASONS_SHOWN} more: avex info {report.path}")
    if not report.images:
        raise CommandError(f"no photograph could be used of {len(report.rejected)} files")
    _tell_stale(report.path, "changed", report.changed)
    _tell_stale(report.path, "gone", report.vanished)
    say(
        f"{report.path}: {report.images} images ({report.added} new), "
        f"{len(report.rejected)} left out, duplicates: {report.duplicates}, "
        f"{report.seconds:.1f} s"
    )
    say(f"Look at it: avex serve {report.path}")


def _tell_stale(path: Path, what: str, names: Sequence[str]) -> None:
    if names:
        note(
            f"{len(names)} files are {what} since they were read, {names[0]} for one: {path} keeps "
            "the old pictures, --rebuild reads everything anew"
        )
