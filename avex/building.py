"""Builds for people: with progress on the terminal, and as the page asks for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from avex.console import InterruptedCommand
from avex.progress import progress_line
from avex.sizes import parse_size
from precompute import options
from precompute.build import build
from precompute.errors import BuildCancelled
from ui.building.builds import Fit, Progress, Report


@contextmanager
def shown_build() -> Iterator[options.OnProgress]:
    """Give a function that shows the progress of the builds in the block.

    Raises
    ------
    InterruptedCommand
        If a build is interrupted; it can be resumed.
    """
    try:
        with progress_line() as show:
            yield show
    except BuildCancelled as error:
        raise InterruptedCommand(str(error)) from error


def build_for_page(source: Path, out: Path, *, size: str, fit: Fit, report: Report) -> None:
    """Build a collection; an exception out of `report` stops it.

    Raises
    ------
    BuildError
        If the photographs or the options are not what they must be.
    """

    def show(progress: options.Progress) -> None:
        report(Progress(stage=progress.stage, done=progress.done, total=progress.total or None))

    chosen = options.BuildOptions(size=parse_size(size), fit=fit)
    build(source, out, chosen, on_progress=show)
