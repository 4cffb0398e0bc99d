"""Numba loops from pixels to cells of 8 x 8 pixels: oriented gradients and color counts."""

import numpy as np
import numpy.typing as npt

from explorer.arrays import ByteArray, FloatArray
from explorer.kernels.jit import compiled

CELL = 8
ORIENTATIONS = 18
EPSILON = np.float32(65536)
CEILING = np.float32(0.2)
TEXTURE = np.float32(0.2357)


@compiled
def hog_kernel(
    images: ByteArray, directions: ByteArray, lengths: FloatArray, out: FloatArray
) -> None:
    """Fill `out` (n, Y, X, 31) from `images` (n, H, W, 3) by tables over (dy + 255, dx + 255)."""
    cells_y, cells_x = out.shape[1], out.shape[2]
    width = images.shape[2]
    strongest = np.empty(width, np.int32)
    row = np.empty((cells_x + 2, ORIENTATIONS), np.float32)
    histogram = np.empty((cells_y + 2, cells_x + 2, ORIENTATIONS), np.float32)
    flat_directions = directions.reshape(-1)
    flat_lengths = lengths.reshape(-1)
    for i in range(len(images)):
        histogram[:] = 0
        for y in range(min(images.shape[1], CELL * cells_y + CELL // 2)):
            _strongest_gradients(images[i], y, strongest)
            row[:] = 0
            _vote(strongest, flat_directions, flat_lengths, row)
            _add_row(row, y, histogram)
        normalize_kernel(histogram, out[i])


@compiled
def _strongest_gradients(image: ByteArray, y: int, out: npt.NDArray[np.int32]) -> None:
    """Fill `out` with the table's place of the longest of the channels' gradients."""
    height, width = image.shape[0], image.shape[1]
    above, here, below = image[max(y - 1, 0)], image[y], image[min(y + 1, height - 1)]
    for x in range(width):
        left, right = max(x - 1, 0), min(x + 1, width - 1)
        best = np.int32(-1)
        place = np.int32(0)
        for channel in range(3):
            dx = np.int32(here[right, channel]) - np.int32(here[left, channel])
            dy = np.int32(below[x, channel]) - np.int32(above[x, channel])
            square = dx * dx + dy * dy
            if square > best:
                best = square
                place = (dy + np.int32(255)) * np.int32(511) + dx + np.int32(255)
        out[x] = place


@compiled
def _vote(
    places: npt.NDArray[np.int32], directions: ByteArray, lengths: FloatArray, row: FloatArray
) -> None:
    """Add each pixel's length to its direction in the two cells beside it."""
    cells_x = row.shape[0] - 2
    for x in range(min(len(places), CELL * cells_x + CELL // 2)):
        cell = (x + CELL // 2) // CELL  # cells are shifted by one: 0 and cells_x + 1 are outside
        right = np.float32((x + CELL // 2) % CELL + 0.5) / np.float32(CELL)
        direction = directions[places[x]]
        length = lengths[places[x]]
        row[cell, direction] += (np.float32(1) - right) * length
        row[cell + 1, direction] += right * length


@compiled
def _add_row(row: FloatArray, y: int, histogram: FloatArray) -> None:
    cell = (y + CELL // 2) // CELL
    lower = np.float32((y + CELL // 2) % CELL + 0.5) / np.float32(CELL)
    for x in range(1, row.shape[0] - 1):
        for o in range(ORIENTATIONS):
            histogram[cell, x, o] += (np.float32(1) - lower) * row[x, o]
            histogram[cell + 1, x, o] += lower * row[x, o]


@compiled
def normalize_kernel(histogram: FloatArray, out: FloatArray) -> None:
    """Fill `out` (Y, X, 31) from a histogram (Y + 2, X + 2, 18), which has a border of one cell."""
    cells_y, cells_x = out.shape[0], out.shape[1]
    energy = np.empty((cells_y + 2, cells_x + 2), np.float32)
    for y in range(cells_y + 2):
        inner_y = min(max(y, 1), cells_y)
        for x in range(cells_x + 2):
            inner_x = min(max(x, 1), cells_x)
            total = np.float32(0)
            for o in range(ORIENTATIONS // 2):
                both = histogram[inner_y, inner_x, o] + histogram[inner_y, inner_x, o + 9]
                total += both * both
            energy[y, x] = total
    inverse = np.empty((cells_y + 1, cells_x + 1), np.float32)
    for y in range(cells_y + 1):
        for x in range(cells_x + 1):
            block = energy[y, x] + energy[y, x + 1] + energy[y + 1, x] + energy[y + 1, x + 1]
            inverse[y, x] = np.float32(1) / np.sqrt(block + EPSILON)
    for y in range(cells_y):
        for x in range(cells_x):
            _write_cell(histogram[y + 1, x + 1], inverse[y : y + 2, x : x + 2], out[y, x])


@compiled
def _write_cell(votes: FloatArray, inverse: FloatArray, out: FloatArray) -> None:
    out[:27] = 0
    for block in range(4):
        scale = inverse[block // 2, block % 2]
        texture = np.float32(0)
        for o in range(ORIENTATIONS):
            value = min(votes[o] * scale, CEILING)
            out[o] += np.float32(0.5) * value
            texture += value
        for o in range(ORIENTATIONS // 2):
            both = (votes[o] + votes[o + 9]) * scale
            out[18 + o] += np.float32(0.5) * min(both, CEILING)
        out[27 + block] = TEXTURE * texture


@compiled
def histogram_kernel(images: ByteArray, out: ByteArray) -> None:
    """Add the pixels of `images` (n, H, W, 3) to their bins in `out` (n, Y, X, 64), all zero."""
    for i in range(len(images)):
        for y in range(out.shape[1] * CELL):
            for x in range(out.shape[2] * CELL):
                red, green, blue = images[i, y, x]
                color = (red >> 6) << 4 | (green >> 6) << 2 | blue >> 6
                out[i, y // CELL, x // CELL, color] += np.uint8(1)
