"""`avex.console`: exit statuses, and errors in one line."""

import pytest
import typer

from avex.console import CommandError, InterruptedCommand, run_command
from index.errors import CollectionError


def failing(error):
    def command():
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "status", "line"),
    [
        (CollectionError("a.avex is\nnot a collection"), 1, "avex x: a.avex is not a collection"),
        (CommandError("no photograph"), 1, "avex x: no photograph"),
        (PermissionError(13, "Permission denied", "/a"), 1, "avex x: /a: permission denied"),
        (FileNotFoundError(2, "No such file", "/a.csv.partial"), 1, "avex x: /a.csv: no such file"),
        (OSError(28, "No space left on device"), 1, "avex x: no space left on device"),
        (
            ZeroDivisionError("division by zero"),
            1,
            "avex x: unexpected ZeroDivisionError: division by zero (AVEX_DEBUG=1 shows where)",
        ),
        (
            typer.BadParameter("Value error, 'a' is not one of 'b'"),
            2,
            "avex x: Invalid value: 'a' is not one of 'b'; see avex x --help",
        ),
        (typer.BadParameter("odd."), 2, "avex x: Invalid value: odd; see avex x --help"),
        (InterruptedCommand("stopped: run it again"), 130, "avex x: stopped: run it again"),
    ],
)  # fmt: skip
def test_error_is_one_line_with_its_exit_status(error, status, line, capsys, monkeypatch):
    monkeypatch.delenv("AVEX_DEBUG", raising=False)
    assert run_command(failing(error), "avex x") == status
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", line + "\n")


def test_traceback_is_kept_for_those_who_ask(monkeypatch):
    monkeypatch.setenv("AVEX_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run_command(failing(ZeroDivisionError()), "avex")


def test_success_is_0():
    assert run_command(lambda: None, "avex") == 0
