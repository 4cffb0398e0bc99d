"""`explorer.linear`: candidates on the planes, exact scores for the best."""

from types import SimpleNamespace

import numpy as np
import pytest

from explorer.errors import ArrayError, EditError
from explorer.linear import match_template
from explorer.matching import search_offsets
from explorer.reference import match_reference

GRID = (8, 8)
OFFSETS = search_offsets(64, 64)
PRICES = np.linspace(0, 5, len(OFFSETS)).astype(np.float32)


def a_view(n, seed=0):
    """A collection of random whitened HOG in two shards, with its planes."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(-127, 128, (n, *GRID, 31)).astype(np.int8)
    statistics = {
        "hog_basis": np.linalg.qr(rng.normal(size=(31, 12)))[0].astype(np.float32),
        "hog_scale": np.float32(0.05),
        "hog_planes_scale": np.float32(0.6),
    }
    shards = {"hog": [rows[: n // 2], rows[n // 2 :]]}
    view = SimpleNamespace(
        size=n, height=64, width=64, shards=shards.__getitem__, statistics=statistics.__getitem__
    )
    shards["hog_planes"] = [np.empty((12, *GRID, len(part)), np.int8) for part in shards["hog"]]
    project(view)
    return view


def project(view):
    """Fill the planes from the rows."""
    step = view.statistics("hog_scale") / view.statistics("hog_planes_scale")
    for rows, planes in zip(view.shards("hog"), view.shards("hog_planes"), strict=True):
        projected = np.rint(rows * step @ view.statistics("hog_basis"))
        planes[:] = np.clip(projected, -31, 31).transpose(3, 1, 2, 0)


def a_template(view, seed=1, m=5):
    """Weights within the basis, so that the planes lose nothing but their rounding."""
    rng = np.random.default_rng(seed)
    cells = np.argwhere(rng.permuted(np.arange(64) < m).reshape(GRID)).astype(np.int32)
    weights = rng.normal(size=(m, 12)) @ view.statistics("hog_basis").T
    return cells, weights.astype(np.float32)


def exact(view, cells, weights):
    fields = np.concatenate(view.shards("hog")) * np.float64(view.statistics("hog_scale"))
    whole = np.zeros((*GRID, 31))
    whole[tuple(cells.T)] = weights
    best, index = match_reference(fields, whole, OFFSETS, PRICES)
    return best, OFFSETS[index][:, ::-1] * 8


def test_the_best_are_exact_in_score_and_place():
    view = a_view(1400)
    cells, weights = a_template(view)
    for image in range(0, 700, 35):  # here stands the template, one cell right and one up
        for (y, x), row in zip(cells + np.array([-1, 1]), weights, strict=True):
            if 0 <= y < 8 and 0 <= x < 8:
                view.shards("hog")[0][image, y, x] = np.clip(row * 200, -127, 127)
    project(view)
    match = match_template(view, cells, weights, PRICES)
    scores, places = exact(view, cells, weights)
    top = np.argsort(-scores)[:20]
    assert set(top) == set(range(0, 700, 35))
    np.testing.assert_allclose(match.scores[top], scores[top], rtol=1e-5)
    np.testing.assert_array_equal(match.places[top], places[top])
    assert (match.places[top] == (8, -8)).all()


def test_the_tail_keeps_its_approximate_score_in_the_same_unit():
    view = a_view(1400)
    template = a_template(view)
    match = match_template(view, *template, PRICES)
    scores, _ = exact(view, *template)
    tail = np.argsort(match.scores)[:400]
    assert np.corrcoef(match.scores[tail], scores[tail])[0, 1] > 0.9
    assert match.scores[tail].mean() == pytest.approx(scores[tail].mean(), rel=0.05)


def test_a_template_without_cells_is_refused():
    with pytest.raises(EditError, match="needs a cell"):
        match_template(a_view(2), np.zeros((0, 2), np.int32), np.zeros((0, 31), np.float32), PRICES)


def test_weights_for_other_cells_are_refused():
    with pytest.raises(ArrayError, match=r"weights must be \(1, 31\) float32"):
        match_template(a_view(2), np.zeros((1, 2), np.int32), np.zeros((2, 31), np.float32), PRICES)


def test_prices_for_other_offsets_are_refused():
    with pytest.raises(ArrayError, match=r"prices must be \(25\) float32"):
        match_template(
            a_view(2), np.zeros((1, 2), np.int32), np.zeros((1, 31), np.float32), PRICES[:9]
        )


def test_a_growing_template_finds_the_same_best_images_by_its_strongest_terms():
    view = a_view(400)
    template = a_template(view, m=40)
    best = np.argsort(-match_template(view, *template, PRICES).scores)[:20]
    live = match_template(view, *template, PRICES, is_live=True)
    assert np.isin(best, np.argsort(-live.scores)[:40]).mean() >= 0.9


def test_a_growing_template_of_few_terms_is_matched_like_one_at_rest():
    view = a_view(20)
    template = a_template(view)
    rest, live = (match_template(view, *template, PRICES, is_live=live) for live in (False, True))
    assert np.array_equal(rest.scores, live.scores)
    assert np.array_equal(rest.places, live.places)
