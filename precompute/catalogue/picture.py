"""One picture of one shoe: its pose, what it stands on, its shadow and its parts."""

from dataclasses import dataclass

import cv2
import numpy as np

from explorer.arrays import ByteArray, FloatArray
from precompute.catalogue.backdrop import Backdrop, backdrop
from precompute.catalogue.curves import Curve, ellipse
from precompute.catalogue.light import Placement, fill, paint
from precompute.catalogue.parts import Part, parts_of
from precompute.catalogue.shoe import Shoe

SUPERSAMPLING = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """How a shoe is photographed.

    Attributes
    ----------
    scale
        Of the size that fits the picture, in (0, 1].
    angle
        Radians, positive = clockwise on screen.
    shift
        (x, y) as a share of the picture's side.
    mirrored
        Whether the toe points to the left.
    """

    scale: float = 0.84
    angle: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)
    mirrored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """A picture and where the shoe is in it.

    Attributes
    ----------
    image : (side, side, 3) uint8
        sRGB.
    mask : (side, side) uint8
        255 where the shoe is.
    placement
        Where its centimeters are, in pixels of the image.
    """

    image: ByteArray
    mask: ByteArray
    placement: Placement


def invent_pose(rng: np.random.Generator) -> Pose:
    """Draw a pose: mostly straight, sometimes mirrored."""
    return Pose(
        scale=float(rng.uniform(0.74, 0.88)),
        angle=float(np.clip(rng.normal(0, 0.025), -0.07, 0.07)),
        shift=(float(rng.normal(0, 0.015)), float(rng.normal(0, 0.015))),
        mirrored=bool(rng.random() < 0.12),
    )


def picture_of(
    shoe: Shoe, rng: np.random.Generator, *, pose: Pose, on: Backdrop = "studio", side: int = 224
) -> Picture:
    """Paint a shoe.

    Parameters
    ----------
    shoe
        What to paint.
    rng
        Draws the backdrop and the grain; the shoe's shape does not depend on it.
    pose, on, side
        How it is photographed, before what, and the side of the picture in pixels.
    """
    parts = parts_of(shoe)
    large = side * SUPERSAMPLING
    placement = _place(parts, pose, large)
    canvas = backdrop(on, large, rng)
    _cast_shadow(canvas, parts, placement)
    grain = _grain(large, rng)
    masks: dict[str, ByteArray] = {}
    whole = np.zeros((large, large), np.uint8)
    for part in parts:
        paint(canvas, part, placement, masks, grain)
        if part.opacity:
            np.maximum(whole, masks[part.name], out=whole)
    canvas += rng.normal(0, 1.6, (large, large, 1)).astype(np.float32)
    image = cv2.resize(np.clip(canvas, 0, 255), (side, side), interpolation=cv2.INTER_AREA)
    mask = cv2.resize(whole, (side, side), interpolation=cv2.INTER_AREA)
    small = Placement(matrix=placement.matrix / SUPERSAMPLING)
    return Picture(
        image=np.round(image).astype(np.uint8), mask=mask.astype(np.uint8), placement=small
    )


def _place(parts: list[Part], pose: Pose, side: int) -> Placement:
    """Center the shoe in the picture; boots stand a little lower than low shoes."""
    points: Curve = np.vstack([part.outline for part in parts if not part.within])
    low, high = points.min(axis=0), points.max(axis=0)
    width, height = high - low
    scale = pose.scale * side * min(1 / width, 0.97 / height)
    cos, sin = np.cos(pose.angle) * scale, np.sin(pose.angle) * scale
    mirror = -1.0 if pose.mirrored else 1.0
    turn = np.array([[cos * mirror, sin], [sin * mirror, -cos]])
    middle = (low + high) / 2
    shift = np.asarray(pose.shift) * side + side / 2 + (0, 0.02 * side)
    return Placement(matrix=np.column_stack([turn, shift - turn @ middle]))


def _cast_shadow(canvas: FloatArray, parts: list[Part], placement: Placement) -> None:
    """Darken the ground under a shoe: softly below all of it, sharply where it touches."""
    low = np.vstack([part.outline for part in parts if part.name in ("heel", "sole")])
    left, right = low[:, 0].min(), low[:, 0].max()
    touch = low[low[:, 1] < 0.12][:, 0]
    middle = (left + right) / 2
    soft = ellipse((middle, -0.25), ((right - left) * 0.52, 0.9))
    heel, front = touch[touch < middle], touch[touch >= middle]
    near = [soft]
    near += [
        ellipse(((t.min() + t.max()) / 2, -0.05), ((t.max() - t.min()) / 2 + 0.35, 0.32))
        for t in (heel, front)
        if len(t)
    ]
    for outline, blur, depth in zip(near, (0.8, 0.22, 0.22), (0.36, 0.4, 0.34), strict=False):
        mask = fill(np.zeros(canvas.shape[:2], np.uint8), placement.pixels(outline))
        shadow = cv2.GaussianBlur(mask, (0, 0), blur * placement.scale)
        canvas *= 1 - (depth / 255) * shadow.astype(np.float32)[..., None]


def _grain(side: int, rng: np.random.Generator) -> FloatArray:
    """Draw a nap of unit variance, longer than it is wide."""
    noise = rng.standard_normal((side, side)).astype(np.float32)
    blurred = cv2.GaussianBlur(noise, (0, 0), 0.9, sigmaY=1.4)
    return np.asarray(blurred / blurred.std(), np.float32)
