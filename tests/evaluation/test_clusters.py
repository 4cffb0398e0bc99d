"""`evaluation.clusters`: our clusters beside k-means, spectral clustering and congealing."""

import json
from dataclasses import replace
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from evaluation.average_explorer import clusters_of
from evaluation.baselines.congealing import congeal
from evaluation.baselines.drawing import Drawn, canvas_images, draw_average
from evaluation.baselines.features import Features
from evaluation.baselines.partitions import global_mean, k_means, spectral
from evaluation.baselines.subcategories import decoys, negative_vectors, sub_categories
from evaluation.baselines.values import NOBODY, Clustering, columns_of
from evaluation.cluster_measures import (
    agreement,
    draw_averages,
    explained,
    shared_gradients,
    sharpness_on_canvas,
    varieties,
)
from evaluation.clusters import Comparison, evaluate_clusters, label_columns, write_sheets
from explorer.alignment.maps import Maps, grid_points
from explorer.alignment.warped import warped_average
from explorer.edits import LikeImage
from explorer.session import Cluster, Entry, Session
from explorer.sharpness import sharpness
from explorer.tour import TourOptions
from index.collection import open_collection
from precompute.build import build
from precompute.options import BuildOptions

SIDE = 64


class Pictures:
    """A view of pictures in memory, in two shards."""

    def __init__(self, pictures):
        self.pixels = np.stack(pictures).astype(np.uint8)
        self.size, self.height, self.width = self.pixels.shape[:3]

    def shards(self, feature):
        assert feature == "pixels"
        return [self.pixels[: self.size // 2], self.pixels[self.size // 2 :]]


def bar(angle, rng, shift=(0, 0)):
    """A dark bar on paper with a little noise, upright or lying."""
    image = np.full((SIDE, SIDE, 3), 230.0)
    half = (18, 5) if angle == "upright" else (5, 18)
    y, x = 32 + shift[0], 32 + shift[1]
    image[y - half[0] : y + half[0], x - half[1] : x + half[1]] = 40
    return np.clip(image + rng.normal(0, 6, image.shape), 0, 255).astype(np.uint8)


def texture(seed, size=SIDE):
    noise = np.random.default_rng(seed).normal(size=(size, size, 1))
    soft = cv2.GaussianBlur(noise, (0, 0), 2)[..., None]
    return np.clip(128 + 300 * np.repeat(soft, 3, axis=2), 0, 255).astype(np.uint8)


def shifted_maps(rows, shifts):
    """Maps that draw at (x, y) what the image has at (x + dx, y + dy)."""
    grid = grid_points(SIDE, SIDE)
    nodes = np.stack([grid + np.float32(shift) for shift in shifts])
    return Maps(rows=np.int32(rows), nodes=nodes, mirrored=np.zeros(len(rows), bool))


def one_cluster(size, maps=None):
    return Clustering(
        name="one",
        weights=np.full((size, 1), 1 / size, np.float32),
        labels=np.zeros(size, np.int32),
        maps=(maps,),
    )


@pytest.fixture(scope="module")
def bars():
    """Forty upright and lying bars in turn, and which are upright."""
    rng = np.random.default_rng(0)
    upright = np.arange(40) % 2 == 0
    return Pictures([bar("upright" if up else "lying", rng) for up in upright]), upright


@pytest.fixture(scope="module")
def described(bars):
    return Features.of(bars[0])


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bars")
    rng = np.random.default_rng(0)
    lines = ["path,same,angle,number"]
    for number in range(40):
        angle = ("upright", "lying")[number % 2]
        cv2.imwrite(str(folder / f"{number}.png"), bar(angle, rng))
        lines.append(f"{number}.png,bar,{angle},{number}")
    table = folder / "bars.csv"
    table.write_text("\n".join(lines))
    build(table, folder / "bars.avex", BuildOptions(modes="none"))
    return open_collection(folder / "bars.avex")


@pytest.fixture(scope="module")
def comparison(collection):
    """Our clusters are what is like the first image, and what is like the next."""
    first = collection.metadata(0)["angle"]
    other = next(n for n in range(40) if collection.metadata(n)["angle"] != first)
    clusters = tuple(
        Cluster(id=f"c{n}", entries=(Entry(edit=LikeImage(id="e", image=collection.names[n])),))
        for n in (0, other)
    )
    return Comparison(clusters=2, count=10, session=Session(clusters=clusters))


@pytest.fixture(scope="module")
def compared(collection, comparison):
    return evaluate_clusters(collection, comparison)


def row_of(compared, method):
    return next(row for row in compared.report["rows"] if row["method"] == method)


def groups(labels):
    return {frozenset(np.flatnonzero(labels == k).tolist()) for k in set(labels.tolist())}


@pytest.mark.parametrize("method", [k_means, spectral])
def test_groups_of_unlike_images_are_told_apart(bars, described, method):
    found = method(described.vectors, 2)
    assert groups(found.labels) == groups(bars[1])
    assert found.weights.sum(axis=0) == pytest.approx([1, 1])
    assert ((found.weights > 0).argmax(axis=1) == found.labels).all()


def test_the_member_that_is_like_most_others_weighs_most():
    vectors = np.float32([[0, 0], [1, 0], [-1, 0], [50, 0], [50, 1], [50, -1]])
    found = k_means(vectors, 2)
    for middle, edge in ((0, 1), (3, 4)):
        k = found.labels[middle]
        assert found.weights[middle, k] > found.weights[edge, k]


def test_sub_categories_split_what_negatives_do_not_show(bars, described):
    negatives = negative_vectors(bars[0], described, None, 0)
    found = sub_categories(described.vectors, negatives, 2)
    assert groups(found.labels) == groups(bars[1])


def test_photographs_can_be_the_negatives(bars, described, tmp_path):
    for number in range(3):
        cv2.imwrite(str(tmp_path / f"{number}.png"), texture(number, 80))
    assert negative_vectors(bars[0], described, tmp_path, 0).shape == (
        3,
        described.vectors.shape[1],
    )


def test_decoys_are_pictures_of_the_size_and_always_the_same():
    edges, colors = decoys(64, 80, 5, 0)
    assert edges.shape == (5, 8 * 10 * 31)
    assert colors.shape == (5, 8 * 10 * 3)
    assert edges.min() >= 0
    assert 0 <= colors.min() <= colors.max() <= 1
    assert (decoys(64, 80, 5, 0)[0] == edges).all()
    assert not (decoys(64, 80, 5, 1)[0] == edges).all()


def test_congealing_takes_back_what_was_shifted():
    rng = np.random.default_rng(1)
    whole = texture(0, SIDE + 12)
    places = rng.integers(0, 13, (12, 2))
    view = Pictures([whole[y : y + SIDE, x : x + SIDE] for y, x in places])
    found = congeal(view, one_cluster(12), "congealing")
    moved = found.maps[0].nodes[:, 4, 4] - grid_points(SIDE, SIDE)[4, 4]
    shifts = moved + places[:, ::-1]  # where the middle lies in the whole texture
    assert np.abs(shifts - shifts.mean(axis=0)).max() < 1
    before, after = (
        draw_average(view, one_cluster(12).weights[:, 0], m) for m in (None, found.maps[0])
    )
    assert sharpness_on_canvas(after) > 1.5 * sharpness_on_canvas(before)


def test_congealing_of_too_many_images_moves_the_heaviest(monkeypatch):
    monkeypatch.setattr("evaluation.baselines.congealing.MOST", 4)
    weights = np.zeros((6, 2), np.float32)
    weights[:3, 0] = 0.2, 0.5, 0.3
    weights[3:, 1] = 0.3, 0.1, 0.6
    clusters = Clustering(
        name="two", weights=weights, labels=np.int32([0, 0, 0, 1, 1, 1]), maps=(None, None)
    )
    found = congeal(Pictures([texture(seed) for seed in range(6)]), clusters, "congealing")
    assert [maps.rows.tolist() for maps in found.maps] == [[1, 2], [3, 5]]
    assert found.weights[:, 0] == pytest.approx([0, 0.625, 0.375, 0, 0, 0])
    assert (found.labels == clusters.labels).all()


def test_the_mean_of_what_congealing_does_is_nothing():
    view = Pictures([texture(seed) for seed in range(6)])
    nodes = congeal(view, one_cluster(6), "congealing").maps[0].nodes
    middle = nodes[:, 4, 4].mean(axis=0)
    assert middle == pytest.approx(grid_points(SIDE, SIDE)[4, 4], abs=1)


def test_an_average_of_warped_images_is_drawn_where_they_come_from():
    one = texture(0)
    view = Pictures([one, np.roll(one, 5, axis=1)])
    drawn = draw_average(view, np.float32([0.5, 0.5]), shifted_maps([1], [(5, 0)]))
    assert np.abs(drawn.picture[:, :58].astype(int) - one[:, :58]).max() <= 1
    # Right of column 58 the second image is beside the canvas, and the first one is all there is.
    assert drawn.valid[:, :58] == pytest.approx(1)
    assert drawn.valid[:, 60:] == pytest.approx(0.5)
    assert (drawn.picture[:, 60:] == one[:, 60:]).all()


def test_averages_are_drawn_as_the_engine_draws_them():
    rng = np.random.default_rng(0)
    view = Pictures([texture(seed) for seed in range(6)])
    maps = shifted_maps([1, 2, 4], rng.uniform(-9, 9, (3, 2)))
    maps = replace(maps, mirrored=np.array([True, False, False]))
    weights = np.float32([0.1, 0.3, 0.1, 0, 0.4, 0.1])
    ours = warped_average(view.shards("pixels"), weights, maps)
    drawn = draw_average(view, weights, maps)
    assert np.abs(ours - drawn.average).mean() < 1 / 255


def test_mirrored_images_are_mirrored_back():
    one = texture(0)
    maps = Maps(rows=np.int32([1]), nodes=grid_points(SIDE, SIDE)[None], mirrored=np.array([True]))
    shown = canvas_images(Pictures([one, one[:, ::-1]]), np.arange(2), maps)
    assert (shown[1] == one).all()


def test_pixels_beside_the_images_count_as_flat():
    average = texture(0).astype(np.float32) / 255
    whole, half = np.ones((SIDE, SIDE), np.float32), np.ones((SIDE, SIDE), np.float32)
    half[:, SIDE // 2 :] = 0
    assert sharpness_on_canvas(Drawn(average, whole)) == sharpness(average)
    left = np.gradient(average.mean(axis=-1) * 255)
    expected = np.hypot(*left)[:, : SIDE // 2].sum() / SIDE**2
    assert sharpness_on_canvas(Drawn(average, half)) == pytest.approx(expected, rel=1e-5)


def test_averages_are_compared_of_the_same_number_of_images(bars):
    weights = np.zeros((40, 2), np.float32)
    weights[[4, 6, 8, 10], 0] = 0.1, 0.4, 0.2, 0.3
    weights[[5, 7], 1] = 0.5, 0.5
    clustering = Clustering(
        name="two", weights=weights, labels=np.zeros(40, np.int32), maps=(None, None)
    )
    averages = draw_averages(bars[0], clustering, 3)
    assert averages.members[0].tolist() == [6, 10, 8]
    assert averages.members[1][:2].tolist() == [5, 7]
    assert averages.members[1][2] % 2 == 1  # a lying bar, as the average shows
    expected = bars[0].pixels[[6, 10, 8]].mean(axis=0)
    assert np.abs(averages.equal[0].picture - expected).max() <= 0.5 + 1e-3


def test_images_with_nothing_in_common_keep_nothing_and_copies_all():
    different = Pictures([texture(seed) for seed in range(40)])
    same = Pictures([texture(0)] * 40)
    kept = [
        shared_gradients(view, draw_averages(view, one_cluster(40), 40))[0]
        for view in (different, same)
    ]
    assert kept[0] < 0.1
    assert kept[1] == pytest.approx(1, abs=0.01)
    # Their plain sharpness is far from 0: 1 / sqrt(40) of each is left.
    ghosts = sharpness_on_canvas(draw_averages(different, one_cluster(40), 40).equal[0])
    assert ghosts == pytest.approx(sharpness(texture(0) / np.float32(255)) / np.sqrt(40), rel=0.2)


def test_the_global_mean_explains_half_of_the_images(bars):
    averages = draw_averages(bars[0], global_mean(40), 10)
    assert explained(averages.likeness, averages.likeness).mean() == 0.5


def test_tiny_clusters_explain_few_images(bars):
    view, upright = bars
    globally = draw_averages(view, global_mean(40), 10).likeness
    fair = columns_of((~upright).astype(np.int32), np.ones(40, np.float32), 2)
    tiny = np.zeros((40, 2), np.float32)
    tiny[0, 0] = tiny[2, 1] = 1  # two upright bars alone
    shares = [
        explained(
            draw_averages(
                view,
                Clustering(name="", weights=w, labels=np.zeros(40, np.int32), maps=(None, None)),
                10,
            ).likeness,
            globally,
        ).mean()
        for w in (fair, tiny)
    ]
    assert shares == [1, 0.5]


def test_averages_of_unlike_images_are_more_varied_than_copies(bars, described):
    view, _ = bars
    drawn = [Drawn(view.pixels[k].astype(np.float32) / 255, np.ones((SIDE, SIDE))) for k in (0, 1)]
    assert varieties(described, drawn).mean() > 1
    assert varieties(described, [drawn[0], drawn[0]]).mean() == pytest.approx(0, abs=1e-3)


def test_purity_is_the_share_of_the_most_frequent_labels():
    labels = np.array(["a", "a", "a", "b", "b", "c"])
    found = agreement(labels, np.array([0, 0, 0, 0, 1, 1]))
    assert found["purity"] == pytest.approx((3 + 1) / 6)
    assert agreement(labels, np.zeros(6, int)) == {"nmi": 0.0, "purity": 0.5}


def test_larger_clusters_come_first_and_nobody_stays_nobody():
    weights = np.float32([[1, 0], [0, 0.5], [0, 0.5], [0, 0]])
    labels = np.int32([0, 1, 1, NOBODY])
    found = Clustering(name="", weights=weights, labels=labels, maps=(None, None)).by_size()
    assert found.labels.tolist() == [1, 0, 0, NOBODY]
    assert found.weights[:, 0].tolist() == [0, 0.5, 0.5, 0]


def test_every_method_has_a_row_with_every_measure(compared):
    methods = [row["method"] for row in compared.report["rows"]]
    assert methods == [
        "global mean",
        "k-means",
        "spectral",
        "sub-categories",
        "congealing",
        "k-means + congealing",
        "sub-categories + congealing",
        "average-explorer",
    ]
    for row in compared.report["rows"]:
        for name in ("sharpness", "kept", "coverage", "variety"):
            if row["method"] not in ("global mean", "congealing") or name == "coverage":
                assert row[f"{name}_low"] <= row[name] <= row[f"{name}_high"]
            else:
                assert row[f"{name}_low"] is None
        assert {"drawn", "images", "assigned", "nmi", "purity"} <= set(row)


def test_groups_are_sharper_than_the_mean_of_all_and_agree_with_labels(compared):
    whole, means = row_of(compared, "global mean"), row_of(compared, "k-means")
    assert means["kept"] > whole["kept"] + 0.1
    assert means["nmi"] == pytest.approx(1)
    assert means["purity"] == 1
    assert (whole["nmi"], whole["purity"]) == (0, 0.5)


def test_our_clusters_are_those_of_the_session(compared):
    ours, means = row_of(compared, "average-explorer"), row_of(compared, "k-means")
    assert ours["nmi"] == pytest.approx(1)
    assert ours["kept"] == pytest.approx(means["kept"], abs=0.05)


def test_without_a_session_the_automatic_explorer_is_asked(collection, comparison, monkeypatch):
    asked = []

    def tour(view, engine, names, options, *, progress):
        asked.append((view, options))
        progress(1.0, "done")
        return comparison.session

    monkeypatch.setattr("evaluation.average_explorer.tour", tour)
    told, options = [], TourOptions(clusters=2, minutes=3)
    found = clusters_of(collection, None, options, lambda *steps: told.append(steps))
    assert asked == [(collection, options)]
    assert told == [(100, 100)]
    assert len(found) == 2


def test_numbers_that_measure_are_no_labels(collection):
    assert label_columns(collection) == ["angle"]
    columns = {
        "year": [str(2000 + n % 5) for n in range(100)],
        "height": [str(100 + n % 40) for n in range(100)],
        "maker": [f"m{n % 40}" for n in range(100)],
        "all": ["x"] * 100,
        "name": [f"n{n}" for n in range(100)],
        "rare": ["a", "b"] + [""] * 98,
    }
    table = SimpleNamespace(columns=list(columns), column=columns.__getitem__)
    assert label_columns(SimpleNamespace(size=100, images=table)) == ["year", "maker"]


def test_the_same_seed_gives_the_same_report(collection, comparison, compared):
    again = evaluate_clusters(collection, comparison).report
    assert json.dumps(again) == json.dumps(compared.report)


def test_the_sheet_is_two_pictures_and_a_page_that_needs_nothing_else(compared, tmp_path):
    written = write_sheets(compared, tmp_path / "new")
    assert [path.name for path in written] == [
        "clusters.png",
        "clusters-equal.png",
        "clusters.html",
    ]
    for path in written[:2]:
        assert cv2.imread(str(path)).shape[0] > 8 * SIDE
    page = written[2].read_text()
    averages = sum(len(of.drawn) for of in compared.averages)
    assert page.count("data:image/jpeg;base64,") == 2 * averages
    assert "average-explorer" in page
    assert "<script" not in page
    assert "http" not in page
