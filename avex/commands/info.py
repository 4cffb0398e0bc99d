"""`avex info`: what a collection holds."""

from pathlib import Path
from typing import Annotated, Any

import typer

from avex.commands.options import AsJson
from avex.console import say, say_json

REJECTED_SHOWN = 20


def info(
    collection: Annotated[Path, typer.Argument(metavar="NAME.avex", help="The collection.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Print what a collection holds.

    Counts, sizes, the time and room that each stage took, duplicates, the files that were left out
    with their reasons, and what the modes of the explorer brush give up for being made fast.
    """
    from index.collection import open_collection
    from index.info import describe

    described = describe(open_collection(collection))
    if as_json:
        say_json(described)
    else:
        for line in lines(described):
            say(line)


def lines(described: dict[str, Any]) -> list[str]:
    """Return what `index.info.describe` found, for people."""
    rejected, duplicates = described["rejected"], described["duplicates"]
    told = [
        f"{described['name']}: {described['images']} images of "
        f"{described['width']}x{described['height']}, {_megabytes(described['bytes'])}",
        f"from {described['source']['kind']} {described['source']['path']}",
    ]
    if described["columns"]:
        told.append(f"metadata: {', '.join(described['columns'])}")
    told.append(f"duplicates: {len(duplicates)} groups")
    told += [f"  {' = '.join(group)}" for group in duplicates[:REJECTED_SHOWN]]
    told.append(f"left out: {len(rejected)} files")
    told += [f"  {file['path']}: {file['reason']}" for file in rejected[:REJECTED_SHOWN]]
    if max(len(rejected), len(duplicates)) > REJECTED_SHOWN:
        told.append("  ... the whole lists: --json")
    told.append("stages:")
    told += [
        f"  {name:<12} {cost['seconds']:8.1f} s  {_megabytes(cost['bytes']):>10}"
        for name, cost in described["stages"].items()
    ]
    return told + _modes(described)


def _modes(described: dict[str, Any]) -> list[str]:
    modes = described["modes"]
    if modes is None:
        return ["modes: none stored, the explorer brush finds them where it comes"]
    each = described["stages"]["modes"]["bytes"] / described["images"] / 1e3
    told = [
        f"modes: {modes['kind']}, {modes['modes']} at {modes['spots']} spots, "
        f"{each:.1f} kB an image"
    ]
    return told + ([f"  gives up: {modes['gives_up']}"] if modes["gives_up"] else [])


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB"
