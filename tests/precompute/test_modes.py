"""`precompute.modes`: the modes of every spot, mined once and kept."""

import shutil

import numpy as np
import pytest

from explorer.modes.spots import sides_of, spots_of
from explorer.modes.values import SpotModes
from index.collection import open_collection
from index.info import describe
from index.manifest import read_manifest
from index.schema import MANIFEST, MODES, SHARDS, STATISTICS
from precompute import ledger, modes, natural_world
from precompute.errors import BuildCancelled, BuildError
from precompute.options import BuildOptions

SPOTS = [spot for side in sides_of(48, 64) for spot in spots_of(side, 48, 64)]


class InventedMiner:
    """Finds one mode at each spot, which depends on the spot and on all images."""

    mined = ()

    def __init__(self, view, nearest=None):
        self.view = view

    def mine(self, spot, is_cancelled):
        type(self).mined += (spot,)
        images = np.arange(self.view.size, dtype=np.int32)
        return SpotModes(
            spot=spot,
            seeds=np.array([spot.row], np.int32),
            inliers=np.ones(1, np.float32),
            starts=np.array([0, len(images)], np.int32),
            images=np.roll(images, spot.column),
            scores=np.linspace(1, 0.5, len(images), dtype=np.float32),
            places=np.full((len(images), 2), spot.side, np.int32),
            scales=np.ones(len(images), np.float32),
            best=np.zeros(len(images), np.int32),
        )


@pytest.fixture(autouse=True)
def miner(monkeypatch):
    monkeypatch.setattr(modes, "Miner", InventedMiner)
    monkeypatch.setattr(modes, "ExactMiner", InventedMiner)
    monkeypatch.setattr(InventedMiner, "mined", ())
    return InventedMiner


@pytest.fixture
def unrelated(tmp_path, monkeypatch):
    """A folder that no bank of patches is made of: the invented miner does not look at it."""

    class NoBank:
        nearest = None

        def __init__(self, photos, statistics):
            assert photos == tmp_path

        def prepare(self, side):
            pass

    monkeypatch.setattr(modes, "Bank", NoBank)
    return tmp_path


def files(folder):
    return {
        path.relative_to(folder): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def contents(folder):
    return {path: content for path, (content, _) in files(folder).items()}


def stop_after(count):
    """Return an `is_cancelled` that lets `count` steps pass."""
    left = iter(range(count))
    return lambda: next(left, None) is None


def test_every_spot_has_its_modes(photos, build_small, progress):
    path = build_small(photos, modes="fast", on_progress=progress.append).path
    collection = open_collection(path)
    assert len(SPOTS) == 3 * 5 + 1 * 3
    for spot in SPOTS:
        found = collection.modes_at(spot.side, spot.row, spot.column)
        assert found["seeds"].tolist() == [spot.row]
        assert found["images"][spot.column] == 0
        assert found["places"].tolist() == [[spot.side] * 2] * 12
    told = [(one.done, one.total) for one in progress if one.stage == "modes"]
    assert (told[0], told[-1]) == ((0, 18), (18, 18))
    assert [path.name for path in (path / MODES).iterdir()] == [collection.manifest.modes.name]


def test_a_new_collection_gets_fast_modes_and_says_what_they_cost(photos, build_small):
    path = build_small(photos, modes=None).path
    told = describe(open_collection(path))
    on_disk = sum(file.stat().st_size for file in (path / MODES).rglob("*.npy"))
    assert told["stages"]["modes"]["bytes"] == on_disk
    assert told["stages"]["modes"]["seconds"] > 0
    assert (told["modes"]["kind"], told["modes"]["spots"]) == ("fast", 18)
    assert told["modes"]["gives_up"] == modes.GIVES_UP["fast"]


def test_modes_that_are_mined_anew_cost_what_the_last_time_took(photos, build_small):
    path = build_small(photos, modes="fast").path
    ledger.add_timing(path, "modes", 1000.0)
    build_small(photos, modes="none")
    build_small(photos, modes="fast")
    assert 0 < read_manifest(path).stages["modes"].seconds < 1000


def test_modes_whose_mining_is_resumed_cost_what_all_runs_took(photos, build_small, progress):
    def is_cancelled():
        return bool(progress) and (progress[-1].stage, progress[-1].done) == ("modes", 10)

    with pytest.raises(BuildCancelled):
        build_small(photos, modes="fast", on_progress=progress.append, is_cancelled=is_cancelled)
    (path,) = photos.parent.glob("*.avex")
    ledger.add_timing(path, "modes", 1000.0)
    build_small(photos, modes="fast")
    assert read_manifest(path).stages["modes"].seconds > 1000


def test_a_sweep_that_is_stopped_at_every_row_ends_like_one_that_was_not(photos, build_small):
    straight = build_small(photos, "straight.avex", modes="fast").path
    path = build_small(photos, modes="none").path
    stops = 0
    while True:
        try:
            # scan, natural world, two of the modes, and as many spots: one row of 5 at most
            build_small(photos, modes="fast", is_cancelled=stop_after(8))
        except BuildCancelled:
            stops += 1
            assert read_manifest(path).modes is None
        else:
            break
        assert stops < 10
    assert stops >= 3
    assert contents(path / MODES) == contents(straight / MODES)


def test_rows_that_are_mined_are_not_mined_again(photos, build_small, miner, progress):
    def is_cancelled():
        return bool(progress) and (progress[-1].stage, progress[-1].done) == ("modes", 10)

    with pytest.raises(BuildCancelled):
        build_small(photos, modes="fast", on_progress=progress.append, is_cancelled=is_cancelled)
    miner.mined = ()
    build_small(photos, modes=None)
    assert len(miner.mined) == len(SPOTS) - 10


def test_a_collection_whose_modes_are_being_mined_can_be_used(photos, build_small, progress):
    def is_cancelled():
        return bool(progress) and progress[-1].stage == "modes"

    with pytest.raises(BuildCancelled):
        build_small(photos, modes="fast", on_progress=progress.append, is_cancelled=is_cancelled)
    (path,) = photos.parent.glob("*.avex")
    collection = open_collection(path)
    assert (collection.size, collection.modes_at(4, 0, 0)) == (12, None)


def test_a_collection_that_has_grown_is_mined_anew(photos, build_small, grow, miner):
    path = build_small(photos, modes="fast").path
    before, miner.mined = open_collection(path), ()
    grow(photos, 5)
    build_small(photos, modes=None)
    assert len(miner.mined) == len(SPOTS)
    assert len(open_collection(path).modes_at(4, 0, 0)["best"]) == 17
    assert before.modes_at(4, 0, 0) is None
    assert len(list((path / MODES).iterdir())) == 1


def test_modes_come_and_go_without_touching_the_features(photos, build_small):
    path = build_small(photos, modes="none").path
    assert not (path / MODES).exists()
    before = files(path / SHARDS)
    build_small(photos, modes="fast")
    assert open_collection(path).modes_at(4, 0, 0) is not None
    build_small(photos, modes="none")
    assert open_collection(path).modes_at(4, 0, 0) is None
    assert not (path / MODES).exists()
    assert files(path / SHARDS) == before


def test_exact_modes_replace_the_fast_ones_and_stay_when_photographs_are_added(
    photos, build_small, grow, unrelated
):
    path = build_small(photos, modes="fast").path
    build_small(photos, modes="exact", natural_world=unrelated)
    assert [folder.name[:5] for folder in (path / MODES).iterdir()] == ["exact"]
    grow(photos, 1)
    with pytest.raises(BuildError, match="add --natural-world DIR, or take --modes fast"):
        build_small(photos, modes=None)
    build_small(photos, modes=None, natural_world=unrelated)
    assert read_manifest(path).modes.kind == "exact"


def test_exact_modes_ask_for_unrelated_photographs_at_once():
    with pytest.raises(BuildError, match="add --natural-world DIR"):
        BuildOptions(modes="exact")


def test_a_second_run_leaves_the_modes_as_they_are(photos, build_small, miner):
    path = build_small(photos, modes="fast").path
    before, manifest, miner.mined = files(path / MODES), (path / MANIFEST).read_bytes(), ()
    build_small(photos, modes="fast")
    assert (files(path / MODES), (path / MANIFEST).read_bytes()) == (before, manifest)
    assert miner.mined == ()


def test_damaged_modes_are_mined_again(photos, build_small):
    path = build_small(photos, modes="fast").path
    whole = contents(path / MODES)
    (damaged,) = (path / MODES).rglob("images.npy")
    damaged.write_bytes(damaged.read_bytes()[:-1])
    build_small(photos, modes="fast")
    assert contents(path / MODES) == whole
    shutil.rmtree(path / MODES)
    build_small(photos, modes="fast")
    assert contents(path / MODES) == whole


def test_a_collection_of_an_older_avex_gets_the_statistics_that_it_lacks(photos, build_small):
    path = build_small(photos, modes="none").path
    whole = natural_world.load(path / STATISTICS)
    older = {name: values for name, values in whole.items() if not name.startswith("world_")}
    older["hog_mean"] = older["hog_mean"] + 1
    natural_world.save(path / STATISTICS, older)
    build_small(photos, modes="fast")
    mended = natural_world.load(path / STATISTICS)
    assert mended.keys() == whole.keys()
    assert np.array_equal(mended["hog_mean"], older["hog_mean"])


def test_a_collection_whose_features_are_of_another_basis_must_be_rebuilt(photos, build_small):
    path = build_small(photos, modes="none").path
    whole = natural_world.load(path / STATISTICS)
    older = {name: values for name, values in whole.items() if not name.startswith("world_")}
    older["hog_basis"] = older["hog_basis"][:, ::-1]
    natural_world.save(path / STATISTICS, older)
    with pytest.raises(BuildError, match=r"of an older avex.* use --rebuild"):
        build_small(photos, modes="fast")


def test_pictures_smaller_than_the_smallest_patch_have_no_stored_modes(photos, build_small):
    collection = open_collection(build_small(photos, size=(24, 24), modes="fast").path)
    assert (collection.manifest.modes, collection.modes_at(3, 0, 0)) == (None, None)


def test_an_error_in_the_miner_ends_the_build(photos, build_small, monkeypatch, miner):
    def fail(self, spot, is_cancelled):
        raise ZeroDivisionError

    monkeypatch.setattr(miner, "mine", fail)
    with pytest.raises(ZeroDivisionError):
        build_small(photos, modes="fast")
