"""`explorer.tour`: averages found without a person."""

from types import SimpleNamespace

import numpy as np
import pytest

from explorer.engine import Engine
from explorer.errors import Cancelled
from explorer.hog import hog
from explorer.session import Cluster
from explorer.session_json import session_from_json, session_to_json
from explorer.tour import TourOptions, _apart, _most_different, agreement, tour
from precompute import natural_world

SIDE = 96
STATISTICS = natural_world.load()


def stripes(direction, shift):
    """Bands of 16 pixels across or down a picture, moved a little."""
    y, x = np.mgrid[:SIDE, :SIDE]
    along = (x if direction == "down" else y) + shift
    grey = np.where(along // 16 % 2, 230, 40).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=-1)


@pytest.fixture(scope="module")
def view(memory_view):
    """Twenty pictures of bands across, twenty of bands down."""
    pictures = [stripes(kind, shift % 3) for shift in range(20) for kind in ("down", "across")]
    view = memory_view(np.stack(pictures))
    with_statistics(view)
    return view


def with_statistics(view):
    """Describe the pictures with the statistics that ship, as modes are mined against them."""
    white = natural_world.whitened(hog(view.images), STATISTICS)
    planes = natural_world.quantized_planes(white, STATISTICS)
    view._statistics = STATISTICS
    halves = slice(0, 20), slice(20, 40)
    view._features |= {
        name: [np.ascontiguousarray(part[half]) for half in halves]
        for name, part in (
            ("pixels", view.images),
            ("hog", natural_world.quantized(white, STATISTICS)),
            ("descriptor", np.concatenate(view.shards("descriptor"))),
        )
    }
    view._features["hog_planes"] = [
        np.ascontiguousarray(planes[half].transpose(3, 1, 2, 0)) for half in halves
    ]
    color = np.concatenate(view.shards("color"), axis=-1)
    view._features["color"] = [np.ascontiguousarray(color[..., half]) for half in halves]


def found(view, **callbacks):
    return tour(view, Engine(view), view.names, TourOptions(clusters=2), **callbacks)


@pytest.fixture(scope="module")
def shares():
    """What the tour said of its progress."""
    return []


@pytest.fixture(scope="module")
def session(view, shares):
    return found(view, progress=lambda share, what: shares.append(share))


def test_two_kinds_of_pictures_give_two_averages(view, session):
    engine = Engine(view)
    kinds = [
        set(np.flatnonzero(engine.explore_in(session, one.id).weights) % 2)
        for one in session.clusters
    ]
    assert sorted(map(tuple, kinds)) == [(0,), (1,)]


def test_every_cluster_is_made_of_ordinary_edits_and_ends_sharpened(session):
    assert session_from_json(session_to_json(session)) == session
    assert all(one.edits[-1].kind == "sharpen" for one in session.clusters)


def test_same_collection_gives_the_same_session(view, session):
    assert found(view) == session


def test_tour_that_is_out_of_time_still_returns_as_many_averages(view):
    """There is no time to sharpen them, nor to look for modes at more than the first spot."""
    options = TourOptions(clusters=2, minutes=0)
    clusters = tour(view, Engine(view), view.names, options).clusters
    assert len(clusters) == 2
    assert all(edit.kind != "sharpen" for one in clusters for edit in one.edits)


def test_nothing_is_shown_twice(memory_view):
    same = memory_view(np.repeat(stripes("down", 0)[None], 22, axis=0))
    with_statistics(same)
    assert len(found(same).clusters) == 1


def test_tour_that_is_cancelled_while_it_sharpens_stops_within_the_cluster(view):
    heard = []
    with pytest.raises(Cancelled, match="sharpening"):
        found(
            view,
            progress=lambda share, what: heard.append(what),
            is_cancelled=lambda: heard[-2:] == ["sharpening"] * 2,
        )
    assert heard.count("sharpening") == 2


def test_cancelled_tour_stops(view):
    with pytest.raises(Cancelled):
        found(view, is_cancelled=lambda: True)


def test_progress_rises_by_small_steps_to_the_end(session, shares):
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert np.diff(shares).max() < 0.21  # of modes at one spot, all that fit here


def test_halves_of_an_average_agree_if_its_images_do(view, memory_view):
    noise = np.random.default_rng(0).integers(0, 256, (12, SIDE, SIDE, 3)).astype(np.uint8)
    same = np.repeat(stripes("down", 0)[None], 12, axis=0)
    levels = [
        agreement(one, Engine(one).explore(Cluster()))
        for one in (memory_view(noise), memory_view(same))
    ]
    assert levels[0] < 0.2
    assert levels[1] == pytest.approx(1, abs=1e-3)


def even(level, edge=None, weights=(1.0, 0.0)):
    """A tried cluster whose average is even, or has an edge across or down the middle."""
    average = np.full((SIDE, SIDE, 3), level, np.uint8)
    if edge == "across":
        average[SIDE // 2 :] = 255 - level
    elif edge == "down":
        average[:, SIDE // 2 :] = 255 - level
    seen = SimpleNamespace(average=average, weights=np.array(weights, np.float32))
    return SimpleNamespace(found=seen, worth=1.0)


def test_averages_differ_in_colors_in_edges_and_in_images():
    """Of pairs that differ in two of the three only, none counts as different."""
    first = even(40, "across")
    others = [
        even(40, "across", (0.0, 1.0)),  # the same picture of other images
        even(20, "across", (0.0, 1.0)),  # another picture, but its edges are where those are
        even(40, "down", (1.0, 0.0)),  # another picture of the same images
    ]
    assert all(_apart([first, other])[0, 1] < 1 for other in others)
    assert _apart([first, even(40, "down", (0.0, 1.0))])[0, 1] > 100


def test_what_is_like_one_that_was_chosen_is_not_chosen():
    first, copy, other = even(40, "across"), even(40, "across"), even(40, "down", (0.0, 1.0))
    assert _most_different([first, copy, other], 3) == [first, other]
