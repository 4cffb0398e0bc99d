"""`precompute.catalogue`: drawn shoes are what their table says."""

import csv

import numpy as np
import pytest

from precompute.catalogue.curves import polygon, spline
from precompute.catalogue.picture import Pose, picture_of
from precompute.catalogue.shoe import COLORS, HEIGHTS, Shoe, invent_shoe
from precompute.catalogue.table import COLUMNS, render_catalogue

STRAIGHT = Pose()


def shoe(**changes):
    fields = {
        "shaft": "pump", "heel": "stiletto", "heel_height_cm": 9.0, "toe": "round",
        "color": "red", "rgb": COLORS["red"], "sole": "black", "material": "matte",
    }  # fmt: skip
    return Shoe(**(fields | changes))


def picture(pose=STRAIGHT, **changes):
    return picture_of(shoe(**changes), np.random.default_rng(0), pose=pose)


def pixel(drawn, x, y):
    """The (column, row) of a point in centimeters."""
    column, row = drawn.placement.pixels(polygon((x, y)))[0]
    return round(column), round(row)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    table = render_catalogue(tmp_path_factory.mktemp("catalogue"), 24, seed=1)
    with table.open(encoding="utf-8") as file:
        return table, list(csv.DictReader(file))


def test_a_catalogue_has_as_many_pictures_as_rows(catalogue):
    table, rows = catalogue
    assert len(rows) == 24
    assert {row["path"] for row in rows} == {
        f"images/{path.name}" for path in (table.parent / "images").iterdir()
    }


def test_every_row_has_every_attribute(catalogue):
    _, rows = catalogue
    assert all(row[column] for row in rows for column in COLUMNS)


def test_the_same_seed_paints_the_same_bytes_and_more_shoes_keep_the_first(catalogue, tmp_path):
    table, _ = catalogue
    render_catalogue(tmp_path, 3, seed=1)
    lines = table.read_bytes().splitlines()[:4]
    assert (tmp_path / "catalogue.csv").read_bytes().splitlines() == lines
    for path in (tmp_path / "images").iterdir():
        assert path.read_bytes() == (table.parent / "images" / path.name).read_bytes()


def test_another_seed_paints_other_shoes(catalogue, tmp_path):
    table, _ = catalogue
    other = render_catalogue(tmp_path, 3, seed=2)
    assert other.read_bytes().splitlines() != table.read_bytes().splitlines()[:4]


@pytest.mark.parametrize("shaft", ["ankle boot", "knee boot"])
@pytest.mark.parametrize("name", COLORS)
def test_the_named_color_is_the_median_color_of_the_shoe(shaft, name):
    drawn = picture(shaft=shaft, color=name, rgb=COLORS[name])
    median = np.median(drawn.image[drawn.mask > 250], axis=0)
    assert np.abs(median - COLORS[name]).max() < 34


def test_two_fifths_of_a_shoe_or_more_change_with_its_color():
    for shaft in ("pump", "sandal", "ankle boot", "knee boot", "sneaker"):
        height = 3.0 if shaft == "sneaker" else 9.0
        red, blue = (
            picture(shaft=shaft, heel_height_cm=height, rgb=COLORS[name])
            for name in ("red", "blue")
        )
        difference = np.abs(red.image.astype(int) - blue.image).max(axis=2)
        assert np.mean(difference[red.mask > 250] > 40) > 0.4


def test_a_high_heel_leaves_empty_space_under_the_arch_and_a_wedge_does_not():
    for heel, is_empty in (("stiletto", True), ("block", True), ("wedge", False)):
        drawn = picture(heel=heel, heel_height_cm=7.0)
        column, row = pixel(drawn, 6.0, 2.0)
        assert (drawn.mask[row, column] == 0) == is_empty


@pytest.mark.parametrize("height", [4.0, 6.0, 8.0])
def test_the_space_under_the_arch_is_as_high_as_the_heel(height):
    drawn = picture(heel="block", heel_height_cm=height)
    column, ground = pixel(drawn, 5.2, 0.0)
    above = drawn.mask[:ground, column]
    empty = np.argmax(above[::-1] > 0) / drawn.placement.scale
    assert empty == pytest.approx(height, abs=0.6)


def test_a_block_heel_is_wider_than_a_stiletto():
    widths = {}
    for heel in ("block", "stiletto"):
        drawn = picture(heel=heel, heel_height_cm=8.0)
        _, row = pixel(drawn, 0.0, 1.0)
        left, _ = pixel(drawn, -1.0, 1.0)
        right, _ = pixel(drawn, 7.0, 1.0)
        widths[heel] = np.count_nonzero(drawn.mask[row, left:right] > 127)
    assert widths["block"] > 2.5 * widths["stiletto"]


def test_the_toe_points_to_the_right_and_to_the_left_where_mirrored():
    for mirrored in (False, True):
        drawn = picture(pose=Pose(mirrored=mirrored))
        toe, back = pixel(drawn, 20, 0)[0], pixel(drawn, 0, 0)[0]
        assert (toe > back) != mirrored


def test_the_shoe_stands_upright_inside_the_picture():
    for shaft in ("pump", "sandal", "ankle boot", "knee boot", "sneaker"):
        drawn = picture(shaft=shaft, heel="flat", heel_height_cm=2.5)
        assert pixel(drawn, 0, 0)[1] > pixel(drawn, 0, 5)[1]
        border = np.concatenate([drawn.mask[[0, -1]].ravel(), drawn.mask[:, [0, -1]].ravel()])
        assert not border.any()


def test_heels_are_as_high_as_their_kind_allows():
    shoes = [invent_shoe(np.random.default_rng(seed)) for seed in range(200)]
    dressy = [made for made in shoes if made.shaft != "sneaker"]
    assert all(
        HEIGHTS[made.heel][0] <= made.heel_height_cm <= HEIGHTS[made.heel][1] for made in dressy
    )
    assert {made.toe for made in dressy if made.shaft == "sandal"} == {"open"}


def test_a_spline_passes_through_its_points():
    points = [(0.0, 0.0), (2.0, 1.0), (3.0, -1.0), (5.0, 0.5)]
    curve = spline(*points)
    distances = [np.linalg.norm(curve - point, axis=1).min() for point in points]
    assert max(distances) < 1e-12
