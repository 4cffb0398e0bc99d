"""`precompute.stages`: a feature is complete or it is not there."""

import numpy as np
import pytest

from index.files import write_array
from precompute import natural_world
from precompute.descriptors import describe
from precompute.stages import STAGES, Stage, run_stage, thumb_size


@pytest.fixture
def shard(tmp_path, picture):
    write_array(tmp_path / "pixels.npy", np.stack([picture(seed) for seed in range(5)]))
    return tmp_path


def test_planes_have_the_images_last_and_rows_first(shard):
    statistics = natural_world.load()
    for stage in STAGES:
        run_stage(stage, shard, statistics)
    assert np.load(shard / "color.npy").shape == (64, 7, 10, 5)
    assert np.load(shard / "hog_planes.npy").shape == (16, 7, 10, 5)
    assert np.load(shard / "hog.npy").shape == (5, 7, 10, 31)
    assert (np.load(shard / "color.npy").sum(axis=0) == 64).all()


def test_a_stage_of_the_wrong_kind_of_output_writes_nothing(shard):
    bad = Stage("thumbs", lambda pixels, statistics: pixels.astype(np.float32))
    with pytest.raises(TypeError, match=r"thumbs must be \(n h w 3\) uint8, got"):
        run_stage(bad, shard, {})
    assert not (shard / "thumbs.npy").exists()


def test_a_stage_that_crashes_keeps_nothing(shard):
    def crash(pixels, statistics):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_stage(Stage("thumbs", crash), shard, {})
    assert [path.name for path in shard.iterdir()] == ["pixels.npy"]


def test_what_is_made_is_not_made_again(shard):
    write_array(shard / "thumbs.npy", np.zeros((5, 2, 2, 3), np.uint8))
    run_stage(Stage("thumbs", lambda pixels, statistics: pixels), shard, {})
    assert np.load(shard / "thumbs.npy").shape == (5, 2, 2, 3)


@pytest.mark.parametrize(
    ("size", "thumb"), [((200, 200), (100, 100)), ((256, 128), (100, 50)), ((48, 64), (48, 64))]
)
def test_the_longer_side_of_a_thumbnail_is_at_most_100(size, thumb):
    assert thumb_size(*size) == thumb


def test_a_descriptor_is_nearest_to_that_of_the_same_picture(picture):
    images = np.stack([picture(seed) for seed in range(20)])
    noisy = np.clip(images + np.random.default_rng(0).normal(0, 6, images.shape), 0, 255)
    one, other = (describe(batch).astype(np.float32) for batch in (images, noisy.astype(np.uint8)))
    assert np.linalg.norm(one, axis=1) == pytest.approx(1, abs=1e-2)
    assert ((one @ other.T).argmax(axis=1) == np.arange(20)).all()
