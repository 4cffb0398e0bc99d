"""What is said about single images: the strip of the best, and why one of them is in."""

from collections.abc import Mapping
from dataclasses import dataclass

from explorer.edits import (
    AnyOf,
    ColorStroke,
    Edit,
    EditId,
    LikeImage,
    ModePick,
    SketchStroke,
    Stroke,
)
from explorer.engine import Exploration
from explorer.session import Cluster
from ui.computing.taking_part import is_mirrored, is_moved
from ui.library import Library
from ui.wire.figures import Box, RankedImage, Ranking

STRIP_IMAGES = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What one edit adds to the score of one image, and where it matched."""

    edit_id: EditId
    contribution: float
    box: Box | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why an image is in the average.

    `rank` 1 weighs most, `share` is which part of the image the cluster has; `moved` and `mirrored`
    say how it takes part.
    """

    rank: int
    weight: float
    score: float
    share: float
    mirrored: bool
    moved: bool
    reasons: tuple[Reason, ...]


def ranking_of(
    library: Library, cluster: Cluster, exploration: Exploration, *, revision: int, request: int
) -> Ranking:
    """Return the images that weigh most, with the box of every stroke in each."""
    edits = {edit.id: edit for edit in cluster.edits if edit.id in exploration.places}
    ids = [int(image_id) for image_id in exploration.top[:STRIP_IMAGES]]
    top = tuple(
        RankedImage(
            id=image_id,
            name=library.names[image_id],
            weight=float(exploration.weights[image_id]),
            score=float(exploration.scores[image_id]),
            boxes={
                edit_id: box
                for edit_id, edit in edits.items()
                if (box := box_of(library, edit, exploration, image_id)) is not None
            },
            mirrored=is_mirrored(exploration, image_id),
            share=float(exploration.shares[image_id]),
        )
        for image_id in ids
        if exploration.weights[image_id] > 0
    )
    return Ranking(
        revision=revision,
        request=request,
        cluster=cluster.id,
        effective_images=float(exploration.effective_images),
        sharpness=float(exploration.sharpness),
        top=top,
        unplaced=exploration.unplaced,
    )


def why(library: Library, cluster: Cluster, exploration: Exploration, image_id: int) -> Why:
    """Return the rank of an image and what each edit contributes to its score."""
    weight = exploration.weights[image_id]
    return Why(
        rank=1 + int((exploration.weights > weight).sum()),
        weight=float(weight),
        score=float(exploration.scores[image_id]),
        share=float(exploration.shares[image_id]),
        mirrored=is_mirrored(exploration, image_id),
        moved=is_moved(exploration, image_id),
        reasons=tuple(
            Reason(
                edit_id=edit.id,
                contribution=_contribution(exploration.contributions, edit.id, image_id),
                box=box_of(library, edit, exploration, image_id),
            )
            for edit in cluster.edits
        ),
    )


def _contribution(contributions: Mapping[EditId, object], edit_id: EditId, image_id: int) -> float:
    values = contributions.get(edit_id)
    return 0.0 if values is None else float(values[image_id])  # type: ignore[index]


def box_of(library: Library, edit: Edit, exploration: Exploration, image_id: int) -> Box | None:
    """Return the part of an image that an edit matched: its bounds, at its place and size.

    Returns
    -------
    (x, y, width, height)
        In canvas units of the image as it is, not mirrored, cut at the border of the canvas; None
        if the edit has no place, tells nothing for the image, or its box lies outside.
    """
    places = exploration.places.get(edit.id)
    if not isinstance(edit, ColorStroke | SketchStroke | ModePick) or places is None:
        return None
    if edit.strength * _contribution(exploration.contributions, edit.id, image_id) <= 0:
        return None
    left, top, right, bottom = _bounds(edit, library.width / library.height)
    scales = exploration.scales.get(edit.id)
    scale = 1.0 if scales is None else float(scales[image_id])
    x = (left + right) / 2 + float(places[image_id, 0]) / library.width
    y = (top + bottom) / 2 + float(places[image_id, 1]) / library.height
    if exploration.mirrored[image_id]:
        x = 1 - x
    across, down = scale * (right - left) / 2, scale * (bottom - top) / 2
    left, right = max(0.0, x - across), min(1.0, x + across)
    top, bottom = max(0.0, y - down), min(1.0, y + down)
    if left >= right or top >= bottom:
        return None
    return (left, top, right - left, bottom - top)


def hint_of(cluster: Cluster, exploration: Exploration) -> str | None:
    """Return what to tell a person whose newest stroke changes nothing, or None if it does."""
    newest = cluster.edits[-1] if cluster.edits else None
    contribution = exploration.contributions.get(newest.id) if newest else None
    if contribution is None or contribution.any():
        return None
    if isinstance(newest, ModePick | LikeImage):
        return "no other image is like this example"
    if isinstance(newest, AnyOf):
        return "no image fits any of the merged averages"
    if isinstance(newest, ColorStroke):
        return "no image shows this color there: a right click offers the colors that are there"
    return "no image has such edges there: draw along an edge of the average, or somewhere else"


def _bounds(stroke: Stroke | ModePick, aspect: float) -> tuple[float, float, float, float]:
    """Return left, top, right, bottom of an edit; radius and size are in units of the width."""
    if isinstance(stroke, ModePick):
        (x, y), half = stroke.center, stroke.size / 2
        return x - half, y - half * aspect, x + half, y + half * aspect
    xs = [x for path in stroke.paths for x, _ in path]
    ys = [y for path in stroke.paths for _, y in path]
    across, down = stroke.radius, stroke.radius * aspect
    return min(xs) - across, min(ys) - down, max(xs) + across, max(ys) + down
