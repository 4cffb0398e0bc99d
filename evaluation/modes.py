"""How discriminative the modes found are, beside k-means on the same patches."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from evaluation.brushes import Labels, labels_of
from evaluation.grouping import align_clusters, cluster_patches
from evaluation.intervals import mean_interval
from evaluation.sheet import SHOWN, Strip, draw_sheet
from explorer.arrays import ByteArray, IntArray
from explorer.modes.averages import MEMBERS, average_patch
from explorer.modes.finder import ModeFinder
from explorer.modes.mining import Miner
from explorer.modes.ranking import rank_modes
from explorer.modes.spots import Spot, sides_of, spots_of
from explorer.modes.values import SpotModes
from explorer.sharpness import sharpness
from explorer.view import View
from index.collection import Collection

VALUES = (2, 50)  # distinct values of a column that can say what an image is
MOSTLY = 0.5  # share of images that must have one
SHUFFLES = 10
BLANK = 1.0  # grey levels a pixel: below, the rounding of an average is all there is to see
MEASURES = ("inlier", "sharpness", "nmi", "nmi_chance", "coverage", "modes")
MODES, KMEANS, ALIGNED = "modes", "k-means", "k-means aligned"
PROTOCOL = (
    "{spots} random spots over all patch sizes (seed {seed}); k-means: as many clusters as modes, "
    "on the same patches; inlier: share of the collection among the 50 patches nearest to a "
    "group's seed (of a cluster: the member nearest to the centroid), the natural world being as "
    "many; sharpness: mean gradient of a group's average over that of its members, up to "
    "50 of the best and as many of a mode as of the cluster it is paired with by size, modes where "
    "they matched, clusters at the spot itself, aligned ones where they are most like the "
    "cluster's seed; nmi: mutual information with {label}, normalized, of the images with a mode; "
    "nmi_chance: the same with the labels shuffled; low and high: 95 % bootstrap interval over the "
    "spots; differences are paired"
)

Measured: TypeAlias = dict[str, float]


def evaluate_modes(
    collection: Collection,
    label: str | None = None,
    *,
    spots: int = 24,
    seed: int = 0,
    sheet: Path | None = None,
) -> dict[str, Any]:
    """Compare the modes with k-means at random spots.

    Parameters
    ----------
    collection
        The collection.
    label
        The metadata column to compare with; by default the first that has 2 to 50 distinct values
        and that most images have, if there is one.
    spots
        How many spots, as evenly as possible of every patch size.
    seed
        Of the random choice, and of k-means.
    sheet
        Where to write a picture of the groups' averages, if anywhere.

    Returns
    -------
    dict
        "collection", "protocol", "label" and "rows": a dict for each method, and for the
        differences, with the mean over the spots of each of `MEASURES` and its interval (`_low`,
        `_high`), None where it has no meaning; and "spots": the same for each spot alone.

    Raises
    ------
    CollectionError
        If fewer than two images have the column `label`.
    """
    label = label or usual_label(collection)
    labels = labels_of(collection, label) if label else None
    rng = np.random.default_rng(seed)
    compare = _Comparison(collection, labels, seed)
    told, strips = [], []
    for spot in draw_spots(collection.height, collection.width, spots, rng):
        groups = compare.groups(spot)
        measured = compare.measure(groups)
        told.append({"side": spot.side, "row": spot.row, "column": spot.column} | measured)
        if sheet is not None:
            strips.append(_strip(collection, spot, groups))
    if sheet is not None:
        draw_sheet(strips, (MODES, KMEANS, ALIGNED)).save(sheet)
    return {
        "collection": collection.name,
        "protocol": PROTOCOL.format(spots=len(told), seed=seed, label=label or "no labels"),
        "label": label,
        "rows": _rows(told, seed),
        "spots": told,
    }


def usual_label(collection: Collection) -> str | None:
    """Return the first metadata column that can say what an image is, None if there is none."""
    for column in collection.images.columns:
        values = [value for value in collection.images.column(column) if value]
        if VALUES[0] <= len(set(values)) <= VALUES[1] and len(values) > MOSTLY * collection.size:
            return column
    return None


def draw_spots(height: int, width: int, count: int, rng: np.random.Generator) -> list[Spot]:
    """Draw spots, as evenly as possible of every patch size, none twice."""
    sides = sides_of(height, width)
    drawn = []
    for number, side in enumerate(sides):
        among = spots_of(side, height, width)
        wished = count // len(sides) + (number < count % len(sides))
        chosen = rng.choice(len(among), min(wished, len(among)), replace=False)
        drawn += [among[k] for k in np.sort(chosen)]
    return drawn


class _Comparison:
    """Groups the patches of a spot in each way, and measures the groups."""

    def __init__(self, collection: Collection, labels: Labels | None, seed: int) -> None:
        self._collection = collection
        self._labels = labels
        self._seed = seed
        self._finder = ModeFinder(collection, collection.modes_at)
        self._miner = Miner(collection)

    def groups(self, spot: Spot) -> dict[str, SpotModes]:
        modes = self._scored(self._finder.find(spot))
        if not len(modes):
            return {MODES: modes}
        clusters = self._scored(cluster_patches(self._collection, spot, len(modes), self._seed))
        aligned = align_clusters(self._collection, clusters)
        return {MODES: modes, KMEANS: clusters, ALIGNED: aligned}

    def measure(self, groups: Mapping[str, SpotModes]) -> dict[str, Measured]:
        modes = groups[MODES]
        if not len(modes):
            return {MODES: {"coverage": 0.0, "modes": 0.0}}
        used = (modes.best >= 0) & (np.True_ if self._labels is None else self._labels != "")
        counts = _paired_counts(modes, groups[KMEANS])
        return {
            name: {
                "inlier": float(of.inliers.mean()),
                "sharpness": relative_sharpness(self._collection, of, counts),
                **self._agreement(of.best[used], used),
                "coverage": float((of.best >= 0).mean()),
                "modes": float(len(of)),
            }
            for name, of in groups.items()
        }

    def _scored(self, groups: SpotModes) -> SpotModes:
        return replace(groups, inliers=self._miner.inliers(groups.spot, groups.seeds))

    def _agreement(self, assigned: IntArray, used: npt.NDArray[np.bool_]) -> Measured:
        from sklearn.metrics import normalized_mutual_info_score

        if self._labels is None or len(set(self._labels[used])) < 2:
            return {}
        labels = self._labels[used]
        rng = np.random.default_rng(self._seed)
        chance = [
            normalized_mutual_info_score(rng.permutation(labels), assigned) for _ in range(SHUFFLES)
        ]
        found = normalized_mutual_info_score(labels, assigned)
        return {"nmi": float(found), "nmi_chance": float(np.mean(chance))}


def relative_sharpness(view: View, groups: SpotModes, counts: Sequence[int]) -> float:
    """Return how sharp the averages of groups are beside their members, 1 if they are as sharp.

    Parameters
    ----------
    view
        The collection.
    groups
        K groups, the largest of which are measured.
    counts
        How many members, the best ones, of the largest group, of the next, and so on.

    Returns
    -------
    float
        The mean over the groups, but for those that are blank; nan if all are.
    """
    order = np.argsort(-np.diff(groups.starts), kind="stable")[: len(counts)]
    ratios = []
    for group, count in zip(order, counts, strict=True):
        first = int(groups.starts[group])
        members = np.mean([_sharp(view, groups, first + k, 1) for k in range(count)])
        if members > BLANK:
            ratios.append(_sharp(view, groups, first, count) / float(members))
    return float(np.mean(ratios)) if ratios else np.nan


def _sharp(view: View, groups: SpotModes, first: int, count: int) -> float:
    """Return the sharpness of the average of some consecutive matches."""
    some = slice(first, first + count)
    part = replace(
        groups,
        starts=np.array([0, count], np.int32),
        images=groups.images[some],
        scores=groups.scores[some],
        places=groups.places[some],
        scales=groups.scales[some],
    )
    average = average_patch(view, part, 0, np.ones(view.size, np.float32))
    return sharpness(average.astype(np.float32) / np.float32(255))


def _paired_counts(modes: SpotModes, clusters: SpotModes) -> list[int]:
    sizes = (np.sort(np.diff(of.starts))[::-1] for of in (modes, clusters))
    return [min(MEMBERS, int(a), int(b)) for a, b in zip(*sizes, strict=False) if min(a, b) > 0]


def _strip(view: View, spot: Spot, groups: Mapping[str, SpotModes]) -> Strip:
    weights = np.full(view.size, 1 / view.size, np.float32)
    pictures: list[list[ByteArray]] = [
        [average_patch(view, of, one.index, weights) for one in rank_modes(of, weights, SHOWN)]
        for of in groups.values()
    ]
    return Strip(f"{spot.box[2]} px at {spot.box[0]}, {spot.box[1]}", pictures)


def _rows(told: Sequence[Mapping[str, Any]], seed: int) -> list[dict[str, Any]]:
    rows = [
        _row(method, {name: _values(told, method, name) for name in MEASURES}, seed)
        for method in (MODES, KMEANS, ALIGNED)
    ]
    for other in (KMEANS, ALIGNED):
        less = {
            name: _values(told, MODES, name) - _values(told, other, name) for name in MEASURES[:3]
        }
        rows.append(_row(f"{MODES} less {other}", less, seed))
    return rows


def _values(told: Sequence[Mapping[str, Any]], method: str, name: str) -> npt.NDArray[np.float64]:
    """Return a measure at each spot, nan where it has no meaning."""
    return np.array([spot.get(method, {}).get(name, np.nan) for spot in told], np.float64)


def _row(method: str, measured: Mapping[str, npt.NDArray[np.float64]], seed: int) -> dict[str, Any]:
    row: dict[str, Any] = {"method": method}
    for name, values in measured.items():
        known = values[np.isfinite(values)]
        low, high = mean_interval(known, seed) if len(known) else (None, None)
        mean = float(known.mean()) if len(known) else None
        row |= {name: mean, f"{name}_low": low, f"{name}_high": high}
    return row
