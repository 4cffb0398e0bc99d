"""Benchmark of the features that a build extracts."""

import numpy as np

from evaluation.bench.timing import median_seconds
from evaluation.bench.values import Bench, Figure
from explorer.arrays import ByteArray
from explorer.hog import BLOCK, hog
from explorer.reference import hog_reference

SLOW_IMAGES = 3


def hog_extraction(bench: Bench) -> Figure:
    """Describe one image on one core; brute force is scikit-image, if it is installed."""
    images = np.ascontiguousarray(bench.collection.shards("pixels")[0][:BLOCK])
    seconds = median_seconds(lambda: hog(images)) / len(images)  # so few run on one core
    error = float(np.abs(hog(images[:1])[0] - hog_reference(images[0])).max())
    return Figure(
        seconds=seconds,
        brute_force_seconds=_by_skimage(images[:SLOW_IMAGES]),
        exact=error < 1e-5,
        notes={"error": error, "images_per_second_and_core": 1 / seconds},
    )


def _by_skimage(images: ByteArray) -> float | None:
    try:
        from skimage.feature import hog as skimage_hog
    except ImportError:
        return None

    def describe() -> None:
        for image in images:
            skimage_hog(image, pixels_per_cell=(8, 8), cells_per_block=(2, 2), channel_axis=-1)

    return median_seconds(describe, times=3) / len(images)
