"""`explorer.candidates`: the best places of an edit in every image."""

import numpy as np
import pytest

from explorer.candidates import find_candidates
from explorer.edits import ColorStroke, SketchStroke
from explorer.matcher import Matcher

SIDE = 200
RED = (224, 32, 32)


def dot(**changes):
    """A red dot of two by two cells in the middle: (96, 96) to (112, 112)."""
    fields = {"id": "c", "paths": (((0.52, 0.52),),), "radius": 0.04, "color": RED}
    return ColorStroke(**fields | changes)


def sketch(**changes):
    paths = (((0.4, 0.35), (0.42, 0.65)), ((0.6, 0.35), (0.58, 0.65)))
    return SketchStroke(**{"id": "s", "paths": paths, "radius": 0.02} | changes)


def white():
    return np.full((SIDE, SIDE, 3), 255, np.uint8)


def dotted(*corners):
    """A white picture with red dots at corners (x, y)."""
    picture = white()
    for x, y in corners:
        picture[y : y + 16, x : x + 16] = RED
    return picture


def noise(seed, count=4):
    """Soft patches of color, so that no two places are equal."""
    coarse = np.random.default_rng(seed).integers(0, 256, (count, 20, 20, 3))
    fine = np.random.default_rng(seed + 1).integers(0, 40, (count, SIDE, SIDE, 3))
    return np.clip(coarse.repeat(10, 1).repeat(10, 2) + fine, 0, 255).astype(np.uint8)


def found_in(view, edit, **options):
    return find_candidates(view, edit, Matcher(view).match(edit), **options)


@pytest.mark.parametrize("edit", [dot(), sketch()])
def test_first_candidate_near_an_edit_is_its_match(memory_view, edit):
    view = memory_view(noise(0))
    match = Matcher(view).match(edit)
    found = find_candidates(view, edit, match)
    assert np.array_equal(found.scores[:, 0], match.scores)
    assert np.array_equal(found.places[:, 0], match.places)
    assert (found.scales == 1).all()


def test_every_place_of_a_color_is_found_up_to_twice_the_reach_of_one_edit(memory_view):
    # The search of one edit ends at 0.3 * 200 px, 7 whole cells of 8; twice that is 112 px.
    view = memory_view(np.stack([dotted((136, 96), (24, 96), (96, 184)), white()]))
    found = found_in(view, dot())
    assert found.scores[0, :3] == pytest.approx(1, abs=1e-3)
    assert {tuple(place) for place in found.places[0, :3]} == {(40, 0), (-72, 0), (0, 88)}
    assert found.scores[0, 3] < 0.6
    assert (found.scores[1] < 1e-6).all()


@pytest.mark.parametrize("edit", [dot(), sketch()])
def test_no_candidate_is_within_two_cells_of_another(memory_view, edit):
    found = found_in(memory_view(noise(1)), edit)
    apart = np.abs(found.places[:, :, None] - found.places[:, None]).max(axis=-1)
    assert (apart[:, ~np.eye(8, dtype=bool)] > 16).all()
    assert (np.diff(found.scores[:, 1:]) <= 0).all()


def test_mirrored_candidates_of_a_color_are_those_of_the_mirrored_collection(memory_view):
    pictures, edit = noise(2), dot(paths=(((0.3, 0.4), (0.4, 0.6)),))
    mirrored = found_in(memory_view(pictures), edit, is_mirrored=True)
    plain = found_in(memory_view(np.ascontiguousarray(pictures[:, :, ::-1])), edit)
    assert np.array_equal(mirrored.scores, plain.scores)
    assert np.array_equal(mirrored.places, plain.places)


def test_mirrored_candidates_of_a_sketch_are_nearly_those_of_the_mirrored_collection(memory_view):
    pictures = noise(3, 8)
    edit = sketch(paths=(((0.3, 0.3), (0.35, 0.6)), ((0.5, 0.3), (0.4, 0.6))))
    mirrored = found_in(memory_view(pictures), edit, is_mirrored=True)
    plain = found_in(memory_view(np.ascontiguousarray(pictures[:, :, ::-1])), edit)
    same = np.isclose(mirrored.scores[:, 0], plain.scores[:, 0], atol=0.5)
    same &= (mirrored.places[:, 0] == plain.places[:, 0]).all(axis=-1)
    assert same.mean() >= 0.75
