"""`evaluation.planted` and `evaluation.scenes`: objects drawn into photographs of noise."""

import cv2
import numpy as np
import pytest

from evaluation import planted
from evaluation.planted import (
    measure_shifted,
    measure_small,
    measure_turned,
    measure_two_figures,
    played,
)
from evaluation.scenes import (
    RED,
    SIDE,
    Photographs,
    draw_car,
    paste,
    shifted_copies,
    small_cars,
    turned_cars,
    two_figures,
)
from index.errors import CollectionError

COUNT = 24


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Photographs of smooth noise in gray, which show no red."""
    folder = tmp_path_factory.mktemp("noise")
    rng = np.random.default_rng(0)
    for number in range(30):
        noise = cv2.GaussianBlur(rng.normal(size=(240, 320)), (0, 0), 4)
        gray = np.clip(128 + 30 * noise / noise.std(), 0, 255).astype(np.uint8)
        cv2.imwrite(str(folder / f"{number}.png"), np.repeat(gray[..., None], 3, axis=2))
    return folder


@pytest.fixture(scope="module")
def photographs(folder):
    return Photographs(folder)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def redness(picture):
    """How much redder than green each pixel is."""
    return picture[..., 0].astype(int) - picture[..., 1]


def test_a_drawing_lies_where_it_was_pasted():
    drawing = np.full((80, 40, 4), (200, 0, 0, 255), np.uint8)
    pasted = paste(np.zeros((100, 100, 3), np.uint8), drawing, (49.5, 29.5), 40)
    # 40 high and 20 wide around the corner that four pixels share.
    rows, columns = np.nonzero(pasted[..., 0] > 100)
    assert (rows.min(), rows.max()) == (10, 49)
    assert (columns.min(), columns.max()) == (40, 59)


def test_cars_are_as_large_as_the_scene_says_and_where_it_says(photographs, rng):
    scene = small_cars(photographs, rng, COUNT)
    holders = np.flatnonzero(~np.isnan(scene.sizes))
    assert len(holders) == COUNT // 6
    for k in holders:
        rows, columns = np.nonzero(redness(scene.pictures[k]) > 90)
        width = columns.max() - columns.min() + 1
        assert width == pytest.approx(48 * scene.sizes[k] * 76 / 80, abs=3)  # the lamp is yellow
        assert 0.1 * SIDE <= 48 * scene.sizes[k] <= 0.3 * SIDE
        middle = np.array(scene.center) + scene.places[k]
        assert (columns.min() + columns.max()) / 2 == pytest.approx(middle[0], abs=2.5)
        assert rows.min() < middle[1] < rows.max()


def test_pictures_without_an_object_are_the_photographs(photographs, rng):
    scene = small_cars(photographs, rng, COUNT)
    empty = np.isnan(scene.places[:, 0])
    assert max(redness(picture).max() for picture in scene.pictures[empty]) == 0


def test_every_other_car_drives_to_the_left(photographs, rng):
    scene = turned_cars(photographs, rng, COUNT)
    assert scene.mirrored[:4].tolist() == [False, True, False, True]
    for k in range(4):
        rows, columns = np.nonzero(redness(scene.pictures[k]) > 90)
        top = columns[rows < rows.min() + 5].mean()  # the roof lies toward the back
        middle = scene.center[0] + scene.places[k, 0]
        assert (top < middle) != scene.mirrored[k]


def test_copies_show_the_same_pixels_as_far_apart_as_the_scene_says(photographs, rng):
    scene = shifted_copies(photographs, rng, COUNT)
    x, y = scene.places[1].astype(int).tolist()
    first, second = scene.pictures[0], scene.pictures[1]
    inner = slice(60, 140)
    assert np.array_equal(first[inner, inner], second[60 + y : 140 + y, 60 + x : 140 + x])


def test_two_figures_stand_side_by_side(photographs, rng):
    scene = two_figures(photographs, rng, COUNT)
    assert (~np.isnan(scene.places[:, 0])).sum() == 2 * COUNT // 3
    assert np.abs(scene.places[:16]).max() <= 32
    assert scene.places[0].tolist() == [0, 0]


def test_a_drawn_car_is_red_and_not_the_same_left_for_right(rng):
    car = draw_car(rng)
    body = car[car[..., 3] > 0][:, :3].astype(int)
    assert (np.abs(body - RED).max(axis=1) < 60).mean() > 0.4
    assert np.abs(car.astype(int) - car[:, ::-1]).max() > 100


def test_edits_that_are_placed_together_find_the_figure_that_both_are_of(photographs, rng):
    with played(two_figures(photographs, rng, 60)) as scene:
        rows = measure_two_figures(scene)
    greedy, joint = rows["two figures, sketch, greedy"], rows["two figures, sketch, joint"]
    assert joint["head"] > greedy["head"] + 0.1
    assert rows["two figures, sketch, joint less greedy"]["head"] == pytest.approx(
        joint["head"] - greedy["head"]
    )


def test_shifted_copies_are_found_within_4_pixels(photographs, rng):
    with played(shifted_copies(photographs, rng, 60)) as scene:
        row = measure_shifted(scene)["shifted copies"]
    assert row["error"] <= 4
    assert row["close"] >= 0.9
    assert row["sharpness_moved"] > row["sharpness_unmoved"]


def test_small_cars_are_found_where_they_are_if_they_are_looked_for_anywhere(photographs, rng):
    with played(small_cars(photographs, rng, 60)) as scene:
        rows = measure_small(scene)
    near, anywhere = (rows[f"small cars, mode, {reach}"] for reach in ("near", "anywhere"))
    assert anywhere["recall"] == 1
    assert anywhere["correct"] > max(0.9, near["correct"])


def test_cars_that_drive_to_the_left_are_known_as_such(photographs, rng):
    with played(turned_cars(photographs, rng, 60)) as scene:
        rows = measure_turned(scene)
    assert rows["turned cars, mode, as they are"]["flags"] == 0.5
    assert rows["turned cars, mode, mirrored too"]["flags"] > 0.8


def test_a_report_has_the_mean_of_the_draws_and_its_interval(folder, monkeypatch):
    figures = iter([0.25, 0.75])
    monkeypatch.setattr(planted, "measure_all", lambda *_: {"cars": {"recall": next(figures)}})
    report = planted.evaluate_planted(folder, draws=2, count=60)
    assert report["collection"] == folder.name
    # A resample of two has the mean 0.25, 0.5 or 0.75.
    row = {"method": "cars", "recall": 0.5, "recall_low": 0.25, "recall_high": 0.75}
    assert report["rows"] == [row]
    assert report["draws"] == [{"cars": {"recall": 0.25}}, {"cars": {"recall": 0.75}}]


def test_a_folder_without_photographs_is_refused(tmp_path):
    with pytest.raises(CollectionError, match="no photographs"):
        Photographs(tmp_path)
