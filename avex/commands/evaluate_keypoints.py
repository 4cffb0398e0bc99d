"""`avex evaluate keypoints`: how well marks on averages become the keypoints of every image."""

from pathlib import Path
from typing import Annotated

import typer

from avex.commands.options import AsJson, Minutes, Negatives, Seed
from avex.console import note
from avex.reports import show_report
from avex.sessions import load_session

CLUSTERS = 22


def keypoints(  # noqa: PLR0913 - each parameter is an option of the command line
    collection: Annotated[Path, typer.Argument(metavar="NAME.avex", help="The collection.")],
    annotations: Annotated[
        Path,
        typer.Option(
            metavar="FILE.csv",
            help="The true points: columns file,x0,y0,x1,y1,... in pixels of the originals, or "
            "what `avex keypoints export` writes.",
        ),
    ],
    session_path: Annotated[
        Path | None,
        typer.Option(
            "--session", metavar="FILE", help="Our clusters; without, they are found now."
        ),
    ] = None,
    count: Annotated[
        int,
        typer.Option(
            "--clusters",
            min=2,
            metavar="K",
            help="How many averages are marked; of a session, as many as it has.",
        ),
    ] = CLUSTERS,
    coverage: Annotated[
        float,
        typer.Option(
            min=0.01, max=1.0, metavar="SHARE", help="What share of the points is annotated."
        ),
    ] = 0.9,
    points: Annotated[
        str | None,
        typer.Option(metavar="LIST", help="Only these keypoints: 17-67, or 0,8,16, or names."),
    ] = None,
    where: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN=VALUE",
            help="Count only the images of which the table says so, such as split=test.",
        ),
    ] = None,
    minutes: Minutes = None,
    negatives: Negatives = None,
    seed: Seed = 0,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Draw there the error against the coverage, the marked averages, and the worst "
            "and random images.",
        ),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Measure keypoints carried from averages to images, beside other ways to make averages.

    A simulated annotator marks each average where the true points of its 10 heaviest images are, on
    the mean. The errors are those of all other images, with as many marked averages a method: ours,
    the global mean (one), k-means, spectral clustering, sub-categories, and congealing.
    """
    from avex.progress import Counted, progress_line
    from evaluation.keypoint_pictures import write_pictures
    from evaluation.keypoint_truth import read_truth
    from evaluation.keypoints import KeypointOptions, evaluate_keypoints
    from index.collection import open_collection

    opened = open_collection(collection)
    truth = read_truth(annotations, opened)
    truth = truth.chosen(points) if points is not None else truth
    if where is not None:
        truth.where(where)  # it is wrong now rather than after minutes
    options = KeypointOptions(
        clusters=count,
        coverage=coverage,
        where=where,
        seed=seed,
        session=load_session(session_path) if session_path else None,
        minutes=minutes,
        negatives=negatives,
    )
    with progress_line() as show:
        found = evaluate_keypoints(
            opened,
            truth,
            options,
            lambda stage, done, total: show(Counted(stage, done, total, 0.0)),
        )
    show_report(found.report, as_json=as_json)
    for path in write_pictures(found, out) if out else ():
        note(f"wrote {path}")
