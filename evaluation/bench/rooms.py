"""`avex bench rooms`: many members in one room, and the server killed in the middle of it.

A server of its own on loopback, the members in a second process. What they saw is compared with
what stands in the log: nothing lost, nothing twice, everybody has the same.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from evaluation.bench.rooms_limits import limits
from evaluation.bench.rooms_load import Load
from evaluation.bench.rooms_server import Server
from evaluation.bench.synthetic import synthetic_collection
from index.collection import open_collection
from index.schema import ROOMS
from ui.wire.addresses import MAIN

IMAGES = 1000
VOTED = 50
KILL_AFTER_S = (0.0, 2.0)
PATIENCE_S = 60.0
LONGEST_S = 3600.0

TARGETS = {"acknowledged_s": 0.1, "presence_s": 0.15}
"""95 % are faster than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomsBench:
    """How much is done.

    Attributes
    ----------
    members, rate, seconds
        How many members, each with so many operations a second, for how long.
    kills
        How often the server is killed in a second run; 0 leaves that run out.
    """

    members: int = 30
    rate: float = 10.0
    seconds: float = 60.0
    kills: int = 20


def bench_rooms(collection: Path | None, asked: RoomsBench) -> dict[str, Any]:
    """Measure a room under load, then under kills.

    Parameters
    ----------
    collection
        What to serve; its own rooms are left alone. None makes a collection up.
    asked
        How much is done.
    """
    with ExitStack() as stack:
        if collection is None:
            collection = stack.enter_context(synthetic_collection(IMAGES)).path
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="avex-bench-rooms-")))
        report: dict[str, Any] = {"asked": asdict(asked), "limits": limits(folder)}
        report["load"] = _loaded(collection, folder / "load", asked)
        if asked.kills:
            report["kills"] = _killed(collection, folder / "kills", asked)
    return report


def _loaded(collection: Path, state: Path, asked: RoomsBench) -> dict[str, Any]:
    state.mkdir()
    with Server(collection, state) as server:
        settled_s = server.settle()
        before_s = server.cpu_s
        told = _finish(_start(_load(collection, server, asked)))
        cpu_s = server.cpu_s - before_s
    judged = _judged(told, state / f"{server.address}.{ROOMS}", asked)
    met = {
        name: bool(told[name]) and float(np.quantile(told[name], 0.95)) < target
        for name, target in TARGETS.items()
    }
    return {**judged, "targets_met": met, "server_cpu_s": cpu_s, "settled_s": settled_s}


def _killed(collection: Path, state: Path, asked: RoomsBench) -> dict[str, Any]:
    """Kill the server at random moments while the members go on.

    Each time only when operations are being acknowledged again: a server that is still starting
    has nothing to lose.
    """
    state.mkdir()
    rng = np.random.default_rng()
    starts = []
    with Server(collection, state) as server:
        log = state / f"{server.address}.{ROOMS}"
        load = _load(collection, server, asked)
        members = _start(replace(load, seconds=LONGEST_S, until_told=True))
        try:
            for _ in range(asked.kills):
                _wait_for_more(log, asked.members)
                time.sleep(rng.uniform(*KILL_AFTER_S))
                server.kill()
                begun = time.monotonic()
                server.start()
                starts.append(time.monotonic() - begun)
            _wait_for_more(log, asked.members)
            told = _finish(members, "stop")
        finally:
            members.kill()
    return {"kills": asked.kills, "restart_s": _spread(starts), **_judged(told, log, asked)}


def _wait_for_more(log: Path, count: int) -> None:
    """Wait until so many operations more stand in a log, but not for good."""
    from ui.rooms.log import Log

    begun, until = Log(log).last(MAIN)[0], time.monotonic() + PATIENCE_S
    while Log(log).last(MAIN)[0] < begun + count and time.monotonic() < until:
        time.sleep(0.05)


def _load(collection: Path, server: Server, asked: RoomsBench) -> Load:
    return Load(
        url=server.url,
        images=tuple(open_collection(collection).names[:VOTED]),
        members=asked.members,
        rate=asked.rate,
        seconds=asked.seconds,
    )


def _start(load: Load) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "evaluation.bench.rooms_load", json.dumps(asdict(load))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )


def _finish(members: "subprocess.Popen[str]", word: str = "") -> dict[str, Any]:
    text, _ = members.communicate(word)
    if members.returncode:
        raise RuntimeError(f"the members ended with {members.returncode}: see above")
    told: dict[str, Any] = json.loads(text)
    return told


def _judged(told: Mapping[str, Any], log: Path, asked: RoomsBench) -> dict[str, Any]:
    """Compare what the members were told with what stands in the log."""
    from ui.rooms.checking import check_log
    from ui.rooms.log import Log

    checked = check_log(log)
    written = [logged.op_id for logged in Log(log).load(MAIN)]
    places = {op_id: place for place, op_id in enumerate(written, start=1)}
    applied: dict[str, int] = told["applied"]
    counts = told["counts"]
    return {
        "operations": told["sent"],
        "per_second": told["sent"] / told["worked_s"],
        "worked_s": told["worked_s"],
        "acknowledged_s": _spread(told["acknowledged_s"]),
        "presence_s": _spread(told["presence_s"]),
        "refused": told["refused"],
        "unanswered": told["unanswered"],
        "lost": sum(op_id not in places for op_id in applied),
        "elsewhere": sum(places.get(op_id, r) != r for op_id, r in applied.items()),
        "twice": sum(count > 1 for count in Counter(written).values()) + counts["repeated"],
        "gaps": told["gaps"],
        "replicas": asked.members,
        "equal_replicas": told["equal_replicas"],
        "log_is_clean": checked.is_clean and told["revision"] == len(written),
        "problems": [problem.text for problem in checked.problems],
        "frames": counts["frames"],
        "texts": counts["texts"],
        "texts_of_brute_force": counts["applied"],
        "resent": counts["resent"],
        "joined": counts["joined"],
    }


def _spread(values: list[float]) -> dict[str, float] | None:
    if not values:
        return None
    at = np.quantile(values, [0.5, 0.95, 0.99])
    return dict(zip(("p50", "p95", "p99"), at.tolist(), strict=True)) | {"max": max(values)}
