"""How far two annotators' points lie apart, as the page shows it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from explorer.keypoints.agreement import (
    MarkPair,
    Pair,
    authors_of,
    mark_pairs_between,
    pairs_between,
)
from explorer.session import Session
from ui.library import Library

WORST_SHOWN = 50


def agreement_answer(session: Session, library: Library, a: str, b: str) -> dict[str, Any]:
    """Return how far the points of two authors lie apart.

    Parameters
    ----------
    session
        The points and marks.
    library
        The collection.
    a, b
        The authors; "" takes those who placed most.
    """
    authors = authors_of(session.annotation)
    a = a or next((one for one in authors if one != b), "")
    b = b or next((one for one in authors if one != a), "")
    rows: dict[str, int | None] = {}
    pairs: list[Pair] = []
    for pair in pairs_between(session.annotation, a, b) if a != b else []:
        row = rows.setdefault(pair.image, library.image_id(pair.image))
        pairs += [pair] if row is not None else []
    pairs.sort(key=lambda pair: -pair.distance)
    marks = mark_pairs_between(session, a, b) if a != b else []
    apart = [pair.distance for pair in pairs]
    return {
        "authors": authors,
        "a": a,
        "b": b,
        "images": len({pair.image for pair in pairs}),
        "points": len(pairs),
        "median_px": round(float(np.median(apart)), 2) if apart else None,
        "mean_px": round(float(np.mean(apart)), 2) if apart else None,
        "per_keypoint": _by_keypoint(pairs, session.annotation.schema.ids),
        "worst": [_told(pair, rows[pair.image]) for pair in pairs[:WORST_SHOWN]],
        "marks": _marks(marks, (library.height, library.width)),
    }


def _marks(marks: Sequence[MarkPair], size: tuple[int, int]) -> list[dict[str, Any]]:
    """Return the pairs of marks, those that lie farthest apart first."""
    apart = sorted(
        ((round(mark.distance(*size), 2), mark.cluster, mark.keypoint) for mark in marks),
        reverse=True,
    )
    return [{"cluster": one, "keypoint": two, "distance": away} for away, one, two in apart]


def _by_keypoint(pairs: Sequence[Pair], keypoints: Sequence[str]) -> list[dict[str, Any]]:
    found: dict[str, list[float]] = {}
    for pair in pairs:
        found.setdefault(pair.keypoint, []).append(pair.distance)
    return [
        {
            "keypoint": one,
            "n": len(found[one]),
            "mean_px": round(float(np.mean(found[one])), 2),
            "max_px": round(max(found[one]), 2),
        }
        for one in keypoints
        if one in found
    ]


def _told(pair: Pair, row: int | None) -> dict[str, Any]:
    (ax, ay), (bx, by) = pair.a, pair.b
    return {
        "id": row,
        "name": pair.image,
        "keypoint": pair.keypoint,
        "distance_px": round(pair.distance, 2),
        "a": {"x": ax, "y": ay},
        "b": {"x": bx, "y": by},
    }
