"""Pictures that are in a collection more than once: the same file, or the same picture saved anew.

Neighbors in descriptor space are candidates only. Two pictures are the same if one, moved and
scaled a little, agrees with the other everywhere: another color, pose or view of a thing does not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from index.files import map_array
from index.search import search
from precompute import ledger
from precompute.clock import Clock
from precompute.shard import Record

FloatPicture: TypeAlias = npt.NDArray[np.float32]

NEIGHBORS = 5
"""Of an image, itself among them; a group of more members is found through the others."""

SIMILARITY = 0.93
BATCH = 512
MOVES_MAX = 0.15
FLAT_LENGTH = 0.5
"""Mean gradient, in grey levels a pixel, below which a picture is flat: nothing to align by."""


@dataclass(frozen=True, slots=True)
class Level:
    """How closely two pictures must agree, seen `side` pixels large.

    Attributes
    ----------
    side
        Pixels of the smaller pictures.
    steps
        How often the alignment is improved.
    mean, most
        Largest difference allowed: the mean, and the 99th percentile, in grey levels.
    spot, tint
        Largest difference allowed in any one spot, and what of it may be color, not light.
    gradients
        Least correlation of the gradients.
    """

    side: int
    steps: int
    mean: float
    most: float
    spot: float
    tint: float
    gradients: float


LEVELS = (
    Level(side=32, steps=12, mean=10, most=65, spot=80, tint=40, gradients=0.7),
    Level(side=64, steps=40, mean=8, most=24, spot=16, tint=8, gradients=0.965),
)
"""Measured on photographs, cropped by up to a twentieth at each side, resized, recompressed: 91 to
100 of 100 pass. Two shoes of a catalogue that differ in color alone differ by more in some spot."""


def find(
    folder: Path,
    index: Any,
    descriptors: npt.NDArray[np.float16],
    records: Sequence[Record],
    clock: Clock,
) -> tuple[tuple[str, ...], ...]:
    """Find groups of names of the same picture, the largest group first.

    Images that an earlier run has compared are not compared again.

    Parameters
    ----------
    folder
        The collection.
    index
        The search index of all images.
    descriptors : (N, D) float16
        Of all images, unit vectors.
    records
        Of all images.
    clock
        For progress and cancellation.
    """
    thumbs = Thumbs([map_array(shard / "thumbs.npy") for shard in ledger.published(folder)])
    until, same = ledger.compared(folder)
    seen: set[tuple[int, int]] = set()
    for start in range(until, len(records), BATCH):
        clock.tell("duplicates", start, len(records), is_whole=True)
        end = min(start + BATCH, len(records))
        pairs = candidate_pairs(index, descriptors[start:end], start) - seen
        seen |= pairs
        found = [
            (one, other)
            for one, other in sorted(pairs)
            if records[one]["content"] != records[other]["content"]
            and is_same_picture(thumbs[one], thumbs[other])
        ]
        ledger.add_compared(folder, end, found)
        same += found
    equal = same_content([record["content"] for record in records])
    return groups([*equal, *same], [record["name"] for record in records])


class Thumbs:
    """The thumbnails of all shards, by row."""

    def __init__(self, shards: Sequence[npt.NDArray[np.uint8]]) -> None:
        self._shards = shards
        self._starts = np.cumsum([0] + [len(shard) for shard in shards])

    def __getitem__(self, row: int) -> npt.NDArray[np.uint8]:
        """Return one thumbnail (h, w, 3)."""
        number = int(np.searchsorted(self._starts, row, side="right")) - 1
        thumb: npt.NDArray[np.uint8] = self._shards[number][row - self._starts[number]]
        return thumb


def candidate_pairs(
    index: Any, descriptors: npt.NDArray[np.float16], first: int
) -> set[tuple[int, int]]:
    """Return pairs of rows that look alike as a whole, the smaller row first.

    Parameters
    ----------
    index
        The search index of all images.
    descriptors : (n, D) float16
        Of the rows `first` and following.
    first
        The row of the first descriptor.
    """
    similarities, rows = search(index, descriptors.astype(np.float32), NEIGHBORS)
    queries = np.arange(first, first + len(rows))[:, None]
    is_near = (rows >= 0) & (rows != queries) & (similarities >= SIMILARITY)
    pairs = np.stack(np.broadcast_arrays(queries, rows), axis=-1)[is_near]
    return {(int(min(pair)), int(max(pair))) for pair in pairs}


def is_same_picture(first: npt.NDArray[np.uint8], second: npt.NDArray[np.uint8]) -> bool:
    """Tell whether two pictures (h, w, 3), sRGB of one size, are the same one saved twice.

    Recompressed, resized or slightly cropped pictures are; mirrored or recolored ones are not.
    """
    return all(_agrees(first, second, level) for level in LEVELS)


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


def _agrees(first: npt.NDArray[np.uint8], second: npt.NDArray[np.uint8], level: Level) -> bool:
    """Tell whether two pictures agree at one level, when one is moved and scaled a little."""
    one, other = (_small(picture, level.side) for picture in (first, second))
    gradients = _gradients(one), _gradients(other)
    if min(np.abs(gradient).mean() for gradient in gradients) > FLAT_LENGTH:
        moved = _aligned(one, other, level)
        if moved is None:
            return False
        border = level.side // 10
        inner = (slice(border, -border),) * 2
        one, other = one[inner], moved[inner]
        gradients = _gradients(one), _gradients(other)
        if _correlation(*gradients) < level.gradients:
            return False
    difference = one - other
    spots = np.asarray(cv2.GaussianBlur(difference, (0, 0), 1.5))
    tints = spots - spots.mean(axis=-1, keepdims=True)
    return bool(
        np.abs(difference).mean() <= level.mean
        and np.quantile(np.abs(difference), 0.99) <= level.most
        and np.abs(spots).max() <= level.spot
        and np.abs(tints).max() <= level.tint
    )


def _small(picture: npt.NDArray[np.uint8], side: int) -> FloatPicture:
    small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small.astype(np.float32), (0, 0), 0.8), np.float32)


def _gradients(picture: FloatPicture) -> FloatPicture:
    down, right = np.gradient(picture, axis=(0, 1))
    return np.stack([down, right])


def _correlation(one: FloatPicture, other: FloatPicture) -> float:
    lengths = float(np.linalg.norm(one)) * float(np.linalg.norm(other))
    return float((one * other).sum()) / max(lengths, 1e-6)


def _aligned(one: FloatPicture, other: FloatPicture, level: Level) -> FloatPicture | None:
    """Return `other` moved onto `one`, or None if no small move does it."""
    grays = [cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in (one, other)]
    one_to_other = np.eye(2, 3, dtype=np.float32)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, level.steps, 1e-4)
    everywhere = np.full((level.side, level.side), 255, np.uint8)
    try:
        _, found = cv2.findTransformECC(
            grays[0], grays[1], one_to_other, cv2.MOTION_AFFINE, criteria, everywhere, 3
        )
    except cv2.error:  # it does not converge
        return None
    warp = np.asarray(found, np.float32)
    moves = np.abs(warp - np.eye(2, 3, dtype=np.float32)) / (1, 1, level.side)
    if moves.max() > MOVES_MAX:
        return None
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (level.side, level.side)
    moved = cv2.warpAffine(other, warp, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.float32)
