"""An evaluation's report, for programs and for people."""

from typing import Any

from avex.console import say, say_json


def show_report(report: dict[str, Any], *, as_json: bool) -> None:
    """Write a report as the result of a command."""
    if as_json:
        say_json(report)
        return
    for line in lines(report):
        say(line)


def lines(report: dict[str, Any]) -> list[str]:
    """Return an evaluation's report, for people; lists in its rows are for programs only."""
    told = [f"{report['collection']}: {report['protocol']}"]
    for row in report["rows"]:
        figures = (
            f"{name} {_figure(value)}{_interval(row, name)}"
            for name, value in row.items()
            if name != "method" and not name.endswith(("_low", "_high")) and _is_told(value)
        )
        told.append(f"{row['method']:<28} {', '.join(figures)}")
    return told


def _is_told(value: Any) -> bool:
    return value is not None and not isinstance(value, list)


def _interval(row: dict[str, Any], name: str) -> str:
    """Return the interval of a figure, if the row has one beside it."""
    if row.get(f"{name}_low") is None:
        return ""
    return f" [{_figure(row[f'{name}_low'])}, {_figure(row[f'{name}_high'])}]"


def _figure(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
