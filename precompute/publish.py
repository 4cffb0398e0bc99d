"""The last step of a build: what concerns all images at once, and the manifest."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.files import map_array, write_text
from index.manifest import Manifest, Shard, StageCost, write_manifest
from index.records import write_images
from index.schema import FEATURES, IMAGES, REPORT, SEARCH
from index.search import make_index, write_index
from precompute import duplicates, ledger
from precompute.clock import Clock
from precompute.ledger import Plan
from precompute.shard import Record
from precompute.sources import Rejection

Groups = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the report of a collection says.

    Attributes
    ----------
    rejected
        Files that are not in it.
    changed, vanished
        Images whose file is another one now, or gone; their old picture is kept.
    duplicates
        Groups of names of the same picture, the largest group first.
    """

    rejected: tuple[Rejection, ...]
    changed: tuple[str, ...]
    vanished: tuple[str, ...]
    duplicates: Groups = ()


def publish(
    folder: Path, plan: Plan, outcome: Outcome, records: Sequence[Record], clock: Clock
) -> Outcome:
    """Write the search index, the table of images, the report, and at last the manifest."""
    shards = ledger.published(folder)
    clock.tell("search", 0, len(records))
    with clock.timed("search"):
        descriptors = np.concatenate([map_array(shard / "descriptor.npy") for shard in shards])
        index = make_index(descriptors)
        write_index(folder, index)
    with clock.timed("duplicates"):
        groups = duplicates.find(folder, index, descriptors, records, clock)
    found = Outcome(
        rejected=outcome.rejected,
        changed=outcome.changed,
        vanished=outcome.vanished,
        duplicates=groups,
    )
    write_images(folder / IMAGES, records)
    write_report(folder, found)
    counts = [len(map_array(shard / "descriptor.npy")) for shard in shards]
    write_manifest(
        folder,
        Manifest(
            height=plan.height,
            width=plan.width,
            source=plan.source,
            options=plan.options,
            shards=tuple(
                Shard(shard.name, images) for shard, images in zip(shards, counts, strict=True)
            ),
            stages=_costs(folder, shards),
        ),
    )
    ledger.write_plan(folder, plan)
    return found


def write_report(folder: Path, outcome: Outcome) -> None:
    """Write the report, unless it says the same already."""
    report = {
        "rejected": [{"path": file.path, "reason": file.reason} for file in outcome.rejected],
        "duplicates": outcome.duplicates,
        "changed": outcome.changed,
        "vanished": outcome.vanished,
    }
    text = json.dumps(report, indent=1) + "\n"
    path = folder / REPORT
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        write_text(path, text)


def read_duplicates(folder: Path) -> Groups:
    """Return the groups of duplicates that the last build found."""
    report = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    return tuple(tuple(group) for group in report["duplicates"])


def _costs(folder: Path, shards: Sequence[Path]) -> dict[str, StageCost]:
    """Return time and bytes of each stage; decoding makes the pixels."""
    seconds = ledger.timings(folder)
    sizes = {
        "decode" if name == "pixels" else name: sum(
            (shard / f"{name}.npy").stat().st_size for shard in shards
        )
        for name in FEATURES
    }
    sizes["search"] = (folder / SEARCH).stat().st_size
    return {
        name: StageCost(round(seconds.get(name, 0.0), 3), sizes.get(name, 0))
        for name in dict.fromkeys([*seconds, *sizes])
    }
