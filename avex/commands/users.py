"""`avex users`: the file of people who may log in to `avex serve --users FILE`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from avex.console import CommandError, note, say

if TYPE_CHECKING:
    from ui.access.users import User

FileName: TypeAlias = Annotated[Path, typer.Argument(metavar="FILE", help="The file of people.")]
UserName: TypeAlias = Annotated[str, typer.Argument(metavar="NAME", help="Who it is about.")]

app = typer.Typer()


@app.callback()
def users() -> None:
    """Keep the file of people who may log in; passwords are kept as hashes only."""


@app.command()
def add(
    path: FileName,
    name: UserName,
    role: Annotated[
        str,
        typer.Option(
            metavar="ROLE",
            help="viewer looks, annotator marks and comments, editor paints, owner does everything "
            "and lets others in.",
        ),
    ] = "editor",
) -> None:
    """Add somebody, or give them another password or role.

    The password is asked for; in a script it is the first line of standard input. A server that
    runs takes the change at once, and who had the old password has to log in again.
    """
    from typing import cast, get_args

    from ui.access.users import new_user, write_users
    from ui.wire.roles import Role

    if role not in get_args(Role):
        roles = ", ".join(get_args(Role))
        raise typer.BadParameter(f"a role must be one of {roles}, got {role!r}")
    known = _read(path)
    is_new = name not in known
    known[name] = new_user(name, cast("Role", role), _password(name))
    write_users(path, known)
    note(f"{name} is {'a new' if is_new else 'now'} {role} in {path}")


@app.command(name="list")
def list_users(path: FileName) -> None:
    """Print who may log in, with their roles."""
    for user in _existing(path).values():
        say(f"{user.name}\t{user.role}")


@app.command()
def remove(path: FileName, name: UserName) -> None:
    """Take somebody out: a server that runs shuts them out within seconds."""
    from ui.access.users import write_users

    known = _existing(path)
    if known.pop(name, None) is None:
        raise CommandError(f"{path} does not name {name}: it names {', '.join(known) or 'nobody'}")
    write_users(path, known)
    note(f"{name} is out of {path}")


def _existing(path: Path) -> dict[str, "User"]:
    from ui.access.users import read_users

    return read_users(path)


def _read(path: Path) -> dict[str, "User"]:
    return _existing(path) if path.exists() else {}


def _password(name: str) -> str:
    """Return the password: asked for twice of a person, the first line of another program."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt(f"Password of {name}", hide_input=True, confirmation_prompt=True))
