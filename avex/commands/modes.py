"""`avex modes`: the modes of one place in an average."""

from pathlib import Path
from typing import Annotated, Any

import typer

from avex.commands.options import AsJson
from avex.console import note, say, say_json

LEAST_SIZE, MOST_SIZE = 8, 1024


def modes(  # noqa: PLR0913 - each parameter is an option of the command line
    collection: Annotated[Path, typer.Argument(metavar="NAME.avex", help="The collection.")],
    at: Annotated[
        str,
        typer.Option(
            metavar="X,Y", help="The middle of the patch, each from 0 to 1; y points down."
        ),
    ],
    size: Annotated[
        int,
        typer.Option(
            min=LEAST_SIZE,
            max=MOST_SIZE,
            metavar="S",
            help="Side of the patch, in pixels of the collection: 32, 48, 80 or 128, as far as "
            "they fit; another number takes the nearest.",
        ),
    ] = 80,
    session: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="A session of which the average is asked; all images by default."
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Which average of the session; the first by default."),
    ] = None,
    count: Annotated[
        int, typer.Option(min=1, max=100, metavar="N", help="How many modes at most.")
    ] = 10,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write them as a page with pictures.")
    ] = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write them as a table.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List the modes of one place: the local patterns that many images share.

    With a session, those of its average: fix one region with an edit, then list the modes of
    another. The edit that asks for each mode is in the JSON; it can be put into a session.

    An image counts once, for the mode that it shows best: `share` is how much of the average those
    images are, `images` how many of the whole collection. `inlier` is how much the mode belongs to
    this collection rather than to any photographs, from 0.75 to 1.
    """
    from avex.modes import modes_at, parse_point, report_to_json
    from avex.sessions import UNPLACED, load_session
    from explorer.engine import Engine
    from explorer.session import Session
    from index.collection import open_collection
    from index.files import write_text
    from ui.routes.modes_report import report_csv, report_html

    try:
        point = parse_point(at)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if cluster and not session:
        raise typer.BadParameter("--cluster names an average of --session FILE, which is missing")
    edits = load_session(session) if session else Session()
    average = edits.cluster(cluster) if cluster else edits.clusters[0]
    opened = open_collection(collection)
    exploration = Engine(opened).explore_in(edits, average.id)
    report = modes_at(opened, exploration, point, size, count=count)
    for edit_id in exploration.unplaced:
        note(f"warning: the edit {edit_id!r} counts for nothing: {UNPLACED}")
    if html:
        write_text(html, report_html(opened, average, exploration, report))
    if csv:
        write_text(csv, report_csv(opened, report))
    told = report_to_json(opened, average, exploration, report)
    if as_json:
        say_json(told)
    else:
        for line in lines(told):
            say(line)


def lines(told: dict[str, Any]) -> list[str]:
    """Return what `avex.modes.report_to_json` told, for people."""
    x, y = (told["box"][axis] + told["box"][axis + 2] / 2 for axis in (0, 1))
    shown = [
        f"{told['collection']}: {told['size']} pixels at {x:.2f},{y:.2f}, "
        f"about {told['effective_images']:.0f} images"
    ]
    if not told["modes"]:
        return [*shown, "no mode was found there: try another place, or another --size"]
    width = max(len(mode["edit"]["image"]) for mode in told["modes"])
    shown.append(f"rank  share  images  inlier  {'seed':<{width}}  examples")
    shown += [
        f"{mode['rank']:4}  {mode['share']:5.1%}  {mode['images']:6}  {mode['inlier']:6.2f}  "
        f"{mode['edit']['image']:<{width}}  "
        f"{', '.join(example['image'] for example in mode['examples'])}"
        for mode in told["modes"]
    ]
    return [
        *shown,
        f"      {told['others']:5.1%}  show another mode",
        f"      {told['none']:5.1%}  show none",
    ]
