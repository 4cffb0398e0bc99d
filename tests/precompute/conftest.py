"""Pictures that look like photographs, made from a seed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from precompute.build import build
from precompute.options import BuildOptions, BuildReport, IsCancelled, OnProgress, Progress

Pixels = npt.NDArray[np.uint8]


def make_picture(seed: int, height: int = 60, width: int = 80) -> Pixels:
    """Soft clouds of color with a few hard-edged things before them."""
    rng = np.random.default_rng(seed)
    clouds = rng.uniform(0, 255, (5, 6, 3)).astype(np.float32)
    pixels = cv2.resize(clouds, (width, height), interpolation=cv2.INTER_CUBIC).clip(0, 255)
    for _ in range(6):
        center = tuple(int(v) for v in rng.uniform(0.1, 0.9, 2) * (width, height))
        axes = tuple(int(v) for v in rng.uniform(0.05, 0.25, 2) * (width, height) + 1)
        color = tuple(float(v) for v in rng.uniform(0, 255, 3))
        cv2.ellipse(pixels, center, axes, rng.uniform(0, 180), 0, 360, color, -1, cv2.LINE_AA)
    return np.rint(pixels).astype(np.uint8)


def write_photos(folder: Path, count: int, first: int = 0) -> Path:
    """Write `count` JPEG files, the names of which tell their seeds."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(first, first + count):
        Image.fromarray(make_picture(seed)).save(folder / f"{seed:04}.jpg", quality=92)
    return folder


@pytest.fixture
def picture() -> Callable[..., Pixels]:
    """Make the picture of a seed."""
    return make_picture


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return write_photos(tmp_path / "photos", 12)


@pytest.fixture
def build_small(tmp_path: Path) -> Callable[..., BuildReport]:
    """Build with one worker at 48 x 64, without modes; `out` names it in the test's folder."""

    def run(
        photos: Path,
        out: str = "c.avex",
        on_progress: OnProgress = lambda told: None,
        is_cancelled: IsCancelled = lambda: False,
        **options: Any,
    ) -> BuildReport:
        chosen = BuildOptions(**{"size": (48, 64), "workers": 1, "modes": "none", **options})
        return build(
            photos, tmp_path / out, chosen, on_progress=on_progress, is_cancelled=is_cancelled
        )

    return run


@pytest.fixture
def grow() -> Callable[[Path, int], Path]:
    """Write more photographs to a folder, other ones than it has."""

    def write(folder: Path, count: int) -> Path:
        return write_photos(folder, count, first=100 + len(list(folder.glob("*"))))

    return write


@pytest.fixture
def progress() -> list[Progress]:
    return []
