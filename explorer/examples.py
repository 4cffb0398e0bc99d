"""Match edits that point at an example: a patch of an image, or an image as a whole."""

import numpy as np

from explorer.arrays import FloatArray, IntArray
from explorer.edits import LikeImage, ModePick
from explorer.linear import match_template
from explorer.matching import Match, search_offsets
from explorer.modes.spots import spot_at
from explorer.view import View

SLACK = 0.5
"""A patch is looked for up to this share of its side away, and at least 16 pixels (thesis, 4.3)."""
LEAST_SLACK_CELLS = 2


def match_pick(view: View, pick: ModePick) -> Match | None:
    """Score how much each image has something like the seed of a mode.

    Parameters
    ----------
    view
        The collection.
    pick
        The mode.

    Returns
    -------
    Match or None
        Scores in units of the similarity of the seed to itself; None if the collection has no image
        of that name.
    """
    image = view.image_id(pick.image)
    if image is None:
        return None
    spot = spot_at(pick.center, pick.size * view.width, view.height, view.width)
    cells = np.mgrid[: spot.side, : spot.side].reshape(2, -1).T + (spot.row, spot.column)
    seed = _row(view, "hog", image)[tuple(cells.T)].astype(np.float32)
    seed *= np.float32(view.statistics("hog_scale").item())
    energy = float((seed**2).sum())
    if energy == 0:
        return None
    offsets = search_offsets(view.height, view.width)
    reach = max(LEAST_SLACK_CELLS, round(SLACK * spot.side))
    is_near = np.abs(offsets).max(axis=1) <= reach
    prices = np.where(is_near, 0, 1e6).astype(np.float32)
    weights: FloatArray = seed / np.float32(energy)
    return match_template(view, cells.astype(np.int32), weights, prices)


def match_like(view: View, edit: LikeImage) -> Match | None:
    """Score how much each image looks like another as a whole; None if there is no such image."""
    image = view.image_id(edit.image)
    if image is None:
        return None
    query = _row(view, "descriptor", image).astype(np.float32)
    scores = np.concatenate(
        [shard.astype(np.float32) @ query for shard in view.shards("descriptor")]
    )
    places: IntArray = np.zeros((len(scores), 2), np.int32)
    return Match(scores=scores, places=places)


def _row(view: View, feature: str, image: int) -> FloatArray:
    for shard in view.shards(feature):
        if image < len(shard):
            return np.asarray(shard[image])
        image -= len(shard)
    raise IndexError(f"there is no image {image} in the shards of {feature}")
