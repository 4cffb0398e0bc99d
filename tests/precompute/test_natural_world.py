"""`precompute.natural_world`: whitening by what all photographs share."""

import numpy as np
import pytest
from PIL import Image

from explorer.hog import hog
from precompute import natural_world
from precompute.errors import BuildError
from precompute.natural_world import HOG_LIMIT, PLANE_LIMIT, quantized, quantized_planes, whitened


@pytest.fixture
def world(tmp_path, picture):
    folder = tmp_path / "world"
    folder.mkdir()
    for seed in range(24):
        Image.fromarray(picture(seed, 120, 160)).save(folder / f"{seed}.png")
    (folder / "broken.jpg").write_bytes(b"broken")
    return folder


@pytest.fixture
def cells(picture):
    return hog(np.stack([picture(seed, 120, 160) for seed in range(24)]))


def test_the_shipped_statistics_have_the_names_and_shapes_of_the_schema():
    shapes = {name: array.shape for name, array in natural_world.load().items()}
    assert shapes == {
        "hog_mean": (31,),
        "hog_covariance": (31, 31),
        "hog_whitening": (31, 31),
        "hog_scale": (),
        "hog_basis": (31, 16),
        "hog_planes_scale": (),
    } | {
        f"world_{name}_{side}": shape
        for side, length in ((4, 256), (6, 576), (10, 400), (16, 256))
        for name, shape in (
            ("centers", (1024, length)),
            ("shares", (1024,)),
            ("spreads", (1024,)),
            ("residual", (length, length)),
        )
    }


def test_the_shipped_statistics_keep_what_they_promise():
    statistics = natural_world.load()
    whitening, covariance = statistics["hog_whitening"], statistics["hog_covariance"]
    assert whitening == pytest.approx(whitening.T, abs=1e-4)
    ridged = covariance + natural_world.RIDGE * np.eye(31)
    assert whitening @ ridged @ whitening == pytest.approx(np.eye(31), abs=1e-3)
    basis = statistics["hog_basis"]
    assert basis.T @ basis == pytest.approx(np.eye(16), abs=1e-5)


def test_too_small_a_world_is_refused(world):
    for path in list(world.glob("1*.png")):
        path.unlink()
    with pytest.raises(BuildError, match=r"at least 20 photographs, .* has 13"):
        natural_world.compute(world)


def test_quantized_cells_are_the_whitened_ones_to_half_a_step(cells):
    statistics = natural_world.load()
    white = whitened(cells, statistics)
    units = quantized(white, statistics)
    inside = np.abs(units) < HOG_LIMIT
    scale = float(statistics["hog_scale"])
    assert inside.mean() > 0.98
    assert np.abs(units * scale - white)[inside].max() <= scale * 0.501


def test_planes_keep_to_six_bits(cells):
    planes = quantized_planes(whitened(cells, natural_world.load()), natural_world.load())
    assert planes.dtype == np.int8
    assert np.abs(planes.astype(int)).max() <= PLANE_LIMIT
    assert np.abs(planes.astype(int)).max() > PLANE_LIMIT // 2


def test_a_build_can_take_its_own_world_which_always_gives_the_same(world, photos, build_small):
    report = build_small(photos, natural_world=world)
    found = natural_world.load(report.path / "statistics.safetensors")
    expected = natural_world.compute(world)
    assert all((found[name] == expected[name]).all() for name in expected)
    assert np.abs(found["hog_mean"] - natural_world.load()["hog_mean"]).max() > 1e-4
