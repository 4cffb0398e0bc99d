"""`avex export`: an average at full resolution, from the original files."""

from pathlib import Path
from typing import Annotated

import typer

from avex.console import note, say

REASONS_SHOWN = 10


def export(
    collection: Annotated[Path, typer.Argument(metavar="NAME.avex", help="The collection.")],
    session: Annotated[
        Path, typer.Argument(metavar="SESSION.json", help="A session, as the page saves it.")
    ],
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="FILE.png (8 bits) or FILE.tif (16 bits).")
    ],
    long_side: Annotated[
        int | None,
        typer.Option(
            min=16, max=16384, metavar="N", help="Longer side in pixels; the originals' by default."
        ),
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(metavar="ID", help="Which average; the first by default.")
    ] = None,
) -> None:
    """Render an average from the original files.

    At full resolution, as PNG or as TIFF of 16 bits. The originals must still lie where they were
    when the collection was built. Those that do not are listed, and the average is made of the
    rest.
    """
    from avex.export import export_average
    from avex.progress import counting, progress_line
    from avex.sessions import load_session
    from index.collection import open_collection

    with progress_line() as show:
        result = export_average(
            open_collection(collection),
            load_session(session),
            out,
            cluster=cluster,
            long_side=long_side,
            on_progress=counting(show, "render"),
        )
    for missing in result.missing[:REASONS_SHOWN]:
        note(f"left out: {missing.name}: {missing.reason}")
    if len(result.missing) > REASONS_SHOWN:
        note(f"... and {len(result.missing) - REASONS_SHOWN} more")
    height, width = result.size
    say(f"{out}: {width}x{height}, of {result.used} originals")
