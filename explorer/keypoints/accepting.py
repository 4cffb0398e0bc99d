"""From proposals to points that somebody accepts: a layer, in pixels of the photographs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from explorer.annotation import ImagePoint, ImagePoints, Laid, LaidPoint, Layer, Merge
from explorer.keypoints.photographs import Photographs
from explorer.keypoints.values import Proposals


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Which proposals become points, and how.

    Attributes
    ----------
    id
        Of the layer that they become.
    threshold
        The least confidence, from 0 to 1.
    merge
        What happens where an image has the point already.
    clusters
        Whose averages the proposals came from, for the record.
    rows
        Images to accept; None: all.
    keypoints
        Ids of keypoints to accept; None: all.
    """

    id: str
    threshold: float = 0.0
    merge: Merge = "missing"
    clusters: tuple[str, ...] = ()
    rows: Collection[int] | None = None
    keypoints: Collection[str] | None = None


def accepted_layer(
    proposals: Proposals,
    keypoints: Sequence[str],
    asked: Acceptance,
    photographs: Photographs,
    laid: Laid,
) -> Layer:
    """Return proposals as a layer of points.

    What a person placed by hand is never covered, whatever `merge` says; "missing" leaves out what
    an image has already.

    Parameters
    ----------
    proposals
        Of K keypoints.
    keypoints
        Their ids.
    asked
        Which proposals are taken.
    photographs
        Of the collection.
    laid
        The points that there are already, as `Annotation.laid` tells them.

    Returns
    -------
    Layer
        Of kind "accepted"; of images without any point nothing is in it.
    """
    chosen = asked.keypoints
    wanted = [i for i, one in enumerate(keypoints) if chosen is None or one in chosen]
    images = []
    for number, row in enumerate(proposals.rows.tolist()):
        if asked.rows is not None and row not in asked.rows:
            continue
        name = photographs.name(row)
        there = photographs.to_original(row, proposals.points[number])
        levels = proposals.confidence[number].clip(0, 1)
        is_taken = np.isfinite(there).all(axis=-1) & (levels >= asked.threshold)
        places, confidence = there.tolist(), levels.tolist()
        known = laid.get(name, {})
        points = tuple(
            ImagePoint(
                keypoint=keypoints[i],
                x=places[i][0],
                y=places[i][1],
                confidence=confidence[i],
            )
            for i in wanted
            if is_taken[i] and _is_free(known.get(keypoints[i]), asked.merge)
        )
        if points:
            images.append(ImagePoints(image=name, points=points))
    return Layer(
        id=asked.id,
        kind="accepted",
        merge=asked.merge,
        clusters=asked.clusters,
        images=tuple(images),
    )


def _is_free(laid: LaidPoint | None, merge: Merge) -> bool:
    return laid is None or (merge == "overwrite" and laid.kind != "hand")
