"""`ui.computing.mode_answers`: what a hover is told, in the units of the wire."""

import base64
import dataclasses

import cv2
import numpy as np
import pytest

from explorer.modes.spots import Spot
from explorer.modes.values import SpotModes
from explorer.session import Session
from ui.computing.mode_answers import HoverJob, messages_of, modes_of, no_modes, spot_of

SPOT = Spot(4, 2, 1)  # 32 px a side, its corner at (8, 16)
WEIGHTS = np.array([0.25, 0.5, 0.25, 0, 0, 0], np.float32)
JOB = HoverJob(
    key="ann",
    collection="shoes",
    session=Session(),
    cluster="main",
    revision=2,
    request=7,
    point=(0.5, 0.5),
    size=30,
)


@pytest.fixture
def library(parts, tmp_path):
    small = parts.open_library(tmp_path / "shoes.avex")
    return dataclasses.replace(small, height=64, width=128)


@pytest.fixture
def found(finder):
    return finder.coarse(SPOT)


def answer(library, found, weights=WEIGHTS):
    return modes_of(library, JOB, SPOT, messages_of(library, found, weights), is_final=True)


def test_answer_repeats_the_question_and_says_where_it_looked(library, found):
    modes = answer(library, found)
    assert (modes.revision, modes.request, modes.cluster) == (2, 7, "main")
    assert modes.box == (8 / 128, 16 / 64, 32 / 128, 32 / 64)
    assert (modes.size, modes.sizes) == (32, (32, 48))  # patches of 80 px do not fit into 64


def test_mode_is_named_by_its_seed_in_canvas_units(library, found):
    [mode] = answer(library, found).modes
    assert mode.image == "grey/0.png"
    assert mode.center == (24 / 128, 32 / 64)
    assert mode.size == 32 / 128


def test_mode_says_how_much_of_the_average_shows_it(library, found):
    [mode] = answer(library, found).modes
    assert (mode.share, mode.images) == (0.25 + 0.5, 2)
    assert mode.inlier == 0.75


def test_mode_that_no_image_of_the_average_shows_is_left_out(library, found):
    everybody = answer(library, found, np.full(6, 1 / 6, np.float32))
    assert [mode.image for mode in everybody.modes] == ["grey/4.png", "grey/0.png"]
    assert [mode.image for mode in answer(library, found).modes] == ["grey/0.png"]


def test_picture_is_the_average_patch(library, found):
    [mode] = answer(library, found).modes
    data = np.frombuffer(base64.b64decode(mode.picture), np.uint8)
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
    # images 0 and 1 are grey 0 and 40, and both worth 0.25: weight times score
    assert picture.shape == (32, 32, 3)
    assert np.abs(picture.astype(int) - 20).max() <= 2


def guess_of(found):
    """The first mode as the first two images show it."""
    return SpotModes(
        spot=SPOT,
        seeds=found.seeds[:1],
        inliers=found.inliers[:1],
        starts=found.starts[:2],
        images=found.images[:2],
        scores=found.scores[:2],
        places=found.places[:2],
        scales=found.scales[:2],
        best=found.best[:2],
    )


def test_shares_of_a_guess_are_shares_of_the_images_that_it_knows(library, found):
    [mode] = answer(library, guess_of(found)).modes
    assert mode.share == pytest.approx(1.0)


def test_guess_from_images_without_weight_offers_nothing(library, found):
    weights = np.array([0, 0, 0.5, 0.5, 0, 0], np.float32)
    assert answer(library, guess_of(found), weights).modes == ()


def test_spot_is_the_one_under_the_cursor(library):
    assert spot_of(library, (0.1875, 0.5), 30) == SPOT


@pytest.mark.parametrize("size", [{"height": 31}, {"width": 24}, {"size": 1}])
def test_collection_that_is_too_small_has_no_spots(library, size):
    assert spot_of(dataclasses.replace(library, **size), (0.5, 0.5), 32) is None


def test_answer_without_modes_offers_no_sizes(library):
    modes = no_modes(library, JOB)
    assert (modes.modes, modes.sizes, modes.is_final, modes.request) == ((), (), True, 7)
