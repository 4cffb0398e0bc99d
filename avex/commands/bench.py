"""`avex bench`: how fast this machine is, beside brute force and the hardware's limits."""

from typing import Annotated, Any

import typer

from avex.commands.options import AsJson
from avex.console import say, say_json

MILLISECONDS_BELOW_S = 10


def bench(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME ...]", help="Measurements to run; all of them by default."),
    ] = None,
    images: Annotated[
        int, typer.Option(min=100, metavar="N", help="How many images to measure on.")
    ] = 10_000,
    *,
    as_json: AsJson = False,
) -> None:
    """Measure how fast the engine is on this machine.

    Each figure stands beside the brute force's time and the share of the hardware's limit, measured
    in the same run, so that the ratios hold on any machine.
    """
    from evaluation.bench import run_benchmarks

    report = run_benchmarks(names or (), images)
    if as_json:
        say_json(report)
    else:
        for line in lines(report):
            say(line)


def lines(report: dict[str, Any]) -> list[str]:
    """Return a bench's report, for people."""
    told = [", ".join(f"{name} {_short(value)}" for name, value in report["machine"].items())]
    for row in report["results"]:
        words = [f"{row['name']:<24} {row.get('told') or _milliseconds(row['seconds'])}"]
        if row["brute_force_seconds"] is not None:
            words.append(f"brute force {_milliseconds(row['brute_force_seconds'])}")
        if row["speedup"] is not None:
            words.append(f"{row['speedup']:.1f}x faster")
        if row["roofline_fraction"] is not None:
            words.append(f"{row['roofline_fraction']:.0%} of the roofline")
        if row["target"] is not None:
            is_time = row["target_is"].endswith("seconds")
            words.append(f"target {_milliseconds(row['target']) if is_time else row['target']}")
        if row["met"] is not None:
            words.append("met" if row["met"] else "MISSED")
        told.append(", ".join(words))
    return told


def _short(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _milliseconds(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    return f"{seconds * 1000:.2f} ms" if seconds < MILLISECONDS_BELOW_S else f"{seconds:,.0f} s"
