"""One expert for each keypoint: a filter that answers where it is, and not beside it.

What a keypoint looks like is learned from where it is proposed so far in all images. Most of those
places are about right, so the filter knows better than any single one of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import cv2
import numpy as np

from explorer.alignment.edges import DIRECTIONS, edge_maps, smeared_edges
from explorer.arrays import ByteArray, DoubleArray, FloatArray
from explorer.kernels.threads import blocks, for_each
from explorer.keypoints.shapes import Complex, Poses

TAPS, STRIDE = 7, 2
"""A filter looks at 7 x 7 places, two shrunk pixels from one to the next."""
AROUND = 8
"""How far from its place a keypoint is looked for, in shrunk pixels of the common frame."""
SMEARED = 1.0
NEAR = 5.0
"""Standard deviation of how far a keypoint may be from its place, in shrunk pixels."""
SHARPNESS = 12.0
"""An answer as strong as the mean one where keypoints are makes a place e^12 times as likely."""
MOST = 20.0
DAMPING = 0.1
LEAST_VARIANCE = 0.5
BLOCK = 256
"""So many images are filtered at once, for the sake of memory."""

SIDE = 2 * AROUND + 1
REACH = (TAPS - 1) // 2 * STRIDE
WINDOW = SIDE + 2 * REACH


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sight:
    """Where the experts see keypoints. M images, K keypoints, in shrunk pixels of the frame.

    Attributes
    ----------
    offsets : (M, K) complex
        How far from where they were thought to be.
    variances : (M, K) float64
        How unsure the experts are.
    looks : (M, K, D) float32
        What is around the places where they were thought to be.
    """

    offsets: Complex
    variances: DoubleArray
    looks: FloatArray


def features_of(images: ByteArray) -> list[FloatArray]:
    """Return what the experts look at, (h, w, 8) float32 an image, at half its size."""
    return for_each(lambda image: smeared_edges(edge_maps(image), SMEARED), list(images))


def look(
    features: list[FloatArray],
    poses: Poses,
    shapes: Complex,
    told: Callable[[float], None] = lambda share: None,
) -> Sight:
    """Train an expert for each keypoint, and let it look again in every image.

    Parameters
    ----------
    features
        Of M images, as `features_of` makes them.
    poses
        From the common frame to the images, in shrunk pixels.
    shapes : (M, K) complex
        Where the keypoints are thought to be, in the common frame.
    told
        Is told how much is done, from 0 to 1.

    References
    ----------
    .. [1] B. Hariharan, J. Malik, D. Ramanan, "Discriminative decorrelation for clustering and
       classification", ECCV 2012: the filter, a mean less that of its surroundings, whitened.
    .. [2] D. Cristinacce, T. Cootes, "Feature detection and tracking with constrained local
       models", BMVC 2006: experts that a model of shapes holds together. That they learn from
       proposals instead of from annotated images is ours.
    """
    offsets = np.empty(shapes.shape, np.complex128)
    variances = np.empty(shapes.shape)
    looks = np.empty((*shapes.shape, TAPS * TAPS * DIRECTIONS), np.float32)

    done = count(1)

    def ask(keypoint: int) -> None:
        windows = _windows(features, poses, shapes[:, keypoint])
        answers, looks[:, keypoint] = _answers(windows)
        offsets[:, keypoint], variances[:, keypoint] = _places(answers)
        told(next(done) / shapes.shape[1])

    for_each(ask, range(shapes.shape[1]))
    return Sight(offsets=offsets, variances=variances, looks=looks)


def _windows(features: list[FloatArray], poses: Poses, centers: Complex) -> FloatArray:
    """Return what is around some places (M,) of the frame, upright in it, (M, n, n, 8)."""
    steps = np.arange(WINDOW) - (AROUND + REACH)
    around = steps[None, :] + 1j * steps[:, None]
    windows = np.empty((len(features), WINDOW, WINDOW, DIRECTIONS), np.float32)
    for k, one in enumerate(features):
        at = (centers[k] + around) * poses.turns[k] + poses.shifts[k]
        x, y = at.real.astype(np.float32), at.imag.astype(np.float32)
        for start in (0, 4):
            windows[k, ..., start : start + 4] = cv2.remap(
                one[..., start : start + 4],
                x,
                y,
                cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REPLICATE,
            )
    return windows


def _answers(windows: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return how strongly an expert answers at each place (M, SIDE, SIDE), and the looks (M, D).

    The mean answer at the places in the middle is 1.
    """
    looks = _taken(windows, AROUND, AROUND)
    ends = (0, AROUND, 2 * AROUND)
    elsewhere = np.concatenate(
        [_taken(windows, y, x) for y in ends for x in ends if (y, x) != (AROUND, AROUND)]
    )
    usual = elsewhere.mean(axis=0)
    elsewhere -= usual
    covariance = (elsewhere.T @ elsewhere / len(elsewhere)).astype(np.float64)
    damping = DAMPING * np.trace(covariance) / len(covariance) + 1e-9
    covariance[np.diag_indices(len(covariance))] += damping
    weights = np.linalg.solve(covariance, looks.mean(axis=0) - usual).astype(np.float32)
    taps = weights.reshape(TAPS * TAPS, DIRECTIONS).T
    answers = np.concatenate(
        [_filtered(windows[part], taps) for part in blocks(len(windows), BLOCK)]
    )
    answers -= usual @ weights
    answers /= max(float(answers[:, AROUND, AROUND].mean()), 1e-3)
    return answers, looks


def _taken(windows: FloatArray, y: int, x: int) -> FloatArray:
    """Return what a filter at a place of each window looks at, (M, D)."""
    span = 2 * REACH + 1
    taken = windows[:, y : y + span : STRIDE, x : x + span : STRIDE]
    return taken.reshape(len(windows), -1)


def _filtered(windows: FloatArray, taps: FloatArray) -> FloatArray:
    """Return the answers (n, SIDE, SIDE) of a filter (8, TAPS * TAPS) everywhere in windows."""
    products = windows.reshape(-1, DIRECTIONS) @ taps
    products = products.reshape(len(windows), WINDOW, WINDOW, TAPS, TAPS)
    answers = np.zeros((len(windows), SIDE, SIDE), np.float32)
    for i in range(TAPS):
        for j in range(TAPS):
            y, x = i * STRIDE, j * STRIDE
            answers += products[:, y : y + SIDE, x : x + SIDE, i, j]
    return answers


def _places(answers: FloatArray) -> tuple[Complex, DoubleArray]:
    """Return the mean place (M,) and its variance (M,), by how likely each place is."""
    steps = np.arange(SIDE) - AROUND
    x, y = np.meshgrid(steps, steps)
    squares = x * x + y * y
    likely = np.exp((SHARPNESS * answers).clip(-MOST, MOST) - squares / (2 * NEAR * NEAR))
    likely /= likely.sum(axis=(1, 2), keepdims=True)
    mean = (likely * x).sum(axis=(1, 2)) + 1j * (likely * y).sum(axis=(1, 2))
    return mean, (likely * squares).sum(axis=(1, 2)) / 2 + LEAST_VARIANCE
