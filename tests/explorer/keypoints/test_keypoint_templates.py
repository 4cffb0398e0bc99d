"""Schemas to start from."""

import pytest

from explorer.errors import SessionError
from explorer.keypoint_templates import TEMPLATES, paired, template


def numbers(schema, couples):
    return {frozenset(map(schema.ids.index, couple)) for couple in couples}


def test_templates_are_the_four_that_are_offered():
    assert list(TEMPLATES) == ["face-68", "face-5", "coco-person", "free"]
    assert [len(schema.ids) for schema in TEMPLATES.values()] == [68, 5, 17, 0]


def test_points_of_a_face_stand_where_the_layout_has_them():
    ids = template("face-68").ids
    assert [ids[n] for n in (8, 30, 36, 45, 48, 54)] == [
        "jaw-chin", "nose-tip", "eye-left-outer", "eye-right-outer", "lip-left", "lip-right",
    ]  # fmt: skip
    starts = [ids.index(one) for one in ("brow-left-1", "nostril-left-1", "inner-lip-left")]
    assert starts == [17, 31, 60]


def test_mirrored_face_changes_places_as_a_face_does():
    # Sums: the jaw is 0 to 16, brows 17 to 26, nostrils 31 to 35, upper eyes 36 to 45,
    # lower eyes 40 to 47, and so on; a point and its mirror image add up to the ends' sum.
    face = template("face-68")
    jaw = {frozenset((n, 16 - n)) for n in range(8)}
    brows = {frozenset((n, 43 - n)) for n in range(17, 22)}
    nostrils = {frozenset((31, 35)), frozenset((32, 34))}
    eyes = {frozenset((n, 81 - n)) for n in range(36, 40)} | {
        frozenset((40, 47)),
        frozenset((41, 46)),
    }
    outer = {frozenset((n, 102 - n)) for n in (48, 49, 50)} | {
        frozenset((59, 55)),
        frozenset((58, 56)),
    }
    inner = {frozenset((60, 64)), frozenset((61, 63)), frozenset((67, 65))}
    assert numbers(face, face.pairs) == jaw | brows | nostrils | eyes | outer | inner


def test_lips_and_eyes_are_closed_and_jaw_and_brows_are_not():
    face = template("face-68")
    edges = numbers(face, face.edges)
    assert {frozenset(ends) for ends in ((41, 36), (47, 42), (59, 48), (67, 60))} <= edges
    assert not {frozenset(ends) for ends in ((0, 16), (16, 17), (17, 21), (21, 22))} & edges


def test_left_comes_first_in_a_pair():
    for schema in TEMPLATES.values():
        assert all("left" in left and "right" in right for left, right in schema.pairs)


def test_person_has_coco_s_names_and_skeleton():
    person = template("coco-person")
    assert person.ids[:3] == ("nose", "left_eye", "right_eye")
    assert (len(person.edges), len(person.pairs)) == (19, 8)
    assert numbers(person, person.edges) >= {frozenset((15, 13)), frozenset((5, 6))}


def test_pairs_are_told_by_the_words():
    assert paired(["paw-left", "tail", "paw-right", "ear-left"]) == (("paw-left", "paw-right"),)


def test_unknown_template_is_refused():
    with pytest.raises(SessionError, match="the templates are face-68, face-5"):
        template("dog")
