"""Pictures that are in a collection more than once: the same file, or the same picture saved anew.

Neighbors in descriptor space are candidates only. Two pictures are the same if one, moved and
scaled a little, agrees with the other everywhere: another color, pose or view of a thing does not.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from index.files import map_array
from index.search import search
from precompute.clock import Clock
from precompute.shard import Record

NEIGHBORS = 8
SIMILARITY = 0.9
SIDE = 64
BATCH = 256
MARGIN = 6
BLUR = 5
MOVES_MAX = 0.12
COLOR_MAX = 12.0
CORRELATION_MIN = 0.97
STEPS = 40


def find(
    index: Any,
    descriptors: npt.NDArray[np.float16],
    records: Sequence[Record],
    shards: Sequence[Path],
    clock: Clock,
) -> tuple[tuple[str, ...], ...]:
    """Find groups of names of the same picture, the largest group first."""
    names = [record["name"] for record in records]
    equal = same_content([record["content"] for record in records])
    thumbs = Thumbs([map_array(shard / "thumbs.npy") for shard in shards])
    pairs = []
    for one, other in candidate_pairs(index, descriptors):
        clock.tell("duplicates", other, len(names))
        if records[one]["content"] != records[other]["content"] and is_same_picture(
            thumbs[one], thumbs[other]
        ):
            pairs.append((one, other))
    return groups([*equal, *pairs], names)


class Thumbs:
    """The thumbnails of all shards, by row."""

    def __init__(self, shards: Sequence[npt.NDArray[np.uint8]]) -> None:
        self._shards = shards
        self._starts = np.cumsum([0] + [len(shard) for shard in shards])

    def __getitem__(self, row: int) -> npt.NDArray[np.uint8]:
        """Return one thumbnail (h, w, 3)."""
        number = int(np.searchsorted(self._starts, row, side="right")) - 1
        return self._shards[number][row - self._starts[number]]


def candidate_pairs(index: Any, descriptors: npt.NDArray[np.float16]) -> Iterator[tuple[int, int]]:
    """Yield pairs of rows that look alike as a whole, each once, the smaller row first.

    Parameters
    ----------
    index
        The search index of all images.
    descriptors : (N, D) float16
        Of all images, unit vectors.
    """
    seen: set[tuple[int, int]] = set()
    for start in range(0, len(descriptors), BATCH):
        queries = descriptors[start : start + BATCH].astype(np.float32)
        similarities, rows = search(index, queries, NEIGHBORS)
        for query, (near, ids) in enumerate(zip(similarities, rows, strict=True), start):
            for similarity, row in zip(near, ids, strict=True):
                pair = min(query, int(row)), max(query, int(row))
                if 0 <= row != query and similarity >= SIMILARITY and pair not in seen:
                    seen.add(pair)
                    yield pair


def is_same_picture(first: npt.NDArray[np.uint8], second: npt.NDArray[np.uint8]) -> bool:
    """Tell whether two pictures (h, w, 3), sRGB of one size, are the same one saved twice.

    Recompressed, resized or slightly cropped pictures are; mirrored or recolored ones are not.
    """
    one, other = _small(first), _small(second)
    if np.abs(one.mean(axis=(0, 1)) - other.mean(axis=(0, 1))).max() > COLOR_MAX:
        return False
    warp = _alignment(one, other)
    if warp is None:
        return False
    moved = cv2.warpAffine(other, warp, (SIDE, SIDE), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    inner = (slice(MARGIN, -MARGIN),) * 2
    return _agrees(one[inner], moved[inner])


def groups(pairs: Iterable[tuple[int, int]], names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Join pairs of rows to groups of names, the largest group first."""
    leader: dict[int, int] = {}

    def first(row: int) -> int:
        while leader.setdefault(row, row) != row:
            leader[row] = leader[leader[row]]
            row = leader[row]
        return row

    for one, other in pairs:
        leader[first(other)] = first(one)
    members: dict[int, list[str]] = {}
    for row in leader:
        members.setdefault(first(row), []).append(names[row])
    sets = (tuple(sorted(group)) for group in members.values())
    return tuple(sorted(sets, key=lambda group: (-len(group), group)))


def same_content(contents: Sequence[str]) -> list[tuple[int, int]]:
    """Return pairs of rows of which the files are equal, by their hashes."""
    first: dict[str, int] = {}
    pairs = []
    for row, content in enumerate(contents):
        if first.setdefault(content, row) != row:
            pairs.append((first[content], row))
    return pairs


def _small(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    small = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32)


def _alignment(
    one: npt.NDArray[np.float32], other: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32] | None:
    """Return one_to_other (2, 3) that maps pixels, or None if there is none near the identity."""
    grays = [cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in (one, other)]
    start = np.eye(2, 3, dtype=np.float32)
    if min(gray.std() for gray in grays) < 1:
        return start
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, STEPS, 1e-4)
    try:
        _, warp = cv2.findTransformECC(*grays, start, cv2.MOTION_AFFINE, criteria, None, BLUR)
    except cv2.error:
        return None
    moves = np.abs(warp - np.eye(2, 3, dtype=np.float32))
    is_near = moves[:, :2].max() < MOVES_MAX and moves[:, 2].max() < MOVES_MAX * SIDE
    return np.asarray(warp, np.float32) if is_near else None


def _agrees(one: npt.NDArray[np.float32], other: npt.NDArray[np.float32]) -> bool:
    difference = np.abs(one - other)
    if difference.mean() > COLOR_MAX:
        return False
    centered = [picture - picture.mean(axis=(0, 1)) for picture in (one, other)]
    lengths = [float(np.linalg.norm(picture)) for picture in centered]
    if min(lengths) < SIDE:
        return float(difference.max()) < COLOR_MAX
    correlation = float((centered[0] * centered[1]).sum()) / (lengths[0] * lengths[1])
    return correlation > CORRELATION_MIN
