"""From dense fields back to coarse maps: what is trusted moves them, the rest follows."""

import numpy as np

from explorer.alignment.guard import unfolded
from explorer.alignment.maps import NODE
from explorer.arrays import FloatArray, check_array
from explorer.correspondence.fields import at_pixels, from_nodes, places
from explorer.correspondence.matching import Correspondence

TRUSTED = 4.0
"""A place that is missed by so many pixels on the way there and back counts e^-1 as much."""
SPREAD = 8.0
"""Standard deviation of the window over which moves are averaged, in pixels."""
DOUBT = 0.05
"""How much the map so far counts in the average."""


def refined_nodes(found: Correspondence, nodes: FloatArray) -> FloatArray:
    """Refine maps by what corresponds: a smooth fit that trusts places by their way back.

    Parameters
    ----------
    found
        What corresponds in the average and M images.
    nodes : (M, Y, X, 2) float32
        How the images are warped so far, as `Maps.nodes`: what `correspond` was given.

    Returns
    -------
    (M, Y, X, 2) float32
        Maps without folds.

    Raises
    ------
    ArrayError
        If `nodes` has another shape or dtype.
    """
    check_array(nodes, "nodes", f"{len(found.forward)} Y X 2")
    at = places(*nodes.shape[1:3]) * np.float32(NODE)
    moved = [
        one + at_pixels(_trusted(found, k, one), found.stride, at) for k, one in enumerate(nodes)
    ]
    return unfolded(np.stack(moved).astype(np.float32))


def _trusted(found: Correspondence, image: int, nodes: FloatArray) -> FloatArray:
    """Return how places differ from a map, averaged by trust, (h, w, 2) in pixels."""
    import cv2

    forward, stride = found.forward[image], found.stride
    change = forward - from_nodes(nodes, forward.shape[:2], stride) * np.float32(stride)
    trust = np.exp(-np.square(found.error[image] / np.float32(TRUSTED)))
    parts = np.stack([trust, trust * change[..., 0], trust * change[..., 1]], axis=-1)
    total = np.asarray(cv2.GaussianBlur(parts, (0, 0), SPREAD / stride))
    averaged: FloatArray = total[..., 1:] / (total[..., :1] + np.float32(DOUBT))
    return averaged
