"""Numba loops for the places of all edits at once: a star whose middle is tried at every root.

A candidate is (score, x, y, log of its size). An edit is (x, y of its middle seen from the middle
of all edits, whether it counts, whether it is looked for at any size).
"""

import numpy as np
import numpy.typing as npt

from explorer.arrays import FloatArray, IntArray
from explorer.kernels.jit import compiled, contracted

DoubleArray = npt.NDArray[np.float64]
Prices = tuple[float, float, float, float]
"""Of a squared pixel, of a squared log of size, the most for both; then how far roots may lie."""

NOWHERE = np.float32(-1e30)
"""The score of a candidate that an image lacks; finite, so that it can be compared and added."""
HERE = -1e20
MOST = 64
ROUNDS = 4
SAME = 1e-5


@compiled
def place_kernel(
    candidates: FloatArray,
    edits: DoubleArray,
    grid: FloatArray,
    prices: Prices,
    chosen: IntArray,
    values: DoubleArray,
) -> None:
    """Fill `chosen` (n, T) with the candidate of each edit, and `values` (n,) with their sum.

    `candidates` is (n, T, 4, M), `edits` (T, 4); `grid` (2, G) are the roots (x, y) that are tried
    beside those of the candidates, and `prices` says what it costs to lie elsewhere than the root
    predicts. Of roots with the same sum, the first of the nearest to no displacement counts.
    """
    root = np.zeros(3)
    bounds = np.zeros(edits.shape[0] + 1)
    for i in range(len(candidates)):
        image = candidates[i]
        _fill_bounds(image, edits, bounds)
        root[:] = 0
        best = _value(image, edits, root, prices, bounds, -np.inf)
        if grid.shape[1]:
            best = _try_grid(image, edits, grid, prices, root, best)
        best = _try_candidates(image, edits, prices, bounds, root, best)
        values[i] = _climb(image, edits, prices, bounds, root, best)
        _choose(image, edits, root, prices, chosen[i])


@compiled
def _fill_bounds(image: FloatArray, edits: DoubleArray, bounds: DoubleArray) -> None:
    """Fill `bounds` (T + 1,) with the most that the edits from the t-th on can add."""
    for t in range(len(edits) - 1, -1, -1):
        bounds[t] = bounds[t + 1]
        if edits[t, 2]:
            bounds[t] += image[t, 0].max()


@contracted
def _value(
    image: FloatArray,
    edits: DoubleArray,
    root: DoubleArray,
    prices: Prices,
    bounds: DoubleArray,
    needed: float,
) -> float:
    """Return the sum of each edit's best candidate for a root, or less than `needed` if it is."""
    size = np.exp(root[2]) if root[2] else 1.0
    pixel, stretch = np.float32(prices[0] / (size * size)), np.float32(prices[1])
    most, log_size = np.float32(prices[2]), np.float32(root[2])
    total = 0.0
    for t in range(len(edits)):
        if not edits[t, 2]:
            continue
        if total + bounds[t] < needed - SAME:
            return -np.inf
        x = np.float32(root[0] + (size - 1) * edits[t, 0])
        y = np.float32(root[1] + (size - 1) * edits[t, 1])
        stretches = stretch if edits[t, 3] else np.float32(0)
        best = np.float32(bounds[t] - bounds[t + 1]) - most
        for m in range(image.shape[2]):
            if image[t, 0, m] <= best:
                continue
            right, down = image[t, 1, m] - x, image[t, 2, m] - y
            larger = image[t, 3, m] - log_size
            price = pixel * (right * right + down * down) + stretches * larger * larger
            best = max(best, image[t, 0, m] - price)
        total += float(best)
    return total


@compiled
def _is_better(value: float, root: DoubleArray, best: float, kept: DoubleArray) -> bool:
    """Return whether a root is the better one: by its value, and if that is the same, nearer."""
    if abs(value - best) > SAME:
        return value > best
    here: float = root[0] ** 2 + root[1] ** 2 + root[2] ** 2
    nearer: bool = here < kept[0] ** 2 + kept[1] ** 2 + kept[2] ** 2 - SAME
    return nearer


@compiled
def _try_candidates(
    image: FloatArray,
    edits: DoubleArray,
    prices: Prices,
    bounds: DoubleArray,
    kept: DoubleArray,
    best: float,
) -> float:
    """Try the root that predicts each candidate; put the best into `kept`, return its value."""
    root = np.zeros(3)
    for m in range(image.shape[2]):
        for t in range(len(edits)):
            # One that loses more than an edit can lose counts for no root.
            least = max(bounds[t] - bounds[t + 1] - prices[2], HERE)
            if not edits[t, 2] or image[t, 0, m] < least:
                continue
            root[2] = image[t, 3, m] if edits[t, 3] else 0.0
            bigger = np.exp(root[2]) - 1 if root[2] else 0.0
            root[0] = image[t, 1, m] - bigger * edits[t, 0]
            root[1] = image[t, 2, m] - bigger * edits[t, 1]
            if abs(root[0]) > prices[3] or abs(root[1]) > prices[3]:
                continue
            value = _value(image, edits, root, prices, bounds, best)
            if _is_better(value, root, best, kept):
                best = value
                kept[:] = root
    return best


@compiled
def _try_grid(
    image: FloatArray,
    edits: DoubleArray,
    grid: FloatArray,
    prices: Prices,
    kept: DoubleArray,
    best: float,
) -> float:
    """Try the roots of the grid; put the best into `kept`, return its value."""
    totals = np.zeros(grid.shape[1], np.float32)
    parts = np.empty(grid.shape[1], np.float32)
    for t in range(len(edits)):
        if edits[t, 2]:
            _transform(image[t], grid, np.float32(prices[0]), np.float32(prices[2]), parts)
            totals += parts
    highest = totals.max()
    if highest < best - SAME:
        return best
    root = np.zeros(3)
    for g in range(grid.shape[1]):
        root[0], root[1] = grid[0, g], grid[1, g]
        if totals[g] >= highest - SAME and _is_better(totals[g], root, best, kept):
            best = totals[g]
            kept[:] = root
    return best


@contracted
def _transform(
    places: FloatArray, grid: FloatArray, pixel: np.float32, most: np.float32, parts: FloatArray
) -> None:
    """Fill `parts` (G,) with what one edit adds at each root: its distance transform."""
    least = places[0].max() - most
    parts[:] = least
    for m in range(places.shape[1]):
        score, x, y = places[0, m], places[1, m], places[2, m]
        if score <= least:
            continue
        for g in range(len(parts)):
            right, down = x - grid[0, g], y - grid[1, g]
            value = score - pixel * (right * right + down * down)
            parts[g] = value if value > parts[g] else parts[g]


@compiled
def _climb(
    image: FloatArray,
    edits: DoubleArray,
    prices: Prices,
    bounds: DoubleArray,
    kept: DoubleArray,
    best: float,
) -> float:
    """Move the root to the mean of what it chose, as long as that adds something."""
    root = np.zeros(3)
    for _ in range(ROUNDS):
        root[:] = kept
        if not _center(image, edits, prices, root):
            return best
        value = _value(image, edits, root, prices, bounds, best)
        if not value > best + SAME:
            return best
        best = value
        kept[:] = root
    return best


@compiled
def _center(image: FloatArray, edits: DoubleArray, prices: Prices, root: DoubleArray) -> int:
    """Move `root` to the mean of the candidates near it; return how many they are."""
    bigger = np.exp(root[2]) - 1
    x, y, count = 0.0, 0.0, 0
    for t in range(len(edits)):
        m = _nearest_best(image[t], edits[t], root, prices)
        if edits[t, 2] and _price(image[t], m, edits[t], root, prices) < prices[2]:
            x += image[t, 1, m] - bigger * edits[t, 0]
            y += image[t, 2, m] - bigger * edits[t, 1]
            count += 1
    if count:
        root[0] = min(max(x / count, -prices[3]), prices[3])
        root[1] = min(max(y / count, -prices[3]), prices[3])
    return count


@compiled
def _choose(
    image: FloatArray, edits: DoubleArray, root: DoubleArray, prices: Prices, chosen: IntArray
) -> None:
    for t in range(len(edits)):
        chosen[t] = _nearest_best(image[t], edits[t], root, prices)


@compiled
def _nearest_best(places: FloatArray, edit: DoubleArray, root: DoubleArray, prices: Prices) -> int:
    """Return the candidate (of M) with the greatest score less the whole price; 0 if none is."""
    best, found = -np.inf, 0
    for m in range(places.shape[1]):
        if places[0, m] < HERE:
            continue
        value = places[0, m] - _price(places, m, edit, root, prices)
        if value > best:
            best, found = value, m
    return found


@compiled
def _price(
    places: FloatArray, m: int, edit: DoubleArray, root: DoubleArray, prices: Prices
) -> float:
    """Return what candidate `m` costs, without a limit."""
    size = np.exp(root[2])
    right = places[1, m] - root[0] - (size - 1) * edit[0]
    down = places[2, m] - root[1] - (size - 1) * edit[1]
    larger = places[3, m] - root[2] if edit[3] else 0.0
    price: float = prices[0] / (size * size) * (right * right + down * down)
    return price + prices[1] * larger * larger
