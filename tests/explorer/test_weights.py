"""`explorer.weights`: from the scores of the edits to each image's share of the average."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from explorer.errors import ArrayError
from explorer.weights import WeightRule, automatic_count, claims_of, weigh, weights_of


def rule(weighting="focus", *, count=None, pinned=(), excluded=()):
    rows = (np.array(ids, np.int32) for ids in (pinned, excluded))
    return WeightRule(
        weighting=weighting, count=count, **dict(zip(("pinned", "excluded"), rows, strict=True))
    )


def weighed(scores, strengths=None, **options):
    scores = np.array(scores, np.float32)
    strengths = np.ones(len(scores)) if strengths is None else strengths
    return weigh(scores, np.array(strengths, np.float32), rule(**options))


def gamma_scores(edits=1, images=2000):
    return np.random.default_rng(0).gamma(1, 1, (edits, images)).astype(np.float32)


def modes(edits, images=1000):
    """Scores of edits that all ask for the first tenth of the images, and chance."""
    rng = np.random.default_rng(1)
    scores = rng.uniform(0, 0.5, (edits, images))
    scores[:, : images // 10] += rng.uniform(0, 0.5, (edits, images // 10))
    return scores


@pytest.mark.parametrize("weighting", ["focus", "paper"])
def test_without_edits_all_images_weigh_the_same(weighting):
    weights = weighed(np.empty((0, 5)), weighting=weighting).weights
    np.testing.assert_allclose(weights, 0.2)


@pytest.mark.parametrize("weighting", ["focus", "paper"])
def test_an_edit_that_tells_nothing_apart_changes_nothing(weighting):
    np.testing.assert_allclose(weighed(np.full((1, 4), 0.3), weighting=weighting).weights, 0.25)


@pytest.mark.parametrize("count", [20, 40, 100, 500, 1500])
def test_the_average_is_made_of_as_many_images_as_wished(count):
    weighting = weighed(gamma_scores(), count=count)
    assert weighting.effective_images == pytest.approx(count, rel=0.02)
    assert weighting.effective_images == pytest.approx(1 / (weighting.weights**2).sum(), rel=1e-3)


def test_a_narrow_average_touches_few_images():
    assert np.count_nonzero(weighed(gamma_scores(), count=40).weights) < 300


def test_one_image_far_above_all_does_not_take_the_average():
    scores = gamma_scores()
    scores[0, 7] = 1000
    weighting = weighed(scores, count=40)
    assert weighting.weights.argmax() == 7 or weighting.weights[7] == weighting.weights.max()
    assert weighting.weights.max() < 0.08
    assert weighting.effective_images == pytest.approx(40, rel=0.02)


@pytest.mark.parametrize("matching", [1, 3, 9, 12])
def test_few_images_that_match_weigh_most_although_the_others_are_all_the_same(matching):
    scores = np.zeros((1, 200))
    scores[0, :matching] = 0.5
    weights = weighed(scores, count=40).weights
    assert weights[:matching].min() > 1.5 * weights[matching:].max()


def test_focus_does_not_depend_on_the_unit_of_the_scores():
    scores = gamma_scores()
    np.testing.assert_allclose(
        weighed(scores * 64 - 1000).weights, weighed(scores).weights, atol=1e-5
    )


def test_contributions_sum_to_the_score():
    for weighting in ("focus", "paper"):
        result = weighed(gamma_scores(3), [1, -1, 2], weighting=weighting)
        np.testing.assert_allclose(result.contributions.sum(axis=0), result.scores, rtol=1e-5)


def test_an_edit_of_no_strength_changes_no_order():
    scores = gamma_scores(2)
    both, one = weighed(scores, [1, 0]), weighed(scores[:1], [1])
    np.testing.assert_array_equal(np.argsort(-both.scores), np.argsort(-one.scores))


@pytest.mark.parametrize("weighting", ["focus", "paper"])
def test_painting_white_weighs_white_images_and_asking_for_less_of_it_weighs_black_ones(weighting):
    brightness = np.repeat([1.0, 0.0], 100)
    wanted, unwanted = (
        weighed([brightness], [strength], weighting=weighting) for strength in (1, -1)
    )
    assert wanted.weights @ brightness > 0.99
    assert unwanted.weights @ brightness < 0.01


@pytest.mark.parametrize("weighting", ["focus", "paper"])
def test_eight_agreeing_edits_give_nine_tenths_of_the_weight_to_their_mode(weighting):
    assert weighed(modes(8), weighting=weighting).weights[:100].sum() >= 0.9


@pytest.mark.parametrize("edits", [15, 17, 30, 60])
def test_thirty_edits_do_not_empty_the_average(edits):
    for weighting in ("focus", "paper"):
        result = weighed(gamma_scores(edits), weighting=weighting)
        assert np.count_nonzero(result.weights) >= 20
        assert result.weights.sum() == pytest.approx(1)


def test_the_paper_keeps_twenty_images_even_if_one_stands_far_out():
    scores = np.full((1, 100), 0.1)
    scores[0, :3] = 100
    assert np.count_nonzero(weighed(np.tile(scores, (13, 1)), weighting="paper").weights) >= 20


def test_the_paper_s_formula_by_hand():
    # 20 images of score 1 and 20 of 0.5: the mean of the best is 1, alpha .25, gamma .1.
    weights = weighed(np.repeat([[1.0, 0.5]], 20, axis=1), weighting="paper").weights
    assert weights[20] / weights[0] == pytest.approx((0.25 / 0.75) ** 0.1, rel=1e-5)


def test_the_average_narrows_as_edits_are_added():
    counts = [automatic_count(edits, 10_000) for edits in range(12)]
    assert counts[0] == 10_000
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] == 25


@pytest.mark.parametrize("images", [2, 5, 18, 30])
def test_of_few_images_one_edit_leaves_at_most_half(images):
    assert weighed([np.linspace(0, 1, images)]).effective_images < images / 2 + 0.5


def test_a_pinned_image_weighs_as_much_as_the_best_and_an_excluded_one_nothing():
    scores = gamma_scores()
    worst, best = int(scores.argmin()), int(scores.argmax())
    weights = weighed(scores, pinned=[worst], excluded=[best]).weights
    assert weights[best] == 0
    assert weights[worst] == weights.max()


def test_if_every_image_is_excluded_none_is():
    assert weighed([[0.1, 0.2]], excluded=[0, 1]).weights.sum() == pytest.approx(1)


def test_equal_scores_weigh_the_same():
    weights = weighed([[0.0] * 50 + [1.0] * 50], count=20).weights
    assert len(set(weights[50:].tolist())) == 1


def test_a_collection_of_one_image_has_an_average():
    assert weighed([[0.5], [0.1]]).weights.tolist() == [1.0]


@given(
    arrays(
        np.float32,
        st.tuples(st.integers(0, 4), st.integers(1, 60)),
        elements=st.floats(-9, 9, width=32),
    ),
    st.sampled_from(["focus", "paper"]),
    st.none() | st.integers(1, 80),
)
def test_weights_are_shares_whatever_the_scores(scores, weighting, count):
    result = weighed(scores, weighting=weighting, count=count)
    assert (result.weights >= 0).all()
    assert result.weights.sum() == pytest.approx(1, abs=1e-4)
    assert 1 <= result.effective_images * 1.001 <= scores.shape[1] * 1.01


def test_scores_and_strengths_must_fit():
    with pytest.raises(ArrayError, match="strengths must be"):
        weigh(gamma_scores(2), np.ones(3, np.float32), rule())
    with pytest.raises(ArrayError, match="scores must be"):
        weigh(np.zeros(3, np.float32), np.ones(3, np.float32), rule())


@pytest.mark.parametrize("weighting", ["focus", "paper"])
def test_excluded_image_is_claimed_by_nobody_and_a_pinned_one_most(weighting):
    asked = rule(weighting, pinned=[3], excluded=[0])
    claims = claims_of(np.linspace(1, 0, 40, dtype=np.float32), 1, asked)
    assert claims[0] < 1e-5
    assert claims[3] >= 10 * max(claims[1:3].max(), 1)


def test_the_paper_claims_an_image_by_its_weight_in_shares_of_the_collection():
    """Whatever the unit of the scores, the mean claim is 1."""
    scores = np.linspace(0, 0.01, 40, dtype=np.float32)
    assert claims_of(scores, 5, rule("paper")).mean() == pytest.approx(1, rel=1e-4)


def test_image_of_which_others_claim_more_counts_like_one_that_fits_less():
    """A claim is exp(3 score), so a rest of exp(-3 / 2) is half a point less."""
    scores = np.linspace(-1, 1, 200, dtype=np.float32)
    shares = np.ones(200, np.float32)
    shares[150:] = np.exp(-1.5)
    less = scores.copy()
    less[150:] -= 0.5
    pushed = weights_of(scores, 1, rule(), shares)
    np.testing.assert_allclose(pushed, weights_of(less, 1, rule()), atol=1e-5)
