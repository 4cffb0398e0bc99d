"""`precompute.world` and `precompute.bank`: the natural world, as a mixture and as patches."""

import numpy as np
import pytest
from PIL import Image

from explorer.modes.patches import POOL
from precompute import natural_world
from precompute.bank import Bank
from precompute.world import fit_world, unit_patches

MEAN = np.zeros(16, np.float32)


@pytest.fixture(scope="module")
def planes():
    """Forty photographs of 20 by 20 cells in which neighbours are alike."""
    rng = np.random.default_rng(0)
    coarse = rng.normal(scale=12, size=(16, 10, 10, 40)).repeat(2, axis=1).repeat(2, axis=2)
    return np.clip(coarse + rng.normal(scale=6, size=coarse.shape), -31, 31).astype(np.int8)


@pytest.mark.parametrize("side", sorted(POOL))
def test_patches_are_unit_vectors_photograph_by_photograph(planes, side):
    patches = unit_patches(planes, MEAN, side, 80)
    assert patches.shape == (80, (side // POOL[side]) ** 2 * 16)
    assert np.linalg.norm(patches, axis=1) == pytest.approx(1, abs=1e-5)
    # Patch i is of photograph i modulo 40.
    assert unit_patches(planes[..., :1], MEAN, side, 1)[0] == pytest.approx(patches[0])


def test_mixture_has_the_mean_and_the_spread_of_the_patches(planes):
    patches = unit_patches(planes, MEAN, 4, 8000)
    world = fit_world(planes, MEAN, 4)
    assert world.shares.sum() == pytest.approx(1, abs=1e-5)
    assert world.shares @ world.centers == pytest.approx(patches.mean(axis=0), abs=0.02)
    query = patches[:1]
    half_way = np.median(patches @ query[0]).astype(np.float32)
    assert world.projected(query).above(half_way[None])[0] == pytest.approx(0.5, abs=0.06)


def test_mixture_scores_new_photographs_as_the_patches_themselves_do(planes):
    """Fitted to forty photographs, tried on thirty of the same kind and the forty's patches."""
    rng = np.random.default_rng(1)
    coarse = rng.normal(scale=12, size=(16, 10, 10, 30)).repeat(2, axis=1).repeat(2, axis=2)
    new = np.clip(coarse + rng.normal(scale=6, size=coarse.shape), -31, 31).astype(np.int8)
    bank = unit_patches(planes, MEAN, 4, 6000)
    patches = unit_patches(new, MEAN, 4, 6000)
    queries = patches[:60]
    similarity = (queries @ patches.T).reshape(60, -1, 30)
    similarity[np.arange(60), :, np.arange(60) % 30] = -1
    best = -np.sort(-similarity.max(axis=1), axis=1)[:, :10]
    nearer = (queries @ bank.T)[:, None, :] >= best[:, :, None]
    true = (np.arange(1, 11) + nearer.sum(axis=2) <= 10).mean()
    found = fit_world(planes, MEAN, 4).projected(queries).inliers(best, 6000).mean()
    assert found == pytest.approx(true, abs=0.1)


def test_fitting_again_gives_the_same(planes):
    one, other = fit_world(planes, MEAN, 4), fit_world(planes, MEAN, 4)
    assert np.array_equal(one.centers, other.centers)
    assert np.array_equal(one.spreads, other.spreads)


def test_bank_returns_the_nearest_of_its_patches(tmp_path, picture):
    for seed in range(20):
        Image.fromarray(picture(seed, 120, 160)).save(tmp_path / f"{seed}.png")
    bank = Bank(tmp_path, natural_world.load())
    patches = bank._patches(4)
    similarities, count = bank.nearest(4, patches[:3], 5)
    assert count == len(patches)
    expected = -np.sort(-(patches[:3] @ patches.T), axis=1)[:, :5]
    assert similarities == pytest.approx(expected, abs=1e-5)
