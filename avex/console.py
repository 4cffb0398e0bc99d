"""What every command shares: results on standard output, errors in one line on standard error."""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

DEBUG = "AVEX_DEBUG"

VALIDATOR = "Value error, "
"""What typer's validator puts before its messages."""

SUCCESS, FAILURE, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


class CommandError(Exception):
    """A command cannot do what it was asked; the message is shown as it is."""


class InterruptedCommand(Exception):  # noqa: N818 - nothing went wrong
    """A command was stopped by the person who started it; the message says how to go on."""


def say(text: str) -> None:
    """Write one line of the result."""
    sys.stdout.write(f"{text}\n")


def note(text: str) -> None:
    """Write one line that is for people only, beside the result."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def say_json(value: Any) -> None:
    """Write the result for a program."""
    say(json.dumps(value, indent=2, ensure_ascii=False))


def run_command(command: Callable[[], Any], program: str) -> int:
    """Run a command; return the exit status, and say in one line what went wrong.

    With the environment's AVEX_DEBUG=1 an error keeps its traceback.

    Parameters
    ----------
    command
        What to run; an integer that it returns is its exit status.
    program
        What the line starts with.
    """
    import typer

    try:
        status = command()
        sys.stdout.flush()
        if status == INTERRUPTED:  # typer turns the interrupt into this exit status
            note(f"{program}: interrupted")
    except InterruptedCommand as stop:
        note(f"{program}: {stop}")
        return INTERRUPTED
    except typer.Abort:
        note(f"{program}: given up")
        return INTERRUPTED
    except typer.TyperException as error:
        # Wrong use: these are raised before a command begins.
        message = _one_line(error.format_message()).replace(VALIDATOR, "").rstrip(".")
        note(f"{program}: {message}; see {program} --help")
        return WRONG_USE
    except BrokenPipeError:
        # Who read the output has gone, as `| head` does; nothing is left to be told to anybody.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILURE
    except Exception as error:
        if os.environ.get(DEBUG, "") not in ("", "0"):
            raise
        note(f"{program}: {describe(error)}")
        return FAILURE
    return status if isinstance(status, int) else SUCCESS


def describe(error: Exception) -> str:
    """Return one line that says what went wrong.

    Examples
    --------
    >>> describe(ValueError("size must be > 0, got 0"))
    'size must be > 0, got 0'
    >>> describe(FileNotFoundError(2, "No such file or directory", "a.avex"))
    'a.avex: no such file or directory'
    >>> describe(KeyError("hog"))
    "unexpected KeyError: 'hog' (AVEX_DEBUG=1 shows where)"
    """
    from index.schema import PARTIAL

    if isinstance(error, OSError) and error.strerror:
        # Files are written under a partial name, which nobody has asked for.
        name = None if error.filename is None else str(error.filename).removesuffix(PARTIAL)
        where = "" if name is None else f"{name}: "
        return f"{where}{error.strerror[:1].lower()}{error.strerror[1:]}"
    if isinstance(error, (CommandError, ValueError)) and str(error):
        return _one_line(str(error))
    return f"unexpected {type(error).__name__}: {_one_line(str(error))} ({DEBUG}=1 shows where)"


def _one_line(text: str) -> str:
    return " ".join(text.split())
