"""A build that the page asked for: `precompute` told in the words of `ui`."""

from pathlib import Path

from avex.sizes import parse_size
from precompute import options
from precompute.build import build
from ui.builds import Fit, Progress, Report


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
