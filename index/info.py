"""What there is to say about a collection, for `avex info`."""

from dataclasses import asdict
from typing import Any

from index.collection import Collection


def describe(collection: Collection) -> dict[str, Any]:
    """Return counts, sizes, stages and rejects as values that `json` can write.

    Returns
    -------
    dict
        `images`, `height`, `width`, `rejected` (`path`, `reason`), `duplicates` (groups of names),
        `stages` (`seconds`, `bytes` of each), and besides `name`, `bytes`, `source`, `options`,
        `columns`, `modes` (None, or `kind`, `gives_up` …), `changed` and `vanished`.
    """
    manifest, report = collection.manifest, collection.report
    return {
        "images": collection.size,
        "height": collection.height,
        "width": collection.width,
        "rejected": [
            {"path": file["path"], "reason": file["reason"]} for file in report["rejected"]
        ],
        "duplicates": report["duplicates"],
        "stages": {
            name: {"seconds": cost.seconds, "bytes": cost.bytes}
            for name, cost in manifest.stages.items()
        },
        "name": collection.name,
        "bytes": sum(file.stat().st_size for file in collection.path.rglob("*") if file.is_file()),
        "source": {"kind": manifest.source.kind, "path": manifest.source.path},
        "options": dict(manifest.options),
        "columns": collection.images.columns,
        "modes": asdict(manifest.modes) if manifest.modes else None,
        "changed": report.get("changed", []),
        "vanished": report.get("vanished", []),
    }
