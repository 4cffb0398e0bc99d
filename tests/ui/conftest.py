"""A server on a collection of six plain images, with an engine that paints what it is told."""

import threading
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from explorer.edits import ColorStroke, Sharpen
from explorer.engine import Exploration
from explorer.errors import Cancelled
from explorer.modes.values import SpotModes
from explorer.session import Cluster
from index.collection import Original
from index.manifest import Manifest, SourceInfo
from tests.ui.browsing import address, browser, context, draw, page, root  # noqa: F401 - fixtures
from tests.ui.marking import marked, propagator  # noqa: F401 - fixtures
from tests.ui.working import answers, worker  # noqa: F401 - fixtures
from ui.app import Parts, create_server
from ui.rooms.hub import Hub
from ui.settings import Settings

HOST = "127.0.0.1:7860"
HEIGHT, WIDTH, IMAGES = 16, 32, 6


@dataclass
class FakeLibrary:
    """Image i is plain grey, 40 i; its only metadata is its number."""

    path: Path
    name: str = "shoes"
    size: int = IMAGES
    height: int = HEIGHT
    width: int = WIDTH
    report: dict = field(default_factory=lambda: {"rejected": [{"path": "x", "reason": "empty"}]})
    names: tuple[str, ...] = tuple(f"grey/{i}.png" for i in range(IMAGES))

    manifest: Manifest = field(
        default_factory=lambda: Manifest(
            height=HEIGHT, width=WIDTH, source=SourceInfo("folder", "photos")
        )
    )

    def original(self, image_id):
        folder = self.path.parent / "photos"
        return Original("folder", folder, f"{image_id}.png", 4 * HEIGHT, 4 * WIDTH)

    def shards(self, feature):
        if feature == "pixels":
            return [self.rows("pixels", range(self.size))]
        counts = np.zeros((64, self.height // 8, self.width // 8, self.size), np.uint8)
        counts[63] = 64
        return [counts]

    def statistics(self, name):
        raise AssertionError(name)

    def image_id(self, name):
        return self.names.index(name) if name in self.names else None

    def modes_at(self, side, row, column):
        return None

    def rows(self, feature, ids):
        sizes = {"pixels": (self.height, self.width), "thumbs": (8, 16)}
        return np.stack([np.full((*sizes[feature], 3), 40 * i, np.uint8) for i in ids])

    def metadata(self, image_id):
        return {"number": str(image_id)}


@dataclass
class FakeEngine:
    """The average has the color of the last color stroke; image 1 weighs most, then 0.

    Other clusters' colors turn a plain one to their opposite. While `gate` is closed nothing is
    answered, while `may_sharpen` is nothing is sharpened; what is sharpened is white. A stroke with
    a radius of 1 breaks the engine.
    """

    gate: threading.Event = field(default_factory=threading.Event)
    asked: list = field(default_factory=list)
    may_sharpen: threading.Event = field(default_factory=threading.Event)
    sharpening: threading.Event = field(default_factory=threading.Event)
    sharp: list = field(default_factory=list)

    def __post_init__(self):
        self.gate.set()
        self.may_sharpen.set()

    def explore_in(self, session, cluster_id, live=None, live_cluster=None, *, wait=True, **_):
        cluster = session.cluster(cluster_id)
        self.asked.append((cluster, live))
        assert self.gate.wait(10)
        others = [e for c in session.clusters if c is not cluster for e in c.edits]
        if live is not None and live_cluster not in (None, cluster_id):
            others, live = [*others, live], None
        return self.explored(cluster, live, others)

    def explored(self, cluster, live, others):
        strokes = [e for e in (*cluster.edits, live) if isinstance(e, ColorStroke)]
        if any(edit.radius == 1 for edit in strokes):
            raise RuntimeError("this engine breaks on a radius of 1")
        against = [e.color for e in others if isinstance(e, ColorStroke)]
        plain = tuple(255 - channel for channel in against[-1]) if against else (128, 128, 128)
        color = strokes[-1].color if strokes else plain
        if any(isinstance(edit, Sharpen) for edit in cluster.edits) and cluster.id in self.sharp:
            color = (255, 255, 255)
        weights = np.array([0.25, 0.5, 0.25, 0, 0, 0], np.float32)
        return Exploration(
            weights=weights,
            scores=2 * weights,
            contributions={edit.id: weights / 2 for edit in strokes},
            places={edit.id: np.tile(np.float32([8, 0]), (IMAGES, 1)) for edit in strokes},
            top=np.argsort(-weights, kind="stable").astype(np.int32),
            average=np.full((HEIGHT, WIDTH, 3), color, np.uint8),
            effective_images=2.5,
            sharpness=1.0,
            mirrored=np.zeros(IMAGES, np.bool_),
            share=0.25,
            support=0.875,
            shares=np.full(IMAGES, 0.5, np.float32),
        )

    def outliers(self, session):
        return np.linspace(0, 1, IMAGES, dtype=np.float32)

    def explore_outliers(self, session):
        return self.explored(Cluster(), None, [])

    def is_sharpened(self, session, cluster_id):
        return cluster_id in self.sharp

    def sharpen(self, session, cluster_id, progress, is_cancelled):
        progress(0.5)
        self.sharpening.set()
        while not self.may_sharpen.wait(0.001):
            if is_cancelled():
                raise Cancelled("a fake is cancelled")
        self.sharp.append(cluster_id)


def modes_at(spot):
    """Two modes: images 0 and 1 show the first, the others but image 2 the second."""
    return SpotModes(
        spot=spot,
        seeds=np.array([0, 4], np.int32),
        inliers=np.array([0.75, 1], np.float32),
        starts=np.array([0, 2, 5], np.int32),
        images=np.array([0, 1, 4, 5, 3], np.int32),
        scores=np.array([1, 0.5, 1, 1, 1], np.float32),
        places=np.zeros((5, 2), np.int32),
        scales=np.ones(5, np.float32),
        best=np.array([0, 0, -1, 1, 1, 1], np.int32),
    )


@dataclass
class FakeFinder:
    """Finds the same two modes everywhere; knows the spots in `mined`.

    While `gate` is closed nothing is mined. A spot of side 16 breaks it.
    """

    gate: threading.Event = field(default_factory=threading.Event)
    started: threading.Event = field(default_factory=threading.Event)
    given_up: threading.Event = field(default_factory=threading.Event)
    mined: list = field(default_factory=list)

    def __post_init__(self):
        self.gate.set()

    def known(self, spot):
        return modes_at(spot) if spot in self.mined else None

    def coarse(self, spot):
        if spot.side == 16:
            raise RuntimeError("this finder breaks on patches of 16 cells")
        return modes_at(spot)

    def find(self, spot, is_cancelled=lambda: False):
        self.started.set()
        while not self.gate.wait(0.001):
            if is_cancelled():
                self.given_up.set()
                raise Cancelled("a fake is cancelled")
        self.mined.append(spot)
        return modes_at(spot)


@pytest.fixture
def finder():
    return FakeFinder()


@pytest.fixture
def engine():
    return FakeEngine()


@pytest.fixture
def parts(engine, finder):
    return Parts(
        open_library=lambda path: FakeLibrary(path, name=path.stem),
        make_engine=lambda library: engine,
        make_finder=lambda library: finder,
        nearest=lambda library, image_id, k: [(0, 0.9), (2, 0.5)][:k],
        warm_up=lambda libraries: None,
    )


@pytest.fixture
def settings(tmp_path):
    return Settings(collections=(tmp_path / "shoes.avex",), builds_dir=tmp_path)


@pytest.fixture
def hub(settings, parts):
    """The rooms of a server without its routes, its loop and its threads."""
    hub = Hub(settings, parts.make_engine, parts.make_finder)
    hub.add(parts.open_library(settings.collections[0]))
    yield hub
    hub.rooms["shoes"].store.close()


@pytest.fixture
def client(settings, parts):
    with TestClient(create_server(settings, parts), base_url=f"http://{HOST}") as client:
        yield client


@pytest.fixture
def larger_client(settings, parts):
    """A server on the same images at a size that has modes."""

    def open_larger(path):
        return replace(parts.open_library(path), height=64, width=128)

    larger = replace(parts, open_library=open_larger)
    with TestClient(create_server(settings, larger), base_url=f"http://{HOST}") as client:
        yield client
