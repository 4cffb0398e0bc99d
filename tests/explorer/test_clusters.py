"""`explorer.clusters`: clusters side by side share out the images."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.clusters import Claim, parts_of, shares_of, unexplained


def claim(*claims, fits=None):
    return Claim(
        claims=np.array(claims, np.float32),
        fits=None if fits is None else np.array(fits, np.float32),
    )


@given(st.lists(st.lists(st.floats(1e-6, 1e6), min_size=3, max_size=3), min_size=1, max_size=5))
def test_shares_of_an_image_sum_to_one(claims):
    shares = shares_of([np.array(one, np.float32) for one in claims])
    assert np.allclose(shares.sum(axis=0), 1, atol=1e-5)


def test_image_is_shared_in_proportion_to_the_claims():
    shares = shares_of([np.array([3.0, 1.0], np.float32), np.array([1.0, 1.0], np.float32)])
    assert shares.tolist() == [[0.75, 0.5], [0.25, 0.5]]


def test_image_belongs_to_the_cluster_that_claims_most_if_it_fits_well():
    first = claim(9, 2, 2, 0.1, fits=[1, 0.1, 0.9, 0])
    second = claim(1, 1, 3, 0.1, fits=[0.5, 0, 1.0, 0])
    parts, rest = parts_of([first, second])
    # image 0 is the first's, image 2 the second's; image 1 fits nobody well, nor does image 3
    assert parts.tolist() == [0.25, 0.25]
    assert rest == pytest.approx(0.5)


def test_cluster_without_edits_takes_what_fits_no_other():
    first = claim(9, 2, 2, 0.1, fits=[1, 0.1, 0.9, 0])
    parts, rest = parts_of([first, claim(1, 1, 1, 1)])
    assert parts.tolist() == [0.5, 0.5]
    assert rest == 0


def test_copies_of_a_cluster_share_its_images():
    one = claim(5, 5, fits=[1, 1])
    assert parts_of([one, one])[0].tolist() == [0.5, 0.5]


def test_outlier_is_what_no_cluster_fits():
    scores = unexplained([claim(1, 1, 1, fits=[1, 0.2, 0]), claim(1, 1, 1, fits=[0, 0.5, 0])], 3)
    assert scores.tolist() == [0, 0.5, 1]


def test_without_edits_nothing_is_explained():
    assert unexplained([claim(1, 1)], 2).tolist() == [1, 1]
