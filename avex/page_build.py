"""A build that the page asked for: `precompute` told in the words of `ui`."""

from pathlib import Path

from precompute import options
from precompute.build import build_collection
from ui.builds import Progress, Report


def build_for_page(source: Path, out: Path, report: Report) -> None:
    """Build a collection with the default options; an exception out of `report` stops it."""

    def show(progress: options.Progress) -> None:
        report(Progress(stage=progress.stage, done=progress.done, total=progress.total or None))

    build_collection(source, out, options.BuildOptions(), on_progress=show)
