"""`precompute.duplicates`: the same picture saved anew is found, another one is not."""

import cv2
import numpy as np
import pytest

from index.collection import open_collection
from precompute.duplicates import groups, is_same_picture


def recompressed(pixels):
    _, content = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 60])
    return cv2.imdecode(content, cv2.IMREAD_COLOR)


def cropped(pixels):
    height, width = pixels.shape[:2]
    inner = pixels[height // 30 : -height // 25, width // 25 : -width // 40]
    return cv2.resize(inner, (width, height), interpolation=cv2.INTER_CUBIC)


def shrunk(pixels):
    small = cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, pixels.shape[1::-1], interpolation=cv2.INTER_CUBIC)


def repainted(pixels):
    """One small thing in another color."""
    changed = pixels.copy()
    height, width = pixels.shape[:2]
    cv2.circle(changed, (width // 2, height // 2), height // 10, (30, 200, 60), -1, cv2.LINE_AA)
    return changed


SAME = {"recompressed": recompressed, "cropped": cropped, "shrunk": shrunk}
OTHER = {
    "mirrored": lambda pixels: pixels[:, ::-1].copy(),
    "upside down": lambda pixels: pixels[::-1].copy(),
    "recolored": lambda pixels: pixels[..., [1, 2, 0]].copy(),
    "repainted": repainted,
}


@pytest.fixture
def pictures(picture):
    return [picture(seed, 150, 200) for seed in range(30)]


@pytest.mark.parametrize("name", SAME)
def test_the_same_picture_saved_anew_is_the_same(pictures, name):
    found = [is_same_picture(one, SAME[name](one)) for one in pictures]
    assert np.mean(found) > 0.9


@pytest.mark.parametrize("name", OTHER)
def test_another_picture_of_the_same_thing_is_not(pictures, name):
    assert not any(is_same_picture(one, OTHER[name](one)) for one in pictures)


def test_flat_pictures_are_the_same_if_their_color_is():
    flat = np.full((90, 100, 3), 128, np.uint8)
    assert is_same_picture(flat, flat + np.uint8(3))
    assert not is_same_picture(flat, flat + np.uint8(40))


def test_a_collection_tells_its_duplicates_and_keeps_them(tmp_path, pictures, build_small):
    photos = tmp_path / "photos"
    photos.mkdir()
    for number, pixels in enumerate(pictures):
        cv2.imwrite(str(photos / f"{number}.png"), pixels)
    (photos / "copy.png").write_bytes((photos / "3.png").read_bytes())
    cv2.imwrite(str(photos / "again.jpg"), cropped(pictures[5]))
    collection = open_collection(build_small(photos, size=(96, 128)).path)
    assert collection.size == 32
    assert collection.report["duplicates"] == [["3.png", "copy.png"], ["5.png", "again.jpg"]]


def test_pairs_join_to_groups_of_which_the_largest_is_first():
    found = groups([(0, 1), (3, 4), (4, 5), (5, 3)], "abcdef")
    assert found == (("d", "e", "f"), ("a", "b"))
