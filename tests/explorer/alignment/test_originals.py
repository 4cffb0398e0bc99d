"""Originals of any size are warped as the collection's images are."""

import numpy as np
import pytest

from explorer.alignment.maps import Maps, grid_points
from explorer.alignment.originals import warp_of
from explorer.alignment.warped import warp_image

HEIGHT, WIDTH = 24, 32


def moved(dx, dy, *, mirrored=False):
    """Draw image 3 where it is `dx`, `dy` pixels further to the left and up."""
    nodes = grid_points(HEIGHT, WIDTH) + np.array([dx, dy], np.float32)
    rows = np.array([3], np.int32)
    return Maps(rows=rows, nodes=nodes[None], mirrored=np.array([mirrored]))


def test_without_maps_nothing_is_warped():
    assert warp_of(None, (HEIGHT, WIDTH)) is None


def test_images_without_a_map_are_drawn_as_they_are():
    warp = warp_of(moved(4, 0), (HEIGHT, WIDTH))
    assert warp(2, np.zeros((HEIGHT, WIDTH, 3), np.uint8)) is None


@pytest.mark.parametrize("mirrored", [False, True])
def test_image_of_the_canvas_s_size_is_drawn_as_in_the_collection(mirrored):
    image = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    maps = moved(2.5, -1.25, mirrored=mirrored)
    drawn, cover = warp_of(maps, (HEIGHT, WIDTH))(3, image)
    expected = warp_image(image, maps.nodes[0], is_mirrored=mirrored, outside=0)
    assert (np.rint(drawn) == expected).all()
    assert set(np.unique(cover).tolist()) == {0, 1}


def test_image_three_times_as_large_moves_three_times_as_far():
    image = np.zeros((3 * HEIGHT, 3 * WIDTH, 3), np.uint8)
    image[30:36, 60:66] = 200
    drawn, cover = warp_of(moved(4, -2), (HEIGHT, WIDTH))(3, image)
    expected = np.zeros_like(image)
    expected[36:42, 48:54] = 200
    assert np.abs(drawn - expected).max() < 1
    assert (cover[:6] == 0).all()
    assert (cover[:, -12:] == 0).all()
    assert (cover[6:, :-12] == 1).all()
