"""Strokes cut from an image, as if somebody had painted or drawn what it shows there."""

import cv2
import numpy as np
import numpy.typing as npt

from explorer.arrays import ByteArray
from explorer.edits import ColorStroke, Path, SketchStroke

CELL = 8
REGION = (0.25, 0.4)  # of the shorter side
LINES = 3
SHORTEST_LINE = 12
ROUGHNESS = 1.5

Region = tuple[int, int, int, int]


def pick_region(image: ByteArray, rng: np.random.Generator) -> Region | None:
    """Draw a square where there is something to see, more likely where edges are strong.

    Returns
    -------
    tuple or None
        (top, bottom, left, right) in pixels; None if the image is flat.
    """
    strength = _gradient(image)
    if not strength.any():
        return None
    place = int(rng.choice(strength.size, p=(strength / strength.sum()).ravel()))
    y, x = divmod(place, strength.shape[1])
    half = max(CELL, round(rng.uniform(*REGION) * min(strength.shape) / 2))
    return (
        max(0, y - half),
        min(strength.shape[0], y + half),
        max(0, x - half),
        min(strength.shape[1], x + half),
    )


def cut_color(image: ByteArray, region: Region) -> ColorStroke:
    """Paint the region's most common color, but for the background's, on the cells that show it."""
    height, width = image.shape[:2]
    top, bottom, left, right = (
        region[0] // CELL,
        max(region[1] // CELL, region[0] // CELL + 1),
        region[2] // CELL,
        max(region[3] // CELL, region[2] // CELL + 1),
    )
    part = image[top * CELL : bottom * CELL, left * CELL : right * CELL]
    bins, background = _bins(part), np.bincount(_bins(image).ravel()).argmax()
    counts = np.bincount(bins.ravel(), minlength=background + 1)
    counts[background] *= counts.sum() == counts[background]
    common = bins == counts.argmax()
    rows, columns = part.shape[0] // CELL, part.shape[1] // CELL
    cells = common[: rows * CELL, : columns * CELL].reshape(rows, CELL, columns, CELL)
    shares = cells.mean(axis=(1, 3))
    chosen = np.argwhere(shares >= min(0.5, shares.max()))
    paths: tuple[Path, ...] = tuple(
        (((left + x + 0.5) * CELL / width, (top + y + 0.5) * CELL / height),)
        for y, x in chosen.tolist()
    )
    red, green, blue = np.rint(part[common].mean(axis=0)).astype(int).tolist()
    return ColorStroke(id="cut", paths=paths, radius=3 / width, color=(red, green, blue))


def cut_sketch(image: ByteArray, region: Region) -> SketchStroke | None:
    """Draw the region's strongest edges; None if there is no line in it."""
    height, width = image.shape[:2]
    top, bottom, left, right = region
    gray = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), (0, 0), 1.2)
    strong = float(np.quantile(_gradient(image)[top:bottom, left:right], 0.9))
    edges = cv2.Canny(gray[top:bottom, left:right], strong / 2, max(strong, 20.0), L2gradient=True)
    lines = sorted(_traced(edges > 0), key=len, reverse=True)[:LINES]
    paths = []
    for line in lines:
        if len(line) >= SHORTEST_LINE:
            points = np.array(line, np.float32)[:, ::-1] + (left + 0.5, top + 0.5)
            kept = cv2.approxPolyDP(points.astype(np.float32)[:, None], ROUGHNESS, closed=False)
            paths.append(tuple((x / width, y / height) for x, y in kept[:, 0].tolist()))
    return SketchStroke(id="cut", paths=tuple(paths), radius=2 / width) if paths else None


def _bins(image: ByteArray) -> npt.NDArray[np.int64]:
    """Return the RGB bin of each pixel, four levels a channel."""
    bins: npt.NDArray[np.int64] = (image >> 6).astype(np.int64) @ np.array([16, 4, 1])
    return bins


def _gradient(image: ByteArray) -> npt.NDArray[np.float64]:
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    right, down = cv2.Sobel(gray, cv2.CV_64F, 1, 0), cv2.Sobel(gray, cv2.CV_64F, 0, 1)
    strength: npt.NDArray[np.float64] = np.hypot(right, down)
    return strength


def _traced(edges: npt.NDArray[np.bool_]) -> list[list[tuple[int, int]]]:
    """Follow thin edges from pixel to neighbouring pixel, both ways from where each line starts."""
    left_over = {(int(y), int(x)) for y, x in np.argwhere(edges)}
    lines = []
    while left_over:
        start = min(left_over)
        left_over.remove(start)
        forward = _followed(start, left_over)
        lines.append([*_followed(start, left_over)[::-1], start, *forward])
    return lines


def _followed(start: tuple[int, int], left_over: set[tuple[int, int]]) -> list[tuple[int, int]]:
    line: list[tuple[int, int]] = []
    y, x = start
    while True:
        beside = [(y, x + 1), (y, x - 1), (y + 1, x), (y - 1, x)]
        beside += [(y + 1, x + 1), (y + 1, x - 1), (y - 1, x + 1), (y - 1, x - 1)]
        following = next((place for place in beside if place in left_over), None)
        if following is None:
            return line
        left_over.remove(following)
        line.append(following)
        y, x = following
