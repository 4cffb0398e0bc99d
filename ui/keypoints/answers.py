"""What the page is told about the keypoints of images: proposals, one image, the queue of review.

Everything here is a pure function of what was found, what is laid and who has looked at what.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias

import numpy as np

from explorer.annotation import Annotation, Laid, LaidPoint
from explorer.arrays import BoolArray
from explorer.keypoints.photographs import Photographs
from ui.keypoints.found import Found
from ui.rooms.board import CLAIM_LASTS_S
from ui.wire.board import Claim

BINS = 20
MOVED = 1.0
"""Pixels of the photograph; what moves less is not worth looking at."""

Order: TypeAlias = Literal["worst", "name"]
ReviewState: TypeAlias = Literal["all", "open", "done"]
Claimed: TypeAlias = Literal["all", "free", "own", "others"]
NOTHING: Mapping[str, LaidPoint] = {}


@dataclass(frozen=True)
class Holders:
    """Who looks at which images, and whose the queue is to have.

    Attributes
    ----------
    claims
        Those that hold now, by the image's name.
    author
        Who asks.
    wanted
        "free" leaves out what others than the author have claimed, "own" and "others" all else.
    """

    claims: Mapping[str, Claim] = field(default_factory=dict)
    author: str = ""
    wanted: Claimed = "all"

    def wants(self, image: str) -> bool:
        """Return whether the queue is to have an image."""
        claim = self.claims.get(image)
        is_own = claim is not None and claim.author == self.author
        is_others = claim is not None and not is_own
        return {"all": True, "free": not is_others, "own": is_own, "others": is_others}[self.wanted]

    def told(self, image: str) -> dict[str, Any]:
        """Return who has claimed an image and when that lapses, seconds since 1970."""
        claim = self.claims.get(image)
        if claim is None:
            return {"claimed_by": None, "claimed_until": None}
        return {"claimed_by": claim.author, "claimed_until": claim.time + CLAIM_LASTS_S}


NOBODY = Holders()


@dataclass(frozen=True)
class Known:
    """All that answers are made of.

    Attributes
    ----------
    annotation
        The schema and the reviews.
    laid
        The points of the images, by name.
    found
        The proposals, None before there are any.
    photographs
        The images of the collection.
    """

    annotation: Annotation
    laid: Laid
    found: Found | None
    photographs: Photographs

    @cached_property
    def keypoints(self) -> tuple[str, ...]:
        """The ids of the schema."""
        return self.annotation.schema.ids

    def points_of(self, name: str) -> Mapping[str, LaidPoint]:
        """Return what is laid in an image, of keypoints that the schema has."""
        points = self.laid.get(name)
        if not points:
            return NOTHING
        return {keypoint: points[keypoint] for keypoint in self.keypoints if keypoint in points}

    def reviewed(self) -> frozenset[str]:
        """Return the names of the images that somebody has looked at."""
        return frozenset(review.image for review in self.annotation.reviews)

    def proposed(self, row: int) -> dict[str, tuple[float, float, float]]:
        """Return (x, y, confidence) by keypoint of an image, in pixels of its photograph."""
        place = None if self.found is None else self.found.place(row)
        if self.found is None or place is None:
            return {}
        there = self.photographs.to_original(row, self.found.proposals.points[place])
        confidence = self.found.proposals.confidence[place]
        said = zip(self.found.keypoints, there.tolist(), confidence.tolist(), strict=True)
        known = set(self.keypoints)
        return {
            keypoint: (x, y, level)
            for keypoint, (x, y), level in said
            if keypoint in known and math.isfinite(x) and math.isfinite(y)
        }


def proposals_answer(known: Known, cluster: str, threshold: float) -> dict[str, Any]:
    """Return the images that have proposals, those with the least confident point first.

    Parameters
    ----------
    known
        What there is.
    cluster
        Whose images; "" asks for all.
    threshold
        Points of at least this confidence are counted: all of them, those of keypoints that have
        none yet ("fresh"), and those that a person has placed, which nothing covers ("by_hand").
    """
    found = known.found
    if found is None:
        return {"version": 0, "keypoints": [], "images": [], "histogram": [0] * BINS}
    reviewed = known.reviewed()
    is_there = _is_there(found)
    places = [i for i, owner in enumerate(found.owners) if cluster in ("", owner)]
    images: list[dict[str, Any]] = []
    for place in places:
        row = int(found.proposals.rows[place])
        name = known.photographs.name(row)
        confidence = found.proposals.confidence[place]
        wanted = _marked(found, place)
        laid = known.points_of(name)
        taken = is_there[place] & (confidence >= threshold)
        asked = [one for i, one in enumerate(found.keypoints) if taken[i]]
        images.append(
            {
                "id": row,
                "name": name,
                "cluster": found.owners[place],
                "confidence": _rounded(confidence[wanted].mean() if wanted else 0),
                "lowest": _rounded(confidence[wanted].min() if wanted else 0),
                "points": len(asked),
                "fresh": sum(one not in laid for one in asked),
                "by_hand": sum(one in laid and laid[one].kind == "hand" for one in asked),
                "accepted": len(laid),
                "is_reviewed": name in reviewed,
            }
        )
    images.sort(key=_worst_first)
    all_of_them = found.proposals.confidence[places][is_there[places]]
    counts, _ = np.histogram(all_of_them, bins=BINS, range=(0, 1))
    return {
        "version": found.version,
        "keypoints": list(found.keypoints),
        "images": images,
        "histogram": counts.tolist(),
    }


def image_answer(known: Known, row: int) -> dict[str, Any]:
    """Return what is laid and what is proposed in one image, in pixels of its photograph."""
    name = known.photographs.name(row)
    height, width = known.photographs.size(row)
    proposed = known.proposed(row)
    return {
        "id": row,
        "name": name,
        "height": height,
        "width": width,
        "laid": [
            {
                "keypoint": keypoint,
                "x": laid.point.x,
                "y": laid.point.y,
                "state": laid.point.state,
                "confidence": laid.point.confidence,
                "layer": laid.layer,
                "kind": laid.kind,
                "author": laid.author,
            }
            for keypoint, laid in known.points_of(name).items()
        ],
        "proposed": [
            {"keypoint": one, "x": _hundredths(x), "y": _hundredths(y), "confidence": _rounded(c)}
            for one in known.keypoints
            if one in proposed
            for x, y, c in [proposed[one]]
        ],
        "is_reviewed": name in known.reviewed(),
    }


def queue_answer(
    known: Known,
    *,
    order: Order = "worst",
    cluster: str = "",
    state: ReviewState = "all",
    holders: Holders = NOBODY,
) -> list[dict[str, Any]]:
    """Return the images to look at: the worst first, or by name; those looked at are last.

    An image is as bad as its worst point that no person placed: one that is proposed, one that was
    accepted, or one that was marked on its average and is nowhere.
    """
    reviewed = known.reviewed()
    queue: list[dict[str, Any]] = []
    for row in _rows(known):
        name = known.photographs.name(row)
        place = None if known.found is None else known.found.place(row)
        owner = "" if known.found is None or place is None else known.found.owners[place]
        is_reviewed = name in reviewed
        if cluster not in ("", owner) or (state != "all" and is_reviewed != (state == "done")):
            continue
        if not holders.wants(name):
            continue
        laid = known.points_of(name)
        levels = _levels(known, place, laid)
        queue.append(
            {
                "id": row,
                "name": name,
                "cluster": owner,
                "confidence": _rounded(np.mean(levels) if levels else 1),
                "lowest": _rounded(min(levels, default=1)),
                "laid": len(laid),
                "missing": len(known.keypoints) - len(laid),
                "is_reviewed": is_reviewed,
                **holders.told(name),
            }
        )
    if order == "name":
        queue.sort(key=lambda image: image["name"])
    else:
        queue.sort(key=lambda image: (image["is_reviewed"], *_worst_first(image)))
    return queue


def changes_answer(known: Known, limit: int) -> list[dict[str, Any]]:
    """Return the images whose proposals lie farthest from what was accepted, the farthest first."""
    found = known.found
    changes: list[tuple[float, int, str, int]] = []
    for row in [] if found is None else found.proposals.rows.tolist():
        name = known.photographs.name(row)
        proposed = known.proposed(row)
        moved = [
            math.hypot(laid.point.x - proposed[one][0], laid.point.y - proposed[one][1])
            for one, laid in known.points_of(name).items()
            if laid.kind == "accepted" and one in proposed
        ]
        count = sum(away > MOVED for away in moved)
        if count:
            largest = _hundredths(max(moved))
            changes.append((-largest, row, name, count))
    return [
        {"id": row, "name": name, "moved_px": -moved, "points": count}
        for moved, row, name, count in sorted(changes)[:limit]
    ]


def _worst_first(image: Mapping[str, Any]) -> tuple[float, float, int]:
    """Return what images are sorted by; many have a point that nothing was found for."""
    return image["lowest"], image["confidence"], image["id"]


def _rows(known: Known) -> Sequence[int]:
    """Return the images that have proposals or points, ascending."""
    rows = set() if known.found is None else set(known.found.proposals.rows.tolist())
    for name, points in known.laid.items():
        row = known.photographs.row(name) if points else None
        if row is not None:
            rows.add(row)
    return sorted(rows)


def _is_there(found: Found) -> BoolArray:
    """Return which points there are, (M, K)."""
    return np.asarray(np.isfinite(found.proposals.points).all(axis=-1))


def _marked(found: Found, place: int) -> list[int]:
    """Return the numbers of the keypoints that could have been proposed for an image."""
    marked = found.marked.get(found.owners[place], frozenset())
    is_there = np.isfinite(found.proposals.points[place, :, 0])
    return [i for i, one in enumerate(found.keypoints) if one in marked or is_there[i]]


def _levels(known: Known, place: int | None, laid: Mapping[str, LaidPoint]) -> list[float]:
    """Return the confidence of the points of an image; of those that a person placed, 1."""
    levels = {
        one: 1.0 if point.kind == "hand" else point.point.confidence for one, point in laid.items()
    }
    if known.found is not None and place is not None:
        confidence = known.found.proposals.confidence[place]
        for i in _marked(known.found, place):
            keypoint = known.found.keypoints[i]
            if keypoint not in levels and keypoint in known.keypoints:
                levels[keypoint] = float(confidence[i])
    return list(levels.values())


def _rounded(confidence: float | np.floating[Any]) -> float:
    return round(float(confidence), 3)


def _hundredths(pixels: float) -> float:
    return round(pixels, 2)
