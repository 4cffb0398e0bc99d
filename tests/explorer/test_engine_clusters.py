"""`explorer.engine`: clusters of one session push each other apart, and line their images up."""

import dataclasses

import numpy as np
import pytest

from explorer import engine as engine_module
from explorer.edits import AnyOf, ColorStroke, ImageVerdict, LikeImage, Sharpen
from explorer.engine import Engine
from explorer.errors import Cancelled, SessionError
from explorer.session import Cluster, Entry, Session

WHITE, BLACK, RED, BLUE = (255, 255, 255), (0, 0, 0), (224, 32, 32), (32, 32, 224)
SIDE = 64


def dot(color=WHITE, edit_id="dot", **changes):
    """A dot in the middle of the canvas, as large as a square of 24 pixels."""
    fields = {"id": edit_id, "paths": (((0.5, 0.5),),), "radius": 0.18, "color": color}
    return ColorStroke(**fields | changes)


def cluster(name, *edits, **settings):
    return Cluster(id=name, entries=tuple(Entry(edit=edit) for edit in edits), **settings)


def session(*clusters):
    return Session(clusters=clusters)


def picture(color, x=20, y=20, ground=128):
    image = np.full((SIDE, SIDE, 3), ground, np.uint8)
    image[y : y + 24, x : x + 24] = color
    return image


@pytest.fixture
def greys(memory_view):
    """Sixty even pictures, from black to white."""
    levels = np.linspace(0, 255, 60).astype(np.uint8)
    return memory_view(np.repeat(levels, SIDE * SIDE * 3).reshape(60, SIDE, SIDE, 3))


@pytest.fixture
def squares(memory_view):
    """A red square in the middle; 8 pixels to the right; 8 pixels below; then three blue ones."""
    spots = ((20, 20), (28, 20), (20, 28))
    colored = [picture(color, x, y) for color in (RED, BLUE) for x, y in spots]
    return memory_view(np.stack(colored * 3))


def test_painting_one_of_two_clusters_white_turns_the_other_dark(greys):
    engine = Engine(greys)
    before = engine.explore_in(session(cluster("a"), cluster("b")), "b")
    painted = session(cluster("a", dot()), cluster("b"))
    white, dark = engine.explore_in(painted, "a"), engine.explore_in(painted, "b")
    assert before.average.mean() == pytest.approx(127.5, abs=1)
    assert white.average.mean() > 200
    # whites are a quarter of the pictures here; without them the mean is 95
    assert dark.average.mean() < 0.8 * before.average.mean()


def test_where_half_of_the_images_are_white_the_other_cluster_gets_the_black_ones(memory_view):
    pictures = np.repeat(np.arange(40) % 2 * 255, SIDE * SIDE * 3).astype(np.uint8)
    engine = Engine(memory_view(pictures.reshape(40, SIDE, SIDE, 3)))
    both = session(cluster("a", dot()), cluster("b"))
    white, dark = engine.explore_in(both, "a"), engine.explore_in(both, "b")
    assert white.average.mean() > 250
    assert dark.average.mean() < 30  # white images count exp(-3) as much there
    assert (white.share, dark.share) == (0.5, 0.5)


def test_while_one_cluster_is_painted_on_the_other_changes_too(greys):
    engine = Engine(greys)
    both = session(cluster("a"), cluster("b"))
    live = engine.explore_in(both, "b", live=dot(), live_cluster="a")
    done = engine.explore_in(session(cluster("a", dot()), cluster("b")), "b")
    assert np.allclose(live.weights, done.weights)


def test_others_are_drawn_small_while_one_is_painted_on(greys):
    engine = Engine(greys)
    both = session(cluster("a"), cluster("b"))

    def side(cluster_id, **how):
        return engine.explore_in(both, cluster_id, **how).average.shape[0]

    assert side("a", live=dot()) == side("b") == SIDE
    assert side("b", live=dot(), live_cluster="a") == side("b", is_coarse=True) == SIDE // 2


def test_shares_of_every_image_sum_to_one_over_the_clusters(greys):
    engine = Engine(greys)
    three = session(cluster("a", dot()), cluster("b", dot(BLACK)), cluster("c"))
    found = [engine.explore_in(three, name) for name in "abc"]
    assert np.allclose(sum(one.shares for one in found), 1, atol=1e-5)
    assert sum(one.share for one in found) == pytest.approx(1)


def test_cluster_that_stands_alone_is_not_changed_by_sharing(greys):
    alone = Engine(greys).explore(cluster("a", dot()))
    assert (alone.shares == 1).all()


def test_average_stays_of_as_many_images_as_wished_beside_a_rival(greys):
    both = session(cluster("a", dot(), count=15), cluster("b", dot(), count=15))
    assert Engine(greys).explore_in(both, "a").effective_images == pytest.approx(15, abs=3)


def test_outliers_are_what_no_cluster_fits(greys):
    both = session(cluster("white", dot()), cluster("black", dot(BLACK)))
    rest = Engine(greys).outliers(both)
    assert rest[20:40].min() > max(rest[:3].max(), rest[-3:].max())
    average = Engine(greys).explore_outliers(both).average
    assert 80 < average.mean() < 175


def test_unknown_cluster_is_refused_by_name(greys):
    with pytest.raises(SessionError, match="has no cluster 'z'"):
        Engine(greys).explore_in(session(cluster("a")), "z")


def test_squares_that_lie_apart_are_lined_up(squares):
    engine = Engine(squares)
    asked = cluster("a", dot(RED), count=9)
    loose = engine.explore(dataclasses.replace(asked, alignment="none"))
    lined = engine.explore(asked)
    assert loose.maps is None
    red = [
        (np.abs(found.average - np.array(RED)).max(axis=2) < 16).sum() for found in (lined, loose)
    ]
    assert red[0] > 22 * 22  # of 24 x 24
    assert red[1] <= 16 * 16  # what squares 8 pixels apart share
    moved = lined.maps.nodes[np.flatnonzero(lined.maps.rows == 1)[0]]
    assert np.allclose(moved[4, 4], (32 + 8, 32), atol=1)  # what is shown comes from 8 px right


@pytest.mark.parametrize("alignment", ["similarity", "rigid", "affine"])
def test_one_edit_moves_whole_images_whatever_the_kind_of_map(squares, alignment):
    found = Engine(squares).explore(cluster("a", dot(RED), alignment=alignment, count=9))
    steps = np.diff(found.maps.nodes, axis=2)[..., 0]
    assert np.allclose(steps, 8, atol=1e-3)


def test_merged_cluster_has_the_images_of_both_parts(squares):
    engine = Engine(squares)
    either = AnyOf(id="any", names=("red", "blue"), parts=((dot(RED),), (dot(BLUE),)))
    found = engine.explore(cluster("a", either, count=18))
    assert np.ptp(found.weights) < 0.5 * found.weights.max()
    only = engine.explore(cluster("a", dot(RED), count=9))
    assert set(only.top[:9].tolist()) <= set(found.top[:18].tolist())


def test_merged_cluster_lines_each_image_up_by_the_part_that_it_fits(squares):
    left = dot(BLUE, paths=(((0.25, 0.5),),))
    either = AnyOf(id="any", names=("red", "blue"), parts=((dot(RED),), (left,)))
    found = Engine(squares).explore(cluster("a", either, count=18))
    blue = found.maps.nodes[np.flatnonzero(found.maps.rows == 3)[0]]
    assert np.allclose(blue[4, 2], (16 + 16, 32), atol=2)  # drawn 16 px to the left


def test_merged_edit_of_which_no_part_can_count_is_named(squares):
    gone = LikeImage(id="l", image="gone.jpg")
    either = AnyOf(id="any", names=("x", "y"), parts=((gone,), (gone,)))
    assert Engine(squares).explore(cluster("a", either)).unplaced == ("any",)


def test_mirrored_images_take_part_only_if_the_cluster_says_so(memory_view):
    """Half of the pictures have their red square at the left edge, half at the right one."""
    pictures = [picture(RED, 0), picture(RED, 40)] * 6 + [picture(BLUE)] * 8
    view = memory_view(np.stack(pictures))
    edit = dot(RED, paths=(((0.19, 0.5),),))
    plain = Engine(view).explore(cluster("a", edit, count=6))
    mirrored = Engine(view).explore(cluster("a", edit, count=12, mirror=True))
    assert not plain.mirrored.any()
    assert mirrored.mirrored[1:12:2].all()
    assert not mirrored.mirrored[0:12:2].any()
    assert set(mirrored.top[:12].tolist()) == set(range(12))


def test_support_of_a_merged_cluster_is_that_of_its_best_part(squares, monkeypatch):
    engine = Engine(squares)
    levels = {"red": 0.9, "blue": 0.2, "any": 1.0}
    monkeypatch.setattr(
        engine._meter, "of", lambda edits, *_: min(levels[edit.id] for edit in edits)
    )
    parts = (dot(RED, "red"),), (dot(BLUE, "blue"),)
    either = AnyOf(id="any", names=("red", "blue"), parts=parts)
    assert engine.explore(cluster("a", either)).support == 0.9


def test_while_a_stroke_is_drawn_only_the_heaviest_images_are_moved(squares, monkeypatch):
    monkeypatch.setattr(engine_module, "ALIGNED_LIVE", 2)
    engine = Engine(squares)
    asked = cluster("a", dot(RED), count=9)
    assert len(engine.explore(asked, live=dot(RED, "more")).maps.rows) == 2
    assert len(engine.explore(asked).maps.rows) > 2


def test_of_more_equal_images_than_are_listed_the_first_are():
    weights = np.full(300, 1 / 300, np.float32)
    weights[299] = 0.5
    assert engine_module._top(weights, np.zeros(300, np.float32)).tolist() == [299, *range(199)]


def test_image_pinned_to_one_cluster_leaves_the_others(greys):
    pin = ImageVerdict(id="p", image="30.jpg", verdict="pin")
    both = session(cluster("a", pin), cluster("b"))
    assert Engine(greys).explore_in(both, "b").shares[30] < 0.2


def test_sharpening_is_remembered_and_drawn(squares):
    engine = Engine(squares)
    asked = session(cluster("a", dot(RED), Sharpen(id="s", rounds=2), count=9, alignment="none"))
    without = engine.explore_in(asked, "a", wait=False)
    assert not engine.is_sharpened(asked, "a")
    shares = []
    engine.sharpen(asked, "a", shares.append)
    assert engine.is_sharpened(asked, "a")
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert engine.explore_in(asked, "a", wait=False).sharpness > without.sharpness


def test_cancelled_sharpening_leaves_the_cluster_as_it_was(squares):
    engine = Engine(squares)
    asked = session(cluster("a", dot(RED), Sharpen(id="s"), count=9))
    with pytest.raises(Cancelled):
        engine.sharpen(asked, "a", is_cancelled=lambda: True)
    assert not engine.is_sharpened(asked, "a")


def test_painting_on_another_cluster_does_not_undo_a_sharpening(squares):
    engine = Engine(squares)
    sharpened = cluster("a", dot(RED), Sharpen(id="s", rounds=1), count=9)
    engine.sharpen(session(sharpened, cluster("b")), "a")
    assert engine.is_sharpened(session(sharpened, cluster("b", dot(BLUE))), "a")
