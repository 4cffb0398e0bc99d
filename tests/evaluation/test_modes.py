"""`evaluation.modes`: modes beside k-means on the same patches."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from evaluation.grouping import align_clusters, cluster_patches
from evaluation.intervals import mean_interval
from evaluation.modes import draw_spots, evaluate_modes, relative_sharpness, usual_label
from explorer.modes.spots import Spot
from index.collection import open_collection
from index.errors import CollectionError
from precompute.build import build
from precompute.options import BuildOptions

SPOT = Spot(4, 2, 2)


def drawn(angle, rng):
    """A dark bar on paper, upright or lying."""
    image = np.full((64, 64, 3), 255, np.uint8)
    size = np.array((36, 10) if angle == "upright" else (10, 36))
    top, left = (32 - size // 2 + rng.integers(-1, 2, 2)).tolist()
    image[top : top + size[0], left : left + size[1]] = 40
    return image


def built(folder, pictures, angles):
    """The collection of pictures 0.png, 1.png and so on, which says their angles."""
    lines = ["path,same,angle,number"]
    for number, (picture, angle) in enumerate(zip(pictures, angles, strict=True)):
        cv2.imwrite(str(folder / f"{number}.png"), picture)
        lines.append(f"{number}.png,bar,{angle},{number}")
    table = folder / "bars.csv"
    table.write_text("\n".join(lines))
    build(table, folder / "bars.avex", BuildOptions(modes="none"))
    return open_collection(folder / "bars.avex")


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    """Sixty pictures of a bar, half of them upright."""
    rng = np.random.default_rng(0)
    angles = ["upright", "lying"] * 30
    pictures = [drawn(angle, rng) for angle in angles]
    return built(tmp_path_factory.mktemp("bars"), pictures, angles)


@pytest.fixture(scope="module")
def bars(tmp_path_factory):
    """Six lying bars, then six upright ones."""
    rng = np.random.default_rng(0)
    angles = ["lying"] * 6 + ["upright"] * 6
    pictures = [drawn(angle, rng) for angle in angles]
    return built(tmp_path_factory.mktemp("bars"), pictures, angles)


@pytest.fixture(scope="module")
def textures(tmp_path_factory):
    """One texture nine times, moved by 0 to 16 pixels to the left and up."""
    noise = np.random.default_rng(0).normal(size=(96, 96))
    texture = np.clip(128 + 300 * cv2.GaussianBlur(noise, (0, 0), 2), 0, 255).astype(np.uint8)
    pictures = [
        np.repeat(texture[y : y + 64, x : x + 64, None], 3, axis=2)
        for y in (0, 8, 16)
        for x in (0, 8, 16)
    ]
    return built(tmp_path_factory.mktemp("textures"), pictures, ["none"] * 9)


@pytest.fixture(scope="module")
def report(collection):
    return evaluate_modes(collection, spots=4)


def row_of(report, method):
    return next(row for row in report["rows"] if row["method"] == method)


def members(groups, index):
    return set(groups.images[groups.starts[index] : groups.starts[index + 1]].tolist())


def test_kmeans_tells_upright_from_lying(bars):
    clusters = cluster_patches(bars, SPOT, 2)
    rows = [bars.image_id(f"{number}.png") for number in range(12)]
    assert {frozenset(members(clusters, k)) for k in (0, 1)} == {
        frozenset(rows[:6]),
        frozenset(rows[6:]),
    }
    assert all(clusters.seeds[k] in members(clusters, k) for k in (0, 1))
    assert all(clusters.best[image] == k for k in (0, 1) for image in members(clusters, k))


def test_a_member_is_found_where_it_moved_to(textures):
    aligned = align_clusters(textures, cluster_patches(textures, SPOT, 1))
    moves = {f"{3 * y + x}.png": np.array((-8 * x, -8 * y)) for y in range(3) for x in range(3)}
    moved = np.array([moves[textures.names[image]] for image in aligned.images])
    seed = moves[textures.names[aligned.seeds[0]]]
    assert aligned.places.tolist() == (moved - seed).tolist()


def test_alignment_makes_averages_sharper(textures):
    clusters = cluster_patches(textures, SPOT, 1)
    assert relative_sharpness(textures, clusters, [9]) < 0.6
    assert relative_sharpness(textures, align_clusters(textures, clusters), [9]) > 0.9


def test_the_average_of_one_member_is_as_sharp_as_it_is(textures):
    assert relative_sharpness(
        textures, cluster_patches(textures, SPOT, 2), [1, 1]
    ) == pytest.approx(1)


def test_blank_groups_are_not_measured(bars):
    corner = replace(cluster_patches(bars, SPOT, 1), spot=Spot(1, 0, 0))
    assert np.isnan(relative_sharpness(bars, corner, [12]))


def test_spots_are_of_every_size_and_none_comes_twice():
    spots = draw_spots(200, 200, 10, np.random.default_rng(0))
    assert [sum(spot.side == side for spot in spots) for side in (4, 6, 10, 16)] == [3, 3, 2, 2]
    assert len(set(spots)) == 10


def test_a_size_with_too_few_spots_gives_all_it_has():
    spots = draw_spots(64, 64, 40, np.random.default_rng(0))
    assert sum(spot.side == 6 for spot in spots) == 3 * 3


def test_the_interval_of_a_mean_holds_it_and_narrows_with_its_spread():
    values = np.random.default_rng(0).normal(size=50)
    low, high = mean_interval(values)
    assert low < values.mean() < high
    assert (high - low) == pytest.approx(2 * 1.96 * values.std() / np.sqrt(50), rel=0.1)


def test_every_row_has_its_measures_and_their_intervals(report):
    assert [row["method"] for row in report["rows"]][:3] == ["modes", "k-means", "k-means aligned"]
    for row in report["rows"][:3]:
        for name in ("inlier", "sharpness", "nmi", "coverage", "modes"):
            assert row[f"{name}_low"] <= row[name] <= row[f"{name}_high"]


def test_kmeans_covers_every_image_with_at_most_as_many_clusters_as_modes(report):
    compared = [spot for spot in report["spots"] if "k-means" in spot]
    assert len(compared) > 1
    assert all(spot["k-means"]["coverage"] == 1 for spot in compared)
    assert all(spot["k-means"]["modes"] <= spot["modes"]["modes"] for spot in compared)


def test_groups_agree_with_labels_far_better_than_chance(report):
    for method in ("modes", "k-means"):
        row = row_of(report, method)
        assert row["nmi"] > row["nmi_chance"] + 0.2


def test_a_difference_is_that_of_the_means(report):
    less = row_of(report, "modes less k-means")
    for name in ("inlier", "sharpness", "nmi"):
        means = [row_of(report, method)[name] for method in ("modes", "k-means")]
        assert less[name] == pytest.approx(means[0] - means[1])


def test_the_label_is_the_first_column_that_can_be_one(collection):
    assert usual_label(collection) == "angle"


def test_the_same_seed_gives_the_same_report(collection, report):
    assert evaluate_modes(collection, spots=4) == report


def test_a_label_that_no_image_has_is_refused(collection):
    with pytest.raises(CollectionError, match="got 'colour'"):
        evaluate_modes(collection, "colour", spots=2)


def test_the_sheet_has_a_strip_for_every_spot(collection, tmp_path):
    path = tmp_path / "sheet.png"
    evaluate_modes(collection, spots=2, sheet=path)
    two = cv2.imread(str(path)).shape
    evaluate_modes(collection, spots=4, sheet=path)
    four = cv2.imread(str(path)).shape
    assert two[1] == four[1]
    assert four[0] > two[0]
