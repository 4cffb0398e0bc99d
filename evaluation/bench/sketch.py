"""Benchmarks of the sketching brush: short lines, about 12 cells, against every image."""

import time

import numpy as np

from evaluation.bench.synthetic import SIDE
from evaluation.bench.timing import median_seconds
from evaluation.bench.values import Bench, Figure
from explorer.arrays import FloatArray, IntArray
from explorer.edits import SketchStroke
from explorer.kernels import on_numba
from explorer.kernels.backend import Kernels
from explorer.linear import match_template
from explorer.matching import search_offsets
from explorer.sketch import sketch_templates

QUERIES = 6
TOP = 100
RECALL = 0.98
LENGTH = 0.11  # of each of the two parts of a line, in canvas units: together about 12 cells

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
    templates = [_template(bench, query) for query in range(QUERIES)]
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
            "cells": [len(cells) for cells, _ in templates],
            "brute_force": f"conv2d over 31 channels, mean of {QUERIES} templates",
        },
    )


def _template(bench: Bench, query: int) -> Template:
    """Draw a bent line near the middle, and ask for what the sketching brush asks for."""
    rng = np.random.default_rng(query)
    angles = rng.uniform(0, 2 * np.pi) + np.array([0, 0.4])
    steps = LENGTH * np.column_stack([np.cos(angles), np.sin(angles)])
    points = np.vstack([[0.5, 0.5], [0.5, 0.5] + steps.cumsum(axis=0)])
    path = tuple((float(x), float(y)) for x, y in points)
    stroke = SketchStroke(id="bench", paths=(path,), radius=0.01)
    view = bench.collection
    mean, whitening = view.statistics("hog_mean"), view.statistics("hog_whitening")
    template = sketch_templates(stroke, (view.height, view.width), mean, whitening)[0]
    return template.cells, template.weights


def _dense(bench: Bench, templates: list[Template]) -> tuple[float, list[FloatArray]]:
    """Return the mean time of a convolution of all images, and the greatest sums (N,) of each."""
    import torch
    from torch.nn.functional import conv2d

    scale = np.float32(bench.collection.statistics("hog_scale"))
    reach = int(np.abs(search_offsets(SIDE, SIDE)).max())
    scores: list[list[FloatArray]] = [[] for _ in templates]
    seconds = 0.0
    for shard in bench.collection.shards("hog"):
        images = torch.from_numpy(shard.transpose(0, 3, 1, 2) * scale)
        for (cells, weights), parts in zip(templates, scores, strict=True):
            low, high = cells.min(axis=0), cells.max(axis=0) + 1
            kernel = torch.zeros((1, weights.shape[1], *(high - low).tolist()))
            ys, xs = torch.from_numpy((cells - low).T)
            kernel[0, :, ys, xs] = torch.from_numpy(weights.T)
            rows, columns = (slice(*ends) for ends in zip(low - reach, high + reach, strict=True))
            window = images[:, :, rows, columns].contiguous()
            start = time.perf_counter()
            parts.append(conv2d(window, kernel).amax(dim=(1, 2, 3)).numpy())
            seconds += time.perf_counter() - start
    return seconds / len(templates), [np.concatenate(parts) for parts in scores]


def _recall(found: FloatArray, exact: FloatArray) -> float:
    top = min(TOP, len(exact))
    ours, theirs = (set(np.argsort(-scores)[:top].tolist()) for scores in (found, exact))
    return len(ours & theirs) / top
