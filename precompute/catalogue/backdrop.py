"""What a shoe stands on: mostly a white studio, sometimes a colored or a textured one."""

from typing import Any, Literal, TypeAlias

import cv2
import numpy as np

from explorer.arrays import FloatArray

Backdrop: TypeAlias = Literal["studio", "gradient", "texture"]


def backdrop(kind: Backdrop, side: int, rng: np.random.Generator) -> FloatArray:
    """Paint an empty picture, (side, side, 3) float32 in 0..255."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / side
    if kind == "studio":
        white = np.float32(rng.uniform(243, 254)) + rng.uniform(-3, 3, 3).astype(np.float32)
        shade = 1 - 0.05 * np.hypot(x - 0.45, y - 0.4) ** 2 - 0.02 * (y > 0.8) * (y - 0.8)
        return _picture(white * shade[..., None])
    if kind == "gradient":
        top = _pastel(rng)
        low = top * 0.45 + _pastel(rng) * 0.55
        t = (1 / (1 + np.exp(-(y - rng.uniform(0.45, 0.75)) * 9)))[..., None]
        glow = 1 - 0.16 * np.hypot(x - 0.4, y - 0.35)[..., None]
        return _picture((top * (1 - t) + low * t) * glow)
    return _wood(x, y, rng) if rng.random() < 0.5 else _cloth(side, rng)


def _picture(values: Any) -> FloatArray:
    """Return the values as a picture: float32 in 0..255."""
    return np.asarray(np.clip(values, 0, 255), np.float32)


def _pastel(rng: np.random.Generator) -> FloatArray:
    """Draw a light color."""
    return np.asarray(180 + 62 * rng.random(3), np.float32)


def _wood(x: FloatArray, y: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Paint planks on the floor before a light wall."""
    side = len(x)
    wall = np.array([226, 222, 214], np.float32) + rng.uniform(-14, 14, 3).astype(np.float32)
    oak = np.array([184, 146, 106], np.float32) * np.float32(rng.uniform(0.75, 1.15))
    noise = rng.standard_normal((side, side // 16 + 1)).astype(np.float32)
    veins = cv2.GaussianBlur(
        cv2.resize(noise, (side, side), interpolation=cv2.INTER_CUBIC), (0, 0), 1
    )
    planks = 0.94 + 0.06 * np.cos(np.floor(y * 11) * 2.4) - 0.16 * ((y * 11) % 1 < 0.05)
    floor = np.clip(oak * (planks + 0.06 * veins)[..., None], 0, 255)
    edge = np.clip((y - rng.uniform(0.5, 0.64)) * side / 3, 0, 1)[..., None]
    return _picture(wall * (1 - 0.1 * x[..., None]) * (1 - edge) + floor * edge)


def _cloth(side: int, rng: np.random.Generator) -> FloatArray:
    """Paint a cloth with soft folds."""
    base = _pastel(rng) * np.float32(rng.uniform(0.7, 1))
    small = rng.standard_normal((9, 9)).astype(np.float32)
    folds = cv2.resize(small, (side, side), interpolation=cv2.INTER_CUBIC)
    weave = cv2.GaussianBlur(rng.standard_normal((side, side)).astype(np.float32), (0, 0), 1.2)
    return _picture(base * (1 + 0.05 * folds + 0.06 * weave)[..., None])
