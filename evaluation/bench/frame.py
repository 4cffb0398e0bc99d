"""Benchmarks of a whole frame while a person paints, and of its last step."""

from functools import partial

import numpy as np

from evaluation.bench.timing import median_seconds, seconds_of
from evaluation.bench.values import Bench, Figure
from explorer.average import average_level
from explorer.edits import ColorStroke, SketchStroke
from explorer.engine import Engine
from explorer.session import Cluster, Entry
from ui.computing.images import encode_jpeg

FRAMES = 24
WARM_FRAMES = 4
RADIUS = 0.04


def painting_frame(bench: Bench) -> Figure:
    """From a stroke that grew by one point to the encoded average; two edits stand already."""
    engine = Engine(bench.collection)
    line = ((0.3, 0.7), (0.4, 0.3))
    cluster = Cluster(
        entries=(
            Entry(edit=ColorStroke(id="c", paths=(line,), radius=RADIUS, color=(40, 80, 160))),
            Entry(edit=SketchStroke(id="s", paths=(line,), radius=0.01)),
        )
    )
    engine.explore(cluster)
    frames = []
    for step in range(FRAMES):
        path = tuple((0.3 + 0.015 * k, 0.5 + 0.1 * np.sin(k)) for k in range(step + 1))
        live = ColorStroke(id="live", paths=(path,), radius=RADIUS, color=(200, 30, 40))
        frames.append(seconds_of(partial(_frame, engine, cluster, live)))
    exploration = engine.explore(cluster, live)
    level = average_level(bench.collection, exploration.weights, live=True)
    image_bytes = bench.collection.shards(level)[0][0].nbytes
    images = int(np.count_nonzero(exploration.weights))
    cells = bench.collection.height * bench.collection.width // 64
    return Figure(
        seconds=float(np.median(frames[WARM_FRAMES:])),
        bytes_read=images * image_bytes + bench.collection.size * cells,
        notes={
            "slowest_seconds": max(frames[WARM_FRAMES:]),
            "first_seconds": frames[0],
            "images_with_weight": images,
            "level": level,
        },
    )


def _frame(engine: Engine, cluster: Cluster, live: ColorStroke) -> bytes:
    return encode_jpeg(engine.explore(cluster, live).average)


def encode(bench: Bench) -> Figure:
    """Encode an average of the collection's size for the wire."""
    picture = np.ascontiguousarray(bench.collection.shards("pixels")[0][0])
    return Figure(
        seconds=median_seconds(lambda: encode_jpeg(picture), times=25),
        notes={"bytes": len(encode_jpeg(picture))},
    )
