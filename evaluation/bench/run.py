"""All benchmarks in one list, and how they are run."""

from collections.abc import Sequence
from typing import Any

from evaluation.bench import align, average, color, features, frame, modes, sketch, store
from evaluation.bench.synthetic import synthetic_collection
from evaluation.bench.timing import machine, read_rate
from evaluation.bench.values import Bench, Benchmark, result
from explorer.kernels import compile_kernels
from explorer.kernels.threads import core_count

ALIGN = "align"
EXPLORER = "modes"

BENCHMARKS = (
    Benchmark(name="color-match", measure=color.color_match, of="speedup", target=800),
    Benchmark(
        name="color-match-incremental",
        measure=color.color_match_incremental,
        of="speedup",
        target=2.5,
    ),
    Benchmark(name="color-match-torch", measure=color.color_match_torch, of="speedup", target=300),
    Benchmark(name="sketch-match", measure=sketch.sketch_match, of="speedup", target=25),
    Benchmark(
        name="sketch-match-torch", measure=sketch.sketch_match_torch, of="speedup", target=15
    ),
    Benchmark(name="average", measure=average.average, of="roofline_fraction", target=0.35),
    Benchmark(
        name="average-torch", measure=average.average_torch, of="roofline_fraction", target=0.2
    ),
    Benchmark(name="painting-frame", measure=frame.painting_frame, of="seconds", target=0.033),
    Benchmark(name="encode", measure=frame.encode, of="seconds", target=None),
    Benchmark(name="hog", measure=features.hog_extraction, of="speedup", target=15),
    Benchmark(  # 180 core-seconds for 1,000 images are 0.5 core-hours for 10,000
        name="modes", measure=modes.modes, of="seconds", target=180, family=EXPLORER
    ),
    Benchmark(  # 15 core-hours for 10,000
        name="modes-exact-density",
        measure=modes.modes_exact_density,
        of="seconds",
        target=5400,
        family=EXPLORER,
    ),
    Benchmark(name="hover", measure=modes.hover, of="seconds", target=0.5, family=EXPLORER),
    Benchmark(
        name="hover-coarse", measure=modes.hover_coarse, of="seconds", target=None, family=EXPLORER
    ),
    Benchmark(
        name="hover-cached", measure=modes.hover_cached, of="seconds", target=0.01, family=EXPLORER
    ),
    Benchmark(name="warp-maps", measure=align.warp_maps, of="speedup", target=1000, family=ALIGN),
    Benchmark(  # against a remap alone: no more than 1.5 times as long
        name="warp-average", measure=align.warp_average, of="speedup", target=0.67, family=ALIGN
    ),
    Benchmark(
        name="warp-average-thumbs",
        measure=align.warp_average_thumbs,
        of="speedup",
        target=0.67,
        family=ALIGN,
    ),
    Benchmark(
        name="warp-average-torch",
        measure=align.warp_average_torch,
        of="speedup",
        target=0.1,
        family=ALIGN,
    ),
    Benchmark(name="open-collection", measure=store.open_and_look, of="seconds", target=0.05),
)


def run_benchmarks(names: Sequence[str] = (), images: int = 10_000) -> dict[str, Any]:
    """Measure how fast the engine is on this machine.

    Parameters
    ----------
    names
        Which benchmarks to run, by name or family; all if none is named.
    images
        How many pictures of 200 x 200 the made-up collection has.

    Returns
    -------
    dict
        `machine`, and `results` in the order of `BENCHMARKS`.

    Raises
    ------
    ValueError
        If there is no benchmark of a name, or no image.
    """
    known = list(
        dict.fromkeys(word for one in BENCHMARKS for word in (one.family, one.name) if word)
    )
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ValueError(f"a benchmark must be one of {', '.join(known)}, got {unknown[0]!r}")
    if images < 1:
        raise ValueError(f"images must be at least 1, got {images}")
    chosen = [one for one in BENCHMARKS if not names or {one.name, one.family} & set(names)]
    _prepare()
    rate = read_rate()
    with synthetic_collection(images) as collection:
        bench = Bench(collection, rate)
        results = [result(one, one.measure(bench), rate) for one in chosen]
    return {"machine": machine(rate), "results": results}


def _prepare() -> None:
    """Compile the kernels, and let brute force use every core."""
    import torch

    compile_kernels()
    torch.set_num_threads(core_count())
