"""The figures of a running server, counted where things happen and read at `/metrics`.

Counters are of the process. No label names a photograph, a person or a room: what is labelled has
few values, all of them known beforehand.
"""

from collections.abc import Mapping

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.process_collector import ProcessCollector

disable_created_metrics()  # type: ignore[no-untyped-call]

REGISTRY = CollectorRegistry()

_QUICK_S = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10)

FRAMES_MADE = Counter(
    "avex_frames_made", "Averages computed and encoded.", ["kind"], registry=REGISTRY
)
FRAMES_SENT = Counter("avex_frames_sent", "Pictures sent to members.", registry=REGISTRY)
FRAMES_DROPPED = Counter(
    "avex_frames_dropped",
    "Pictures that a newer one replaced before they were sent.",
    registry=REGISTRY,
)
FRAME_SECONDS = Histogram(
    "avex_frame_seconds",
    "From the message that asked for an average to its picture.",
    ["kind"],
    buckets=_QUICK_S,
    registry=REGISTRY,
)
ACKNOWLEDGED_SECONDS = Histogram(
    "avex_acknowledged_seconds",
    "From an operation's arrival until it is written and answered.",
    buckets=_QUICK_S,
    registry=REGISTRY,
)
OPERATIONS = Counter(
    "avex_operations", "Operations carried out, by their type.", ["type"], registry=REGISTRY
)
REFUSED = Counter("avex_refused", "Messages refused, by their code.", ["code"], registry=REGISTRY)
REJECTED = Counter(
    "avex_rejected_requests", "Requests answered with 4xx or 5xx.", ["status"], registry=REGISTRY
)
SLOWED = Counter(
    "avex_slowed", "Operations read later, as their member sent too many.", registry=REGISTRY
)
SKIPPED = Counter(
    "avex_skipped",
    "Messages beyond a member's share that were left out.",
    ["type"],
    registry=REGISTRY,
)
CLOSED = Counter(
    "avex_closed", "Members whose connection the server ended.", ["code"], registry=REGISTRY
)
JOINED = Counter(
    "avex_joined",
    "Members who came: told everything (full) or what they had missed (partial).",
    ["catch_up"],
    registry=REGISTRY,
)
WRITE_BATCH = Histogram(
    "avex_write_batch_operations",
    "Operations that were written in one transaction.",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
    registry=REGISTRY,
)
PRESENCE_SENT = Counter("avex_people_sent", "Messages of presence made.", registry=REGISTRY)

ProcessCollector(registry=REGISTRY)


def metrics_text(gauges: Mapping[str, tuple[str, float]]) -> bytes:
    """Return everything in the text format of Prometheus.

    Parameters
    ----------
    gauges
        What is the case just now: by its name what it says, and the value.
    """
    now = CollectorRegistry()
    for name, (about, value) in gauges.items():
        Gauge(name, about, registry=now).set(value)
    return generate_latest(REGISTRY) + generate_latest(now)
