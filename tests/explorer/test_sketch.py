"""`explorer.sketch`: which images have edges where lines were drawn, and none beside them."""

import numpy as np
import pytest

from explorer.edits import SketchStroke
from explorer.errors import EditError
from explorer.sketch import match_sketch, query_directions, sketch_templates

SIDE = 96
SPREAD = 8
MEAN, WHITENING = np.full(31, 0.05, np.float32), np.eye(31, dtype=np.float32)
LEFT, RIGHT = ((0.4375, 0.3), (0.4375, 0.7)), ((0.5625, 0.3), (0.5625, 0.7))


def sketch(*paths):
    return SketchStroke(id="s", paths=paths, radius=0.02)


def bar(*, left=42, top=28, width=12, height=40, ink=40, paper=250):
    """A dark bar on light paper: where LEFT and RIGHT are the lines of its sides."""
    image = np.full((SIDE, SIDE, 3), paper, np.uint8)
    image[top : top + height, left : left + width] = ink
    return image


def match(memory_view, stroke, *images):
    """Match as in a collection whose HOG has a variance of about 1, as after whitening."""
    view = memory_view(np.stack(images))
    for name in ("hog_scale", "hog_planes_scale", "hog_whitening"):
        view.statistics(name)[...] *= SPREAD
    return match_sketch(view, stroke)


def scores(memory_view, stroke, *images):
    return match(memory_view, stroke, *images).scores


def test_an_image_with_the_drawn_bar_is_found_before_others(memory_view):
    lying, blank = (
        bar(left=28, top=42, width=40, height=12),
        np.full((SIDE, SIDE, 3), 250, np.uint8),
    )
    drawn, turned, empty = scores(memory_view, sketch(LEFT, RIGHT), bar(), lying, blank)
    assert drawn > turned
    assert drawn > empty


def test_a_light_bar_on_dark_is_found_as_well(memory_view):
    lying = bar(left=28, top=42, width=40, height=12, ink=250, paper=40)
    standing, turned = scores(memory_view, sketch(LEFT, RIGHT), bar(ink=250, paper=40), lying)
    assert standing > turned


def test_edges_outside_the_drawing_count_against_an_image(memory_view):
    busy = bar()
    busy[28:68, 24:40:4] = 40
    busy[28:68, 58:74:4] = 40
    alone, among_others = scores(memory_view, sketch(LEFT, RIGHT), bar(), busy)
    assert alone > among_others


def test_one_side_alone_is_not_the_drawing(memory_view):
    half = bar(width=SIDE)
    both, one = scores(memory_view, sketch(LEFT, RIGHT), bar(), half)
    assert both > one


def test_the_place_is_the_offset_to_where_the_image_has_it(memory_view):
    places = match(memory_view, sketch(LEFT, RIGHT), bar(), bar(left=58, top=20)).places
    assert places.tolist() == [[0, 0], [16, -8]]


def test_nearer_is_better(memory_view):
    here, near, far = scores(
        memory_view, sketch(LEFT, RIGHT), bar(), bar(left=50), bar(left=66, top=12)
    )
    assert here > near > far


def test_one_path_around_the_bar_finds_it_like_two_lines(memory_view):
    around = sketch((*LEFT, RIGHT[1], RIGHT[0]))
    lying = bar(left=28, top=42, width=40, height=12)
    drawn, turned = scores(memory_view, around, bar(), lying)
    assert drawn > turned


def test_a_straight_line_finds_the_edge_of_its_direction_either_side(memory_view):
    edges = [np.full((SIDE, SIDE, 3), 250, np.uint8) for _ in range(3)]
    edges[0][:, 48:], edges[1][:, :48], edges[2][48:] = 40, 40, 40
    right, left, lying = scores(memory_view, sketch(((0.5, 0.3), (0.5, 0.7))), *edges)
    assert min(right, left) > lying


def test_a_dot_is_matched_as_a_small_circle(memory_view):
    assert np.isfinite(scores(memory_view, sketch(((0.5, 0.5),)), bar())).all()


def test_the_lines_of_a_template_have_the_same_weight_however_long_they_are():
    for scale in (1, 2):
        line = tuple((0.5 + scale * (x - 0.5), 0.5 + scale * (y - 0.5)) for x, y in LEFT)
        for template in sketch_templates(sketch(line), (SIDE, SIDE), MEAN, WHITENING):
            lines = template.weights[template.sides >= 0]
            assert np.square(lines).sum() == pytest.approx(1, rel=1e-4)


def test_a_sketch_beside_the_canvas_is_refused_with_its_id(memory_view):
    with pytest.raises(EditError, match="must touch the canvas") as caught:
        scores(memory_view, sketch(((1.2, 0.5), (1.5, 0.5))), bar())
    assert caught.value.edit_id == "s"


def test_a_sketch_at_the_border_of_the_canvas_is_matched(memory_view):
    at_border = bar(left=0, top=56)
    line = sketch(((0.125, 0.6), (0.125, 1.0)), ((0.0, 0.6), (0.0, 1.0)))
    drawn, turned = scores(memory_view, line, at_border, bar(left=0, top=84, width=40, height=12))
    assert drawn > turned


def test_typical_sketches_use_every_direction_alike():
    rows = query_directions(MEAN, WHITENING)
    energy = np.square(rows[:, :18]).sum(axis=0)
    assert rows.shape[1] == 31
    assert energy.max() < 1.5 * energy.min()
