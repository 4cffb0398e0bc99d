"""`explorer.brushes`: which cells lie under a stroke."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from explorer.brushes import center_of_mass, covered_cells
from explorer.errors import EditError

SIDE = 80
GRID = (10, 10)


def cells_under(*paths, radius=1 / SIDE, grid=GRID, height=SIDE, width=SIDE):
    """The covered cells as a set of (y, x)."""
    cells = covered_cells(paths, radius, grid, height, width)
    return {(int(y), int(x)) for y, x in np.argwhere(cells)}


def pixels(*points, height=SIDE, width=SIDE):
    """Points in pixels from the corner, as canvas units."""
    return tuple((x / width, y / height) for x, y in points)


def test_a_point_covers_its_own_cell_however_thin_the_brush():
    assert cells_under(pixels((20, 60))) == {(7, 2)}


def test_a_brush_covers_the_cells_of_which_it_holds_a_quarter():
    # A band of 8 pixels around y = 8: half of each row of cells above and below.
    band = cells_under(pixels((0, 8), (80, 8)), radius=4 / SIDE)
    assert band == {(y, x) for y in (0, 1) for x in range(10)}
    # Around y = 6, 8 pixels wide: six rows of the first cells, two rows (a quarter) of the second.
    assert cells_under(pixels((0, 6), (80, 6)), radius=4 / SIDE) == band
    # Around y = 5: one row of the second, an eighth.
    assert cells_under(pixels((0, 5), (80, 5)), radius=4 / SIDE) == {(0, x) for x in range(10)}


def test_a_thin_diagonal_covers_every_cell_that_it_crosses():
    # From (4, 4) to (20, 12): it enters column 1 at (8, 6), row 1 at (12, 8), column 2 at (16, 10).
    assert cells_under(pixels((4, 4), (20, 12))) == {(0, 0), (0, 1), (1, 1), (1, 2)}


def test_a_line_along_a_border_runs_through_the_cells_right_of_it():
    thin = 0.01 / SIDE
    assert cells_under(pixels((16, 2), (16, 14)), radius=thin) == {(0, 2), (1, 2)}


def test_x_is_first_and_y_points_down_on_a_wide_canvas():
    path = pixels((44, 12), height=40, width=80)
    assert cells_under(path, grid=(5, 10), height=40, width=80) == {(1, 5)}


def test_the_radius_is_of_the_width_in_both_directions():
    # 8 pixels of 160 around the middle of cell (2, 4): the four neighbours are half covered.
    path = pixels((36, 20), height=40, width=160)
    cells = cells_under(path, radius=8 / 160, grid=(5, 20), height=40, width=160)
    assert {(2, 4), (1, 4), (3, 4), (2, 3), (2, 5)} <= cells
    assert max(abs(y - 2) for y, _ in cells) == max(abs(x - 4) for _, x in cells) == 1


def test_two_paths_cover_what_each_covers():
    one, other = pixels((4, 4), (30, 4)), pixels((60, 60))
    assert cells_under(one, other) == cells_under(one) | cells_under(other)


def test_what_lies_outside_is_ignored():
    assert cells_under(pixels((-100, 4), (10, 4))) == {(0, 0), (0, 1)}


def test_pixels_beyond_the_last_whole_cell_are_ignored():
    path = pixels((4, 4), (85, 4), width=86)
    assert cells_under(path, width=86) == {(0, x) for x in range(10)}


def test_a_stroke_off_the_canvas_is_refused():
    with pytest.raises(EditError, match="must touch the canvas of 80 x 80 pixels"):
        cells_under(pixels((100, 100)))


points = st.tuples(st.floats(0, 0.8), st.floats(0, 0.8))
exact = st.tuples(st.integers(8, 96), st.integers(8, 96))


@given(st.lists(exact, min_size=1, max_size=6), st.integers(0, 2), st.integers(0, 2))
@settings(max_examples=50, deadline=None)
def test_a_stroke_moved_by_whole_cells_covers_cells_moved_as_much(path, down, right):
    # The canvas is 128 pixels, so that canvas units are exact; the stroke stays 8 pixels inside.
    canvas = {"grid": (16, 16), "height": 128, "width": 128, "radius": 5 / 128}
    moved = tuple((x + 8 * right, y + 8 * down) for x, y in path)
    before = cells_under(pixels(*path, height=128, width=128), **canvas)
    after = cells_under(pixels(*moved, height=128, width=128), **canvas)
    assert after == {(y + down, x + right) for y, x in before}


@given(st.lists(points, min_size=1, max_size=6))
@example([(0.0, 0.5), (0.0, 0.0)])
@settings(max_examples=50, deadline=None)
def test_adding_points_never_uncovers_a_cell(path):
    assert cells_under(tuple(path[:-1]) or tuple(path)) <= cells_under(tuple(path))


def test_center_of_mass_is_in_pixels_x_first():
    cells = np.zeros(GRID, bool)
    cells[2, 3:5] = True
    # Cells 3 and 4 span pixels 24 to 39, of which the middle is 31.5; row 2 spans 16 to 23.
    assert center_of_mass(cells) == (31.5, 19.5)
