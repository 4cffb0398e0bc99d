"""After `compile_kernels`, no work of the engine waits for the compiler."""

import importlib
import pkgutil

import numpy as np

import explorer.kernels
from explorer.average import weighted_average
from explorer.brushes import covered_cells
from explorer.color import IncrementalColorMatch, agreement_planes, match_color, palette
from explorer.histograms import color_histograms
from explorer.hog import hog
from explorer.kernels import compile_kernels, on_numba
from explorer.kernels.backend import Kernels
from explorer.kernels.on_numba import rerank, strongest_linear
from explorer.kernels.warm import warm_up
from explorer.matching import search_offsets


def compiled_versions():
    """How many versions of each kernel there are, by name."""
    versions = {}
    for module in pkgutil.iter_modules(explorer.kernels.__path__, "explorer.kernels."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if hasattr(value, "signatures"):
                versions[name] = len(value.signatures)
    return versions


def mapped(tmp_path, array):
    path = tmp_path / f"{array.dtype}-{array.ndim}.npy"
    np.save(path, array)
    return np.asarray(np.load(path, mmap_mode="r"))


def test_work_on_mapped_files_compiles_nothing_more(tmp_path):
    compile_kernels()
    before = compiled_versions()
    images = np.random.default_rng(0).integers(0, 256, (20, 80, 80, 3), np.uint8)
    features = hog(images)
    bins = mapped(tmp_path, np.ascontiguousarray(color_histograms(images).transpose(3, 1, 2, 0)))
    cells = covered_cells((((0.1, 0.2), (0.5, 0.5)), ((0.9, 0.9),)), 0.1, (10, 10), 80, 80)
    planes = agreement_planes([bins], (200, 30, 40))
    match_color(planes, cells, 80, 80)
    live = IncrementalColorMatch(planes, 80, 80)
    live.update(cells)
    live.update(cells | np.eye(10, dtype=bool))
    palette([bins], cells)
    weighted_average([mapped(tmp_path, images)], np.ones(20, np.float32))
    rows = (features * 100).astype(np.int8)
    places, offsets = np.argwhere(cells).astype(np.int32), search_offsets(80, 80)
    search = offsets, np.zeros(len(offsets), np.float32)
    signed = mapped(tmp_path, np.ascontiguousarray(rows.transpose(3, 1, 2, 0)[:12]))
    weights = np.ones((len(places), 12), np.int32)
    _, index = strongest_linear([signed], places, weights, search)
    images_found = np.arange(20, dtype=np.int32)
    weights = np.ones((len(places), 31), np.float32)
    rerank([rows], (images_found, index), places, weights, search)
    assert compiled_versions() == before
    assert len(before) > 20


class Recorder:
    """The kernels of numba, and which of them were asked for."""

    def __init__(self):
        self.asked = set()

    def __getattr__(self, name):
        self.asked.add(name)
        return getattr(on_numba, name)


def test_every_kernel_is_warmed_up():
    recorder = Recorder()
    warm_up(recorder)
    assert {name for name in vars(Kernels) if not name.startswith("_")} <= recorder.asked
