"""`explorer.candidates`: the best places of an edit in every image."""

import cv2
import numpy as np
import pytest

from explorer.candidates import find_candidates, seeds
from explorer.candidates.sizes import comparable
from explorer.edits import ColorStroke, ModePick, SketchStroke
from explorer.errors import EditError
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


def blocks(size, seed=0):
    """A square of gray blocks, 6 by 6, `size` pixels large."""
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 6)).astype(np.uint8)
    square = cv2.resize(coarse, (size, size), interpolation=cv2.INTER_NEAREST)
    return np.repeat(square[..., None], 3, axis=2)


def with_blocks(picture, size, x, y, *, is_mirrored=False):
    """The picture with the blocks at (x, y)."""
    picture = picture.copy()
    square = blocks(size)
    picture[y : y + size, x : x + size] = square[:, ::-1] if is_mirrored else square
    return picture


def pick(**changes):
    """The blocks of the first image: 48 pixels in the middle."""
    fields = {"id": "m", "image": "0.jpg", "center": (0.5, 0.5), "size": 48 / SIDE}
    return ModePick(**fields | changes)


def test_color_is_found_anywhere_and_at_other_sizes(memory_view):
    far, large, small = white(), white(), white()
    far[176:192, 8:24] = RED
    large[16:48, 16:48] = RED
    small[104:112, 160:192] = RED
    view = memory_view(np.stack([far, large, small, white()]))
    found = found_in(view, dot(reach="anywhere"))
    # The middle of the dot is (103.5, 103.5); those of the others are (15.5, 183.5), (31.5, 31.5).
    assert found.places[0, 0] == pytest.approx([-88, 80])
    assert found.places[1, 0] == pytest.approx([-72, -72], abs=8)
    assert found.scores[0, 0] == pytest.approx(1, abs=1e-3)
    assert (found.scores[3] < 0.01).all()
    assert Matcher(view).match(dot()).scores[0] < 0.5


def test_twice_the_size_is_found_as_such_where_the_own_size_is_less_of_it(memory_view):
    ring = dot(paths=(((0.4, 0.52), (0.64, 0.52)), ((0.52, 0.4), (0.52, 0.64))), reach="anywhere")
    picture = white()
    picture[88:120, 8:200] = RED  # twice as wide a cross: arms of 32 pixels
    picture[8:200, 88:120] = RED
    found = found_in(memory_view(np.stack([picture, white()])), ring)
    assert found.scores[0, 0] > 0.9
    assert np.abs(found.places[0, 0]).max() <= 16


def test_small_color_counts_less_than_one_of_the_size_of_the_edit(memory_view):
    same, small = white(), white()
    same[40:88, 40:88] = RED
    small[40:80, 40:80] = RED
    disc = dot(paths=(((0.52, 0.52),),), radius=0.12, reach="anywhere")  # 48 pixels
    found = found_in(memory_view(np.stack([same, small])), disc)
    assert found.scores[0, 0] == pytest.approx(1, abs=1e-3)
    assert found.scales[1, 0] == pytest.approx(0.71)
    # A tenth for half the size, so this for 0.71 of it.
    assert found.scores[1, 0] == pytest.approx(1 - 0.1 * np.log2(1 / 0.71), abs=1e-3)


def test_sketch_is_found_anywhere_and_at_half_the_size(memory_view):
    bar, half = white(), white()
    bar[120:184, 16:56] = 0
    half[24:56, 152:172] = 0
    view = memory_view(np.stack([bar, half, white(), white()]))
    edges = (((0.4, 0.35), (0.4, 0.67)), ((0.6, 0.35), (0.6, 0.67)))
    found = found_in(view, sketch(paths=edges, reach="anywhere"))
    middle = np.array([99.5, 101.5])
    assert middle + found.places[0, 0] == pytest.approx([35.5, 151.5], abs=12)
    assert middle + found.places[1, 0] == pytest.approx([161.5, 39.5], abs=12)
    assert found.scales[1, 0] < 0.75
    assert found.scores[:2, 0].min() > found.scores[2:, 0].max()


def test_first_candidate_near_a_pick_is_its_match_and_others_are_farther(memory_view):
    home = with_blocks(white(), 48, 76, 76)
    twice = with_blocks(with_blocks(white(), 48, 80, 80), 48, 8, 144)
    view = memory_view(np.stack([home, twice, white(), noise(0, 1)[0]]))
    edit = pick(center=(0.52, 0.52))
    match = Matcher(view).match(edit)
    found = find_candidates(view, edit, match)
    assert np.array_equal(found.scores[:, 0], match.scores)
    assert np.array_equal(found.places[:, 0], match.places)
    assert found.places[1, 1] - found.places[1, 0] == pytest.approx([-72, 64], abs=8)


def test_mirrored_candidates_of_a_pick_are_nearly_those_of_the_mirrored_collection(memory_view):
    home = with_blocks(white(), 48, 40, 72)
    seen = with_blocks(white(), 48, 96, 88, is_mirrored=True)
    pictures = np.stack([home, seen, *noise(4, 2)])
    turned = np.concatenate([pictures[:1], pictures[1:, :, ::-1]])
    for reach in ("near", "anywhere"):
        edit = pick(center=(64 / SIDE, 96 / SIDE), reach=reach)
        mirrored = found_in(memory_view(pictures), edit, is_mirrored=True)
        plain = found_in(memory_view(np.ascontiguousarray(turned)), edit)
        assert mirrored.scores[1, 0] == pytest.approx(plain.scores[1, 0], abs=0.05)
        assert mirrored.places[1, 0] == pytest.approx(plain.places[1, 0], abs=4)
        # Blocks at (96, 88) are seen at 200 - 96 - 48 = 56 from the left: 16 right, 16 down.
        assert mirrored.places[1, 0] == pytest.approx([16, 16], abs=4)


@pytest.fixture
def planted(memory_view):
    """Blocks at home, elsewhere, smaller and larger, and pictures without."""
    pictures = noise(7, 10)
    where = [(48, 76, 76), (48, 8, 144), (28, 160, 20), (64, 120, 130)]
    for row, place in enumerate(where):
        pictures[row] = with_blocks(pictures[row], *place)
    return memory_view(pictures)


def test_pick_is_found_anywhere_with_its_size(planted):
    found = found_in(planted, pick(reach="anywhere"))
    assert set(np.argsort(-found.scores[:, 0])[:4]) == {0, 1, 2, 3}
    middle = 99.5 + found.places[:4, 0]
    expected = [(99.5, 99.5), (31.5, 167.5), (173.5, 33.5), (151.5, 161.5)]
    assert np.abs(middle - expected).max() <= 5
    # Sizes are tried in steps of the root of 2: what is found is no step off.
    assert found.scales[:4, 0] == pytest.approx([1, 1, 28 / 48, 64 / 48], rel=0.3)


def test_what_is_in_the_middle_of_a_seed_counts_more_than_what_is_behind_it(memory_view):
    behind, other = noise(11, 2)
    home, same_thing, same_behind = behind.copy(), other.copy(), behind.copy()
    for picture in (home, same_thing):
        picture[84:116, 84:116] = blocks(32)
    same_behind[84:116, 84:116] = blocks(32, seed=5)
    view = memory_view(np.stack([home, same_thing, same_behind, *noise(13, 5)]))
    found = found_in(view, pick(reach="anywhere"))
    assert found.scores[1, 0] > found.scores[2, 0]


def test_lines_of_a_sketch_are_not_looked_for_beside_the_picture(memory_view):
    edit = sketch(paths=(((0.3, 0.3), (0.3, 0.7)), ((0.7, 0.3), (0.7, 0.7))), reach="anywhere")
    strip = white()
    strip[60:140, :44] = 0  # has the right line, and nothing says that it has no left one
    found = found_in(memory_view(np.stack([strip, white()])), edit)
    # Lines at 60 and 140 px, so 40 px beside the middle; a tenth of them may lie beside.
    reach = 40 * found.scales * 0.9
    middle = 99.5 + found.places[..., 0]
    assert (middle - reach >= -8).all()
    assert (middle + reach <= SIDE + 8).all()


def test_only_the_best_images_are_looked_at_closely(planted, monkeypatch):
    looked = []
    closely = seeds._fine

    def fine(view, seed, rows):
        looked.append((rows, closely(view, seed, rows)))
        return looked[0][1]

    monkeypatch.setattr(seeds, "FINE_IMAGES", 3)
    monkeypatch.setattr(seeds, "SAMPLED", 1)
    monkeypatch.setattr(seeds, "_fine", fine)
    found = found_in(planted, pick(reach="anywhere"))
    rows, close = looked[0]
    assert len(rows) <= 4
    assert {0, 1} <= set(rows)
    assert np.array_equal(found.scores[rows], close.scores)
    assert np.array_equal(found.places[rows], close.places)
    rest = np.setdiff1d(np.arange(10), rows)
    assert found.scores[rest].max() <= np.median(close.scores[:, 0])


def test_pick_of_an_image_that_is_gone_is_refused(planted):
    with pytest.raises(EditError, match=r"no image 'gone\.jpg'"):
        find_candidates(planted, pick(image="gone.jpg", reach="anywhere"), None)


def test_responses_of_all_sizes_are_put_on_the_scale_of_the_first():
    rng = np.random.default_rng(0)
    best = np.stack([rng.normal(0.2, 0.05, 400), rng.normal(0.6, 0.1, 400)])

    def look(search):
        which = int(search.gains[0, 0] != 1)
        return (best[which] * 1)[:, None], None, None

    search = seeds.PeakSearch(
        cells=(np.zeros((1, 2), np.int32),) * 2,
        weights=(np.ones((1, 1), np.int32),) * 2,
        frames=np.zeros((2, 4), np.int32),
        corner=(0, 0),
        shape=(1, 1),
        gains=np.array([[1.0], [2.0]], np.float32),
        biases=np.zeros((2, 1), np.float32),
        count=8,
        apart=2,
        plane_limit=31,
    )
    even = comparable(search, look, 0.01)
    scaled = best * (even.gains / search.gains) + even.biases
    assert np.allclose(scaled[0], best[0])
    for share in (0.5, 0.1):
        assert np.quantile(scaled[1], share) == pytest.approx(np.quantile(best[0], share))
