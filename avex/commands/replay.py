"""`avex replay`: a recorded session, without a browser."""

from pathlib import Path
from typing import Annotated

import typer

from avex.console import note, say
from explorer.session import WeightingName


def replay(
    collection: Annotated[Path, typer.Argument(metavar="NAME.avex", help="The collection.")],
    session: Annotated[
        Path, typer.Argument(metavar="SESSION.json", help="A session, as the page saves it.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the results go.")],
    weighting: Annotated[
        WeightingName | None,
        typer.Option(help="How scores become weights; as the session says by default."),
    ] = None,
    count: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Of how many images the averages are effectively made."
        ),
    ] = None,
) -> None:
    """Run a session without a browser.

    For each cluster it writes average-CLUSTER.png and ranking-CLUSTER.csv (every image with its
    weight, its score, and what each edit adds to it), and the session itself as session.json. The
    same collection and session give the same bytes.
    """
    from avex.replay import replay_session, with_weighting
    from avex.sessions import load_session
    from index.collection import open_collection

    edits = with_weighting(load_session(session), weighting, count)
    result = replay_session(open_collection(collection), edits, out)
    for warning in result.warnings:
        note(f"warning: {warning}")
    for path in result.written:
        say(str(path))
