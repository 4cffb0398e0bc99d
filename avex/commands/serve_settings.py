"""The settings of `avex serve`: each by a flag, an environment variable, or a key in a file.

A flag wins over the environment, which wins over the file.
"""

import inspect
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

MAKE_TOKEN = "auto"  # noqa: S105 - asks for one
LINES = "Where the server listens, and who gets in"
Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting.

    Attributes
    ----------
    name
        Its key in the file; the flag has dashes for its underscores, the variable capitals.
    kind
        Its type.
    default
        What it is if nobody says.
    help
        What it does.
    more
        What else `typer.Option` takes.
    """

    name: str
    kind: Any
    default: Any
    help: str
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def flag(self) -> str:
        """How it is called on the command line."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def variable(self) -> str:
        """How it is called in the environment."""
        return f"AVEX_{self.name.upper()}"

    @property
    def parameter(self) -> inspect.Parameter:
        """The parameter that typer makes an option of."""
        names = [f"{self.flag}/--no-{self.flag[2:]}"] if self.kind is bool else [self.flag]
        option = typer.Option(*names, help=self.help, envvar=self.variable, **self.more)
        return inspect.Parameter(
            self.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=self.default,
            annotation=Annotated[self.kind, option],
        )


SETTINGS = (
    Setting(
        name="host",
        kind=str,
        default="127.0.0.1",
        help="Where to listen; the default can be reached from here only.",
    ),
    Setting(
        name="port",
        kind=int,
        default=7860,
        help="Port; a free one is taken if it is in use.",
        more={"min": 0, "max": 65535},
    ),
    Setting(
        name="token",
        kind=str | None,
        default=None,
        help="Ask everybody for this token, or a new one where none is given; others can read a "
        "command line, so say yours in the environment or the file.",
        more={"metavar": "[TOKEN]"},
    ),
    Setting(
        name="users",
        kind=Path | None,
        default=None,
        help="Ask everybody to log in; `avex users add FILE NAME` writes the file.",
        more={"metavar": "FILE"},
    ),
    Setting(
        name="allow_host",
        kind=list[str] | None,
        default=None,
        help="Another name by which people reach the server, as through a proxy; may be repeated.",
        more={"metavar": "NAME"},
    ),
    Setting(
        name="builds",
        kind=Path | None,
        default=None,
        help="Where collections go that are built from the page, and are served from again; "
        "beside the first collection by default.",
        more={"metavar": "DIR"},
    ),
    Setting(
        name="state",
        kind=Path | None,
        default=None,
        help="Where the edits of every collection are kept; in its own folder by default.",
        more={"metavar": "DIR"},
    ),
    Setting(
        name="metrics",
        kind=bool,
        default=True,
        help="Tell figures of the server at /metrics, to its owner.",
    ),
    Setting(
        name="log_format",
        kind=str,
        default="text",
        help="How the log on standard error is written: text or json.",
        more={"metavar": "text|json"},
    ),
    Setting(
        name="log_level",
        kind=str,
        default="warning",
        help="What is logged: debug, info, warning or error.",
        more={"metavar": "LEVEL"},
    ),
)
FILES = ("users", "builds", "state", "session")
"""Settings that are paths: in a file, they begin at its folder."""
KEYS = ("collections", "session", *(setting.name for setting in SETTINGS))
"""What may stand in a file."""


def with_settings(function: Function) -> Function:
    """Give a command one option for each setting, and `--config`; it takes them as keywords."""
    own = inspect.signature(function)
    kept = [p for p in own.parameters.values() if p.kind is not inspect.Parameter.VAR_KEYWORD]
    config = inspect.Parameter(
        "config",
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[
            Path | None,
            typer.Option(
                metavar="FILE.toml",
                help="Read settings from a file, by their names here with _ for -; flags and the "
                "environment win over it.",
                envvar="AVEX_CONFIG",
                is_eager=True,
                callback=_from_file,
            ),
        ],
    )
    parameters = [*kept, *(setting.parameter for setting in SETTINGS), config]
    function.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
    return function


def read_config(path: Path) -> dict[str, Any]:
    """Return the settings in a file.

    Raises
    ------
    ValueError
        If it is no TOML, or names a setting that there is not.
    OSError
        If it cannot be read.
    """
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path} must be TOML: {error}") from error
    unknown = sorted(found.keys() - set(KEYS))
    if unknown:
        raise ValueError(f"{path} must have only {', '.join(KEYS)}, got {', '.join(unknown)}")
    for name in FILES:
        if isinstance(found.get(name), str):
            found[name] = str(path.parent / found[name])
    if isinstance(found.get("collections"), list):
        found["collections"] = [str(path.parent / name) for name in found["collections"]]
    return found


def _from_file(context: typer.Context, path: Path | None) -> Path | None:
    if path is not None:
        try:
            context.default_map = {**(context.default_map or {}), **read_config(path)}
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
    return path
