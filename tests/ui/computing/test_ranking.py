"""`ui.computing.ranking`: what is said of single images, and of strokes that say nothing."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from explorer.edits import ColorStroke, LikeImage, ModePick, SketchStroke
from explorer.session import Cluster, Entry
from ui.computing.ranking import box_of, hint_of

PATHS = (((0.5, 0.5),),)
RED = ColorStroke(id="red", paths=PATHS, radius=0.1, color=(255, 0, 0))
LESS = ColorStroke(id="red", paths=PATHS, radius=0.1, color=(255, 0, 0), strength=-1.0)
LINE = SketchStroke(id="line", paths=PATHS, radius=0.1)
MODE = ModePick(id="mode", image="a.jpg", center=(0.5, 0.5), size=0.2)
LIKE = LikeImage(id="like", image="a.jpg")


@dataclass
class Found:
    """Two images: the stroke tells something for the first alone, unless it tells nothing."""

    contributions: dict
    places: dict = field(default_factory=lambda: {"red": np.zeros((2, 2), np.float32)})
    scales: dict = field(default_factory=dict)
    mirrored: tuple = (False, False)


class Square:
    width = height = 100


def test_an_image_has_a_box_where_a_stroke_speaks_for_it_and_none_where_it_does_not():
    found = Found({"red": np.float32([1, 0])})
    assert box_of(Square, RED, found, 0) == pytest.approx((0.4, 0.4, 0.2, 0.2))
    assert box_of(Square, RED, found, 1) is None


def test_what_is_asked_for_less_of_has_a_box_where_it_is():
    found = Found({"red": np.float32([-1, 0.5])})
    assert box_of(Square, LESS, found, 0) is not None
    assert box_of(Square, LESS, found, 1) is None


class Wide:
    width, height = 200, 100


def test_box_of_a_mode_is_the_patch_moved_to_where_it_matched():
    places = {"mode": np.int32([[0, 0], [20, -10]])}
    found = Found({"mode": np.float32([1, 1])}, places)
    # A side of 0.2 of the width is 40 pixels: 0.4 of the height.
    assert box_of(Wide, MODE, found, 0) == pytest.approx((0.4, 0.3, 0.2, 0.4))
    assert box_of(Wide, MODE, found, 1) == pytest.approx((0.5, 0.2, 0.2, 0.4))


def test_box_has_the_size_at_which_the_edit_was_found():
    places = {"red": np.float32([[10, 0], [10, 0]])}
    found = Found({"red": np.float32([1, 1])}, places, {"red": np.float32([0.5, 2])})
    # Painted around (0.5, 0.5), 0.2 wide; found 0.1 to the right.
    assert box_of(Square, RED, found, 0) == pytest.approx((0.55, 0.45, 0.1, 0.1))
    assert box_of(Square, RED, found, 1) == pytest.approx((0.4, 0.3, 0.4, 0.4))


def test_box_in_a_mirrored_image_is_where_it_is_in_the_image_itself():
    places = {"red": np.float32([[10, 5], [10, 5]])}
    found = Found({"red": np.float32([1, 1])}, places, mirrored=(False, True))
    # Seen in the mirror its middle is at 0.6, so in the image at 0.4.
    assert box_of(Square, RED, found, 0) == pytest.approx((0.5, 0.45, 0.2, 0.2))
    assert box_of(Square, RED, found, 1) == pytest.approx((0.3, 0.45, 0.2, 0.2))


def test_image_that_is_like_another_as_a_whole_has_no_box():
    found = Found({"like": np.float32([1, 0])}, {"like": np.zeros((2, 2), np.int32)})
    assert box_of(Square, LIKE, found, 0) is None


@pytest.mark.parametrize(
    ("stroke", "hint"),
    [(RED, "this color"), (LINE, "such edges"), (MODE, "this example"), (LIKE, "this example")],
)
def test_a_stroke_that_tells_no_images_apart_is_explained(stroke, hint):
    cluster = Cluster(entries=(Entry(edit=stroke),))
    assert hint in hint_of(cluster, Found({stroke.id: np.zeros(2, np.float32)}))
    assert hint_of(cluster, Found({stroke.id: np.float32([0, 1])})) is None


def test_an_average_without_strokes_needs_no_hint():
    assert hint_of(Cluster(), Found({})) is None
