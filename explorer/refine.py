"""Places to the pixel: what was found on cells of 8 pixels is laid over what the others show there.

An edit is matched on cells, so a place is up to 4 pixels off in x and in y, each image in its own
way, and the average of the images is blurred by that. Here each image is moved a little until it
agrees best with the average of all.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.alignment.sharpening import heaviest, seen
from explorer.arrays import ByteArray, FloatArray
from explorer.edits import AnyOf, LikeImage, ModePick, Point
from explorer.evidence import Evidence, center_of
from explorer.kernels.threads import for_each
from explorer.matcher import PlacedEdit
from explorer.view import View

REACH = 6
"""Pixels, in x and y: half a cell, and something for a match that is not quite right."""
ROUNDS = 2
MOVED = 256
"""How many images are moved at most, the heaviest."""
EDITS = 12
"""Of more edits so many fewer images are moved: fifty strokes must not take five times as long."""
FEWEST = 48
LEAST, MOST = 16.0, 40.0
"""Limits of half the width and height of what is compared, in pixels."""
PRICE = 0.02
"""Of a move by REACH, in units of a correlation."""
SMOOTH = 1.0


@dataclass(frozen=True, slots=True)
class Patch:
    """Where an edit is on the canvas.

    Attributes
    ----------
    center
        Its middle, (x, y) in pixels.
    extent
        Half its width and height in pixels.
    """

    center: Point
    extent: Point


def refined(view: View, evidence: Evidence, weights: FloatArray) -> Evidence:
    """Return evidence with the places of the images that weigh most found to the pixel.

    Parameters
    ----------
    view
        The collection.
    evidence
        What the edits of a cluster say.
    weights : (N,) float32
        Each image's share of the average.
    """
    placed = [
        (row, edit)
        for row, edit in enumerate(evidence.edits)
        if not isinstance(edit, LikeImage | AnyOf) and edit.strength > 0
    ]
    rows = heaviest(weights, moved_of(len(placed)))
    if not placed or len(rows) < 2:
        return evidence
    pictures = softened(seen(view, rows, evidence.mirrored[rows]))
    places = evidence.places.copy()
    for row, edit in placed:
        places[row, rows] = refined_places(
            pictures,
            weights[rows],
            patch_of(edit, view.height, view.width),
            places[row, rows],
            evidence.scales[row, rows],
        )
    return replace(evidence, places=places)


def moved_of(edits: int) -> int:
    """Return how many images are moved for so many edits.

    Examples
    --------
    >>> moved_of(1), moved_of(24), moved_of(300)
    (256, 128, 48)
    """
    return min(MOVED, max(FEWEST, MOVED * EDITS // max(edits, 1)))


def patch_of(edit: PlacedEdit, height: int, width: int) -> Patch:
    """Return where an edit is on a canvas of that size in pixels."""
    center = center_of(edit, height, width)
    if isinstance(edit, ModePick):
        return Patch(center, (edit.size * width / 2, edit.size * width / 2))
    points = np.array([point for path in edit.paths for point in path])
    x, y = (np.ptp(points, axis=0) / 2 + edit.radius) * (width, height)
    return Patch(center, (float(x), float(y)))


def refined_places(
    pictures: FloatArray, weights: FloatArray, patch: Patch, places: FloatArray, scales: FloatArray
) -> FloatArray:
    """Return places moved by a few pixels, so that what the images show there agrees.

    Parameters
    ----------
    pictures : (M, H, W) float32
        The images as they are seen, mirrored ones mirrored; see `softened`.
    weights : (M,) float32
        How much each image counts in the average that the images are compared with.
    patch
        Where the edit is.
    places : (M, 2) float32
        (x, y) offset in pixels from there to where each image shows it.
    scales : (M,) float32
        The size there in sizes of the edit.

    Returns
    -------
    (M, 2) float32
        No place moves by more than 7 pixels in x or y, in sizes of the edit, and the average place
        does not move at all: it is not known here where in the images the edit is, only where they
        show the same.
    """
    if len(pictures) < 2 or not weights.any():
        return places
    half = np.clip(np.rint(patch.extent), LEAST, MOST).astype(int)
    middles = np.asarray(patch.center) + places
    sides = 2 * (half + REACH) + 1
    wide = for_each(
        lambda k: _cut(pictures[k], middles[k], float(scales[k]), sides),
        range(len(pictures)),
    )
    shares = weights / weights.sum(dtype=np.float64)
    moves = np.zeros((len(places), 2))
    for _ in range(ROUNDS):
        middle = half + REACH + moves
        cuts = [_normal(_cut(wide[k], middle[k], 1.0, 2 * half + 1)) for k in range(len(wide))]
        average = np.tensordot(shares, np.stack(cuts), axes=1).astype(np.float32)
        moves = np.array(for_each(partial(_best_move, average), wide))
        moves -= shares @ moves
    return (places + moves * scales[:, None]).astype(np.float32)


def softened(pictures: ByteArray) -> FloatArray:
    """Return pictures, (M, H, W, 3) uint8, as what is compared: grey, a little blurred, float32."""
    return np.array(for_each(_gray, list(pictures)), np.float32).reshape(pictures.shape[:3])


def _gray(picture: ByteArray) -> FloatArray:
    import cv2

    gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(gray, (0, 0), SMOOTH))


def _cut(
    gray: FloatArray, center: npt.NDArray[np.float64], scale: float, sides: npt.NDArray[np.int_]
) -> FloatArray:
    """Return (height, width) pixels, `sides` being odd (width, height), around a point (x, y)."""
    import cv2

    corner = center - (sides - 1) / 2 * scale
    matrix = np.array([[scale, 0, corner[0]], [0, scale, corner[1]]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = int(sides[0]), int(sides[1])
    border = cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpAffine(gray, matrix, size, flags=flags, borderMode=border))


def _normal(cut: FloatArray) -> FloatArray:
    centered = cut - cut.mean()
    normal: FloatArray = centered / max(float(np.linalg.norm(centered)), 1e-6)
    return normal


def _best_move(average: FloatArray, wide: FloatArray) -> tuple[float, float]:
    """Return the move (x, y) at which a picture agrees best with the average."""
    import cv2

    response = cv2.matchTemplate(wide, average, cv2.TM_CCOEFF_NORMED)
    steps = np.arange(-REACH, REACH + 1, dtype=np.float32)
    price = np.float32(PRICE / REACH**2) * (steps[:, None] ** 2 + steps**2)
    response = np.nan_to_num(np.asarray(response, np.float32)) - price
    y, x = np.unravel_index(response.argmax(), response.shape)
    return (
        float(steps[x]) + _peak(response[y], int(x)),
        float(steps[y]) + _peak(response[:, x], int(y)),
    )


def _peak(values: npt.NDArray[Any], best: int) -> float:
    """Return how far the top of the parabola through three values lies from the middle one."""
    if not 0 < best < len(values) - 1:
        return 0.0
    before, here, after = (float(value) for value in values[best - 1 : best + 2])
    bend = before - 2 * here + after
    return 0.5 * (before - after) / bend if bend < 0 else 0.0
