"""`explorer.keypoints.corrections`: what is put right in one image, for those that look alike."""

import numpy as np
import pytest

from explorer.keypoints.corrections import DOUBT, FAR, moved_like

SMILES, FROWNS = range(5), range(5, 10)


@pytest.fixture
def looks():
    """Ten images of one keypoint: five that look one way, five another, with a little noise."""
    rng = np.random.default_rng(0)
    kinds = rng.normal(size=(2, 60))
    noise = rng.normal(scale=0.1, size=(10, 60))
    return (np.repeat(kinds, 5, axis=0) + noise)[:, None].astype(np.float32)


def put_right(*images, by=0.3 + 0.4j, keypoints=1):
    errors = np.zeros((10, keypoints), complex)
    is_corrected = np.zeros((10, keypoints), bool)
    errors[list(images), 0], is_corrected[list(images), 0] = by, True
    return errors, is_corrected


def test_images_that_look_alike_move_along_and_others_stay(looks):
    moves = moved_like(looks, *put_right(0))
    # The likeness is nearly 1, and 1 / (1 + DOUBT) = 0.8 of the error is taken over.
    assert moves[SMILES, 0] == pytest.approx(0.8 * (0.3 + 0.4j), abs=0.03)
    assert DOUBT == 0.25
    assert (moves[FROWNS, 0] == 0).all()


def test_more_corrections_are_believed_more(looks):
    one, three = (abs(moved_like(looks, *put_right(*images))[4, 0]) for images in ([0], [0, 1, 2]))
    assert one < three <= 0.5


def test_images_that_were_right_hold_the_others_back(looks):
    errors, is_corrected = put_right(0)
    is_corrected[1] = True  # looked at, and left where it was
    moves = moved_like(looks, errors, is_corrected)
    assert abs(moves[4, 0]) == pytest.approx(0.5 / (2 + DOUBT), abs=0.02)


def test_other_keypoints_stay(looks):
    moves = moved_like(np.repeat(looks, 2, axis=1), *put_right(0, keypoints=2))
    assert moves[SMILES, 0].all()
    assert not moves[:, 1].any()


def test_without_corrections_nothing_moves(looks):
    assert not moved_like(looks, *put_right(by=0)).any()


def test_images_that_look_all_the_same_are_no_reason_to_move():
    looks = np.ones((10, 1, 60), np.float32)
    assert not moved_like(looks, *put_right(0)).any()


def test_images_that_were_not_found_at_all_move_no_others(looks):
    # exp(-(5 FAR / FAR)^2 / 2) is 4e-6 of the weight of "it was right before".
    assert np.abs(moved_like(looks, *put_right(0, by=5 * FAR))).max() < 1e-3
