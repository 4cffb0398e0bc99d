"""Our clusters beside well-known ways to group and to line up a collection.

What is measured, and why it is fair, stands in `evaluation.cluster_measures`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluation.average_explorer import NAME, clusters_of
from evaluation.baselines.congealing import congeal
from evaluation.baselines.features import Features
from evaluation.baselines.partitions import global_mean, k_means, spectral
from evaluation.baselines.subcategories import negative_vectors, sub_categories
from evaluation.baselines.values import MOST, Clustering, Tell
from evaluation.brushes import Labels, labels_of
from evaluation.cluster_measures import (
    Averages,
    Likeness,
    agreement,
    draw_averages,
    effective_images,
    explained,
    shared_gradients,
    sharpness_on_canvas,
    varieties,
)
from evaluation.contact_sheet import SheetRow, draw_contact_sheet, write_page
from evaluation.finding import Finding, Show
from evaluation.intervals import mean_interval
from evaluation.modes import MOSTLY, VALUES
from explorer.tour import TourOptions
from index.collection import Collection

COUNT = 40
NUMBERS = 12
"""A column of whole numbers is a measurement, not a label, if it has more distinct values."""
PROTOCOL = (
    "{k} clusters, seed {seed}; sharpness: mean gradient of the averages of the {count} images "
    "that weigh most in each, pixels beside warped images flat; kept: what part of their gradients "
    "those images share, 0 if nothing; coverage: share of images more like an average (the best of "
    "all, warped where the method warps) than the median image is like the global mean; variety: "
    "mean distance of two averages of {count} images over that of two images; drawn: sharpness of "
    "the averages as the method draws them, of so many effective images; assigned: share of images "
    "with any weight; nmi, purity: with {label}; HOG and tiny color hold {kept:.0%} of their "
    "variance; negatives: {negatives}{sampled}; low and high: 95 % bootstrap interval over the "
    "clusters (coverage: over the images)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(Finding):
    """What is compared.

    Attributes
    ----------
    clusters
        How many clusters each method makes.
    count
        Of how many images the averages are made that are compared in sharpness and variety.
    """

    clusters: int = 9
    count: int = COUNT


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """The report, as `evaluate_clusters` describes it, and what a contact sheet is drawn from."""

    report: dict[str, Any]
    clusterings: tuple[Clustering, ...]
    averages: tuple[Averages, ...]


def evaluate_clusters(
    collection: Collection,
    comparison: Comparison,
    show: Show = lambda stage, done, total: None,
) -> Compared:
    """Compare our clusters with the baselines.

    Parameters
    ----------
    collection
        The collection.
    comparison
        What is compared.
    show
        Is told how far it is.

    Returns
    -------
    Compared
        The report has "collection", "protocol", "label", "rows" (a dict for each method with each
        measure and its interval, `_low` and `_high`) and "labels" (nmi and purity of each method
        with every metadata column that can be a label).

    Raises
    ------
    EngineError
        If the session cannot be run.
    BuildError
        If the folder of negatives cannot be read.
    """
    show("features", 0, 1)
    features = Features.of(collection, comparison.seed)
    clusterings = clusterings_of(collection, features, comparison, show)
    likeness, averages = Likeness(collection), []
    for number, clustering in enumerate(clusterings):
        show("measure", number, len(clusterings))
        averages.append(draw_averages(collection, clustering, comparison.count, likeness))
    labels = {name: labels_of(collection, name) for name in label_columns(collection)}
    measure = _Measure(collection, features, averages[0].likeness, comparison.seed)
    rows = [measure.row(*pair) for pair in zip(clusterings, averages, strict=True)]
    agreed = _agreements(clusterings, labels)
    first = next(iter(labels), None)
    for row in rows:
        row |= agreed[first][row["method"]] if first else {"nmi": None, "purity": None}
    sampled = f"; spectral cuts and congealing: of {MOST} images" if collection.size > MOST else ""
    report = {
        "collection": collection.name,
        "protocol": PROTOCOL.format(
            k=comparison.clusters,
            seed=comparison.seed,
            count=min(comparison.count, collection.size),
            label=first or "no labels",
            kept=features.kept,
            negatives="photographs" if comparison.negatives else "decoys",
            sampled=sampled,
        ),
        "label": first,
        "count": min(comparison.count, collection.size),
        "rows": rows,
        "labels": agreed,
    }
    return Compared(report, tuple(clusterings), tuple(averages))


def label_columns(collection: Collection) -> list[str]:
    """Return the metadata columns that say what an image is: few values, not measured numbers."""
    found = []
    for column in collection.images.columns:
        values = [value for value in collection.images.column(column) if value]
        distinct = set(values)
        is_measured = all(value.isdecimal() for value in distinct) and len(distinct) > NUMBERS
        if VALUES[0] <= len(distinct) <= VALUES[1] and len(values) > MOSTLY * collection.size:
            found += [] if is_measured else [column]
    return found


def write_sheets(compared: Compared, folder: Path) -> tuple[Path, ...]:
    """Write the contact sheet: a picture of the averages as drawn, one of as many images, a page.

    Parameters
    ----------
    compared
        What `evaluate_clusters` returns.
    folder
        Where to; it is made if it is not there.

    Returns
    -------
    tuple of paths
        What was written: `clusters.png`, `clusters-equal.png` and `clusters.html`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    report = compared.report
    blocks = [
        ("as each method draws them", [of.drawn for of in compared.averages]),
        (f"of {report['count']} images each", [of.equal for of in compared.averages]),
    ]
    drawn: list[tuple[str, list[SheetRow]]] = [
        (
            name,
            [
                SheetRow(row["method"], row, [average.picture for average in averages])
                for row, averages in zip(report["rows"], rows, strict=True)
            ],
        )
        for name, rows in blocks
    ]
    heading = f"The averages of {report['collection']}"
    written = folder / "clusters.png", folder / "clusters-equal.png", folder / "clusters.html"
    for path, (name, rows) in zip(written, drawn, strict=False):
        draw_contact_sheet(f"{heading}, {name}", rows).save(path)
    write_page(written[2], heading, report["protocol"], drawn)
    return written


def clusterings_of(
    collection: Collection, features: Features, comparison: Comparison, show: Show
) -> list[Clustering]:
    """Make the clusters of all methods, the global mean first and ours last.

    Parameters
    ----------
    collection
        The collection.
    features
        Of it, which the baselines go by.
    comparison
        How many clusters, and whose.
    show
        Is told how far it is.

    Raises
    ------
    EngineError
        If the session cannot be run.
    BuildError
        If the folder of negatives cannot be read.
    """

    def telling(stage: str) -> Tell:
        return lambda done, total: show(stage, done, total)

    k, seed = min(comparison.clusters, collection.size), comparison.seed
    show("grouping", 0, 3)
    whole, means = global_mean(collection.size), k_means(features.vectors, k, seed)
    show("grouping", 1, 3)
    cut = spectral(features.vectors, k, seed)
    show("grouping", 2, 3)
    negatives = negative_vectors(collection, features, comparison.negatives, seed)
    parts = sub_categories(features.vectors, negatives, k, seed)
    congealed = [
        congeal(collection, of, name, telling(name))
        for of, name in (
            (whole, "congealing"),
            (means, "k-means + congealing"),
            (parts, "sub-categories + congealing"),
        )
    ]
    options = TourOptions(clusters=k, minutes=comparison.minutes)
    ours = clusters_of(collection, comparison.session, options, telling(NAME))
    return [whole, means, cut, parts, *congealed, ours]


class _Measure:
    """Measures one clustering after the other by the same rules."""

    def __init__(
        self, collection: Collection, features: Features, globally: Any, seed: int
    ) -> None:
        self._collection, self._features = collection, features
        self._globally, self._seed = globally, seed

    def row(self, clustering: Clustering, averages: Averages) -> dict[str, Any]:
        equal = np.array([sharpness_on_canvas(average) for average in averages.equal])
        drawn = np.array([sharpness_on_canvas(average) for average in averages.drawn])
        kept = shared_gradients(self._collection, averages)
        varied = varieties(self._features, averages.equal)
        row: dict[str, Any] = {"method": clustering.name}
        row |= self._mean("sharpness", equal)
        row |= self._mean("kept", kept)
        row |= self._mean("coverage", explained(averages.likeness, self._globally))
        row |= self._mean("variety", varied)
        row["drawn"] = float(drawn.mean())
        row["images"] = float(np.mean([effective_images(w) for w in clustering.weights.T]))
        row["assigned"] = float((clustering.weights.max(axis=1) > 0).mean())
        return row

    def _mean(self, name: str, values: npt.NDArray[np.float64]) -> dict[str, float | None]:
        """Return the mean and its interval, which one value alone has not."""
        several = len(values) > 1
        low, high = mean_interval(values, self._seed) if several else (None, None)
        return {name: float(values.mean()), f"{name}_low": low, f"{name}_high": high}


def _agreements(
    clusterings: Sequence[Clustering], labels: Mapping[str, Labels]
) -> dict[str, dict[str, dict[str, float]]]:
    """Return nmi and purity by column and method, over the images that have both."""
    return {
        column: {
            of.name: agreement(values[known], of.labels[known])
            for of in clusterings
            for known in [(values != "") & (of.labels >= 0)]
        }
        for column, values in labels.items()
    }
