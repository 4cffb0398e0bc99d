"""`explorer.alignment.warped`: the average of warped images, and one image as it is drawn."""

import numpy as np
import pytest

from explorer.alignment.maps import Maps, grid_points
from explorer.alignment.mls import mls_nodes
from explorer.alignment.warped import warp_image, warped_average
from explorer.average import weighted_average
from explorer.errors import ArrayError

HEIGHT, WIDTH = 40, 52


def noise(n, seed=0, height=HEIGHT, width=WIDTH):
    return np.random.default_rng(seed).integers(0, 256, (n, height, width, 3), np.uint8)


def ones(n):
    return np.ones(n, np.float32)


def moved(rows, move=(0, 0), *, mirrored=False, size=(HEIGHT, WIDTH)):
    """Maps of some images that take each place of the canvas to the one `move` further."""
    nodes = np.repeat(grid_points(*size)[None] + np.float32(move), len(rows), axis=0)
    return Maps(rows=np.int32(rows), nodes=nodes, mirrored=np.full(len(rows), mirrored))


def smooth(n, side):
    """Pictures without detail, so that one half as large shows the same."""
    rng = np.random.default_rng(3)
    y, x = (np.mgrid[:side, :side] + 0.5) / side
    waves = rng.uniform(2, 5, (n, 3, 2))
    phases = waves[..., 0, None, None] * x + waves[..., 1, None, None] * y
    return np.uint8(127 + 120 * np.sin(phases)).transpose(0, 2, 3, 1)


def test_maps_that_change_nothing_leave_the_average():
    images, weights = noise(9), np.linspace(0, 1, 9, dtype=np.float32)
    found = warped_average([images], weights, moved(range(9)))
    np.testing.assert_allclose(found, weighted_average([images], weights), atol=1e-6)


def test_no_map_leaves_the_average():
    images, weights = noise(4), ones(4)
    found = warped_average([images], weights, moved([]))
    np.testing.assert_allclose(found, weighted_average([images], weights), atol=1e-6)


def test_whole_pixels_shift_the_images_and_only_those_there_count():
    images = noise(2)
    found = warped_average([images], np.array([1, 3], np.float32), moved([1], (5, -3)))
    first, second = images / 255
    # Canvas (x, y) shows pixel (x + 5, y - 3) of the second, where there is one.
    expected = first.copy()
    expected[3:, :-5] = 0.25 * first[3:, :-5] + 0.75 * second[:-3, 5:]
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_half_a_pixel_is_the_mean_of_two():
    images = noise(1)
    found = warped_average([images], ones(1), moved([0], (0.5, 0)))
    both = (images[0, :, :-1] / 255 + images[0, :, 1:] / 255) / 2
    np.testing.assert_allclose(found[:, :-1], both, atol=1e-6)


def test_where_no_image_reaches_they_are_drawn_as_they_are():
    images = noise(3)
    found = warped_average([images], ones(3), moved(range(3), (20, 0)))
    plain = weighted_average([images], ones(3))
    np.testing.assert_allclose(found[:, -20:], plain[:, -20:], atol=1e-6)
    np.testing.assert_allclose(found[:, :-20], plain[:, 20:], atol=1e-6)


def test_a_mirrored_image_is_its_mirror_image():
    images = noise(2)
    found = warped_average([images], ones(2), moved([0], (2, 0), mirrored=True))
    mirror = images[0, :, ::-1] / 255
    expected = images[1] / 255
    expected[:, :-2] = (expected[:, :-2] + mirror[:, 2:]) / 2
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_shards_make_no_difference():
    images, weights = noise(12), np.random.default_rng(1).random(12, np.float32)
    rows = [0, 3, 4, 7, 11]  # the last of each shard among them
    nodes = moved(rows, (1.3, -0.6))
    whole = warped_average([images], weights, nodes)
    parts = warped_average([images[:4], images[4:8], images[8:]], weights, nodes)
    np.testing.assert_allclose(parts, whole, atol=1e-6)


def test_an_image_without_weight_is_not_drawn():
    images = noise(3)
    weights = np.array([1, 0, 1], np.float32)
    found = warped_average([images], weights, moved([0, 1], (4, 4)))
    images[1] = 0
    np.testing.assert_array_equal(warped_average([images], weights, moved([0, 1], (4, 4))), found)


def test_smaller_images_are_warped_alike():
    targets = np.array([[20, 30], [70, 20], [50, 80]], np.float32)
    sources = targets + np.random.default_rng(2).normal(scale=6, size=(4, 3, 2)).astype(np.float32)
    nodes = mls_nodes(targets, sources, "similarity", 96, 96)
    maps = Maps(rows=np.arange(4, dtype=np.int32), nodes=nodes, mirrored=np.arange(4) % 2 > 0)
    large = warped_average([smooth(4, 96)], ones(4), maps)
    small = warped_average([smooth(4, 48)], ones(4), maps, canvas=(96, 96))
    shrunk = large.reshape(48, 2, 48, 2, 3).mean(axis=(1, 3))
    inner = np.s_[10:-10, 10:-10]  # at borders, other images count
    assert np.abs(small - shrunk)[inner].max() < 0.015
    np.testing.assert_allclose(small[inner].mean(), shrunk[inner].mean(), atol=0.002)


def test_a_source_is_drawn_at_its_target():
    targets = np.array([[12.2, 10.7], [40, 29.5], [9, 33]], np.float32)
    sources = np.array([[[15, 14], [36, 25], [12, 30]]], np.float32)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    spot = np.exp(-((x - 15) ** 2 + (y - 14) ** 2) / 8)  # of about 2 px around the first source
    image = np.repeat(np.uint8(255 * spot)[..., None], 3, axis=2)
    nodes = mls_nodes(targets, sources, "similarity", HEIGHT, WIDTH)[0]
    drawn = warp_image(image, nodes, outside=0)[..., 0].astype(float)
    middle = (drawn * x).sum() / drawn.sum(), (drawn * y).sum() / drawn.sum()
    np.testing.assert_allclose(middle, targets[0], atol=0.5)


def test_one_image_is_drawn_as_in_an_average_of_it_alone():
    image = noise(1)[0]
    maps = moved([0], (3.25, -1.5), mirrored=True)
    average = warped_average([image[None]], ones(1), maps)
    drawn = warp_image(image, maps.nodes[0], is_mirrored=True, outside=7)
    np.testing.assert_allclose(drawn[2:, :-4], 255 * average[2:, :-4], atol=0.501)
    assert (drawn[:, -3:] == 7).all()


def test_one_small_image_is_drawn_by_the_map_of_the_canvas():
    image = noise(1, height=20, width=26)[0]
    drawn = warp_image(image, moved([0], (4, -2)).nodes[0], canvas=(HEIGHT, WIDTH), outside=9)
    np.testing.assert_array_equal(drawn[1:, :-2], image[:-1, 2:])  # half as many pixels


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rows": np.array([1, 0], np.int32)}, "must rise, each once, within the 2 images"),
        ({"rows": np.array([1, 2], np.int32)}, "must rise, each once, within the 2 images"),
        ({"rows": np.array([-1, 0], np.int32)}, "must rise, each once, within the 2 images"),
        ({"rows": np.array([0], np.int32)}, "maps.nodes must be"),
        ({"nodes": np.full((2, 6, 8, 2), np.nan, np.float32)}, "maps.nodes must be finite"),
        ({"nodes": np.zeros((2, 6, 7, 2), np.float32)}, "maps.nodes must be"),
        ({"mirrored": np.zeros(2, np.uint8)}, "maps.mirrored must be"),
    ],
)
def test_maps_that_cannot_be_are_refused(change, message):
    good = moved([0, 1])
    fields = {"rows": good.rows, "nodes": good.nodes, "mirrored": good.mirrored}
    with pytest.raises(ArrayError, match=message):
        warped_average([noise(2)], ones(2), Maps(**(fields | change)))


def test_weights_that_average_nothing_are_refused():
    with pytest.raises(ArrayError, match="one of them > 0"):
        warped_average([noise(2)], 0 * ones(2), moved([0]))
