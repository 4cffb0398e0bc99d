"""The kernels in torch: for a CUDA device, and the same numbers on the processor for the tests.

Arrays of the collection stay on the device as long as they live in memory here.
"""

import warnings
import weakref
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from explorer.arrays import ByteArray, FloatArray, IntArray
from explorer.kernels.peak_search import PeakSearch
from explorer.kernels.threads import for_each, torch_alone

SignedBytes = npt.NDArray[np.int8]
Search = tuple[IntArray, FloatArray]
Axis = tuple[IntArray, FloatArray]

Item = TypeVar("Item")
Result = TypeVar("Result")

# What is worked on at once: on the processor, as much as its caches hold.
ROWS = {"cpu": 32, "cuda": 1024}
VALUES = {"cpu": 1 << 18, "cuda": 1 << 27}
WARPED = {"cpu": 4, "cuda": 256}
SMALLEST_WIDTH = 32


def agreement(shards: Sequence[ByteArray], weights: IntArray) -> list[ByteArray]:
    """Reduce the bins of each shard to one plane; see `backend.Kernels`."""

    def reduce(shard: ByteArray) -> ByteArray:
        bins = _on_device(shard)
        sums = torch.full(bins.shape[1:], 128, dtype=torch.int32, device=bins.device)
        for b in np.flatnonzero(weights).tolist():
            sums.add_(bins[b], alpha=int(weights[b]))
        plane: ByteArray = (sums >> 8).to(torch.uint8).cpu().numpy()
        return plane

    return _for_each(reduce, shards)


def strongest(
    planes: Sequence[ByteArray], cells: IntArray, offsets: IntArray
) -> tuple[IntArray, IntArray]:
    """Find the offset with the greatest sum; see `backend.Kernels`."""
    search = offsets, np.zeros(len(offsets), np.float32)
    best, index = _strongest(planes, cells, None, search)
    return best.astype(np.int32), index


class RunningSums:
    """The sums of a growing stroke: a device is fast enough to add all cells anew each time."""

    def __init__(self, planes: Sequence[ByteArray], offsets: IntArray) -> None:
        self._planes = planes
        self._offsets = offsets
        self._cells = np.empty((0, 2), np.int32)

    def add(self, cells: IntArray) -> tuple[IntArray, IntArray]:
        """Add cells, and find the offset with the greatest sum."""
        self._cells = np.concatenate([self._cells, cells])
        return strongest(self._planes, self._cells, self._offsets)


def bin_totals(
    shards: Sequence[ByteArray], cells: IntArray, weights: FloatArray
) -> npt.NDArray[np.float64]:
    """Count the bins in `cells`; see `backend.Kernels`."""
    parts = np.split(weights, np.cumsum([shard.shape[-1] for shard in shards])[:-1])
    totals = torch.zeros(len(shards[0]), dtype=torch.float64, device=_device())
    ys, xs = torch.from_numpy(cells.astype(np.int64)).to(_device()).T
    for shard, part in zip(shards, parts, strict=True):
        counts = _on_device(shard)[:, ys, xs].sum(dim=1, dtype=torch.float64)
        totals += counts @ torch.from_numpy(part.astype(np.float64)).to(_device())
    return totals.cpu().numpy()


def weighted_sum(shards: Sequence[ByteArray], weights: FloatArray) -> FloatArray:
    """Add up rows by weight; see `backend.Kernels`."""
    parts = np.split(weights, np.cumsum([len(shard) for shard in shards])[:-1])
    step = ROWS[_device().type]

    def add(s: int) -> torch.Tensor:
        rows = _on_device(shards[s]).reshape(len(shards[s]), -1)
        used = torch.from_numpy(np.flatnonzero(parts[s])).to(rows.device)
        shares = torch.from_numpy(parts[s].astype(np.float32)).to(rows.device)[used]
        total = torch.zeros(rows.shape[1], device=rows.device)
        wide = torch.empty((step, rows.shape[1]), device=rows.device)
        for k in range(0, len(used), step):
            all_used = len(used) == len(rows)
            chosen = rows[k : k + step] if all_used else rows[used[k : k + step]]
            total.addmv_(wide[: len(chosen)].copy_(chosen).T, shares[k : k + step])
        return total

    sums = torch.stack(_for_each(add, range(len(shards)))).sum(dim=0)
    return sums.cpu().numpy().reshape(shards[0].shape[1:])


def warped_sum(
    shards: Sequence[ByteArray],
    weights: FloatArray,
    warps: tuple[IntArray, FloatArray],
    axes: tuple[Axis, Axis],
) -> tuple[FloatArray, FloatArray]:
    """Add up warped images by weight; see `backend.Kernels`."""
    images, nodes = warps
    starts = np.cumsum([0, *map(len, shards)])
    shard_of = np.searchsorted(starts, images, side="right") - 1
    down, right = (_lerp_weights(axis, nodes.shape[1 + i]) for i, axis in enumerate(axes))
    parts = [
        (int(s), part)
        for s in np.unique(shard_of)
        for part in _split(np.flatnonzero(shard_of == s), WARPED[_device().type])
    ]

    def add(chosen: tuple[int, npt.NDArray[np.intp]]) -> torch.Tensor:
        s, part = chosen
        rows = torch.from_numpy(images[part] - starts[s]).to(_device())
        places = right @ torch.from_numpy(nodes[part]).to(_device())  # (k, Y, w, 2)
        places = (down @ places.flatten(2)).reshape(len(part), len(down), len(right), 2)
        shares = torch.from_numpy(weights[part].astype(np.float32)).to(_device())
        return _drawn(_on_device(shards[s])[rows], places, shares)

    total = torch.zeros((4, len(down), len(right)), device=_device())
    sums = torch.stack([total, *_for_each(add, parts)]).sum(dim=0).cpu().numpy()
    return np.moveaxis(sums[:3], 0, -1), sums[3]


def strongest_linear(
    shards: Sequence[SignedBytes], cells: IntArray, weights: IntArray, search: Search
) -> tuple[FloatArray, IntArray]:
    """Find the offset with the greatest score; see `backend.Kernels`."""
    return _strongest(shards, cells, weights, search)


def rerank(
    shards: Sequence[SignedBytes],
    candidates: tuple[IntArray, IntArray],
    cells: IntArray,
    weights: FloatArray,
    search: Search,
) -> tuple[FloatArray, IntArray]:
    """Score candidates again on whole rows; see `backend.Kernels`."""
    images, found = candidates
    offsets, prices = search
    starts = np.cumsum([0, *map(len, shards)])
    shard_of = np.searchsorted(starts, images, side="right") - 1
    best, place = np.empty(len(images), np.float32), np.empty(len(images), np.int32)
    near = _near(offsets)[found]  # (K, 9)
    moves = offsets[near] - offsets[found][:, None]  # (K, 9, 2), -1 to 1 where `near` is not -1
    column = np.where(near < 0, 0, 3 * moves[..., 0] + moves[..., 1] + 4)

    def score(s: int) -> None:
        chosen = np.flatnonzero(shard_of == s)
        rows = torch.from_numpy(images[chosen] - starts[s]).to(_device())
        centers = torch.from_numpy(offsets[found[chosen]]).to(_device())
        around = torch.from_numpy(near[chosen]).to(_device())
        sums = _sums_near(_on_device(shards[s]), rows, (cells, weights), centers)
        sums = sums.gather(1, torch.from_numpy(column[chosen]).to(_device()))
        sums -= torch.from_numpy(prices).to(_device())[around]
        sums[around < 0] = -torch.inf
        values, which = sums.max(dim=1)
        best[chosen] = values.cpu().numpy()
        place[chosen] = around.gather(1, which[:, None])[:, 0].cpu().numpy()

    _for_each(score, np.unique(shard_of).tolist())
    return best, place


def peaks(
    shards: Sequence[npt.NDArray[Any]],
    search: PeakSearch,
    first: IntArray,
    energies: Sequence[tuple[IntArray, int]] = (),
) -> tuple[FloatArray, IntArray, ByteArray]:
    """Find the best places of an edit of several sizes; see `backend.Kernels`."""
    from explorer.kernels.peaks_on_torch import greatest, responses

    firsts = np.split(first, np.cumsum([shard.shape[-1] for shard in shards])[:-1])

    def find(s: int) -> tuple[torch.Tensor, ...]:
        squares = (_on_device(energies[s][0]), energies[s][1]) if energies else None
        found = responses(_on_device(shards[s]), search, squares)
        return greatest(*found, search, torch.from_numpy(firsts[s]).to(_device()))

    parts = zip(*_for_each(find, range(len(shards))), strict=True)
    scores, index, sizes = (torch.cat(part).cpu().numpy() for part in parts)
    return scores, index, sizes


def scores_at(
    shards: Sequence[SignedBytes],
    images: IntArray,
    offsets: IntArray,
    template: tuple[IntArray, FloatArray],
) -> FloatArray:
    """Score places of images on whole rows; see `backend.Kernels`."""
    starts = np.cumsum([0, *map(len, shards)])
    shard_of = np.searchsorted(starts, images, side="right") - 1
    scores = np.empty(len(images), np.float32)

    def score(s: int) -> None:
        chosen = np.flatnonzero(shard_of == s)
        rows = torch.from_numpy(images[chosen] - starts[s]).to(_device())
        moves = torch.from_numpy(offsets[chosen]).to(_device())
        step = max(1, VALUES[_device().type] // (len(template[0]) * shards[s].shape[-1] * 9))
        sums = [
            _sums_near(_on_device(shards[s]), some, template, move)[:, 4]
            for some, move in zip(torch.split(rows, step), torch.split(moves, step), strict=True)
        ]
        scores[chosen] = torch.cat(sums).cpu().numpy()

    _for_each(score, np.unique(shard_of).tolist())
    return scores


def _strongest(
    shards: Sequence[npt.NDArray[Any]], cells: IntArray, weights: IntArray | None, search: Search
) -> tuple[FloatArray, IntArray]:
    """Find the best offset in planes (C, Y, X, n) by weights (m, C), or in one plane (Y, X, n).

    Each cell of the template is first reduced to a plane of its own; the planes are then added up,
    moved against each other. All are whole numbers below 2^24, so float32 adds them up exactly.
    """
    offsets, prices = search
    grid = np.array(shards[0].shape[-3:-1])
    low = np.maximum(0, cells.min(axis=0) + offsets.min(axis=0))
    high = np.minimum(grid, cells.max(axis=0) + offsets.max(axis=0) + 1)
    low = np.minimum(low, high - 1)
    planes = 1 if weights is None else len(cells)
    rows, starts = _bags(cells - low, offsets, high - low, planes)
    mixing = None if weights is None else torch.from_numpy(weights.astype(np.float32)).to(_device())
    costs = torch.from_numpy(prices).to(_device())[:, None]
    width = max(SMALLEST_WIDTH, VALUES[_device().type] // (planes * int(np.prod(high - low))))

    def match(shard: npt.NDArray[Any]) -> tuple[FloatArray, IntArray]:
        window = _on_device(shard)[..., low[0] : high[0], low[1] : high[1], :]
        found = []
        for part in torch.split(window, width, dim=-1):
            values = part.contiguous().float()
            if mixing is not None:
                values = mixing @ values.reshape(len(values), -1)
            values = values.reshape(-1, part.shape[-1])
            sums = functional.embedding_bag(rows, values, starts, mode="sum")
            found.append((sums - costs).max(dim=0))  # of equal ones, the first
        best, index = (torch.cat(parts).cpu().numpy() for parts in zip(*found, strict=True))
        return best, index.astype(np.int32)

    best, place = zip(*_for_each(match, shards), strict=True)
    return np.concatenate(best), np.concatenate(place)


def _bags(
    cells: IntArray, offsets: IntArray, grid: npt.NDArray[Any], planes: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return for each offset the rows of (planes * Y * X, n) to add, and where its rows start."""
    ys, xs = (cells[None] + offsets[:, None]).transpose(2, 0, 1)  # (P, m) each
    inside = (ys >= 0) & (ys < grid[0]) & (xs >= 0) & (xs < grid[1])
    plane = np.arange(len(cells)) % planes
    rows = (plane * grid[0] + ys) * grid[1] + xs
    starts = np.concatenate([[0], inside.sum(axis=1).cumsum()[:-1]])
    return (
        torch.from_numpy(rows[inside].astype(np.int64)).to(_device()),
        torch.from_numpy(starts.astype(np.int64)).to(_device()),
    )


def _split(rows: npt.NDArray[np.intp], size: int) -> list[npt.NDArray[np.intp]]:
    return np.split(rows, range(size, len(rows), size))


def _lerp_weights(axis: Axis, nodes: int) -> torch.Tensor:
    """Return how much each pixel is of each node, (h, Y) float32."""
    before, ways = axis
    weights = np.zeros((len(before), nodes), np.float32)
    pixels = np.arange(len(before))
    weights[pixels, before] = 1 - ways
    weights[pixels, before + 1] = ways
    return torch.from_numpy(weights).to(_device())


def _drawn(images: torch.Tensor, places: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Add up images (k, H, W, 3) at places (k, h, w, 2), and the weights of those there."""
    height, width = images.shape[1:3]
    size = torch.tensor([width, height], dtype=torch.float32, device=images.device)
    steps = places.mul_(256).add_(0.5).floor_()  # of 1 / 256 pixel, as numba takes them
    x, y = steps.unbind(dim=-1)
    inside = (x >= -128) & (x <= 256 * width - 128) & (y >= -128) & (y <= 256 * height - 128)
    drawn = functional.grid_sample(
        images.permute(0, 3, 1, 2).float(),
        steps.mul_(2 / (256 * size)).add_(1 / size - 1),
        mode="bilinear",
        padding_mode="border",
        align_corners=False,
    )
    there = inside[:, None].float()
    covered = torch.cat([drawn.mul_(there), there], dim=1)  # (k, 4, h, w)
    return torch.mv(covered.flatten(1).T, weights).reshape(covered.shape[1:])


def _near(offsets: IntArray) -> npt.NDArray[np.int64]:
    """Return for each offset those at most one cell from it, in order, and -1 for the rest of 9."""
    steps = np.abs(offsets[:, None] - offsets).max(axis=-1) <= 1
    order = np.where(steps, np.arange(len(offsets)), len(offsets))
    order = np.pad(order, ((0, 0), (0, 9)), constant_values=len(offsets))
    nearest = np.sort(order, axis=1)[:, :9].astype(np.int64)
    return np.where(nearest == len(offsets), -1, nearest)


def _sums_near(
    shard: torch.Tensor,
    images: torch.Tensor,
    template: tuple[IntArray, FloatArray],
    offsets: torch.Tensor,
) -> torch.Tensor:
    """Return the sums (k, 9) in `images` (k,) of a shard (n, Y, X, C) around offsets (k, 2).

    Sum 3 dy + dx + 4 is the one a step (dy, dx) of -1 to 1 cells away. All nine read nearly the
    same cells of an image, so each is fetched once.
    """
    cells, weights = template
    _, height, width, channels = shard.shape
    steps = np.mgrid[-1:2, -1:2].reshape(2, 9).T
    shifted = (cells + steps[:, None]).reshape(-1, 2)
    reached, where = np.unique(shifted, axis=0, return_inverse=True)
    spread = np.zeros((9, len(reached), channels), np.float32)
    np.add.at(spread, (np.arange(9)[:, None], where.reshape(9, -1)), weights)

    device = shard.device
    ys, xs = (torch.from_numpy(reached).to(device) + offsets[:, None]).permute(2, 0, 1)  # (k, u)
    inside = (ys >= 0) & (ys < height) & (xs >= 0) & (xs < width)
    flat = ((images[:, None] * height + ys) * width + xs).where(inside, 0).reshape(-1)
    values = shard.reshape(-1, channels).index_select(0, flat).float()
    values = values.reshape(*inside.shape, channels) * inside[..., None]
    sums: torch.Tensor = values.flatten(1) @ torch.from_numpy(spread).to(device).flatten(1).T
    return sums


def _for_each(function: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Return `function` of each item: on the processor a thread a core, of torch's one each."""
    if _device().type == "cuda":
        return [function(item) for item in items]

    def alone(item: Item) -> Result:
        with torch_alone():
            return function(item)

    return for_each(alone, items)


@cache
def _device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _on_device(array: npt.NDArray[Any]) -> torch.Tensor:
    """Return the array on the device: copied once and kept there as long as the array lives."""
    if _device().type == "cpu":
        return _borrowed(array)
    key = id(array)
    held = _residents.get(key)
    if held is None or held[0]() is not array:
        owner = weakref.ref(array, lambda _: _residents.pop(key, None))
        held = _residents[key] = (owner, _borrowed(array).to(_device()))
    return held[1]


_residents: dict[int, tuple[weakref.ref[npt.NDArray[Any]], torch.Tensor]] = {}


def _borrowed(array: npt.NDArray[Any]) -> torch.Tensor:
    """Return a tensor on the array's own memory, which nobody here writes to."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The given NumPy array is not writable", UserWarning)
        return torch.from_numpy(array)
