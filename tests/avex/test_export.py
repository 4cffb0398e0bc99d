"""`avex export`, and the average of the original files that it renders."""

import shutil

import cv2
import numpy as np
import pytest

from avex.console import CommandError
from avex.export import export_average
from index.collection import open_collection
from index.errors import CollectionError
from index.originals import average_originals, heaviest
from precompute.build import build
from precompute.options import BuildOptions


@pytest.fixture
def grays(tmp_path):
    """Build two originals of 64 x 96, 1 and 3 of 255 bright, into images of half the size."""
    folder = tmp_path / "grays"
    folder.mkdir()
    for name, value in (("a", 1), ("b", 3)):
        cv2.imwrite(str(folder / f"{name}.png"), np.full((64, 96, 3), value, np.uint8))
    build(folder, tmp_path / "grays.avex", BuildOptions(size=(32, 48), workers=1))
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
    assert "cannot be read" in missing.reason


def test_image_without_weight_is_not_read(grays, tmp_path):
    (tmp_path / "grays" / "b.png").unlink()
    assert average_originals(grays, by_name(grays, a=1, b=0)).missing == ()


def test_fewest_images_of_a_share_of_the_weight_come_first():
    weights = np.array([0.1, 0.5, 0.4], np.float32)
    assert heaviest(weights, 0.85).tolist() == [1, 2]
    assert heaviest(weights, 0.95).tolist() == [1, 2, 0]
    assert heaviest(weights, 1.0).tolist() == [1, 2, 0]


def test_tiff_has_16_bits_and_png_8(grays, red_session, tmp_path):
    for name, dtype, one in (("f.tif", np.uint16, 257), ("f.png", np.uint8, 1)):
        result = export_average(grays, red_session, tmp_path / name)
        image = cv2.imread(str(tmp_path / name), cv2.IMREAD_UNCHANGED)
        assert (image.dtype, image.shape) == (dtype, (*result.size, 3))
        assert one <= image.min() <= image.max() <= 3 * one


def test_average_of_the_originals_looks_like_the_collection_s(collection, red_session, tmp_path):
    export_average(collection, red_session, tmp_path / "f.png", long_side=64)
    full = cv2.imread(str(tmp_path / "f.png"))[..., ::-1].astype(int)
    from explorer.engine import Engine

    small = Engine(collection).explore(red_session.clusters[0]).average
    assert np.abs(full - small).mean() < 1


def test_unknown_ending_is_refused(grays, red_session, tmp_path):
    with pytest.raises(CommandError, match=r"must end in \.png"):
        export_average(grays, red_session, tmp_path / "f.gif")
