"""Benchmarks of the sketching brush: templates of 12 cells of whitened HOG against every image."""

import time

import numpy as np

from evaluation.bench.timing import median_seconds
from evaluation.bench.values import Bench, Figure
from explorer.arrays import FloatArray, IntArray
from explorer.kernels import on_numba
from explorer.kernels.backend import Kernels
from explorer.linear import match_template
from explorer.matching import search_offsets

QUERIES = 6
TOP = 100
RECALL = 0.98
HEIGHT, WIDTH = 3, 4  # of a template, in cells
REACH = 7

Template = tuple[IntArray, FloatArray]


def sketch_match(bench: Bench) -> Figure:
    """Match with numba, exact re-ranking included; brute force convolves 31 channels."""
    return _measure(bench, on_numba)


def sketch_match_torch(bench: Bench) -> Figure:
    """Match with torch, exact re-ranking included; brute force convolves 31 channels."""
    from explorer.kernels import on_torch

    return _measure(bench, on_torch)


def _measure(bench: Bench, backend: Kernels) -> Figure:
    view = bench.collection
    templates = [_template(bench, image) for image in range(QUERIES)]
    brute, exact = _dense(bench, templates)
    prices = np.zeros(len(search_offsets(view.height, view.width)), np.float32)

    def match(template: Template) -> FloatArray:
        return match_template(view, *template, prices, backend=backend).scores

    found = [match(template) for template in templates]
    recall = float(np.mean([_recall(*pair) for pair in zip(found, exact, strict=True)]))
    return Figure(
        seconds=median_seconds(lambda: match(templates[0])),
        brute_force_seconds=brute,
        bytes_read=sum(shard.nbytes for shard in view.shards("hog_planes")),
        exact=recall >= RECALL,
        notes={
            "recall_at_100": recall,
            "brute_force": f"conv2d over 31 channels, mean of {QUERIES} templates",
        },
    )


def _template(bench: Bench, image: int) -> Template:
    """Cut the 12 cells with the strongest edges out of the middle of an image."""
    white = bench.collection.shards("hog")[0][image].astype(np.float32)
    white *= bench.collection.statistics("hog_scale")
    energy = (white**2).sum(axis=-1)
    corners = [(y, x) for y in range(REACH, 25 - REACH - HEIGHT) for x in range(7, 25 - 7 - WIDTH)]
    y, x = max(corners, key=lambda c: energy[c[0] : c[0] + HEIGHT, c[1] : c[1] + WIDTH].sum())
    cells = np.mgrid[y : y + HEIGHT, x : x + WIDTH].reshape(2, -1).T.astype(np.int32)
    return np.ascontiguousarray(cells), white[cells[:, 0], cells[:, 1]]


def _dense(bench: Bench, templates: list[Template]) -> tuple[float, list[FloatArray]]:
    """Return the mean time of a convolution of all images, and the greatest sums (N,) of each."""
    import torch
    from torch.nn.functional import conv2d

    scale = float(bench.collection.statistics("hog_scale"))
    assert int(np.abs(search_offsets(200, 200)).max()) == REACH  # noqa: S101
    scores: list[list[FloatArray]] = [[] for _ in templates]
    start_to_end = 0.0
    for shard in bench.collection.shards("hog"):
        images = torch.from_numpy(shard.transpose(0, 3, 1, 2) * np.float32(scale))
        for (cells, weights), parts in zip(templates, scores, strict=True):
            y, x = cells[0].tolist()
            rows, columns = (
                slice(at - REACH, at + REACH + n) for at, n in ((y, HEIGHT), (x, WIDTH))
            )
            window = images[:, :, rows, columns].contiguous()
            kernel = torch.from_numpy(weights.reshape(1, HEIGHT, WIDTH, 31)).permute(0, 3, 1, 2)
            start = time.perf_counter()
            parts.append(conv2d(window, kernel.contiguous()).amax(dim=(1, 2, 3)).numpy())
            start_to_end += time.perf_counter() - start
    return start_to_end / len(templates), [np.concatenate(parts) for parts in scores]


def _recall(found: FloatArray, exact: FloatArray) -> float:
    top = min(TOP, len(exact))
    ours, theirs = (set(np.argsort(-scores)[:top].tolist()) for scores in (found, exact))
    return len(ours & theirs) / top
