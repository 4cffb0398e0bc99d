"""`explorer.joint`: the places of all edits at once, as parts of a star."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from explorer.joint import (
    LIKENESS,
    MIRRORED,
    OUTLIER,
    SPREAD,
    STRETCH,
    Sought,
    _solved,
    place_edits,
)
from explorer.matching import Candidates

UNRELATED = 40


def found(*places, spread=0.0):
    """The candidates of one image, (score, x, y) or (score, x, y, size), then unrelated ones.

    The median of all images' best is 0 and the median of the best 20 (of the one best half: ten)
    is 1, so that scores are standard already.
    """
    rows = [tuple(place) + (1.0,) * (4 - len(place)) for place in places]
    image = np.array(rows, np.float32)
    others = np.tile(np.array([-np.inf, 0, 0, 1], np.float32), (UNRELATED, len(rows), 1))
    others[:, 0, 0] = [0.0] * (UNRELATED - 15) + [1.0] * 15
    every = np.concatenate([image[None], others])
    return Candidates(scores=every[..., 0], places=every[..., 1:3], scales=every[..., 3])


def sought(candidates, center=(100, 100), reach="near", **fields):
    return Sought(center=center, reach=reach, candidates=candidates, **fields)


def placed(*edits):
    return place_edits(edits, UNRELATED + 1)


def random_edits(rng, count, reach="near"):
    """Edits with three candidates each in every image, anywhere within 48 pixels."""
    edits = []
    for _ in range(count):
        scores = -np.sort(-rng.normal(size=(30, 3)), axis=1).astype(np.float32)
        places = rng.integers(-6, 7, (30, 3, 2)).astype(np.float32) * 8
        sizes = np.ones((30, 3)) if reach == "near" else np.exp(rng.normal(0, 0.4, (30, 3)))
        candidates = Candidates(scores=scores, places=places, scales=sizes.astype(np.float32))
        edits.append(sought(candidates, tuple(rng.integers(40, 160, 2).tolist()), reach))
    return edits


def standard(edit):
    """The scores of an edit as the weights see them."""
    best = np.sort(edit.candidates.scores[:, 0].astype(np.float64))
    zero, good = best[len(best) // 2], best[len(best) - 10]
    return (edit.candidates.scores - zero) / (good - zero)


def best_of_all(edits, scores, image, roots):
    """What the best of all combinations of candidates is worth for the best of roots (R, 3)."""
    middle = np.mean([edit.center for edit in edits], axis=0)
    worth = []
    for edit, row in zip(edits, scores, strict=True):
        size = np.exp(roots[:, 2:])
        predicted = roots[:, :2] + (size - 1) * (np.array(edit.center) - middle)
        away = (edit.candidates.places[image] - predicted[:, None]) / size[:, None]
        price = LIKENESS * (away**2).sum(axis=2) / (2 * SPREAD**2)
        if edit.reach == "anywhere":
            larger = np.log(edit.candidates.scales[image]) - roots[:, 2:]
            price += LIKENESS * larger**2 / (2 * STRETCH**2)
        worth.append(row[image] - np.minimum(price, OUTLIER))
    return max(
        sum(part[:, m] for part, m in zip(worth, chosen, strict=True)).max()
        for chosen in itertools.product(range(3), repeat=len(edits))
    )


def roots_of(edits, image):
    """The stars that the candidates predict."""
    middle = np.mean([edit.center for edit in edits], axis=0)
    for edit, m in itertools.product(edits, range(3)):
        size = edit.candidates.scales[image, m] if edit.reach == "anywhere" else 1.0
        shift = (size - 1) * (np.array(edit.center) - middle)
        yield np.array([*(edit.candidates.places[image, m] - shift), np.log(size)])


def star_values(edits):
    return _solved(edits, [edit.candidates for edit in edits])[1]


@pytest.mark.parametrize("reach", ["near", "anywhere"])
def test_no_combination_of_places_is_worth_more_than_the_one_found(reach):
    edits = random_edits(np.random.default_rng(0), 4, reach)
    scores = [standard(edit) for edit in edits]
    values = star_values(edits)
    for image in range(30):
        roots = np.array(list(roots_of(edits, image)))
        assert values[image] >= best_of_all(edits, scores, image, roots) - 1e-3


def test_the_best_of_a_fine_grid_is_what_is_found():
    edits = random_edits(np.random.default_rng(0), 3)
    scores = [standard(edit) for edit in edits]
    values = star_values(edits)
    slack = 3 * LIKENESS * (4**2 + 4**2) / (2 * SPREAD**2)  # half a step of 8 pixels, for 3 edits
    fine = np.array([[x, y, 0.0] for x in range(-52, 53, 2) for y in range(-52, 53, 2)])
    for image in range(30):
        best = best_of_all(edits, scores, image, fine)
        assert best - slack <= values[image] <= best + 0.02


def test_of_two_objects_all_edits_take_the_same_one():
    left, right = (-40, 0), (40, 0)
    first = found((1.1, *right), (1.0, *left))  # alone it takes the right one, which is wrong
    second = found((1.2, *left), (0.3, *right))
    placement = placed(sought(first), sought(second, (100, 140)))
    assert placement.places[:, 0].tolist() == [[-40, 0], [-40, 0]]
    assert placement.scores[:, 0].tolist() == pytest.approx([1.0, 1.2])


def test_one_edit_takes_its_best_place_within_64_pixels():
    alone = placed(sought(found((1.3, 72, 0), (1.2, 64, -64), (1.0, 0, 0))))
    assert alone.places[0, 0].tolist() == [64, -64]


def test_one_edit_that_reaches_anywhere_takes_its_best_place():
    alone = placed(sought(found((1.3, 150, 0, 0.5), (1.2, 0, 0)), reach="anywhere"))
    assert alone.places[0, 0].tolist() == [150, 0]
    assert alone.scales[0, 0] == 0.5


def test_a_star_of_half_the_size_has_its_parts_at_half_the_distance():
    # The middles are 80 apart; at half the size around (100, 100) + (60, 0) they are 40 apart.
    above = found((1.0, 60, 20, 0.5), (1.1, -60, 0, 0.5))
    below = found((1.0, 60, -20, 0.5), (1.1, 60, 90, 1.0))
    placement = placed(sought(above, (100, 60), "anywhere"), sought(below, (100, 140), "anywhere"))
    assert placement.places[:, 0].tolist() == [[60, 20], [60, -20]]


def test_the_order_of_the_edits_makes_no_difference():
    edits = random_edits(np.random.default_rng(1), 4)
    whole = place_edits(edits, 30)
    for order in itertools.permutations(range(4)):
        other = place_edits([edits[t] for t in order], 30)
        assert np.array_equal(other.places, whole.places[list(order)])
        assert np.array_equal(other.scores, whole.scores[list(order)])


def test_what_an_edit_did_is_undone_when_it_is_removed():
    edits = random_edits(np.random.default_rng(2), 3)
    before = place_edits(edits[:2], 30)
    with_third = place_edits(edits, 30)
    assert not np.array_equal(with_third.places[:2], before.places)
    assert np.array_equal(place_edits(edits[:2], 30).places, before.places)


def test_an_edit_that_does_not_count_follows_the_others():
    one = sought(found((1.0, -40, 0), (0.9, 40, 0)))
    less = sought(found((1.2, 40, 0), (1.0, -40, 0)), counts=False)
    placement = placed(one, less)
    assert placement.places[:, 0].tolist() == [[-40, 0], [-40, 0]]


def test_a_part_with_no_place_near_the_star_takes_the_cheapest():
    first, second = found((1.2, -64, 0)), found((1.2, -64, 8))
    hidden = found((0.2, 64, 0), (0.1, 0, 0))
    placement = placed(sought(first), sought(second), sought(hidden))
    assert placement.places[:, 0].tolist() == [[-64, 0], [-64, 8], [0, 0]]


def test_an_image_is_mirrored_if_it_fits_clearly_better_so():
    plain = found((0.5, 0, 0))
    clearly = found((0.5 + MIRRORED + 0.05, 24, 0))
    hardly = found((0.5 + MIRRORED - 0.05, 24, 0))
    better = placed(sought(plain, mirrored=clearly))
    same = placed(sought(plain, mirrored=hardly))
    assert better.mirrored[0]
    assert better.places[0, 0].tolist() == [24, 0]
    assert not same.mirrored[0]
    assert same.places[0, 0].tolist() == [0, 0]


def test_an_edit_that_knows_no_mirrored_places_keeps_its_own():
    pick = sought(found((0.5, 0, 0)), mirrored=found((1.0, 8, 0)))
    like = sought(found((0.7, 0, 0)), counts=False)
    placement = placed(pick, like)
    assert placement.mirrored[0]
    assert placement.scores[:, 0].tolist() == pytest.approx([1.0, 0.7])


def test_an_image_without_any_place_gets_the_worst_score():
    candidates = found((1.0, 0, 0))
    scores = candidates.scores.copy()
    scores[3] = -np.inf
    placement = placed(sought(replace(candidates, scores=scores)))
    assert placement.scores[0, 3] == 0
    assert placement.places[0, 3].tolist() == [0, 0]


def test_no_edits_have_no_places():
    placement = place_edits([], 7)
    assert placement.places.shape == (0, 7, 2)
    assert not placement.mirrored.any()
