"""`explorer.modes.mining`: patches that recur at a spot, and seldom in the natural world."""

import numpy as np
import pytest

from explorer.errors import Cancelled
from explorer.modes.exact import ExactMiner, white_mean
from explorer.modes.groups import neighbors_of
from explorer.modes.mining import COARSE, Miner, MiningOptions
from explorer.modes.spots import Spot
from tests.explorer.modes.planted import (
    CORNER,
    PATCH,
    SIDE,
    PlantedView,
    cross,
    noise,
    ring,
)

MIDDLE = Spot(PATCH // 8, CORNER // 8, CORNER // 8)


@pytest.fixture(scope="module")
def crosses_and_rings():
    """Twenty-four crosses, of which the last four are moved by 8 pixels, and sixteen rings."""
    still = [cross(seed) for seed in range(20)]
    moved = [cross(seed, moved=(8, 0)) for seed in range(20, 24)]
    return PlantedView(still + moved + [ring(seed) for seed in range(24, 40)])


def members(modes, k):
    return set(modes.images[modes.starts[k] : modes.starts[k + 1]].tolist())


def test_each_planted_pattern_is_a_mode_that_holds_its_images(crosses_and_rings):
    modes = Miner(crosses_and_rings).mine(MIDDLE)
    first = members(modes, 0)
    second = next(members(modes, k) for k in range(1, len(modes)) if modes.seeds[k] not in first)
    assert {frozenset(first), frozenset(second)} == {
        frozenset(range(24)),
        frozenset(range(24, 40)),
    }


def test_image_belongs_to_the_mode_of_its_pattern(crosses_and_rings):
    modes = Miner(crosses_and_rings).mine(MIDDLE)
    of_seed = np.where(modes.seeds < 24, "cross", "ring")
    assert set(of_seed[modes.best[:20]]) == {"cross"}
    assert set(of_seed[modes.best[24:]]) == {"ring"}


def test_match_tells_where_the_pattern_is(crosses_and_rings):
    modes = Miner(crosses_and_rings).mine(MIDDLE)
    k = next(k for k in range(len(modes)) if modes.seeds[k] < 20)
    matches = slice(modes.starts[k], modes.starts[k + 1])
    places = dict(zip(modes.images[matches].tolist(), modes.places[matches].tolist(), strict=True))
    assert [places[image] for image in range(20, 24)] == [[8, 0]] * 4
    assert all(places[image] == [0, 0] for image in range(20))


def test_kept_modes_pass_the_threshold_and_come_best_first(crosses_and_rings):
    modes = Miner(crosses_and_rings).mine(MIDDLE)
    assert (modes.inliers > 0.75).all()
    for k in range(len(modes)):
        scores = modes.scores[modes.starts[k] : modes.starts[k + 1]]
        assert (np.diff(scores) <= 0).all()


def test_spots_on_which_no_two_images_agree_have_no_mode():
    modes = Miner(PlantedView([noise(seed) for seed in range(40)])).mine(MIDDLE)
    assert len(modes) == 0
    assert (modes.best == -1).all()


def test_exact_mining_finds_no_mode_where_the_natural_world_is_always_nearer(crosses_and_rings):
    def same(side, queries, k):
        return np.ones((len(queries), k), np.float32), 10_000

    modes = ExactMiner(crosses_and_rings, same).mine(MIDDLE)
    assert len(modes) == 0
    assert (modes.best == -1).all()


def test_blank_patches_are_no_mode():
    white = np.full((SIDE, SIDE, 3), 255, np.uint8)
    assert len(Miner(PlantedView([white] * 30)).mine(MIDDLE)) == 0


def test_coarse_mining_finds_the_patterns_too(crosses_and_rings):
    modes = Miner(crosses_and_rings, COARSE).mine(MIDDLE)
    assert {"cross" if seed < 24 else "ring" for seed in modes.seeds} == {"cross", "ring"}


def test_mining_again_gives_the_same(crosses_and_rings):
    one, other = Miner(crosses_and_rings).mine(MIDDLE), Miner(crosses_and_rings).mine(MIDDLE)
    assert (one.images == other.images).all()
    assert (one.scores == other.scores).all()


def test_mining_can_be_cancelled(crosses_and_rings):
    with pytest.raises(Cancelled, match=r"Spot\(side=4, row=4, column=4\)"):
        Miner(crosses_and_rings).mine(MIDDLE, lambda: True)


def test_inlier_score_of_a_planted_pattern_is_higher_than_that_of_noise():
    view = PlantedView([cross(seed) for seed in range(30)] + [noise(seed) for seed in range(30)])
    scores = Miner(view).inliers(MIDDLE, np.array([0, 30], np.int32))
    assert scores[0] > 0.95
    assert scores[1] < 0.5


def test_matches_are_at_most_as_many_as_wished(crosses_and_rings):
    modes = Miner(crosses_and_rings, MiningOptions(matches=7)).mine(MIDDLE)
    assert np.diff(modes.starts).max() == 7


@pytest.fixture(scope="module")
def bank():
    """Patches of pictures that have nothing to do with the collection."""
    others = PlantedView([noise(seed) for seed in range(1000, 1060)])
    cells = others.shards("hog")[0] * others.statistics("hog_scale") - white_mean(others)

    def nearest(side, queries, k):
        cut = [
            cells[:, y : y + side, x : x + side].reshape(len(cells), -1)
            for y in range(12 - side)
            for x in range(12 - side)
        ]
        patches = np.concatenate(cut).astype(np.float32)
        patches /= np.linalg.norm(patches, axis=1, keepdims=True)
        return -np.sort(-(queries @ patches.T), axis=1)[:, :k], len(patches)

    return nearest


@pytest.mark.parametrize("spot", [MIDDLE, Spot(4, 3, 5), Spot(6, 3, 3)], ids=str)
def test_fast_modes_have_nine_in_ten_of_the_ten_best_of_the_exact_ones(spot, bank):
    """A mode is found again if a fast one shares 30 % of its group: then two are the same."""
    stamps = [cross] * 30 + [ring] * 25
    shifts = np.random.default_rng(3).integers(-1, 2, (len(stamps), 2)) * 8
    pictures = [
        stamp(seed, moved=tuple(move))
        for seed, (stamp, move) in enumerate(zip(stamps, shifts, strict=True))
    ]
    view = PlantedView(pictures + [noise(seed) for seed in range(100, 130)])
    exact, fast = ExactMiner(view, bank).mine(spot), Miner(view).mine(spot)
    ours = [group(fast, k) for k in range(len(fast))]
    theirs = [group(exact, k) for k in range(min(10, len(exact)))]
    assert len(theirs) >= 2
    found = [max(len(one & other) for other in ours) >= 0.3 * len(one) for one in theirs]
    assert np.mean(found) >= 0.9


def group(modes, k):
    """The images of the nearest matches, as many as make a group."""
    start = modes.starts[k]
    return set(modes.images[start : modes.starts[k + 1]][: neighbors_of(len(modes.best))].tolist())
