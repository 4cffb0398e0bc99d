"""Which photograph of the collection a file means."""

import pytest

from explorer.keypoints.formats.photos import match_names, scaling


def test_same_path_is_meant_even_if_others_end_in_it():
    assert match_names(["1.jpg"], ["1.jpg", "a/1.jpg"]) == {"1.jpg": "1.jpg"}


def test_file_name_is_enough_where_it_is_the_only_one():
    assert match_names(["train/1.jpg"], ["a/1.jpg", "2.jpg"]) == {"train/1.jpg": "a/1.jpg"}


def test_name_that_several_have_means_none():
    assert match_names(["1.jpg"], ["a/1.jpg", "b/1.jpg"]) == {}


def test_longer_end_tells_which_of_several_is_meant():
    assert match_names(["x/b/1.jpg"], ["a/1.jpg", "b/1.jpg"]) == {"x/b/1.jpg": "b/1.jpg"}


def test_capitals_and_the_ending_of_a_picture_do_not_matter_where_nothing_else_is_meant():
    known = ["a/1.jpg", "a/2.png", "a/2.jpg", "v1.5.png"]
    assert match_names(["A/1.JPEG", "2.PNG", "v1.5"], known) == {
        "A/1.JPEG": "a/1.jpg",
        "2.PNG": "a/2.png",
        "v1.5": "v1.5.png",
    }
    assert match_names(["2"], known) == {}  # the picture or the photograph?


def test_the_same_name_goes_before_a_similar_one():
    assert match_names(["x/1.jpg", "1.png"], ["1.jpg"]) == {"x/1.jpg": "1.jpg"}
    assert match_names(["a/1.jpg", "1.jpg"], ["a/1.jpg", "b/1.jpg"]) == {"a/1.jpg": "a/1.jpg"}


def test_two_that_mean_the_same_mean_none():
    assert match_names(["x/1.jpg", "y/1.jpg"], ["a/1.jpg"]) == {}


def test_who_says_it_exactly_is_believed_before_who_says_nearly():
    assert match_names(["x/1.jpg", "a/1.jpg"], ["a/1.jpg"]) == {"a/1.jpg": "a/1.jpg"}


@pytest.mark.parametrize("name", ["./a/1.jpg", "a\\1.jpg", "/a/1.jpg", "a//1.jpg"])
def test_paths_may_be_written_otherwise(name):
    assert match_names([name], ["a/1.jpg", "b/1.jpg"]) == {name: "a/1.jpg"}


def test_shapes_that_differ_by_rounding_are_the_same():
    assert scaling((50, 67), (100, 133)) == (133 / 67, 2)
    assert scaling((50, 67), (67, 50)) is None
