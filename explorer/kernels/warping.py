"""Numba loops for warped averages: where each pixel lies in an image, and what is drawn there.

A row of the canvas goes through four short loops. Three of them become vector instructions; the
third only fetches, two words a pixel, as a fetch from a computed place keeps a loop from that.
"""

import numpy as np
import numpy.typing as npt

from explorer.arrays import BoolArray, FloatArray, IntArray
from explorer.kernels.jit import compiled, contracted

Words = npt.NDArray[np.uint64]
Axis = tuple[IntArray, FloatArray]

EVEN = np.uint64(0x00FF00FF00FF00FF)
LANE = np.uint64(0xFFFF)
ONE_BYTE, TWO_BYTES, FOUR_BYTES = np.uint64(8), np.uint64(16), np.uint64(32)  # in bits
BITS = np.int32(8)
STEPS = np.float32(256)  # of a pixel: finer ones cannot be told in bytes
EDGE, END = np.float32(128), np.float32(129)  # from the center of a pixel to its border, beyond
ZERO, HALF, TWO = np.float32(0), np.float32(0.5), np.int32(2)


@contracted
def warp_kernel(
    words: Words,
    size: tuple[int, int],
    warps: tuple[IntArray, FloatArray, FloatArray],
    down: Axis,
    right: Axis,
    sums: FloatArray,
) -> None:
    """Add warped images, by weight, to some rows of the canvas.

    Parameters
    ----------
    words : (n * H * W - 2,) uint64
        The eight bytes from each pixel of the images on.
    size
        H and W.
    warps : (M,) int32, (M, 2, Y, X) float32 and (M,) float32
        The images, x and y of their nodes in pixels, all finite, and their weights.
    down : (h,) int32 and (h,) float32
        Of each row of the canvas the node above, at most Y - 2, and the share of the way from
        there to the next.
    right : (w,) int32 and (w,) float32
        The same of each column, from left to right.
    sums : (4, h, w) float32
        Changed: red, green and blue by weight, each 65536 times as much, and the weights of the
        images that cover the pixel.
    """
    images, nodes, weights = warps
    height, width = size
    columns = sums.shape[2]
    ends = np.empty((4, columns), np.float32)
    weight = np.empty(columns, np.float32)
    place = np.empty(columns, np.int32)
    x_rest, y_rest = np.empty(columns, np.int32), np.empty(columns, np.int32)
    upper, lower = np.empty(columns, np.uint64), np.empty(columns, np.uint64)
    for k in range(len(images)):
        first = np.uint64(images[k]) * np.uint64(height * width)
        reached = -1
        for row in range(sums.shape[1]):
            above = down[0][row]
            if above != reached:
                reached = above
                _spread(nodes[k, :, above], right, ends[:2])
                _spread(nodes[k, :, above + 1], right, ends[2:])
            _locate(ends, (down[1][row], weights[k]), size, (place, x_rest, y_rest), weight)
            _fetch(words, first, np.uint64(width), place, (upper, lower))
            out = sums[0, row], sums[1, row], sums[2, row], sums[3, row]
            _blend((upper, lower), (x_rest, y_rest), weight, out)


@contracted
def _spread(nodes: FloatArray, right: Axis, out: FloatArray) -> None:
    """Interpolate x and y of a row of nodes (2, X) at each column (2, w)."""
    before, ways = right
    for axis in range(2):
        for i in range(len(ways)):
            node = np.uint64(before[i])
            left = nodes[axis, node]
            out[axis, i] = left + (nodes[axis, node + np.uint64(1)] - left) * ways[i]


@contracted
def _locate(
    ends: FloatArray,
    shares: tuple[float, float],
    size: tuple[int, int],
    out: tuple[IntArray, IntArray, IntArray],
    weight: FloatArray,
) -> None:
    """Split places into a pixel and the steps from there; those outside have no weight.

    `ends` (4, w) are x and y at the nodes above and x and y at the nodes below, `shares` how much
    of the way there the row lies, and the weight of the image.
    """
    share, of_image = shares
    place, x_rest, y_rest = out
    x, y, x_below, y_below = ends[0], ends[1], ends[2], ends[3]
    height, width = np.int32(size[0]), np.int32(size[1])
    x_last, y_last = np.float32(width - 1) * STEPS, np.float32(height - 1) * STEPS
    for i in range(len(x)):
        across = (x[i] + (x_below[i] - x[i]) * share) * STEPS + HALF
        along = (y[i] + (y_below[i] - y[i]) * share) * STEPS + HALF
        inside = (across >= -EDGE) & (across < x_last + END)
        inside &= (along >= -EDGE) & (along < y_last + END)
        weight[i] = of_image if inside else ZERO
        # What is cut off now is less than a step.
        xs = np.int32(min(max(across, ZERO), x_last))
        ys = np.int32(min(max(along, ZERO), y_last))
        column, line = min(xs >> BITS, width - TWO), min(ys >> BITS, height - TWO)
        x_rest[i], y_rest[i] = xs - (column << BITS), ys - (line << BITS)
        place[i] = line * width + column


@compiled
def _fetch(
    words: Words, first: np.uint64, width: np.uint64, place: IntArray, out: tuple[Words, Words]
) -> None:
    upper, lower = out
    for i in range(len(place)):
        word = first + np.uint64(place[i])  # an index with a sign would be tested for it
        upper[i], lower[i] = words[word], words[word + width]


@contracted
def _blend(
    words: tuple[Words, Words],
    rest: tuple[IntArray, IntArray],
    weight: FloatArray,
    out: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
) -> None:
    """Add the mean of four neighbors. A word holds two of them: R G B R G B, the lowest first.

    The even and the odd bytes become four lanes of 16 bits each, so one product serves four bytes.
    """
    (upper, lower), (x_rest, y_rest) = words, rest
    red, green, blue, cover = out
    for i in range(len(weight)):
        down, right = np.uint64(y_rest[i]), x_rest[i]
        even, odd = upper[i] & EVEN, (upper[i] >> ONE_BYTE) & EVEN
        even = (even << ONE_BYTE) + ((lower[i] & EVEN) - even) * down
        odd = (odd << ONE_BYTE) + (((lower[i] >> ONE_BYTE) & EVEN) - odd) * down
        r, r_next = np.int32(even & LANE), np.int32((odd >> TWO_BYTES) & LANE)
        g, g_next = np.int32(odd & LANE), np.int32((even >> FOUR_BYTES) & LANE)
        b, b_next = np.int32((even >> TWO_BYTES) & LANE), np.int32((odd >> FOUR_BYTES) & LANE)
        share = weight[i]
        red[i] += share * np.float32((r << BITS) + (r_next - r) * right)
        green[i] += share * np.float32((g << BITS) + (g_next - g) * right)
        blue[i] += share * np.float32((b << BITS) + (b_next - b) * right)
        cover[i] += share


@compiled
def folds_kernel(nodes: FloatArray, low: FloatArray, high: FloatArray, folded: BoolArray) -> None:
    """Find the maps (M, Y, X, 2) of which an area at some corner of a cell is out of bounds.

    `low` and `high` (M,) bound the area that a square of 1 x 1 nodes may have in the image.
    """
    for m in range(len(nodes)):
        folded[m] = _folds(nodes[m], low[m], high[m])


@compiled
def _folds(nodes: FloatArray, low: float, high: float) -> bool:
    for y in range(nodes.shape[0] - 1):
        for x in range(nodes.shape[1] - 1):
            a, b, c, d = nodes[y, x], nodes[y, x + 1], nodes[y + 1, x], nodes[y + 1, x + 1]
            top_x, top_y = b[0] - a[0], b[1] - a[1]
            bottom_x, bottom_y = d[0] - c[0], d[1] - c[1]
            left_x, left_y = c[0] - a[0], c[1] - a[1]
            right_x, right_y = d[0] - b[0], d[1] - b[1]
            first = top_x * left_y - top_y * left_x
            second = top_x * right_y - top_y * right_x
            third = bottom_x * left_y - bottom_y * left_x
            fourth = bottom_x * right_y - bottom_y * right_x
            least = min(min(first, second), min(third, fourth))
            most = max(max(first, second), max(third, fourth))
            if not (least >= low and most <= high):
                return True
    return False
