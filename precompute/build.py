"""From photographs to a collection: scan, measure, decode, describe, publish, mine modes.

Every step is written down before the next begins, so a build that is killed at any moment is
resumed by running it again. The manifest comes after the features: until then a reader sees the
collection as it was. Modes need all images and are not needed by most, so they come after it.
"""

import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.manifest import read_manifest
from index.schema import MANIFEST, PLAN, SHARDS, STATISTICS
from precompute import ledger, natural_world
from precompute.clock import STOPPED, Clock
from precompute.decode import Target
from precompute.errors import BuildCancelled, BuildError
from precompute.ingest import Work, answers, ingest, make_features
from precompute.ledger import Plan
from precompute.listing import list_source
from precompute.lock import only_build
from precompute.modes import update_modes
from precompute.options import BuildOptions, BuildReport, IsCancelled, OnProgress
from precompute.pool import Pool
from precompute.publish import Outcome, publish, read_duplicates, write_report
from precompute.shard import Record
from precompute.sizing import SAMPLE, mean_size
from precompute.sources import Candidate, Listing, Rejection, in_order


def build(
    photos: str | Path,
    out: str | Path,
    options: BuildOptions | None = None,
    *,
    on_progress: OnProgress = lambda progress: None,
    is_cancelled: IsCancelled = lambda: False,
) -> BuildReport:
    """Build a collection, resume one that was interrupted, or add what is new.

    Parameters
    ----------
    photos
        A folder, a zip, a video, or a CSV or Parquet table with a column `path`.
    out
        The collection, `NAME.avex`.
    options
        How; those of an existing collection must be the same.
    on_progress
        Called with a `Progress` several times a second, in this thread.
    is_cancelled
        Asked as often; when it says True, the build stops.

    Returns
    -------
    BuildReport
        What came of it.

    Raises
    ------
    BuildError
        If the photographs, the collection or the options are not what they must be.
    BuildCancelled
        If it was stopped, by `is_cancelled` or by an interrupt; the same call resumes it.
    """
    folder = Path(out).expanduser().absolute()
    _check_folder(folder)
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with only_build(folder):
            clock = Clock(folder, on_progress, is_cancelled)
            return _build(Path(photos), folder, options or BuildOptions(), clock)
    except KeyboardInterrupt as error:
        raise BuildCancelled(STOPPED) from error
    except BuildError:
        if is_new and not any((folder / SHARDS).glob("*")):
            shutil.rmtree(folder)  # nothing in it could be resumed
        raise


def _build(photos: Path, folder: Path, options: BuildOptions, clock: Clock) -> BuildReport:
    clock.tell("scan", 0, 1)
    with clock.timed("scan"):
        listing = list_source(photos, options.fps)
    if options.rebuild:
        ledger.clear(folder)
    with Pool(options.workers) as pool:
        plan = _plan(pool, folder, listing, options, clock)
        work = Work(
            folder,
            listing.source,
            Target(plan.height, plan.width, options.fit, options.max_pixels),
            options.file_timeout_s,
            _statistics(folder, plan.options["natural_world"], clock),
            clock,
        )
        before = ledger.images(folder)
        _check_source(plan, listing, before)
        for shard in ledger.published(folder):
            make_features(work, shard)
        begun = ledger.begun(folder)
        new = _new(listing, [*before, *begun], ledger.rejections(folder))
        if new or begun:
            ingest(pool, work, new)
    records = ledger.images(folder)
    rejected = ledger.rejections(folder)
    if not records:
        raise BuildError(_nothing_usable(photos, listing, rejected))
    outcome = _publish(replace(plan, source=listing.source), work, records, (listing, rejected))
    update_modes(folder, plan.options["modes"], options.natural_world, clock)
    return BuildReport(
        path=folder,
        images=len(records),
        added=len(records) - len(before),
        rejected=tuple((file.path, file.reason) for file in outcome.rejected),
        duplicates=len(outcome.duplicates),
        changed=outcome.changed,
        vanished=outcome.vanished,
        seconds=time.monotonic() - clock.started,
        stages=clock.seconds,
    )


def _publish(
    plan: Plan,
    work: Work,
    records: Sequence[Record],
    found: tuple[Listing, Mapping[str, Rejection]],
) -> Outcome:
    """Publish what is new, or only say anew which files are rejected, changed and vanished."""
    outcome = _outcome(*found, records)
    if (work.folder / MANIFEST).exists():
        manifest = read_manifest(work.folder)
        if manifest.images == len(records) and manifest.source == plan.source:
            outcome = replace(outcome, duplicates=read_duplicates(work.folder))
            write_report(work.folder, outcome)
            return outcome
    return publish(work.folder, plan, outcome, records, work.clock)


def _check_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise BuildError(f"a collection must be a folder, {folder} is a file: name another")
    is_known = any((folder / name).exists() for name in (MANIFEST, PLAN))
    foreign = [] if is_known or not folder.exists() else ledger.foreign_files(folder)
    if foreign:
        raise BuildError(
            f"{folder} must be a collection or empty, it holds {foreign[0]}: name another folder"
        )


def _plan(pool: Pool, folder: Path, listing: Listing, options: BuildOptions, clock: Clock) -> Plan:
    """Return the plan of the collection; decide it if this is the first run."""
    plan = ledger.read_plan(folder)
    if plan is None and (folder / MANIFEST).exists():
        raise BuildError(f"{folder} must have a {PLAN}, it has none: use --rebuild")
    if plan is None:
        height, width = _size(pool, folder, listing, options, clock)
        plan = Plan(source=listing.source, height=height, width=width, options=options.content())
    modes = options.modes or plan.options.get("modes", "fast")
    for name, value in options.content().items():
        # For exact modes the natural world may be given when the statistics are avex's own.
        is_for_modes = (name, plan.options.get(name), modes) == ("natural_world", None, "exact")
        if plan.options.get(name) != value and not is_for_modes:
            raise BuildError(
                f"{folder} was built with {name} {plan.options.get(name)}, now it is {value}: "
                "use the same options, another folder, or --rebuild"
            )
    chosen = replace(plan, options={**plan.options, "modes": modes})
    if chosen != ledger.read_plan(folder):
        ledger.write_plan(folder, chosen)
    return chosen


def _size(
    pool: Pool, folder: Path, listing: Listing, options: BuildOptions, clock: Clock
) -> tuple[int, int]:
    if options.size != "auto":
        return options.size
    sample = in_order(listing.candidates)[: 1 if listing.source.kind == "video" else SAMPLE]
    header = Target(0, 0, options.fit, options.max_pixels)
    work = Work(folder, listing.source, header, options.file_timeout_s, {}, clock)
    measured = []
    with clock.timed("measure"):
        for _, found in answers(pool, work, sample):
            measured.append(found)
            clock.tell("measure", len(measured), len(sample))
    return mean_size(measured, options.longer_side)


def _statistics(folder: Path, photos: str | None, clock: Clock) -> natural_world.Statistics:
    """Return the statistics of the collection; the first run fixes them for good.

    Those that an older version of avex did not have are added, if they belong to those it had:
    patches are compared in the basis of its features.
    """
    path = folder / STATISTICS
    known = natural_world.load(path) if path.exists() else {}
    if not natural_world.load().keys() <= known.keys():
        if photos is None:
            found = natural_world.load()
        else:
            clock.tell("natural world", 0, 1)
            with clock.timed("natural world"):
                found = natural_world.compute(Path(photos))
        if known and not np.allclose(known["hog_basis"], found["hog_basis"], atol=1e-4):
            raise BuildError(
                f"{path} is of an older avex whose features are other ones: use --rebuild"
            )
        natural_world.save(path, {**found, **known})
    return natural_world.load(path)


def _check_source(plan: Plan, listing: Listing, records: Sequence[Record]) -> None:
    """Refuse photographs that have nothing to do with the collection; a moved folder may grow."""
    if plan.source == listing.source or not records:
        return
    names = {candidate.name for candidate in listing.candidates}
    found = sum(record["name"] in names for record in records)
    if plan.source.kind != listing.source.kind or 2 * found < len(records):
        raise BuildError(
            f"the collection was built from {plan.source.path}, of its {len(records)} images "
            f"{listing.source.path} has {found}: use another folder, or --rebuild"
        )


def _new(
    listing: Listing, records: Sequence[Record], rejected: Mapping[str, Rejection]
) -> list[Candidate]:
    """Return what is neither in the collection nor rejected for good, in the collection's order."""
    known = {record["name"] for record in records}

    def is_new(candidate: Candidate) -> bool:
        earlier = rejected.get(candidate.name)
        same = earlier is not None and (earlier.size, earlier.mtime_ns) == (
            candidate.size,
            candidate.mtime_ns,
        )
        return candidate.name not in known and not same

    return in_order(candidate for candidate in listing.candidates if is_new(candidate))


def _outcome(
    listing: Listing, undecodable: Mapping[str, Rejection], records: Sequence[Record]
) -> Outcome:
    present = {candidate.name: candidate for candidate in listing.candidates}
    names = {record["name"] for record in records}
    still_bad = [
        file for path, file in undecodable.items() if path in present and path not in names
    ]
    changed = [
        record["name"]
        for record in records
        if (now := present.get(record["name"]))
        and (now.size, now.mtime_ns) != (record["size"], record["mtime_ns"])
    ]
    return Outcome(
        rejected=tuple(sorted([*listing.rejected, *still_bad], key=lambda file: file.path)),
        changed=tuple(sorted(changed)),
        vanished=tuple(sorted(names - present.keys())),
    )


def _nothing_usable(photos: Path, listing: Listing, rejected: Mapping[str, Rejection]) -> str:
    files = [*listing.rejected, *rejected.values()]
    if not files:
        return f"there must be photographs in {photos}, it is empty"
    return (
        f"there must be photographs in {photos}, none of its {len(files)} files can be used; "
        f"the first is {files[0].path}: {files[0].reason}"
    )
