"""What the specification asks of the engine as a whole, on small pictures."""

import dataclasses

import numpy as np
import pytest

from explorer.edits import ColorStroke, Sharpen, SketchStroke
from explorer.engine import Engine
from explorer.session import Cluster, Entry, Session

SIDE = 144  # 0.3 of it, the farthest displacement, is 43 pixels
OBJECT = 32
MIDDLE = (SIDE - OBJECT) // 2
FARTHEST = 40


def cluster(*edits, **settings):
    return Cluster(entries=tuple(Entry(edit=edit) for edit in edits), **settings)


def drawn(shifts):
    """One object, bars of which no shift looks like another, moved on even grounds."""
    rng = np.random.default_rng(5)
    bars = np.full((OBJECT, OBJECT, 3), (200, 60, 40), np.uint8)
    bars[4:9], bars[:, 22:27], bars[18:28, 4:14] = 20, 235, (240, 220, 60)
    images = np.empty((len(shifts), SIDE, SIDE, 3), np.uint8)
    images[:] = rng.integers(90, 150, (len(shifts), 1, 1, 1))
    for image, (x, y) in zip(images, shifts, strict=True):
        image[MIDDLE + y :, MIDDLE + x :][:OBJECT, :OBJECT] = bars
    return images


@pytest.fixture(scope="module")
def shifts():
    """The first object is in the middle, all others up to 40 pixels beside it."""
    shifts = np.random.default_rng(2).integers(-FARTHEST, FARTHEST + 1, (24, 2))
    shifts[:2] = (0, 0), (FARTHEST, -FARTHEST)
    return shifts


@pytest.fixture(scope="module")
def view(memory_view, shifts):
    return memory_view(drawn(shifts))


PAINTED = ColorStroke(id="e", paths=(((0.5, 0.5),),), radius=0.1, color=(200, 60, 40))


def test_shifted_copies_are_found_to_four_pixels_and_lined_up(view, shifts):
    engine = Engine(view)
    asked = cluster(PAINTED, count=len(shifts))
    lined = engine.explore(asked)
    loose = engine.explore(dataclasses.replace(asked, alignment="none"))
    assert np.abs(lined.places["e"] - shifts).max() <= 4
    assert lined.sharpness > 1.15 * loose.sharpness


def greys(memory_view):
    levels = np.linspace(0, 255, 60).astype(np.uint8)
    return memory_view(np.repeat(levels, 64 * 64 * 3).reshape(60, 64, 64, 3))


def dot(number, level):
    at = (0.3 + 0.4 * number / 30, 0.5)
    return ColorStroke(id=f"e{number}", paths=((at,),), radius=0.15, color=(level,) * 3)


@pytest.mark.parametrize("weighting", ["focus", "paper"])
def test_thirty_edits_in_each_of_several_clusters_leave_no_average_empty(memory_view, weighting):
    """The first two ask for the same, so that each leaves the other half of every image."""
    engine = Engine(greys(memory_view))
    asked = Session(
        clusters=tuple(
            cluster(
                *(dot(number, level) for number in range(30)), id=f"c{place}", weighting=weighting
            )
            for place, level in enumerate((255, 255, 0))
        )
    )
    found = [engine.explore_in(asked, one.id) for one in asked.clusters]
    for one in found:
        assert one.weights.sum() == pytest.approx(1, abs=1e-4)
        assert one.effective_images > 2
    assert [round(one.average.mean() / 255) for one in found] == [1, 1, 0]


def test_order_of_edits_and_of_clusters_changes_no_average(view):
    engine = Engine(view)
    line = SketchStroke(id="s", paths=(((0.4, 0.4), (0.6, 0.4)),), radius=0.01)
    edits = PAINTED, line, Sharpen(id="z", rounds=1)
    one, other = cluster(*edits, id="a"), cluster(*edits[:1], id="b", count=3)
    turned = cluster(*edits[::-1], id="a")
    there = engine.explore_in(Session(clusters=(one, other)), "a")
    back = Engine(view).explore_in(Session(clusters=(other, turned)), "a")
    assert np.allclose(there.weights, back.weights, atol=1e-6)
    assert np.abs(there.average.astype(int) - back.average).max() <= 1
