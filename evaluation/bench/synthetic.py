"""A collection of made-up pictures with the statistics of photographs, for figures at any size.

Pictures are windows into a few dozen scenes: fields of falling spectrum with hard-edged shapes in
front. Windows of one scene differ in place, side and tone, so there is something to find.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from explorer.arrays import ByteArray, FloatArray
from explorer.histograms import color_histograms
from explorer.hog import hog
from explorer.kernels.terms import PLANE_LIMIT
from index.collection import Collection, open_collection
from index.files import write_array, write_atomically
from index.manifest import Manifest, Shard, SourceInfo, write_manifest
from index.records import write_images
from index.schema import (
    HOG_PLANES,
    IMAGES,
    SHARD_IMAGES,
    SHARDS,
    STATISTICS,
    THUMB_SIDE,
)

SIDE = 200
SCENES = 49
SCENE_SIDE = 320
SHAPES = 14
RIDGE = 0.01
EDGE_CELLS = 0.25

Statistics = dict[str, npt.NDArray[Any]]


@contextmanager
def synthetic_collection(images: int, seed: int = 0) -> Iterator[Collection]:
    """Make a collection in a temporary folder, and remove it after use.

    Parameters
    ----------
    images
        How many pictures, of 200 x 200 pixels.
    seed
        Where the random numbers start.
    """
    with TemporaryDirectory(prefix="avex-bench-", suffix=".avex") as folder:
        _build(Path(folder), images, np.random.default_rng(seed))
        yield open_collection(folder)


def scene(rng: np.random.Generator) -> ByteArray:
    """Draw one scene: (320, 320, 3) uint8."""
    field = np.zeros((SCENE_SIDE, SCENE_SIDE, 3), np.float32)
    for octave in range(2, 8):
        cells = 2**octave
        noise = rng.normal(size=(cells, cells, 3)).astype(np.float32)
        noise = 0.7 * noise.mean(axis=-1, keepdims=True) + 0.3 * noise  # colors go together
        field += cv2.resize(noise, (SCENE_SIDE, SCENE_SIDE), interpolation=cv2.INTER_CUBIC) / cells
    picture = np.clip(127 + 300 * field, 0, 255).astype(np.uint8)
    for _ in range(SHAPES):
        corners = rng.integers(0, SCENE_SIDE, 2) + rng.integers(-70, 70, (5, 2))
        color = tuple(int(level) for level in rng.integers(0, 256, 3))
        shape = cv2.convexHull(corners.astype(np.int32))
        cv2.fillPoly(picture, [shape], color, lineType=cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.8), np.uint8)


def windows(scenes: list[ByteArray], count: int, rng: np.random.Generator) -> ByteArray:
    """Cut pictures (count, 200, 200, 3) uint8 from scenes chosen at random."""
    pictures = np.empty((count, SIDE, SIDE, 3), np.uint8)
    for picture in pictures:
        y, x = rng.integers(0, SCENE_SIDE - SIDE, 2)
        window = scenes[rng.integers(len(scenes))][y : y + SIDE, x : x + SIDE]
        window = window[:, :: rng.choice([-1, 1])]
        gain, shift = rng.uniform(0.7, 1.2), rng.uniform(-30, 30)
        cv2.convertScaleAbs(np.ascontiguousarray(window), picture, gain, shift)
    return pictures


def statistics_of(cells: FloatArray) -> Statistics:
    """Return the statistics that whiten HOG, of cells (n, 31) float32.

    The planes' basis holds the directions in which cells with edges vary, as those are drawn.
    """
    mean = cells.mean(axis=0)
    covariance = np.cov(cells.T)
    values, vectors = np.linalg.eigh(covariance + RIDGE * np.eye(len(mean)))
    whitening = (vectors / np.sqrt(values)) @ vectors.T
    white = cells @ whitening
    texture = cells[:, 27:].sum(axis=1)
    edges = white[texture >= np.quantile(texture, 1 - EDGE_CELLS)]
    basis = np.linalg.eigh(edges.T @ edges)[1][:, ::-1][:, :HOG_PLANES]
    arrays = {
        "hog_mean": mean,
        "hog_covariance": covariance,
        "hog_whitening": whitening,
        "hog_basis": basis,
        "hog_scale": np.quantile(np.abs(white), 0.9999) / 127,
        "hog_planes_scale": np.quantile(np.abs(white @ basis), 0.999) / PLANE_LIMIT,
    }
    return {name: np.array(array, np.float32, order="C") for name, array in arrays.items()}


def _build(folder: Path, images: int, rng: np.random.Generator) -> None:
    from safetensors.numpy import save

    scenes = [scene(rng) for _ in range(SCENES)]
    statistics = statistics_of(hog(windows(scenes, 200, rng)).reshape(-1, 31))
    write_atomically(folder / STATISTICS, lambda file: file.write(save(statistics)))
    shards: list[Shard] = []
    for start in range(0, images, SHARD_IMAGES):
        shard = Shard(f"{len(shards):06d}", min(SHARD_IMAGES, images - start))
        (folder / SHARDS / shard.name).mkdir(parents=True)
        pictures = windows(scenes, shard.images, rng)
        for name, array in features_of(pictures, statistics).items():
            write_array(folder / SHARDS / shard.name / f"{name}.npy", array)
        shards.append(shard)
    write_images(folder / IMAGES, (_record(row) for row in range(images)))
    source = SourceInfo("folder", str(folder))
    write_manifest(folder, Manifest(height=SIDE, width=SIDE, source=source, shards=tuple(shards)))


def features_of(pictures: ByteArray, statistics: Statistics) -> dict[str, npt.NDArray[Any]]:
    """Return what the engine reads of pictures (n, H, W, 3) uint8, by the name of the feature."""
    size = THUMB_SIDE, THUMB_SIDE
    thumbs = [cv2.resize(picture, size, interpolation=cv2.INTER_AREA) for picture in pictures]
    white = hog(pictures) @ statistics["hog_whitening"]
    planes = white @ statistics["hog_basis"] / statistics["hog_planes_scale"]
    rounded = np.clip(np.rint(planes), -PLANE_LIMIT, PLANE_LIMIT).astype(np.int8)
    return {
        "pixels": pictures,
        "thumbs": np.stack(thumbs),
        "color": color_histograms(pictures).transpose(3, 1, 2, 0),
        "hog": np.clip(np.rint(white / statistics["hog_scale"]), -127, 127).astype(np.int8),
        "hog_planes": rounded.transpose(3, 1, 2, 0),
    }


def _record(row: int) -> dict[str, Any]:
    name = f"{row:07d}.png"
    sizes = {"height": SIDE, "width": SIDE, "size": 0, "mtime_ns": 0}
    return {"name": name, "member": name, "content": "", "metadata": {}, **sizes}
