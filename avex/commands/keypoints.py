"""`avex keypoints`: marks carried to images, and points to and from the files of other tools."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from avex.console import CommandError, InterruptedCommand, note, say
from explorer.annotation import Merge

if TYPE_CHECKING:
    from explorer.session import Session
    from index.collection import Collection

app = typer.Typer()

CollectionPath: TypeAlias = Annotated[
    Path, typer.Argument(metavar="NAME.avex", help="The collection.")
]
SessionPath: TypeAlias = Annotated[
    Path, typer.Option(metavar="FILE", help="A session, as the page saves it.")
]
SessionOut: TypeAlias = Annotated[
    Path, typer.Option(metavar="FILE", help="The session to write; may be the one that is read.")
]
Threshold: TypeAlias = Annotated[
    float, typer.Option(min=0, max=1, metavar="T", help="The least confidence of a point.")
]
MergeWay: TypeAlias = Annotated[
    Merge,
    typer.Option(help="Where an image has the point already: keep it, or put the new one there."),
]
# The names of `FormatName`; its module would be loaded for them.
Format: TypeAlias = Literal["coco", "yolo", "csv"]
Author: TypeAlias = Annotated[str, typer.Option(metavar="NAME", help="Whose the points are.")]


@app.callback()
def keypoints() -> None:
    """Carry keypoints from averages to images, and exchange them with other tools.

    Schema and marks are placed in the page, which saves them in the session.
    """


@app.command()
def propagate(
    collection: CollectionPath,
    session: SessionPath,
    out: SessionOut,
    threshold: Threshold = 0.0,
    merge: MergeWay = "missing",
    author: Author = "",
) -> None:
    """Carry the marks of a session's averages to their images, and accept the points.

    As the page does: every image takes the marks of the average that most of it is. The points are
    one more layer of the session; what was placed by hand is never covered.
    """
    from avex.keypoints import Counted, accept, carry, counted
    from avex.progress import Counted as Share
    from avex.progress import progress_line
    from avex.sessions import save_session

    _check_parent(out)
    opened, known = _opened(collection, session)
    try:
        with progress_line() as show:
            carried = carry(
                opened,
                known,
                progress=lambda share: show(Share("carry", round(100 * share), 100, 0.0)),
            )
    except KeyboardInterrupt as error:
        raise InterruptedCommand("interrupted, nothing was written") from error
    accepted = accept(opened, known, carried, threshold=threshold, merge=merge, author=author)
    save_session(accepted, out)
    layer = accepted.annotation.layers[-1]
    proposed = counted(carried.proposals)
    say(f"{out}: {Counted.of(layer)}, of {proposed} that were proposed")


@app.command()
def export(
    collection: CollectionPath,
    session: SessionPath,
    out: Annotated[
        Path,
        typer.Option(metavar="FILE", help="FILE.json (COCO), FILE.zip (YOLO-pose) or FILE.csv."),
    ],
    format: Annotated[
        Format | None, typer.Option(help="The format; by default the ending says it.")
    ] = None,
    threshold: Threshold = 0.0,
    author: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose points; everybody's by default.")
    ] = None,
) -> None:
    """Write the points of a session's images for other tools.

    In pixels of the upright original photographs. The threshold counts for points that nobody
    placed by hand.
    """
    from avex.keypoints import export_points, format_of
    from index.files import write_atomically

    kind = format_of(out, format)
    opened, known = _opened(collection, session)
    content, counted, missing = export_points(
        opened, known.annotation, kind, threshold=threshold, author=author
    )
    write_atomically(out, lambda file: file.write(content))
    _note_missing(missing)
    say(f"{out}: {counted}")


@app.command(name="import")
def import_(  # noqa: PLR0913 - each parameter is an option of the command line
    collection: CollectionPath,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A file of keypoints: COCO, YOLO-pose or CSV.")
    ],
    out: SessionOut,
    session: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A session to lay the points on; a new one by default."),
    ] = None,
    format: Annotated[
        Format | None, typer.Option(help="The format; by default the ending says it.")
    ] = None,
    template: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The schema of a session that has none: face-68, face-5 or coco-person; the "
            "file's by default.",
        ),
    ] = None,
    merge: MergeWay = "overwrite",
    author: Annotated[
        str,
        typer.Option(metavar="NAME", help="Whose the points are that the file gives to nobody."),
    ] = "",
) -> None:
    """Read points from a file of another tool into a session.

    Images are found by their paths, then by their file names where those are unique; those that the
    collection does not have are counted and named. The session opens in the page with avex serve
    --session.
    """
    from avex.keypoints import Counted, format_of, import_points, with_template
    from avex.sessions import save_session

    kind = format_of(file, format)
    _check_parent(out)
    opened, known = _opened(collection, session)
    if template:
        known = with_template(known, template)
    read, reading = import_points(
        opened, known, file.read_bytes(), kind, merge=merge, author=author
    )
    for warning in reading.warnings():
        note(f"warning: {warning}")
    save_session(read, out)
    say(f"{out}: {Counted(reading.images, reading.count)}, schema {reading.schema.name!r}")


def _opened(collection: Path, session: Path | None) -> "tuple[Collection, Session]":
    """Open a collection and a session of it, a new one if there is none."""
    from avex.sessions import load_session
    from explorer.session import Session
    from index.collection import open_collection

    opened = open_collection(collection)
    known = load_session(session) if session else Session(collection=opened.name)
    if known.collection not in ("", opened.name):
        note(f"warning: the session was made on {known.collection!r}, this is {opened.name!r}")
    return opened, known


def _check_parent(path: Path) -> None:
    """Say before the work whether its result could not be written."""
    if path.is_dir():
        raise CommandError(f"{path} is a folder: name a file")
    if not path.parent.is_dir():
        raise CommandError(f"{path.parent} is no folder: make it first")


def _note_missing(images: tuple[str, ...]) -> None:
    from explorer.keypoints.formats.reading import listed

    if images:
        many = "image" if len(images) == 1 else "images"
        note(f"left out: {len(images)} {many} that the collection does not have: {listed(images)}")
