"""The best places of an edit in every image, in torch: what `peaks.py` does, image-minor too."""

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from explorer.kernels.peak_search import DRAWN, PeakSearch

Energies = tuple[torch.Tensor, int]


def responses(
    planes: torch.Tensor, search: PeakSearch, energies: Energies | None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the greatest response of all sizes at each offset (P, n), and which size it is of.

    Sums are whole numbers below 2^24, so float32 adds them up exactly.
    """
    _, height, width, n = planes.shape
    values = planes.reshape(-1, n).float()
    best = torch.full((len(search.offsets), n), -torch.inf, device=planes.device)
    sizes = torch.zeros(best.shape, dtype=torch.uint8, device=planes.device)
    for s in range(len(search.cells)):
        allowed = np.flatnonzero(search.biases[s] > -np.inf)
        if not len(allowed):
            continue
        sums = _sums(values, search, s, allowed, (height, width))
        if energies is not None and search.frames[s, 2]:
            sums *= _inverse_lengths(energies, search, s, allowed)
        score = sums * _column(search.gains[s, allowed], planes)
        score += _column(search.biases[s, allowed], planes)
        where = torch.from_numpy(allowed).to(planes.device)
        greater = score > best[where]
        best[where] = torch.where(greater, score, best[where])
        sizes[where] = torch.where(greater, torch.full_like(sizes[where], s), sizes[where])
    return best, sizes


def greatest(
    best: torch.Tensor, sizes: torch.Tensor, search: PeakSearch, first: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Take the greatest of `best` (P, n), with what is around it, again and again."""
    offsets = torch.from_numpy(search.offsets).to(best.device)
    around = (offsets[:, None] - offsets).abs().amax(dim=-1) <= search.apart  # (P, P)
    best = best.masked_fill(around[first.clamp(min=0).long()].T & (first >= 0), -torch.inf)
    found = []
    for _ in range(search.count):
        scores, index = best.max(dim=0)
        is_none = scores == -torch.inf
        size = sizes.gather(0, index[None])[0].masked_fill(is_none, 0)
        found.append((scores, index.masked_fill(is_none, -1).int(), size))
        best = best.masked_fill(around[index].T, -torch.inf)
    scores, places, chosen = (torch.stack(parts, dim=1) for parts in zip(*found, strict=True))
    return scores, places, chosen


def _sums(
    values: torch.Tensor,
    search: PeakSearch,
    s: int,
    allowed: npt.NDArray[np.intp],
    grid: tuple[int, int],
) -> torch.Tensor:
    """Return the weighted sums (P', n) of rows (C * Y * X, n) at the offsets that are allowed."""
    cells, weights = search.cells[s], search.weights[s]
    ys, xs = (cells[None] + search.offsets[allowed][:, None]).transpose(2, 0, 1)  # (P', m)
    inside = (ys >= 0) & (ys < grid[0]) & (xs >= 0) & (xs < grid[1])
    planes = np.arange(weights.shape[1]) * grid[0] * grid[1]
    rows = (ys * grid[1] + xs)[..., None] + planes  # (P', m, C)
    used = inside[..., None] & (weights != 0)
    starts = np.concatenate([[0], used.sum(axis=(1, 2)).cumsum()[:-1]])
    each = np.broadcast_to(weights, used.shape)[used].astype(np.float32)
    device = values.device
    return functional.embedding_bag(
        torch.from_numpy(rows[used].astype(np.int64)).to(device),
        values,
        torch.from_numpy(starts.astype(np.int64)).to(device),
        mode="sum",
        per_sample_weights=torch.from_numpy(each).to(device),
    )


def _inverse_lengths(
    energies: Energies, search: PeakSearch, s: int, allowed: npt.NDArray[np.intp]
) -> torch.Tensor:
    """Return one over the length of each patch (P', n), 0 where it is blank or beside."""
    squares, blank = energies
    height, width, n = squares.shape
    row, column, side, step = search.frames[s].tolist()
    inside = np.indices((side, side)).reshape(2, -1).T * step + (row, column)
    ys, xs = (inside[None] + search.offsets[allowed][:, None]).transpose(2, 0, 1)
    fits = ((ys >= 0) & (ys < height) & (xs >= 0) & (xs < width)).all(axis=1)
    at = torch.from_numpy(np.where(fits[:, None], ys * width + xs, 0)).to(squares.device)
    cells = squares.reshape(-1, n)
    total = torch.zeros((len(at), n), device=squares.device)
    drawn = torch.zeros((len(at), n), device=squares.device)
    for k in range(at.shape[1]):
        row_of = cells[at[:, k]]
        total += row_of
        drawn += row_of != blank
    is_patch = (drawn >= float(np.ceil(DRAWN * side * side))) & _column(fits, squares)
    return torch.where(is_patch, 1 / total.clamp(min=1).sqrt(), 0.0)


def _column(values: npt.NDArray[Any], like: torch.Tensor) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(values)).to(like.device)[:, None]
