"""`evaluation.cluster_measures`: what a comparison of clusters measures, and how it draws them."""

from dataclasses import replace

import numpy as np
import pytest

from evaluation.baselines.drawing import Drawn, canvas_images, draw_average
from evaluation.baselines.partitions import global_mean
from evaluation.baselines.values import NOBODY, Clustering, columns_of
from evaluation.cluster_measures import (
    agreement,
    draw_averages,
    explained,
    shared_gradients,
    sharpness_on_canvas,
    varieties,
)
from explorer.alignment.maps import Maps, grid_points
from explorer.alignment.warped import warped_average
from explorer.sharpness import sharpness
from tests.evaluation.pictures import SIDE, Pictures, one_cluster, shifted_maps, texture


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
