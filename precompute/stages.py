"""How each feature is made from the pixels of a shard. A new feature is one more stage here.

A stage sees one shard and the statistics, nothing else, so its output depends on nothing but those.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from explorer.histograms import color_histograms
from explorer.hog import hog
from index.files import map_array, write_array
from index.fitting import resized
from index.schema import FEATURES, THUMB_SIDE
from precompute.descriptors import describe
from precompute.natural_world import quantized, quantized_planes, whitened

BATCH = 128

Pixels: TypeAlias = npt.NDArray[np.uint8]
Statistics: TypeAlias = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Stage:
    """How to make one feature.

    Attributes
    ----------
    makes
        Name of the feature, a key of `index.schema.FEATURES`.
    run
        From a batch of pixels (n, H, W, 3) and the statistics to the feature, image-major.
    version
        Raised when the same pixels give another feature.
    """

    makes: str
    run: Callable[[Pixels, Statistics], npt.NDArray[Any]]
    version: int = 1


def run_stage(stage: Stage, shard: Path, statistics: Statistics) -> int:
    """Make one feature of a shard, unless it is there.

    It is written under a partial name and renamed, so that it is there only when it is complete.

    Returns
    -------
    int
        Size of the file, in bytes.
    """
    spec = FEATURES[stage.makes]
    path = shard / f"{stage.makes}.npy"
    if not path.exists():
        pixels = map_array(shard / "pixels.npy")
        starts = range(0, len(pixels), BATCH)
        parts = [stage.run(pixels[start : start + BATCH], statistics) for start in starts]
        feature = np.concatenate(parts)
        if feature.dtype != np.dtype(spec.dtype) or feature.ndim != len(spec.axes.split()):
            found = f"{feature.shape} {feature.dtype}"
            raise TypeError(f"{spec.name} must be ({spec.axes}) {spec.dtype}, got {found}")
        is_minor = spec.layout == "planes"
        write_array(path, feature.transpose(3, 1, 2, 0) if is_minor else feature)
    return path.stat().st_size


def _thumbs(pixels: Pixels, statistics: Statistics) -> Pixels:
    height, width = thumb_size(*pixels.shape[1:3])
    return np.stack([resized(picture, height, width) for picture in pixels])


def thumb_size(height: int, width: int) -> tuple[int, int]:
    """Return (height, width) of the thumbnails of a collection; none is larger than its image."""
    scale = min(1.0, THUMB_SIDE / max(height, width))
    return max(1, round(height * scale)), max(1, round(width * scale))


def _color(pixels: Pixels, statistics: Statistics) -> npt.NDArray[Any]:
    return color_histograms(pixels)


def _hog(pixels: Pixels, statistics: Statistics) -> npt.NDArray[Any]:
    return quantized(whitened(hog(pixels), statistics), statistics)


def _hog_planes(pixels: Pixels, statistics: Statistics) -> npt.NDArray[Any]:
    return quantized_planes(whitened(hog(pixels), statistics), statistics)


def _descriptor(pixels: Pixels, statistics: Statistics) -> npt.NDArray[Any]:
    return describe(pixels)


STAGES = (
    Stage("thumbs", _thumbs),
    Stage("color", _color),
    Stage("hog", _hog),
    Stage("hog_planes", _hog_planes),
    Stage("descriptor", _descriptor),
)
