"""A picture, warped differently in each image, with points of which every place is known."""

import cv2
import numpy as np

from explorer.alignment.maps import Maps, grid_points
from explorer.keypoints.values import MarkedAverage
from tests.evaluation.pictures import Pictures
from tests.explorer.correspondence.warped_pictures import SIDE, moved, picture

POINTS = np.float32(
    [[30, 30], [64, 32], [47, 50], [34, 66], [62, 68], [46, 28], [70, 48], [28, 48]]
)
"""Where the keypoints are in the picture as it is."""
PAIRS = [(0, 1), (3, 4)]
NOWHERE = np.float32([np.nan, np.nan])


def waves(seed, most=8.0):
    """A random smooth field (h, w, 2) that goes up to about `most` pixels each way."""
    coarse = np.random.default_rng(seed).uniform(-1, 1, (3, 3, 2)).astype(np.float32)
    return most * cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)


def warped(image, seed):
    """Return a warped picture with noise, uint8, and where its points are, (K, 2)."""
    field = waves(seed)
    noise = np.random.default_rng(seed).normal(0, 0.02, image.shape)
    at = POINTS.astype(int)
    pixels = np.clip((moved(image, field) + noise) * 255, 0, 255).astype(np.uint8)
    return pixels, POINTS + field[at[:, 1], at[:, 0]]


def mirrored(pixels, points):
    """Return the mirror image, and its points: the left ones are right ones now."""
    order = np.arange(len(points))
    for one, other in PAIRS:
        order[[one, other]] = other, one
    there = points[order]
    return pixels[:, ::-1], np.stack([SIDE - 1 - there[:, 0], there[:, 1]], axis=-1)


def collection(count, seed=0):
    """Return a view of warped pictures, and where their points are, (N, K, 2)."""
    pairs = [warped(picture(seed), row) for row in range(count)]
    return Pictures([pixels for pixels, _ in pairs]), np.stack([points for _, points in pairs])


def average(view, members, points=POINTS, maps=None):
    """Return an average of some images with marks on it; the first images weigh most."""
    members = np.asarray(members, np.int32)
    weights = np.zeros(view.size, np.float32)
    weights[members] = np.linspace(2, 1, len(members))
    return MarkedAverage(
        weights=weights / max(weights.sum(), 1), members=members, maps=maps, points=points
    )


def turned_over(rows):
    """Maps by which images take part mirrored, and are not moved."""
    nodes = np.repeat(grid_points(SIDE, SIDE)[None], len(rows), axis=0)
    return Maps(rows=np.int32(rows), nodes=nodes, mirrored=np.ones(len(rows), bool))


def errors(proposals, truth):
    """Return how far points are from where they should be, (M, K), in pixels."""
    return np.linalg.norm(proposals.points - truth[proposals.rows], axis=-1)
