"""Paint parts with light: each is a cushion, lit from the upper left, with highlights."""

from dataclasses import dataclass

import cv2
import numpy as np

from explorer.arrays import ByteArray, FloatArray
from precompute.catalogue.curves import Curve
from precompute.catalogue.parts import Part

LIGHT = np.array([-0.36, -0.72, 0.6], np.float32)
SUBPIXEL_BITS = 4
HALF = LIGHT + np.array([0, 0, 1], np.float32)
HALF /= np.linalg.norm(HALF)
SHINE = {"matte": (0.10, 8.0), "glossy": (0.75, 42.0), "suede": (0.03, 4.0)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Placement:
    """Where centimeters are on the canvas: `pixel = matrix @ (x, y, 1)`; matrix (2, 3)."""

    matrix: Curve

    @property
    def scale(self) -> float:
        """Pixels a centimeter."""
        return float(np.sqrt(abs(np.linalg.det(self.matrix[:, :2]))))

    def pixels(self, outline: Curve) -> Curve:
        """Return (P, 2) pixels of (P, 2) centimeters."""
        placed: Curve = outline @ self.matrix[:, :2].T + self.matrix[:, 2]
        return placed


def fill(canvas: ByteArray, outline: Curve, value: int = 255) -> ByteArray:
    """Fill a polygon (pixels) with soft edges into a mask, in place."""
    points = np.round(outline * (1 << SUBPIXEL_BITS)).astype(np.int32)
    cv2.fillPoly(canvas, [points], value, cv2.LINE_AA, SUBPIXEL_BITS)
    return canvas


def paint(
    canvas: FloatArray, part: Part, placement: Placement, masks: dict[str, ByteArray],
    grain: FloatArray,
) -> None:  # fmt: skip
    """Paint one part over the canvas, and note its mask.

    Parameters
    ----------
    canvas : (H, W, 3) float32
        sRGB in 0..255; changed in place.
    masks
        Of each part painted so far, (H, W) uint8; the part's own is added.
    grain : (H, W) float32
        Noise of unit variance, for the nap of suede.
    """
    mask = fill(np.zeros(canvas.shape[:2], np.uint8), placement.pixels(part.outline))
    if part.within:
        mask = np.minimum(mask, masks[part.within])
    masks[part.name] = mask
    x, y, width, height = cv2.boundingRect(mask)
    if not width:
        return
    top, left = max(0, y - 2), max(0, x - 2)
    box = np.s_[top : y + height + 2, left : x + width + 2]
    color = np.array(part.rgb, np.float32)
    lit = color if part.round_cm <= 0 else _shade(mask[box], part, placement.scale, grain[box])
    alpha = (mask[box].astype(np.float32) * (part.opacity / 255))[..., None]
    canvas[box] += alpha * (lit - canvas[box])


def _shade(mask: ByteArray, part: Part, scale: float, grain: FloatArray) -> FloatArray:
    """Return the colors (H, W, 3) of a cushion of that outline."""
    radius = part.round_cm * scale
    solid = np.pad((mask > 127).astype(np.uint8), 1)
    depth = cv2.distanceTransform(solid, cv2.DIST_L2, 5)[1:-1, 1:-1]
    t = np.clip(depth / radius, 0, 1)
    height = radius * np.sqrt(1 - (1 - t) ** 2)
    height = cv2.GaussianBlur(height, (0, 0), max(0.8, 0.22 * radius))
    dx, dy = (cv2.Sobel(height, cv2.CV_32F, *d, scale=0.125) for d in ((1, 0), (0, 1)))
    norm = 1 / np.sqrt(dx * dx + dy * dy + 1)
    facing = np.maximum(0, (-dx * LIGHT[0] - dy * LIGHT[1] + LIGHT[2]) * norm)
    half = np.maximum(0, (-dx * HALF[0] - dy * HALF[1] + HALF[2]) * norm)
    strength, power = SHINE[part.material]
    diffuse = 0.57 + 0.76 * facing + 0.05 * np.linspace(1, -1, len(mask))[:, None]
    if part.material == "suede":
        diffuse = diffuse * (1 + 0.045 * grain)
    shine = strength * half**power
    if part.material == "glossy":
        shine += 0.22 * np.maximum(0, norm * 1.25 - 1) * (facing > LIGHT[2] * 0.9)
    color = np.array(part.rgb, np.float32)
    lit: FloatArray = color * diffuse[..., None] + 200 * shine[..., None]
    return np.clip(lit, 0, 250).astype(np.float32)
