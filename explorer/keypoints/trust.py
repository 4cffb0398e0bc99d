"""Where an average is sharp enough to place points on it.

An average's edges are as strong as those of its images where these agree, and wash out where they
do not. So the gradient of the average is compared, place by place, with the gradients of the very
images that it is made of: an average that is pale, or of a pale thing, is not mistaken for mush.
"""

import cv2
import numpy as np

from explorer.alignment.sharpening import heaviest, placed, seen
from explorer.alignment.warped import warp_image
from explorer.arrays import BoolArray, ByteArray, FloatArray, check_array
from explorer.engine import Exploration
from explorer.view import View

WINDOW = 0.02
"""Standard deviation of the place that is looked at, in widths of the canvas."""
NOISE = 3.0
"""Gradients, in grey levels a pixel, that are as much noise as picture."""
LOOKED_AT = 64
"""How many images an average is compared with at most, the heaviest."""
WHITE, BLACK = 255, 0


def trust(images: ByteArray, covered: BoolArray, weights: FloatArray) -> FloatArray:
    """Say for each place of an average how far its images agree there.

    Parameters
    ----------
    images : (M, H, W, 3) uint8
        The images as they are drawn in the average.
    covered : (M, H, W) bool
        Where each is drawn.
    weights : (M,) float32
        How much each counts, > 0.

    Returns
    -------
    (H, W) float32
        From 0, nothing but blur or nothing at all, to 1, all images show the same edge.

    Raises
    ------
    ArrayError
        If an array has another shape or dtype.

    Notes
    -----
    With gradients g of the images and weights w that sum to 1, the average's is E g. Of M images
    that have nothing to do with each other |E g|² is about (sum w²) E |g|²; that much is taken off,
    so that few images are not trusted for being few. The result is the root of what is left of
    |E g|² / E |g|², both smoothed over a place.
    """
    sizes = check_array(images, "images", "M H W 3", np.uint8)
    check_array(covered, "covered", f"{sizes['M']} {sizes['H']} {sizes['W']}", np.bool_)
    check_array(weights, "weights", f"{sizes['M']}")
    shape = images.shape[1:3]
    together, energy = np.zeros((2, *shape), np.float32), np.zeros(shape, np.float32)
    mass, squares = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for image, there, weight in zip(images, covered, weights, strict=True):
        inside = cv2.erode(there.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1)
        part = weight * inside.astype(np.float32)
        gradient = np.stack(np.gradient(image.mean(axis=-1, dtype=np.float32)))
        together += part * gradient
        energy += part * (gradient**2).sum(axis=0)
        mass += part
        squares += part**2
    floor = squares / np.maximum(mass**2, np.finfo(np.float32).tiny)
    mass = np.maximum(mass, np.finfo(np.float32).tiny)
    joint, alone = _smoothed(((together / mass) ** 2).sum(axis=0)), _smoothed(energy / mass)
    floor = np.where(floor < 1, floor, 0)  # a single image agrees with itself
    left = np.maximum(joint - floor * alone, 0) / (1 - floor)
    return np.asarray(np.sqrt(np.minimum(left / (alone + NOISE**2), 1)), np.float32)


def _smoothed(values: FloatArray) -> FloatArray:
    sigma = WINDOW * values.shape[1]
    return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REFLECT))


def trust_of(view: View, exploration: Exploration, *, looked_at: int = LOOKED_AT) -> FloatArray:
    """Say where an average can be trusted, (H, W) float32 from 0 to 1.

    Parameters
    ----------
    view
        The collection.
    exploration
        The average.
    looked_at
        How many images it is compared with at most, the heaviest.
    """
    rows = heaviest(exploration.weights, looked_at)
    maps = placed(view, exploration.maps, rows)
    images = seen(view, rows, maps.mirrored)
    drawn = [
        [warp_image(image, nodes, outside=outside) for outside in (WHITE, BLACK)]
        for image, nodes in zip(images, maps.nodes, strict=True)
    ]
    covered = np.stack([(white == black).all(axis=-1) for white, black in drawn])
    pictures = np.stack([black for _, black in drawn])
    return trust(pictures, covered, exploration.weights[rows])
