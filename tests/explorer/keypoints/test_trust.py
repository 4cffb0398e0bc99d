"""`explorer.keypoints.trust`: where an average is sharp enough to place points."""

from types import SimpleNamespace

import numpy as np
import pytest

from explorer.alignment.maps import Maps, grid_points
from explorer.errors import ArrayError
from explorer.keypoints.trust import trust, trust_of

SIDE = 64


def step(column, contrast=200):
    """An image that is dark left of a column and bright from there on."""
    image = np.full((SIDE, SIDE, 3), 20, np.uint8)
    image[:, column:] = 20 + contrast
    return image


def trusted(images, covered=None, weights=None):
    images = np.stack(images)
    if covered is None:
        covered = np.ones(images.shape[:3], np.bool_)
    if weights is None:
        weights = np.ones(len(images), np.float32)
    return trust(images, covered, weights)


def test_edge_that_all_images_show_at_one_place_is_trusted():
    found = trusted([step(32)] * 8)
    assert found.dtype == np.float32
    assert found[32, 32] > 0.95


def test_pale_edge_is_trusted_as_a_strong_one_is():
    assert trusted([step(32, contrast=60)] * 8)[32, 32] > 0.9


def test_edge_that_every_image_has_elsewhere_is_not_trusted():
    # 32 images, each with its edge in another column: their average is one long ramp.
    found = trusted([step(column) for column in range(16, 48)])
    assert found[:, 20:44].max() < 0.3


def test_edge_is_trusted_more_the_better_images_agree():
    levels = [
        trusted([step(32 + spread * (i - 4)) for i in range(9)])[32, 32] for spread in (0, 1, 2)
    ]
    assert levels[0] > levels[1] > levels[2]


def test_place_without_any_edge_is_not_trusted():
    assert trusted([step(48)] * 8)[32, 8] < 0.01
    noise = np.random.default_rng(1).integers(118, 122, (8, SIDE, SIDE, 3)).astype(np.uint8)
    assert trusted(list(noise)).max() < 0.3


def test_few_images_are_not_trusted_for_being_few():
    # The same disagreement, in four images: the energy of a sum of four is not taken for agreement.
    assert trusted([step(column) for column in (20, 27, 34, 41)])[32, 16:45].max() < 0.35


def test_one_image_agrees_with_itself():
    assert trusted([step(32)])[32, 32] > 0.95


def test_heavy_images_count_more():
    images = [step(32)] * 4 + [step(column) for column in (24, 28, 36, 40)]
    heavy = np.float32([4] * 4 + [1] * 4)
    assert trusted(images, weights=heavy)[32, 32] > trusted(images, weights=heavy[::-1])[32, 32]


def test_border_of_an_image_is_no_edge():
    # Half of the images end at column 32, black beyond; the others go on. All of them are plain.
    plain, cut = np.full((SIDE, SIDE, 3), 200, np.uint8), np.full((SIDE, SIDE, 3), 200, np.uint8)
    cut[:, 32:] = 0
    covered = np.ones((8, SIDE, SIDE), np.bool_)
    covered[:4, :, 32:] = False
    assert trusted([cut] * 4 + [plain] * 4, covered).max() < 0.01


def test_place_that_no_image_covers_is_not_trusted():
    covered = np.zeros((2, SIDE, SIDE), np.bool_)
    assert trusted([step(32)] * 2, covered).max() == 0


def test_images_and_what_they_cover_must_be_as_many():
    with pytest.raises(ArrayError, match="covered"):
        trust(np.stack([step(32)] * 2), np.ones((1, SIDE, SIDE), np.bool_), np.ones(2, np.float32))


class View:
    """Images whose edges lie at columns 24 and 40, moved so that they meet at 32."""

    height = width = SIDE
    images = np.stack([step(24), step(40)] * 4)

    def shards(self, feature):
        return [self.images]


def exploration(maps):
    return SimpleNamespace(weights=np.full(8, 1 / 8, np.float32), maps=maps)


def test_images_are_compared_as_they_are_moved():
    nodes = np.stack([grid_points(SIDE, SIDE) + np.float32([dx, 0]) for dx in (-8, 8)] * 4)
    maps = Maps(rows=np.arange(8, dtype=np.int32), nodes=nodes, mirrored=np.zeros(8, np.bool_))
    assert trust_of(View(), exploration(maps))[32, 32] > 0.95
    assert trust_of(View(), exploration(None))[32, 32] < 0.1


def test_only_the_heaviest_images_are_looked_at():
    weights = np.float32([2, 1] * 4) / 12
    found = trust_of(View(), SimpleNamespace(weights=weights, maps=None), looked_at=4)
    assert found[32, 24] > 0.95
    assert found[32, 40] < 0.1
