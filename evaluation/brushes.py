"""How well the two brushes find images of one label, measured with strokes cut from images."""

from collections.abc import Collection as Values
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluation.intervals import mean_interval
from evaluation.strokes import cut_color, cut_sketch, pick_region
from explorer.edits import Stroke
from explorer.engine import Engine
from explorer.session import Session
from index.collection import Collection
from index.errors import CollectionError
from index.search import neighbors

TOPS = (20, 100)
PROTOCOL = (
    "strokes cut from {strokes} random images (seed {seed}): the dominant color or the strongest "
    "edges of a region; the image itself is left out; share of the top k with its {label}; "
    "low and high: 95 % bootstrap interval over the strokes"
)
SESSION_PROTOCOL = (
    "share of the top k of a session's ranking whose {label} is {positives}; "
    "low and high: 95 % bootstrap interval over the k images"
)

Shares = npt.NDArray[np.float64]
Labels = npt.NDArray[np.str_]


def evaluate_brushes(
    collection: Collection, label: str, *, strokes: int = 200, seed: int = 0
) -> dict[str, Any]:
    """Measure the color and the sketch brush on labelled images.

    Parameters
    ----------
    collection
        Of at least two images.
    label
        The metadata column that says what an image is.
    strokes
        How many images to cut a stroke of each brush from.
    seed
        Of the random choice.

    Returns
    -------
    dict
        "collection", "protocol" and "rows": a dict for each method and k, with the mean share of
        the top k that have the label, and the interval of that mean.

    Raises
    ------
    CollectionError
        If fewer than two images have the label's column.
    """
    labels = labels_of(collection, label)
    rng = np.random.default_rng(seed)
    engine = Engine(collection)
    shares: dict[str, list[list[float]]] = {"chance": [], "nearest neighbors": []}
    shares |= {"color brush": [], "sketch brush": []}
    for image_id in _drawn(labels, strokes, rng):
        hits = labels == labels[image_id]
        shares["chance"].append([(hits.sum() - 1) / (len(hits) - 1)] * len(TOPS))
        ranked = _nearest(collection, image_id)
        shares["nearest neighbors"].append(_top_shares(ranked, hits))
        for name, stroke in _cut(collection, image_id, rng):
            match = engine.match(stroke)
            if match is not None:
                ranked = np.argsort(-match.scores, kind="stable")
                shares[name].append(_top_shares(ranked[ranked != image_id], hits))
    return {
        "collection": collection.name,
        "protocol": PROTOCOL.format(strokes=strokes, seed=seed, label=label),
        "rows": _rows({name: np.array(of) for name, of in shares.items() if of}, seed),
    }


def evaluate_session(
    collection: Collection, label: str, session: Session, positives: Values[str]
) -> dict[str, Any]:
    """Measure what share of a session's best images have one of the labels `positives`.

    Returns
    -------
    dict
        As of `evaluate_brushes`; each cluster of the session is a method, by its name.

    Raises
    ------
    CollectionError
        If no image has one of the labels.
    """
    labels = labels_of(collection, label)
    hits = np.isin(labels, list(positives))
    if not hits.any():
        known = ", ".join(sorted(set(labels.tolist()))[:20])
        raise CollectionError(f"{label} must be one of {known}, got {', '.join(positives)}")
    engine = Engine(collection)
    rows = [_row("chance", k, np.full(k, hits.mean()), 0) for k in TOPS]
    for cluster in session.clusters:
        scores = engine.explore(cluster).scores
        ranked = hits[np.argsort(-scores, kind="stable")].astype(np.float64)
        rows += [_row(cluster.name, k, ranked[:k], 0) for k in TOPS]
    positive = " or ".join(positives)
    return {
        "collection": collection.name,
        "protocol": SESSION_PROTOCOL.format(label=label, positives=positive),
        "rows": rows,
    }


def labels_of(collection: Collection, label: str) -> Labels:
    """Return each image's label, "" where it has none.

    Raises
    ------
    CollectionError
        If fewer than two images have one.
    """
    metadata = [collection.metadata(image_id) for image_id in range(collection.size)]
    labels = np.array([values.get(label) or "" for values in metadata])
    if np.count_nonzero(labels != "") < 2:
        known = ", ".join(sorted({name for values in metadata for name in values})) or "none"
        raise CollectionError(
            f"the label must be a metadata column of {collection.name} ({known}), got {label!r}"
        )
    return labels


def _drawn(labels: Labels, strokes: int, rng: np.random.Generator) -> list[int]:
    labelled = np.flatnonzero(labels != "")
    again = strokes > len(labelled)
    chosen: list[int] = rng.choice(labelled, strokes, replace=again).tolist()
    return chosen


def _cut(
    collection: Collection, image_id: int, rng: np.random.Generator
) -> Iterator[tuple[str, Stroke]]:
    """Yield the strokes that can be cut from an image, with the name of their brush."""
    image = collection.rows("pixels", [image_id])[0]
    region = pick_region(image, rng)
    if region is None:
        return
    yield "color brush", cut_color(image, region)
    sketch = cut_sketch(image, region)
    if sketch is not None:
        yield "sketch brush", sketch


def _nearest(collection: Collection, image_id: int) -> npt.NDArray[np.int64]:
    descriptor = collection.rows("descriptor", [image_id])[0]
    ids = neighbors(collection, descriptor, max(TOPS) + 1).ids
    others: npt.NDArray[np.int64] = ids[ids != image_id]
    return others


def _top_shares(ranked: npt.NDArray[np.integer], hits: npt.NDArray[np.bool_]) -> list[float]:
    return [float(hits[ranked[:k]].mean()) for k in TOPS]


def _rows(shares: dict[str, Shares], seed: int) -> list[dict[str, Any]]:
    return [
        _row(name, k, of[:, column], seed)
        for name, of in shares.items()
        for column, k in enumerate(TOPS)
    ]


def _row(method: str, k: int, shares: Shares, seed: int) -> dict[str, Any]:
    low, high = mean_interval(shares, seed)
    return {
        "method": method,
        "k": k,
        "share": float(shares.mean()),
        "low": low,
        "high": high,
        "n": len(shares),
    }
