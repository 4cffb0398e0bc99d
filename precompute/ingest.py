"""New photographs become shards: decoded in worker processes, written down a few at a time."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.manifest import SourceInfo
from index.schema import SHARD_IMAGES
from precompute.clock import Clock
from precompute.decode import Picture, Target, Unusable
from precompute.ledger import add_rejections, published
from precompute.pool import Pool
from precompute.shard import ShardWriter
from precompute.sources import Candidate, Rejection
from precompute.stages import STAGES, Statistics, run_stage
from precompute.tasks import Task

COMMIT = 16
"""A killed build loses at most so many decoded pictures, and what the workers hold."""


@dataclass(frozen=True, slots=True)
class Work:
    """What `ingest` needs of a build.

    Attributes
    ----------
    folder
        The collection.
    source
        Where the photographs are.
    target
        What they are decoded to.
    timeout_s
        For one file.
    statistics
        For the features.
    clock
        For progress and cancellation.
    """

    folder: Path
    source: SourceInfo
    target: Target
    timeout_s: float
    statistics: Statistics
    clock: Clock


def answers(
    pool: Pool, work: Work, candidates: Sequence[Candidate]
) -> Iterator[tuple[Candidate, Picture | Unusable]]:
    """Yield each candidate with its picture, or why it is not used."""
    tasks = (
        Task(work.source, candidate.member, candidate.name, work.target, work.timeout_s)
        for candidate in candidates
    )
    return zip(candidates, pool.map(tasks), strict=True)


def ingest(pool: Pool, work: Work, candidates: Sequence[Candidate]) -> int:
    """Decode candidates and publish them in shards, in their order; return how many came in.

    A shard that an earlier run left unfinished is continued; its images are not among `candidates`.
    """
    stream = answers(pool, work, candidates)
    done = added = 0
    is_over = False
    while not is_over:
        number = len(published(work.folder))
        with ShardWriter(work.folder, number, work.target.height, work.target.width) as shard:
            before = shard.images
            while not is_over and shard.images < SHARD_IMAGES:
                begun = time.monotonic()
                batch, is_over = _next_batch(stream, SHARD_IMAGES - shard.images)
                _commit(work.folder, shard, batch)
                done += len(batch)
                work.clock.add("decode", time.monotonic() - begun)
                work.clock.tell("decode", done, len(candidates), is_whole=True)
            added += shard.images - before
        if shard.images:
            finish(work, shard)
        else:
            shard.discard()
    return added


def finish(work: Work, shard: ShardWriter) -> None:
    """Make the features of a complete shard, and publish it."""
    shard.finish_pixels()
    make_features(work, shard.folder)
    shard.publish()


def make_features(work: Work, shard: Path) -> None:
    """Make the features that a shard does not have yet."""
    missing = [stage for stage in STAGES if not (shard / f"{stage.makes}.npy").exists()]
    for stage in missing:
        work.clock.tell(stage.makes, 0, 1)
        with work.clock.timed(stage.makes):
            run_stage(stage, shard, work.statistics)


Batch = list[tuple[Candidate, Picture | Unusable]]


def _next_batch(
    stream: Iterator[tuple[Candidate, Picture | Unusable]], room: int
) -> tuple[Batch, bool]:
    """Return a few answers, at most `room`, and whether they are the last."""
    batch: Batch = []
    while len(batch) < min(COMMIT, room):
        following = next(stream, None)
        if following is None:
            return batch, True
        batch.append(following)
    return batch, False


def _commit(folder: Path, shard: ShardWriter, batch: Batch) -> None:
    pixels: list[npt.NDArray[np.uint8]] = []
    records: list[dict[str, Any]] = []
    rejected = []
    for candidate, found in batch:
        if isinstance(found, Unusable):
            rejected.append(_rejection(candidate, found))
        elif found.pixels is not None:
            pixels.append(found.pixels)
            records.append(_record(candidate, found))
    add_rejections(folder, rejected)
    shard.append(pixels, records)


def _record(candidate: Candidate, picture: Picture) -> dict[str, Any]:
    return {
        "name": candidate.name,
        "member": candidate.member,
        "height": picture.height,
        "width": picture.width,
        "content": picture.content,
        "size": candidate.size,
        "mtime_ns": candidate.mtime_ns,
        "metadata": dict(candidate.metadata),
    }


def _rejection(candidate: Candidate, found: Unusable) -> Rejection:
    if found.may_pass:
        return Rejection(candidate.name, found.reason)
    return Rejection(candidate.name, found.reason, candidate.size, candidate.mtime_ns)
