"""`explorer.examples`: edits that point at an image, as a patch of it or as a whole."""

import numpy as np
import pytest

from explorer.edits import LikeImage, ModePick
from explorer.engine import Engine
from explorer.refine import REACH
from explorer.session import Cluster, Entry

SIDE, CORNER, PATCH = 112, 32, 48
"""Every picture has its pattern, of 6 by 6 cells, in the middle, unless it is moved."""
BLANK = np.full((SIDE, SIDE, 3), 255, np.uint8)


def pattern(number, *, moved=(0, 0)):
    """A white picture with the blocks of that number, moved by (x, y) pixels."""
    blocks = np.random.default_rng(number).integers(0, 2, (8, 8, 1)).astype(np.uint8) * 255
    picture, (x, y) = BLANK.copy(), moved
    square = slice(CORNER + y, CORNER + y + PATCH), slice(CORNER + x, CORNER + x + PATCH)
    picture[square] = blocks.repeat(PATCH // 8, axis=0).repeat(PATCH // 8, axis=1)
    return picture


def pick(image, **changes):
    """The whole pattern of an image."""
    fields = {"id": "m", "image": image, "center": (0.5, 0.5), "size": PATCH / SIDE}
    return ModePick(**fields | changes)


def explored(view, *edits):
    return Engine(view).explore(Cluster(entries=tuple(Entry(edit=edit) for edit in edits)))


@pytest.fixture
def view(memory_view):
    """Six patterns, the fourth of them again 8 and 24 pixels away, and an empty picture."""
    pictures = [pattern(number) for number in range(6)]
    pictures += [pattern(3, moved=(8, -16)), pattern(3, moved=(-24, 24)), BLANK]
    return memory_view(np.stack(pictures))


@pytest.mark.parametrize("image", range(6))
def test_patch_of_an_image_finds_that_image_first_and_where_it_is(view, image):
    match = Engine(view).match(pick(f"{image}.jpg"))
    assert match.scores.argmax() == image
    assert match.scores[image] == pytest.approx(1, abs=1e-3)
    assert match.places[image].tolist() == [0, 0]


def test_patch_is_found_where_it_is_moved_to_up_to_half_its_side(view):
    match = Engine(view).match(pick("3.jpg"))
    assert match.places[[6, 7]].tolist() == [[8, -16], [-24, 24]]
    # A cosine of 1 counts 20 % less three cells away, half a side: 1 - 0.2 * |(1, -2)| / 3.
    expected = 1 - 0.2 * np.array([np.hypot(1, 2), np.hypot(3, 3)]) / 3
    assert match.scores[[6, 7]] == pytest.approx(expected, abs=1e-3)


def test_patch_that_is_moved_by_more_than_half_its_side_is_not_found(view):
    quarter = pick("3.jpg", size=32 / SIDE)  # its search ends at 16 pixels, 24 are needed
    match = Engine(view).match(quarter)
    assert np.abs(match.places).max() <= 16
    assert match.scores[6] > 0.7 > match.scores[7]


def test_mode_picked_negative_puts_its_images_last(view):
    found = explored(view, pick("3.jpg", strength=-1.0))
    assert {3, 6} < set(np.argsort(found.scores)[:3])


def test_mode_in_preview_is_what_picking_it_gives(view):
    engine = Engine(view)
    live = engine.explore(Cluster(), live=pick("3.jpg"))
    done = engine.explore(Cluster(entries=(Entry(edit=pick("3.jpg")),)))
    assert np.array_equal(live.weights, done.weights)
    assert np.abs(live.places["m"] - done.places["m"]).max() <= REACH  # then found to the pixel


@pytest.mark.parametrize(
    "edit",
    [pick("gone.jpg"), pick("8.jpg"), LikeImage(id="m", image="gone.jpg")],
    ids=["patch of an unknown image", "patch without an edge", "unknown image"],
)
def test_example_that_shows_nothing_is_unplaced_and_counts_for_nothing(view, edit):
    found = explored(view, edit)
    assert found.unplaced == ("m",)
    assert np.ptp(found.weights) == 0


def test_image_is_most_like_itself(view):
    match = Engine(view).match(LikeImage(id="l", image="4.jpg"))
    assert match.scores.argmax() == 4
    assert match.scores[4] == pytest.approx(1, abs=1e-3)  # a unit vector of float16
    assert not match.places.any()


def test_image_is_more_like_those_with_a_pattern_in_the_middle_than_like_the_others(view):
    scores = Engine(view).match(LikeImage(id="l", image="4.jpg")).scores
    assert scores[:6].min() > scores[6:8].max() > scores[8]


def test_unlike_an_image_puts_that_image_last(view):
    found = explored(view, LikeImage(id="l", image="4.jpg", strength=-1.0))
    assert found.scores[4] == found.scores.min() < found.scores[8]
