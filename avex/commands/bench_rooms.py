"""`avex bench rooms`: how a room holds many members, and a server that is killed."""

from pathlib import Path
from typing import Annotated, Any

import typer

from avex.console import CommandError, say, say_json


def bench_rooms(
    collection: Annotated[
        Path | None,
        typer.Argument(metavar="[NAME.avex]", help="What to serve; a made-up one by default."),
    ] = None,
    members: Annotated[int, typer.Option(min=2, max=200, help="Members of the room.")] = 30,
    rate: Annotated[
        float, typer.Option(min=0.1, max=40, help="Operations of each member a second.")
    ] = 10.0,
    seconds: Annotated[float, typer.Option(min=1, max=600, help="How long they work.")] = 60.0,
    kills: Annotated[
        int, typer.Option(min=0, max=100, help="How often the server is killed in a second run.")
    ] = 20,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Measure a room under load: how soon operations are acknowledged, and whether any is lost.

    A server of its own listens on this machine alone, the members are in a second process, and
    nothing is left behind; the rooms of NAME.avex are not touched. In a second run the server is
    killed at random moments and started again.
    """
    from evaluation.bench.rooms import RoomsBench, bench_rooms
    from index.manifest import read_manifest

    if collection is not None:
        # Else the server would say what is wrong, and we only that it did not start.
        read_manifest(collection)
    asked = RoomsBench(members=members, rate=rate, seconds=seconds, kills=kills)
    report = bench_rooms(collection, asked)
    if as_json:
        say_json(report)
    else:
        for line in lines(report):
            say(line)
    if not is_whole(report):
        raise CommandError("the room lost something, or members differ: see above")


def is_whole(report: dict[str, Any]) -> bool:
    """Return whether nothing was lost and all members have the same."""
    runs = [report[name] for name in ("load", "kills") if name in report]
    return all(
        run["lost"] == run["twice"] == run["elsewhere"] == run["unanswered"] == 0
        and run["equal_replicas"] == run["replicas"]
        and run["log_is_clean"]
        for run in runs
    )


def lines(report: dict[str, Any]) -> list[str]:
    """Return the report, for people."""
    limits = report["limits"]
    told = [
        f"limits of this machine: fsync {_ms(limits['fsync_s'])}, loopback round trip "
        f"{_ms(limits['loopback_round_trip_s'])}, one transaction for each operation "
        f"{limits['one_transaction_each_per_s']:,.0f} a second, load average "
        f"{limits['load_average']:.1f} on {limits['cores']} cores"
    ]
    told += _run_lines("load", report["load"])
    if "kills" in report:
        told += _run_lines(f"{report['kills']['kills']} kills", report["kills"])
    return told


def _run_lines(name: str, run: dict[str, Any]) -> list[str]:
    each = [
        f"{name}: {run['operations']:,} operations, {run['per_second']:,.0f} a second, "
        f"{run['refused']:,} refused, {run['frames']:,} frames"
        + (f", {run['server_cpu_s']:.1f} s of the server's cores" if "server_cpu_s" in run else "")
    ]
    for what, title in (("acknowledged_s", "acknowledged"), ("presence_s", "presence")):
        spread = run[what]
        if spread:
            each.append(
                f"  {title:<14} p50 {_ms(spread['p50'])}, p95 {_ms(spread['p95'])}, "
                f"p99 {_ms(spread['p99'])}{_met(run, what)}"
            )
    each.append(
        f"  {run['lost']} lost, {run['twice']} twice, {run['unanswered']} unanswered, "
        f"{run['equal_replicas']} of {run['replicas']} replicas equal, log "
        + ("clean" if run["log_is_clean"] else "NOT CLEAN")
    )
    each.append(
        f"  {run['texts']:,} messages for {run['texts_of_brute_force']:,} changes told, "
        f"{run['resent']:,} sent again, {run['joined']:,} times joined"
    )
    return each + [f"  {problem}" for problem in run["problems"]]


def _met(run: dict[str, Any], what: str) -> str:
    """Return whether a target is met; with the server gone for a while there is none."""
    if "targets_met" not in run:
        return ", outages and all"
    return ", met" if run["targets_met"][what] else ", MISSED"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"
