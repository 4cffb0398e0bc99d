"""`index.modes`: the modes of all spots on disk."""

import time

import numpy as np
import pytest

from index.errors import CollectionError
from index.modes import ModeStore, join_parts, write_part
from index.schema import MODES_ARRAYS, SCALE_STEPS, SCORE_STEPS

IMAGES = 40
SPOTS = [(4, 0, 0), (4, 0, 1), (4, 2, 0), (10, 1, 3)]
EXACT = ("seeds", "starts", "images", "places", "best")


def invented_modes(seed, count=None):
    """Modes as a miner finds them: `count` modes with up to 20 matches each, best first."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 9)) if count is None else count
    lengths = rng.integers(1, 20, count)
    total = lengths.sum()
    matches = [rng.choice(IMAGES, length, replace=False) for length in lengths]
    scores = [-np.sort(-rng.uniform(0.01, 1, length)) for length in lengths]
    return {
        "seeds": rng.integers(0, IMAGES, count).astype(np.int32),
        "inliers": rng.uniform(0.5, 1, count).astype(np.float32),
        "starts": np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32),
        "images": np.concatenate([*matches, []]).astype(np.int32),
        "scores": np.concatenate([*scores, []]).astype(np.float32),
        "places": rng.integers(-127, 128, (total, 2)).astype(np.int32),
        "scales": rng.uniform(0.5, 2, total).astype(np.float32),
        "best": rng.integers(-1, count, IMAGES).astype(np.int32),
    }


@pytest.fixture
def modes():
    return {spot: invented_modes(seed) for seed, spot in enumerate(SPOTS)}


@pytest.fixture
def folder(tmp_path, modes):
    """A store of two parts."""
    parts = [tmp_path / "1.npz", tmp_path / "2.npz"]
    for part, spots in zip(parts, (SPOTS[:1], SPOTS[1:]), strict=True):
        write_part(part, {spot: modes[spot] for spot in spots})
    join_parts(parts, tmp_path / "fast")
    return tmp_path / "fast"


def test_every_spot_is_read_as_it_was_written(folder, modes):
    store = ModeStore(folder, IMAGES)
    assert store.spots == SPOTS
    assert store.modes == sum(len(written["seeds"]) for written in modes.values())
    for spot, written in modes.items():
        found = store.at(*spot)
        assert {name: (a.shape, a.dtype) for name, a in found.items()} == {
            name: (a.shape, a.dtype) for name, a in written.items()
        }
        assert all(np.array_equal(found[name], written[name]) for name in EXACT)


def test_what_is_rounded_is_off_by_half_a_step_at_most(folder, modes):
    written, found = modes[SPOTS[1]], ModeStore(folder, IMAGES).at(*SPOTS[1])
    steps = {"scores": 1 / SCORE_STEPS, "scales": 1 / SCALE_STEPS, "inliers": 2.0**-11}
    for name, step in steps.items():
        assert np.abs(found[name] - written[name]).max() <= step / 2 + 1e-6, name
    assert found["scores"].min() > 0


def test_matches_stay_in_their_order(folder):
    for spot in SPOTS:
        found = ModeStore(folder, IMAGES).at(*spot)
        for first, last in zip(found["starts"][:-1], found["starts"][1:], strict=True):
            assert (np.diff(found["scores"][first:last]) <= 0).all()


def test_ratios_of_whole_cells_are_kept_exactly(tmp_path):
    cells = np.array([4, 5, 6, 8, 10, 12], np.float32)
    modes = invented_modes(0, count=1)
    matches = len(cells)
    modes |= {"starts": np.array([0, matches]), "scales": cells / np.float32(6)}
    modes |= {name: np.repeat(modes[name][:1], matches, axis=0) for name in ("images", "scores")}
    modes["places"] = np.zeros((matches, 2), np.int32)
    write_part(tmp_path / "1.npz", {(6, 0, 0): modes})
    join_parts([tmp_path / "1.npz"], tmp_path / "fast")
    found = ModeStore(tmp_path / "fast", IMAGES).at(6, 0, 0)
    np.testing.assert_allclose(found["scales"], modes["scales"], rtol=1e-6)


def test_a_spot_that_is_not_there_has_no_modes(folder):
    store = ModeStore(folder, IMAGES)
    assert [store.at(*spot) for spot in [(4, 0, 2), (4, 1, 0), (16, 0, 0), (0, 0, 0)]] == [None] * 4


def test_a_spot_may_be_without_modes(tmp_path):
    write_part(tmp_path / "1.npz", {(4, 0, 0): invented_modes(0, count=0)})
    join_parts([tmp_path / "1.npz"], tmp_path / "fast")
    found = ModeStore(tmp_path / "fast", IMAGES).at(4, 0, 0)
    assert (len(found["seeds"]), found["starts"].tolist()) == (0, [0])
    assert (found["best"] == -1).all()


def test_the_same_modes_in_other_parts_are_the_same_bytes(folder, modes, tmp_path):
    write_part(tmp_path / "whole.npz", modes)
    join_parts([tmp_path / "whole.npz"], tmp_path / "again")
    for name in MODES_ARRAYS:
        file = f"{name}.npy"
        assert (folder / file).read_bytes() == (tmp_path / "again" / file).read_bytes()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"places": np.full((1, 2), 128, np.int32)}, "within 127 pixels"),
        ({"scales": np.full(1, 4.3, np.float32)}, "at most 4.25 times as large"),
        ({"seeds": np.zeros(256, np.int32)}, "at most 255 modes, .* has 256"),
    ],
)
def test_what_has_no_room_is_refused(tmp_path, change, complaint):
    with pytest.raises(CollectionError, match=complaint):
        write_part(tmp_path / "1.npz", {(4, 0, 0): invented_modes(0) | change})
    assert not (tmp_path / "1.npz").exists()


@pytest.mark.parametrize("name", MODES_ARRAYS)
def test_a_file_that_is_cut_or_gone_says_what_to_do(folder, name):
    path = folder / f"{name}.npy"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CollectionError, match=f"{name}.npy is damaged .* mines the modes anew"):
        ModeStore(folder, IMAGES)
    path.unlink()
    with pytest.raises(CollectionError, match=f"{name}.npy is missing: .* mines the modes anew"):
        ModeStore(folder, IMAGES)


def test_modes_of_another_number_of_images_are_refused(folder):
    with pytest.raises(CollectionError, match=r"best.npy must be \(4, 41\) uint8, is \(4, 40\)"):
        ModeStore(folder, IMAGES + 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [("images", IMAGES), ("seeds", IMAGES), ("best", 200), ("first_mode", -1), ("first_match", 3)],
)
def test_a_value_that_cannot_be_is_refused_where_it_is_read(folder, name, value):
    path = folder / f"{name}.npy"
    array = np.load(path)
    array.reshape(-1)[-1] = value
    np.save(path, array)
    with pytest.raises(CollectionError, match=r"at spot 10, 1, 3 it does not: .* anew"):
        ModeStore(folder, IMAGES).at(*SPOTS[-1])


def test_a_damaged_part_says_what_to_do(folder, tmp_path):
    part = tmp_path / "1.npz"
    part.write_bytes(part.read_bytes()[:100])
    with pytest.raises(CollectionError, match=r"1.npz is damaged .* remove it"):
        join_parts([part], tmp_path / "again")


def test_a_spot_is_read_at_once(tmp_path):
    """24 modes of 256 matches each in 10,000 images: below a millisecond, the median of 20."""
    rng, images = np.random.default_rng(0), 10_000
    modes = {
        "seeds": np.arange(24),
        "inliers": np.ones(24),
        "starts": np.arange(25) * 256,
        "images": rng.integers(0, images, 24 * 256),
        "scores": np.ones(24 * 256),
        "places": np.zeros((24 * 256, 2)),
        "scales": np.ones(24 * 256),
        "best": rng.integers(-1, 24, images),
    }
    write_part(tmp_path / "1.npz", {(4, 0, column): modes for column in range(20)})
    join_parts([tmp_path / "1.npz"], tmp_path / "fast")
    store, seconds = ModeStore(tmp_path / "fast", images), []
    for column in range(20):
        begun = time.perf_counter()
        store.at(4, 0, column)
        seconds.append(time.perf_counter() - begun)
    assert np.median(seconds) < 1e-3
