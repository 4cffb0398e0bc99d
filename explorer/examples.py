"""Match edits that point at an example: a patch of an image, or an image as a whole."""

import numpy as np

from explorer.arrays import FloatArray, IntArray
from explorer.edits import LikeImage, ModePick
from explorer.matching import Match
from explorer.modes.mining import Miner
from explorer.modes.spots import sides_of, spot_at
from explorer.view import View


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
        Scores: the cosine of the patches, less far from the seed's own place and at another scale,
        at the best of them; None if the collection has no image of that name, or the seed has no
        edges.
    """
    image = view.image_id(pick.image)
    if image is None or not sides_of(view.height, view.width):
        return None
    spot = spot_at(pick.center, pick.size * view.width, view.height, view.width)
    return Miner(view).match(spot, image)


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
