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

from explorer.arrays import ByteArray
from index.collection import Collection, open_collection
from index.files import write_array
from index.manifest import Manifest, Shard, SourceInfo, write_manifest
from index.records import write_images
from index.schema import IMAGES, SHARD_IMAGES, SHARDS, STATISTICS
from precompute import natural_world
from precompute.stages import STAGES, run_stage

SIDE = 200
SCENES = 49
SCENE_SIDE = 320
SHAPES = 14
MATCHED = ("thumbs", "color", "hog", "hog_planes")  # what the engine reads, beside the pixels


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


def _build(folder: Path, images: int, rng: np.random.Generator) -> None:
    scenes = [scene(rng) for _ in range(SCENES)]
    statistics = natural_world.load()
    natural_world.save(folder / STATISTICS, statistics)
    shards: list[Shard] = []
    for start in range(0, images, SHARD_IMAGES):
        shard = Shard(f"{len(shards):06d}", min(SHARD_IMAGES, images - start))
        home = folder / SHARDS / shard.name
        home.mkdir(parents=True)
        write_array(home / "pixels.npy", windows(scenes, shard.images, rng))
        for stage in STAGES:
            if stage.makes in MATCHED:
                run_stage(stage, home, statistics)
        shards.append(shard)
    write_images(folder / IMAGES, (_record(row) for row in range(images)))
    source = SourceInfo("folder", str(folder))
    write_manifest(folder, Manifest(height=SIDE, width=SIDE, source=source, shards=tuple(shards)))


def _record(row: int) -> dict[str, Any]:
    name = f"{row:07d}.png"
    sizes = {"height": SIDE, "width": SIDE, "size": 0, "mtime_ns": 0}
    return {"name": name, "member": name, "content": "", "metadata": {}, **sizes}
