"""The kernels in torch: for a CUDA device, and the same numbers on the processor for the tests.

Arrays of the collection stay on the device as long as they live in memory here.
"""

import warnings
import weakref
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from explorer.arrays import ByteArray, FloatArray, IntArray

SignedBytes = npt.NDArray[np.int8]
Search = tuple[IntArray, FloatArray]

ROWS = {"cpu": 32, "cuda": 1024}  # taken at once by an average: on the processor, what caches hold


def agreement(shards: Sequence[ByteArray], weights: IntArray) -> list[ByteArray]:
    """Reduce the bins of each shard to one plane; see `backend.Kernels`."""
    planes = []
    for shard in shards:
        bins = _on_device(shard)
        sums = torch.full(bins.shape[1:], 128, dtype=torch.int32, device=bins.device)
        for b in np.flatnonzero(weights).tolist():
            sums += bins[b].to(torch.int32) * int(weights[b])
        planes.append((sums >> 8).to(torch.uint8).cpu().numpy())
    return planes


def strongest(
    planes: Sequence[ByteArray], cells: IntArray, offsets: IntArray
) -> tuple[IntArray, IntArray]:
    """Find the offset with the greatest sum; see `backend.Kernels`."""
    ones = np.ones((len(cells), 1), np.int32)
    best, index = _strongest(planes, (cells, ones), (offsets, np.zeros(len(offsets), np.float32)))
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
    shape = shards[0].shape[1:]
    device = _device()
    total = torch.zeros(int(np.prod(shape)), device=device)
    step = ROWS[device.type]
    wide = torch.empty((step, len(total)), device=device)
    for shard, part in zip(shards, parts, strict=True):
        rows = _on_device(shard).reshape(len(shard), -1)
        used = torch.from_numpy(np.flatnonzero(part)).to(device)
        shares = torch.from_numpy(part.astype(np.float32)).to(device)[used]
        everything = len(used) == len(rows)
        for k in range(0, len(used), step):
            chosen = rows[k : k + step] if everything else rows[used[k : k + step]]
            block = wide[: len(chosen)].copy_(chosen)
            total.addmv_(block.T, shares[k : k + step])
    return total.cpu().numpy().reshape(shape)


def strongest_linear(
    shards: Sequence[SignedBytes], cells: IntArray, weights: IntArray, search: Search
) -> tuple[FloatArray, IntArray]:
    """Find the offset with the greatest score; see `backend.Kernels`."""
    return _strongest(shards, (cells, weights), search)


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
    near = torch.from_numpy(_near(offsets)[found]).to(_device())  # (K, 9)
    for s in np.unique(shard_of).tolist():
        chosen = np.flatnonzero(shard_of == s)
        rows = _on_device(shards[s])[torch.from_numpy(images[chosen] - starts[s]).to(_device())]
        around = near[torch.from_numpy(chosen).to(_device())]
        sums = _sums_at(rows, (cells, weights), torch.from_numpy(offsets).to(_device())[around])
        sums -= torch.from_numpy(prices).to(_device())[around]
        sums[around < 0] = -torch.inf
        values, which = sums.max(dim=1)
        best[chosen] = values.cpu().numpy()
        place[chosen] = around.gather(1, which[:, None])[:, 0].cpu().numpy()
    return best, place


def _strongest(
    shards: Sequence[npt.NDArray[Any]], template: tuple[IntArray, IntArray], search: Search
) -> tuple[FloatArray, IntArray]:
    """Add planes (C, Y, X, n) or (Y, X, n) up, as one bag of rows (n,) an offset."""
    terms = [a.to(_device()) for a in _bags(template, search[0], shards[0].shape[-3:-1])]
    prices = torch.from_numpy(search[1]).to(_device())[:, None]
    best, place = [], []
    for shard in shards:
        # Whole numbers below 2^24, so that float32 adds them up exactly, in whatever order.
        rows = _on_device(shard).reshape(-1, shard.shape[-1]).float()
        sums = functional.embedding_bag(
            terms[0], rows, terms[1], mode="sum", per_sample_weights=terms[2]
        )
        values, index = (sums - prices).max(dim=0)  # of equal ones, the first
        best.append(values.cpu().numpy())
        place.append(index.cpu().numpy().astype(np.int32))
    return np.concatenate(best), np.concatenate(place)


def _bags(
    template: tuple[IntArray, IntArray], offsets: IntArray, grid: tuple[int, ...]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return for each offset the rows of (C * Y * X, n) to add, where they start, their weights."""
    cells, weights = template
    m, channels = weights.shape
    ys, xs = (cells[None] + offsets[:, None]).transpose(2, 0, 1)  # (P, m) each
    inside = (ys >= 0) & (ys < grid[0]) & (xs >= 0) & (xs < grid[1])
    flat = ys * grid[1] + xs
    rows = flat[:, :, None] + np.arange(channels) * (grid[0] * grid[1])
    used = inside[:, :, None] & (weights != 0)
    starts = np.concatenate([[0], used.sum(axis=(1, 2)).cumsum()[:-1]])
    values = np.broadcast_to(weights, (len(offsets), m, channels))[used].astype(np.float32)
    return (
        torch.from_numpy(rows[used].astype(np.int64)),
        torch.from_numpy(starts.astype(np.int64)),
        torch.from_numpy(values),
    )


def _near(offsets: IntArray) -> npt.NDArray[np.int64]:
    """Return for each offset those at most one cell from it, in order, and -1 for the rest of 9."""
    steps = np.abs(offsets[:, None] - offsets).max(axis=-1) <= 1
    order = np.where(steps, np.arange(len(offsets)), len(offsets))
    order = np.pad(order, ((0, 0), (0, 9)), constant_values=len(offsets))
    nearest = np.sort(order, axis=1)[:, :9].astype(np.int64)
    return np.where(nearest == len(offsets), -1, nearest)


def _sums_at(
    rows: torch.Tensor, template: tuple[IntArray, FloatArray], offsets: torch.Tensor
) -> torch.Tensor:
    """Return the template's sums (k, 9) over rows (k, Y, X, C), each at its offsets (k, 9, 2)."""
    cells, weights = (torch.from_numpy(array).to(rows.device) for array in template)
    height, width = rows.shape[1:3]
    sums = torch.empty(offsets.shape[:2], device=rows.device)
    for k in range(offsets.shape[1]):
        ys, xs = (cells + offsets[:, k, None]).to(torch.int64).permute(2, 0, 1)  # (k, m) each
        inside = (ys >= 0) & (ys < height) & (xs >= 0) & (xs < width)
        images = torch.arange(len(rows), device=rows.device)[:, None]
        values = rows[images, ys.clamp(0, height - 1), xs.clamp(0, width - 1)].float()
        sums[:, k] = torch.einsum("kmc,mc->k", values * inside[..., None], weights)
    return sums


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
