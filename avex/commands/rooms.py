"""`avex rooms`: the rooms of a collection, while a server has them open or not."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from avex.commands.options import AsJson
from avex.console import FAILURE, note, say, say_json

if TYPE_CHECKING:
    from ui.rooms.log import RoomRecord

app = typer.Typer()

GO_BACK = "go back to the newest backup in which check finds nothing wrong: docs/rooms.md says how"

CollectionPath: TypeAlias = Annotated[
    Path, typer.Argument(metavar="NAME.avex", help="The collection, or a log of rooms itself.")
]
StateDir: TypeAlias = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Where the server keeps the rooms, as given to avex serve."),
]
RoomId: TypeAlias = Annotated[
    str, typer.Option(metavar="ID", help="The room: what `avex rooms list` shows.")
]


@app.callback()
def rooms() -> None:
    """List, save, open and check the rooms in which people work on a collection.

    All but import may run while a server has the rooms open.
    """


@app.command("list")
def list_rooms(
    collection: CollectionPath, *, state: StateDir = None, as_json: AsJson = False
) -> None:
    """List the rooms of a collection: its own, branches, and those that were brought.

    Private and archived ones are among them.
    """
    from avex.rooms import place_of, read_log, records

    place = place_of(collection, state)
    log = read_log(place)
    found = [(record, *log.last(record.id)) for record in records(log, place)]
    if as_json:
        say_json([_told(record, revision, updated) for record, revision, updated in found])
        return
    for record, revision, updated in found:
        changed = time.strftime("%Y-%m-%d %H:%M", time.localtime(updated or record.created))
        when = changed if updated or record.created else "never"
        say(f"{record.id:<26}  {revision:>7}  {when:<16}  {_shown(record.title)}{_remarks(record)}")


@app.command()
def export(
    collection: CollectionPath,
    out: Annotated[Path, typer.Option(metavar="FILE.zip", help="The file to write.")],
    room: RoomId = "main",
    state: StateDir = None,
) -> None:
    """Write a whole room, with everything that was ever done in it, to a file.

    The page opens it as a new room, and so does avex rooms import.
    """
    from avex.rooms import export_room, place_of

    manifest = export_room(place_of(collection, state), room, out)
    say(f"{out}: {_shown(manifest.title)}, {manifest.operations} operations")


@app.command("import")
def import_(
    collection: CollectionPath,
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="A room that was exported.")],
    author: Annotated[str, typer.Option(metavar="NAME", help="Whose the new room is.")] = "",
    state: StateDir = None,
) -> None:
    """Open an exported room as a new room; none that is there is touched.

    No server may have the collection open meanwhile: while one runs, its page opens such files.
    """
    from avex.rooms import import_room, place_of

    record, warnings = import_room(place_of(collection, state), file, author)
    for warning in warnings:
        note(f"warning: {warning}")
    say(f"{record.id}: {_shown(record.title)}")


@app.command()
def backup(
    collection: CollectionPath,
    out: Annotated[Path, typer.Option(metavar="FILE", help="The file to write; a new one.")],
    state: StateDir = None,
) -> None:
    """Write all rooms of a collection to one file, as they are at one moment.

    A server may go on meanwhile. To go back, stop it and put the file where the rooms were.
    """
    from avex.rooms import place_of, read_log, records

    place = place_of(collection, state)
    read_log(place).backup(out)
    written = place_of(out, None)
    log = read_log(written)
    known = records(log, written)
    say(f"{out}: {len(known)} rooms, {sum(log.last(one.id)[0] for one in known)} operations")


@app.command()
def check(
    collection: CollectionPath,
    room: Annotated[str | None, typer.Option(metavar="ID", help="Check this room alone.")] = None,
    state: StateDir = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Carry out everything that was ever done again, and compare it with what was written down.

    Exit status 1 if anything is wrong. A server may go on meanwhile.
    """
    from dataclasses import asdict

    from avex.rooms import place_of, read_log, record_of
    from ui.rooms.checking import check_log

    place = place_of(collection, state)
    only = None if room is None else record_of(read_log(place), place, room).id
    checked = check_log(place.log, only)
    if as_json:
        say_json({"file": str(place.log), **asdict(checked)})
    else:
        for problem in checked.problems:
            say(problem.text)
        for line in checked.notes:
            note(line)
        say(
            f"{place.log}: {len(checked.rooms)} rooms, {sum(checked.rooms.values())} operations, "
            f"{checked.checkpoints} digests compared, "
            f"{'all is well' if checked.is_clean else f'{len(checked.problems)} problems'}"
        )
    if not checked.is_clean:
        note(GO_BACK)
        raise typer.Exit(FAILURE)


def _told(record: "RoomRecord", revision: int, updated: float) -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(record), "revision": revision, "updated": updated}


def _shown(title: str) -> str:
    """Return a title without what a terminal would obey."""
    return "".join(letter for letter in title if letter.isprintable())


def _remarks(record: "RoomRecord") -> str:
    remarks = []
    if record.parent is not None:
        remarks.append(f"left {record.parent} at {record.base}")
    if record.is_private:
        remarks.append("private")
    if record.is_archived:
        remarks.append("archived")
    return f" ({', '.join(remarks)})" if remarks else ""
