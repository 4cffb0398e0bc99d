"""The command `avex`. What a command needs is imported when it runs: `--help` is there at once."""

import sys
from collections.abc import Sequence
from functools import partial
from typing import Annotated

import typer

from avex.commands import (
    bench,
    bench_rooms,
    build,
    demo,
    evaluate,
    explore,
    export,
    info,
    keypoints,
    modes,
    replay,
    rooms,
    serve,
    users,
)
from avex.console import WRONG_USE, run_command, say

COMMANDS = (
    build.build,
    info.info,
    serve.serve,
    demo.demo,
    explore.explore,
    modes.modes,
    replay.replay,
    export.export,
    bench.bench,
)

BENCH_ROOMS = "bench rooms"
"""A command of two words, beside `bench`, which takes names of measurements."""

app = typer.Typer(
    name="avex",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for function in COMMANDS:
    app.command(cls=serve.ServeCommand if function is serve.serve else None)(function)
app.command(BENCH_ROOMS)(bench_rooms.bench_rooms)
GROUPS = {
    "evaluate": evaluate.app,
    "keypoints": keypoints.app,
    "rooms": rooms.app,
    "users": users.app,
}
for name, group in GROUPS.items():
    app.add_typer(group, name=name)


def show_version(value: bool) -> None:  # noqa: FBT001 - typer calls it with the option's value
    """Print the version, and end."""
    if value:
        from importlib.metadata import version

        say(f"avex {version('average-explorer')}")
        raise typer.Exit


@app.callback()
def avex(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Explore a collection of photographs by editing its average image.

    Start with `avex demo`. With photographs of your own: `avex build PHOTOS --out NAME.avex`, and
    then `avex serve NAME.avex`.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line, and end the program with its exit status; no words show the help."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if " ".join(words[:2]) == BENCH_ROOMS:
        words[:2] = [BENCH_ROOMS]
    known = {BENCH_ROOMS} | {function.__name__ for function in COMMANDS} | {*GROUPS}
    program = f"avex {words[0]}" if words and words[0] in known else "avex"
    command = partial(app, args=words or ["--help"], prog_name="avex", standalone_mode=False)
    status = run_command(command, program)
    sys.exit(status if words else WRONG_USE)


if __name__ == "__main__":
    main()
