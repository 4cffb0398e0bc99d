"""`evaluation.clusters`: our clusters beside k-means, spectral clustering and congealing."""

import json
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from evaluation.average_explorer import clusters_of
from evaluation.baselines.congealing import congeal
from evaluation.baselines.drawing import draw_average
from evaluation.baselines.partitions import k_means, spectral
from evaluation.baselines.subcategories import decoys, negative_vectors, sub_categories
from evaluation.baselines.values import Clustering
from evaluation.cluster_measures import (
    sharpness_on_canvas,
)
from evaluation.clusters import Comparison, evaluate_clusters, label_columns, write_sheets
from explorer.alignment.maps import grid_points
from explorer.edits import LikeImage
from explorer.session import Cluster, Entry, Session
from explorer.tour import TourOptions
from index.collection import open_collection
from precompute.build import build
from precompute.options import BuildOptions
from tests.evaluation.pictures import SIDE, Pictures, bar, one_cluster, texture


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
