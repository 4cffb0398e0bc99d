"""`index.originals`: original photographs read again, and their average."""

import csv
import shutil
import zipfile

import cv2
import numpy as np
import pytest

from index.collection import Original, open_collection
from index.errors import CollectionError
from index.fitting import fitted
from index.originals import average_originals, heaviest, read_original
from precompute.build import build
from precompute.options import BuildOptions


@pytest.fixture
def grays(tmp_path):
    """Build two originals of 64 x 96, 1 and 3 of 255 bright, into images of half the size."""
    folder = tmp_path / "grays"
    folder.mkdir()
    for name, value in (("a", 1), ("b", 3)):
        cv2.imwrite(str(folder / f"{name}.png"), np.full((64, 96, 3), value, np.uint8))
    build(folder, tmp_path / "grays.avex", BuildOptions(size=(32, 48), workers=1, modes="none"))
    return open_collection(tmp_path / "grays.avex")


def by_name(collection, **weights):
    return np.array([weights[name[0]] for name in collection.names], np.float32)


def test_average_has_the_originals_size_and_their_weighted_mean(grays):
    full = average_originals(grays, by_name(grays, a=0.25, b=0.75))
    assert full.average.shape == (64, 96, 3)
    np.testing.assert_allclose(full.average * 255, 0.25 * 1 + 0.75 * 3, atol=1e-5)
    assert (full.used, full.missing) == (2, ())


def test_longer_side_is_as_asked_and_the_shape_stays(grays):
    assert average_originals(grays, by_name(grays, a=1, b=0), long_side=30).average.shape == (
        20, 30, 3,
    )  # fmt: skip


def test_original_that_is_gone_is_named_and_the_rest_is_averaged(grays, tmp_path):
    (tmp_path / "grays" / "a.png").unlink()
    full = average_originals(grays, by_name(grays, a=0.5, b=0.5))
    np.testing.assert_allclose(full.average * 255, 3, atol=1e-5)
    (missing,) = full.missing
    assert missing.name == "a.png"
    assert "no longer there" in missing.reason


def test_without_any_original_there_is_an_error(grays, tmp_path):
    shutil.rmtree(tmp_path / "grays")
    with pytest.raises(CollectionError, match="none of 2 originals"):
        average_originals(grays, by_name(grays, a=0.5, b=0.5))


def test_damaged_original_is_missing_too(grays, tmp_path):
    (tmp_path / "grays" / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (missing,) = average_originals(grays, by_name(grays, a=0.5, b=0.5)).missing
    assert "no longer what the collection was built from" in missing.reason


def test_image_without_weight_is_not_read(grays, tmp_path):
    (tmp_path / "grays" / "b.png").unlink()
    assert average_originals(grays, by_name(grays, a=1, b=0)).missing == ()


def test_fewest_images_of_a_share_of_the_weight_come_first():
    weights = np.array([0.1, 0.5, 0.4], np.float32)
    assert heaviest(weights, 0.85).tolist() == [1, 2]
    assert heaviest(weights, 0.95).tolist() == [1, 2, 0]
    assert heaviest(weights, 1.0).tolist() == [1, 2, 0]


def test_original_in_a_zip_is_read(grays, tmp_path):
    with zipfile.ZipFile(tmp_path / "g.zip", "w") as archive:
        archive.write(tmp_path / "grays" / "b.png", "deep/b.png")
    assert (read_original(Original("zip", tmp_path / "g.zip", "deep/b.png", 64, 96)) == 3).all()
    with pytest.raises(CollectionError, match=r"a\.png cannot be read"):
        read_original(Original("zip", tmp_path / "g.zip", "a.png", 64, 96))


def test_original_of_a_table_lies_beside_it(grays, tmp_path):
    with (tmp_path / "t.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["path"], ["grays/a.png"], ["grays/b.png"]])
    build(
        tmp_path / "t.csv",
        tmp_path / "t.avex",
        BuildOptions(size=(32, 48), workers=1, modes="none"),
    )
    collection = open_collection(tmp_path / "t.avex")
    image = read_original(collection.original(collection.image_id("grays/b.png")))
    assert (image.shape, image.max()) == ((64, 96, 3), 3)


def test_original_in_a_video_is_its_frame(tmp_path):
    path = tmp_path / "v.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 10, (64, 48))
    for level in (0, 100, 200):
        writer.write(np.full((48, 64, 3), level, np.uint8))
    writer.release()
    frame = read_original(Original("video", path, "1", 48, 64))
    assert frame.shape == (48, 64, 3)
    assert abs(frame.mean() - 100) < 3
    with pytest.raises(CollectionError, match="no longer there"):
        read_original(Original("video", tmp_path / "w.avi", "1", 48, 64))


def quarters():
    """A picture of 4 x 8: the left half 10, the right half 250."""
    return (
        np.repeat(np.array([[10, 250]], np.uint8), 4, axis=1)
        .repeat(4, axis=0)[..., None]
        .repeat(3, axis=2)
    )


def test_stretching_keeps_everything():
    assert fitted(quarters(), (4, 4), "stretch")[..., 0].tolist() == [[10, 10, 250, 250]] * 4


def test_cropping_cuts_the_middle_out():
    assert fitted(quarters(), (4, 2), "crop")[..., 0].tolist() == [[10, 250]] * 4


def test_padding_adds_white_at_two_sides():
    padded = fitted(quarters(), (8, 8), "pad")[..., 0]
    assert (padded[:2] == 255).all()
    assert (padded[6:] == 255).all()
    assert (padded[2:6] == quarters()[..., 0]).all()


def test_pixel_is_the_mean_of_the_originals_that_cover_it(grays):
    first = grays.image_id("a.png")
    cover = np.zeros((64, 96), np.float32)
    cover[:32] = 1

    def warp(image_id, pixels):
        return (pixels * cover[..., None], cover) if image_id == first else None

    full = average_originals(grays, by_name(grays, a=0.75, b=0.25), warp=warp)
    np.testing.assert_allclose(full.average[:32] * 255, 0.75 * 1 + 0.25 * 3, atol=1e-5)
    np.testing.assert_allclose(full.average[32:] * 255, 3, atol=1e-5)


def test_pixel_that_no_original_covers_is_the_mean_of_all_as_they_are(grays):
    def warp(image_id, pixels):
        return np.zeros(pixels.shape, np.float32), np.zeros(pixels.shape[:2], np.float32)

    full = average_originals(grays, by_name(grays, a=0.5, b=0.5), warp=warp)
    np.testing.assert_allclose(full.average * 255, 2, atol=1e-5)
