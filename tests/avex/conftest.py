"""A small collection of plain disks on white: a third red, a third blue, a third green."""

import cv2
import numpy as np
import pytest

from avex.__main__ import main
from explorer.edits import ColorStroke
from explorer.session import Cluster, Entry, Session
from index.collection import open_collection
from precompute.build import build
from precompute.options import BuildOptions

RED, BLUE, GREEN = (200, 30, 40), (30, 60, 200), (40, 160, 60)
IMAGES = 24
HEIGHT, WIDTH = 48, 64


def draw_photos(folder):
    """Draw disks of alternating colors, each somewhere else, twice the size of the collection."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    for i in range(IMAGES):
        image = np.full((2 * HEIGHT, 2 * WIDTH, 3), 255, np.uint8)
        center = (WIDTH + int(rng.integers(-12, 12)), HEIGHT + int(rng.integers(-9, 9)))
        name, color = (("red", RED), ("blue", BLUE), ("green", GREEN))[i % 3]
        cv2.circle(image, center, 20 + i // 3, color[::-1], -1)
        cv2.imwrite(str(folder / f"{name}{i:02}.png"), image)
    return folder


@pytest.fixture
def run(capsys):
    """Run `avex` with words; return its exit status, what it printed, and what it complained."""

    def typed(*words):
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        return ended.value.code, *capsys.readouterr()

    return typed


@pytest.fixture(scope="session")
def photos(tmp_path_factory):
    return draw_photos(tmp_path_factory.mktemp("photos") / "disks")


@pytest.fixture(scope="session")
def collection_path(photos):
    out = photos.parent / "disks.avex"
    build(photos, out, BuildOptions(size=(HEIGHT, WIDTH), workers=1))
    return out


@pytest.fixture
def collection(collection_path):
    return open_collection(collection_path)


@pytest.fixture
def red_session():
    """One red stroke in the middle."""
    stroke = ColorStroke(id="c1", paths=(((0.4, 0.5), (0.6, 0.5)),), radius=0.15, color=RED)
    entry = Entry(edit=stroke, author="ada", time=1.0)
    return Session(collection="disks", clusters=(Cluster(entries=(entry,)),))
