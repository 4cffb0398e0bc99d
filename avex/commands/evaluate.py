"""`avex evaluate`: how well the engine finds what was painted, and what hides in an average."""

from pathlib import Path
from typing import Annotated

import typer

from avex.commands.evaluate_keypoints import keypoints
from avex.commands.options import AsJson, Minutes, Negatives, Seed
from avex.console import note
from avex.reports import show_report
from avex.sessions import load_session

CLUSTERS = 9

app = typer.Typer()


@app.callback()
def evaluate() -> None:
    """Measure how well strokes find what they ask for, and what averages tell of their images."""


@app.command()
def brushes(
    collection: Annotated[Path, typer.Argument(metavar="NAME.avex", help="The collection.")],
    label: Annotated[
        str, typer.Option(metavar="COLUMN", help="The metadata column that says what an image is.")
    ],
    strokes: Annotated[
        int, typer.Option(min=1, metavar="N", help="How many strokes of each brush to try.")
    ] = 200,
    seed: Annotated[int, typer.Option(help="Seed of the random choice of strokes.")] = 0,
    *,
    as_json: AsJson = False,
) -> None:
    """Measure the color and the sketch brush.

    Strokes are cut from random images: the dominant color, or the strongest edges, of a region. The
    image itself is left out; the share of the top 20 and 100 that have its label is compared with
    chance and with whole-image nearest neighbors.
    """
    from evaluation.brushes import evaluate_brushes
    from index.collection import open_collection

    report = evaluate_brushes(open_collection(collection), label, strokes=strokes, seed=seed)
    show_report(report, as_json=as_json)


@app.command()
def session(
    collection: Annotated[Path, typer.Argument(metavar="NAME.avex", help="The collection.")],
    session_path: Annotated[
        Path, typer.Argument(metavar="SESSION.json", help="A session, as the page saves it.")
    ],
    label: Annotated[
        str, typer.Option(metavar="COLUMN", help="The metadata column that says what an image is.")
    ],
    positive: Annotated[
        list[str],
        typer.Option(metavar="VALUE", help="A label that the session asks for; may be repeated."),
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Measure how well a session finds what it asks for.

    The share of each average's best images that have one of the labels.
    """
    from evaluation.brushes import evaluate_session
    from index.collection import open_collection

    opened = open_collection(collection)
    show_report(
        evaluate_session(opened, label, load_session(session_path), positive), as_json=as_json
    )


@app.command()
def modes(
    collection: Annotated[Path, typer.Argument(metavar="NAME.avex", help="The collection.")],
    label: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="The metadata column that says what an image is; by default the first with 2 to "
            "50 distinct values.",
        ),
    ] = None,
    spots: Annotated[int, typer.Option(min=1, metavar="N", help="How many spots to try.")] = 24,
    seed: Annotated[int, typer.Option(help="Seed of the random choice of spots.")] = 0,
    sheet: Annotated[
        Path | None,
        typer.Option(metavar="FILE.png", help="Draw the averages of all groups there, to look at."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Measure the modes that the explorer brush finds, beside k-means on the same patches.

    At random spots of every patch size: how many of a group's nearest patches are the collection's
    and not the natural world's, how sharp its average is, and how well the groups agree with the
    labels, if there are any.
    """
    from evaluation.modes import evaluate_modes
    from index.collection import open_collection

    opened = open_collection(collection)
    report = evaluate_modes(opened, label, spots=spots, seed=seed, sheet=sheet)
    show_report(report, as_json=as_json)


@app.command()
def clusters(  # noqa: PLR0913 - each parameter is an option of the command line
    collection: Annotated[Path, typer.Argument(metavar="NAME.avex", help="The collection.")],
    session_path: Annotated[
        Path | None,
        typer.Option(
            "--session", metavar="FILE", help="Our clusters; without, they are found now."
        ),
    ] = None,
    count: Annotated[
        int | None,
        typer.Option(
            "--clusters",
            min=2,
            metavar="K",
            help="How many clusters; by default as many as the session has, or 9.",
        ),
    ] = None,
    minutes: Minutes = None,
    images: Annotated[
        int,
        typer.Option(min=2, metavar="N", help="Of how many images averages are when compared."),
    ] = 40,
    negatives: Negatives = None,
    seed: Seed = 0,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the contact sheet there, as pictures and a page."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Measure our clusters beside k-means, spectral clustering, sub-categories and congealing.

    How sharp and how different the averages of equally many images are, how many images they
    explain, and how well the clusters agree with the labels, if there are any.
    """
    from avex.progress import Counted, progress_line
    from evaluation.clusters import Comparison, evaluate_clusters, write_sheets
    from index.collection import open_collection

    opened = open_collection(collection)
    session = load_session(session_path) if session_path else None
    compared = Comparison(
        clusters=count or (max(2, len(session.clusters)) if session else CLUSTERS),
        count=images,
        seed=seed,
        session=session,
        minutes=minutes,
        negatives=negatives,
    )
    with progress_line() as show:
        found = evaluate_clusters(
            opened, compared, lambda stage, done, total: show(Counted(stage, done, total, 0.0))
        )
    show_report(found.report, as_json=as_json)
    for path in write_sheets(found, out) if out else ():
        note(f"wrote {path}")


@app.command()
def support(
    collections: Annotated[
        list[Path],
        typer.Argument(
            metavar="NAME.avex OTHER.avex...",
            help="The collection, and collections of other things to cut foreign edits from.",
        ),
    ],
    cases: Annotated[
        int, typer.Option(min=1, metavar="N", help="How many cases of each sort to try.")
    ] = 60,
    seed: Annotated[int, typer.Option(help="Seed of the random choice of cases.")] = 0,
    *,
    as_json: AsJson = False,
) -> None:
    """Measure whether the support meter tells a present mode from an absent one.

    Edits are cut from a held-out image of the collection, from images of the others, and from
    several images at one place; the area under the curve of present against absent is reported.
    """
    from evaluation.support import evaluate_support
    from index.collection import open_collection

    first, *others = map(open_collection, collections)
    show_report(evaluate_support(first, others, cases=cases, seed=seed), as_json=as_json)


@app.command()
def planted(
    photographs: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help="Unrelated photographs, to plant objects in."),
    ],
    draws: Annotated[int, typer.Option(min=1, metavar="N", help="How many times to draw.")] = 5,
    count: Annotated[
        int, typer.Option(min=60, metavar="N", help="How many pictures each collection has.")
    ] = 300,
    seed: Annotated[int, typer.Option(help="Seed of the first draw.")] = 0,
    *,
    as_json: AsJson = False,
) -> None:
    """Measure how well edits find objects that are planted in photographs.

    Two figures with the same head, placed together and each edit alone; small cars anywhere; cars
    that drive to the other side; shifted copies of one picture.
    """
    from evaluation.planted import evaluate_planted

    report = evaluate_planted(photographs, draws=draws, count=count, seed=seed)
    show_report(report, as_json=as_json)


app.command()(keypoints)
